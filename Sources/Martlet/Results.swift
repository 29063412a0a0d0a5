import MartletData
import MartletTensor

/// The rows of a query, all in memory. To take them piece by piece, use `Prepared.stream`.
public struct Results: Sendable {
    public let columns: [Column]
    public let rowCount: Int
    public let profile: Profile
    package let morsels: [Morsel]
    package let schema: Schema

    /// A column's name and type.
    public struct Column: Hashable, Sendable {
        public let name: String
        /// As the language writes it: `float[384]`.
        public let type: String
    }

    package init(schema: Schema, morsels: [Morsel], profile: Profile) {
        self.schema = schema
        self.morsels = morsels
        self.profile = profile
        columns = schema.fields.map { Column(name: $0.name, type: $0.type.text) }
        rowCount = morsels.reduce(0) { $0 + $1.rowCount }
    }

    /// The rows in order.
    public var rows: Rows { Rows(morsels: morsels, names: schema) }

    /// All values of a column; nil if there is none of that name.
    public func values(_ name: String) -> [Value]? {
        guard let position = schema.index(of: name) else { return nil }
        return morsels.flatMap { morsel in (0..<morsel.rowCount).map { Value(morsel.value(row: $0, column: position)) }
        }
    }

    /// All elements of a tensor column, row after row, and the shape of one row. Rows that are null are zeros.
    /// nil if there is no such column or it holds no tensors.
    public func floats(_ name: String) -> (elements: [Float], shape: [Int])? {
        guard let position = schema.index(of: name) else { return nil }
        var elements: [Float] = []
        var shape: [Int]?
        for morsel in morsels where morsel.rowCount > 0 {
            guard case .tensor = morsel.columns[position].storage else { return nil }
            let tensor = morsel.columns[position].tensor
            elements += tensor.floatElements
            shape = Array(tensor.shape.dropFirst())
        }
        return shape.map { (elements, $0) }
    }
}

/// Rows of a result, in order.
public struct Rows: RandomAccessCollection, Sendable {
    private let morsels: [Morsel]
    private let names: Schema
    /// First row of each morsel, and the total.
    private let starts: [Int]

    init(morsels: [Morsel], names: Schema) {
        self.morsels = morsels
        self.names = names
        starts = morsels.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rowCount) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { starts[starts.count - 1] }

    public subscript(index: Int) -> Row {
        precondition(index >= 0 && index < endIndex, "row \(index) of \(endIndex)")
        var low = 0
        var high = morsels.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= index { low = middle } else { high = middle - 1 }
        }
        return Row(morsel: morsels[low], row: index - starts[low], names: names)
    }
}

/// One row of a result.
public struct Row: Sendable {
    private let morsel: Morsel
    private let row: Int
    private let names: Schema

    init(morsel: Morsel, row: Int, names: Schema) {
        self.morsel = morsel
        self.row = row
        self.names = names
    }

    /// The value in the column called `name`, ignoring case; null if there is none.
    public subscript(name: String) -> Value {
        names.index(of: name).map { Value(morsel.value(row: row, column: $0)) } ?? .null
    }

    /// The value in the column at `position`, which must be in range.
    public subscript(position: Int) -> Value { Value(morsel.value(row: row, column: position)) }

    public var values: [Value] { (0..<names.count).map { self[$0] } }
}
