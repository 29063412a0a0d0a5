/// The ordered columns of a table. Names keep the case they were written in; lookup ignores case, so no two names may
/// differ by case alone.
package struct Schema: Hashable, Sendable {
    package let fields: [Field]
    private let positions: [String: Int]

    /// Throws `SchemaError.duplicateName` if two names are equal apart from case.
    package init(_ fields: [Field]) throws(SchemaError) {
        var positions: [String: Int] = [:]
        positions.reserveCapacity(fields.count)
        for (position, field) in fields.enumerated() {
            if let first = positions.updateValue(position, forKey: field.name.lowercased()) {
                throw .duplicateName(
                    name: field.name, first: fields[first].name, firstPosition: first, secondPosition: position)
            }
        }
        self.fields = fields
        self.positions = positions
    }

    private init(fields: [Field], positions: [String: Int]) {
        self.fields = fields
        self.positions = positions
    }

    /// No columns.
    package static let empty = Schema(fields: [], positions: [:])

    package var count: Int { fields.count }
    package var names: [String] { fields.map(\.name) }

    package subscript(position: Int) -> Field { fields[position] }

    /// Position of the column called `name`, ignoring case; nil if there is none.
    package func index(of name: String) -> Int? { positions[name.lowercased()] }

    package func field(_ name: String) -> Field? { index(of: name).map { fields[$0] } }

    /// The fields at `positions`, in that order. A position may stand only once.
    package func selecting(_ positions: [Int]) -> Schema {
        var lookup: [String: Int] = [:]
        for (new, old) in positions.enumerated() { lookup[fields[old].name.lowercased()] = new }
        return Schema(fields: positions.map { fields[$0] }, positions: lookup)
    }

    /// Throws `SchemaError.duplicateName` if a name is already there.
    package func appending(_ more: [Field]) throws(SchemaError) -> Schema { try Schema(fields + more) }

    /// `id int, source string, score float`.
    package var text: String { fields.map(\.text).joined(separator: ", ") }

    package static func == (a: Schema, b: Schema) -> Bool { a.fields == b.fields }

    package func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
