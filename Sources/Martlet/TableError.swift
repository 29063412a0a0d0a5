import MartletData
import MartletSupport

/// What is wrong with rows that a host program hands over, or with what it asks for.
enum TableError: Error {
    case unknown(name: String, known: [String])
    case unknownParameter(name: String, known: [String])
    case unknownColumn(table: String, column: String, known: [String])
    case unequalLengths(column: String, count: Int, expected: Int)
    case wrongType(column: String, row: Int, wanted: DataType, got: DataType)
    case missing(column: String, row: Int)
    case noQuery
}

extension TableError: Explainable {
    var explanation: Explanation {
        switch self {
        case .unknown(let name, let known):
            Explanation(
                code: "E0508", message: "the script has no table parameter `\(name)`",
                help: closestName(to: name, among: known).map { "did you mean `\($0)`?" }
                    ?? "declare it: `param \(name) table (…)`")
        case .unknownParameter(let name, let known):
            Explanation(
                code: "E0508", message: "the script has no parameter `\(name)`",
                help: closestName(to: name, among: known).map { "did you mean `\($0)`?" }
                    ?? "declare it: `param \(name) type`")
        case .unknownColumn(_, let column, let known):
            Explanation(
                code: "E0508", message: "the table has no column `\(column)`",
                notes: ["its columns are \(known.joined(separator: ", "))"],
                help: closestName(to: column, among: known).map { "did you mean `\($0)`?" })
        case .unequalLengths(let column, let count, let expected):
            Explanation(code: "E0508", message: "column `\(column)` has \(count) values, others have \(expected)")
        case .wrongType(let column, let row, let wanted, let got):
            Explanation(code: "E0508", message: "row \(row + 1): `\(column)` wants \(wanted.text), got \(got.text)")
        case .missing(let column, let row):
            Explanation(code: "E0508", message: "row \(row + 1): `\(column)` is declared not null and has no value")
        case .noQuery:
            Explanation(code: "E0509", message: "the script has no query whose rows could be streamed")
        }
    }
}

extension Schema {
    /// Rows given by column name (lower case) as a morsel of this schema; ints widen to floats.
    func morsel(rows: [[String: MartletData.Value]]) throws -> Morsel {
        let known = Set(fields.map { $0.name.lowercased() })
        var builders = fields.map { ColumnBuilder($0.type) }
        for (number, row) in rows.enumerated() {
            if let odd = row.keys.first(where: { !known.contains($0) }) {
                throw TableError.unknownColumn(table: "", column: odd, known: names)
            }
            for (position, field) in fields.enumerated() {
                let value = row[field.name.lowercased()] ?? .null
                guard !value.isNull || field.nullable else { throw TableError.missing(column: field.name, row: number) }
                builders[position].append(try value.fitting(field, row: number))
            }
        }
        return Morsel(
            schema: self, columns: builders.indices.map { builders[$0].finish() }, rowCount: rows.count,
            origins: .numbered(count: rows.count))
    }
}

extension MartletData.Value {
    /// This value if it is of the field's type, or can be widened to it.
    fileprivate func fitting(_ field: Field, row: Int) throws -> MartletData.Value {
        switch (self, field.type) {
        case (.null, _): return self
        case (.int(let value), .float): return .float(Double(value))
        case (.string, .string), (.string, .labels): return self
        case (.tensor(let tensor), .tensor(let dtype, let dims)):
            let fits =
                tensor.dtype == dtype && tensor.rank == dims.count
                && zip(tensor.shape, dims).allSatisfy { size, dim in dim.size.map { $0 == size } ?? false }
            guard fits else { break }
            return self
        default:
            if type == field.type { return self }
        }
        throw TableError.wrongType(column: field.name, row: row, wanted: field.type, got: type)
    }
}
