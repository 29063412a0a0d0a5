import MartletSupport
import MartletTensor

/// Why a JSON value does not fit its column.
enum JSONMismatch: Error {
    /// `found` is words for the value, such as "a string".
    case type(path: [String], found: String, type: DataType)
    case unknownKey(path: [String])
    case duplicateKey(path: [String])
    case syntax(JSONError)

    func inside(_ name: String) -> JSONMismatch {
        switch self {
        case .type(let path, let found, let type): .type(path: [name] + path, found: found, type: type)
        case .unknownKey(let path): .unknownKey(path: [name] + path)
        case .duplicateKey(let path): .duplicateKey(path: [name] + path)
        case .syntax: self
        }
    }
}

/// How values of one type are read from JSON: a tree beside the type, with what lookup needs. For one thread at a time.
final class JSONShape {
    let type: DataType
    /// A string column that takes any value as its JSON text.
    private let takesAnything: Bool
    /// Keys that the type does not name are left out rather than refused.
    private let ignoresUnknownKeys: Bool
    private let children: [JSONShape]
    private let names: [[UInt8]]
    private let positions: [[UInt8]: Int]
    /// Per child: the number of the object that had its key last.
    private var seen: [Int]
    private var objects = 0
    private var scratch: [UInt8] = []
    private let shape: [Int]
    private let dtype: DType

    init(_ type: DataType, takesAnything: Bool = false, ignoresUnknownKeys: Bool = false) {
        self.type = type
        self.takesAnything = takesAnything && type.isText
        self.ignoresUnknownKeys = ignoresUnknownKeys
        var fields: [Field] = []
        switch type {
        case .list(let element): children = [JSONShape(element, takesAnything: takesAnything)]
        case .structure(let parts):
            fields = parts
            children = parts.map { JSONShape($0.type, takesAnything: takesAnything) }
        default: children = []
        }
        names = fields.map { Array($0.name.utf8) }
        positions = Dictionary(zip(names, names.indices)) { first, _ in first }
        seen = Array(repeating: 0, count: children.count)
        shape = type.fixedShape ?? []
        if case .tensor(let element, _) = type { dtype = element } else { dtype = .float32 }
    }

    /// A row: the columns' shapes, in the order of the schema.
    init(columns: [Field], takesAnything: [Bool], ignoresUnknownKeys: Bool) {
        type = .structure(columns)
        self.takesAnything = false
        self.ignoresUnknownKeys = ignoresUnknownKeys
        children = zip(columns, takesAnything).map { JSONShape($0.type, takesAnything: $1) }
        names = columns.map { Array($0.name.utf8) }
        positions = Dictionary(zip(names, names.indices)) { first, _ in first }
        seen = Array(repeating: 0, count: columns.count)
        shape = []
        dtype = .float32
    }

    /// Whether JSON has values of `type`.
    static func canRead(_ type: DataType) -> Bool {
        switch type {
        case .null, .bool, .int, .float, .string, .labels, .timestamp: true
        case .bytes: false
        case .list(let element): canRead(element)
        case .structure(let fields): fields.allSatisfy { canRead($0.type) }
        case .tensor(let dtype, _):
            type.fixedShape != nil && dtype != .float16 && dtype != .bfloat16
                && (type.fixedShape ?? []).reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } <= 1 << 24
        }
    }

    /// Appends one value of this shape.
    func append(_ scanner: inout JSONScanner, to builder: inout ColumnBuilder) throws(JSONMismatch) {
        let kind: JSONKind
        do { kind = try scanner.peek() } catch { throw .syntax(error) }
        do {
            switch (type, kind) {
            case (_, .null):
                try scanner.scanNull()
                builder.appendNull()
            case (.string, .string), (.labels, .string): try appendString(&scanner, &builder)
            case (.int, .number):
                guard case .int(let value) = try scanner.scanNumber() else {
                    throw JSONMismatch.type(path: [], found: "a number with decimals or beyond 64 bits", type: type)
                }
                builder.append(int: value)
            case (.float, .number):
                switch try scanner.scanNumber() {
                case .int(let value): builder.append(int: value)
                case .double(let value): builder.append(float: value)
                }
            case (.float, .string):
                // JSON has no numbers for these; the writer writes them as strings.
                guard let value = special(try scanner.scanString(), scanner) else { throw mismatch(kind) }
                builder.append(float: value)
            case (.bool, .bool): builder.append(bool: try scanner.scanBool())
            case (.timestamp, .string):
                let text = try scanner.scanString()
                guard let value = decoded(text, scanner, { TimestampText.parse($0) }) else {
                    throw JSONMismatch.type(path: [], found: "a string that is no ISO 8601 time", type: type)
                }
                builder.append(int: value)
            case (.list, .array):
                if try scanner.openArray() {
                    repeat { try appendChild(0, "[]", &scanner, &builder) } while try scanner.nextElement()
                }
                builder.closeList()
            case (.structure, .object):
                try appendObject(&scanner, &builder)
                builder.closeStruct()
            case (.tensor, .array):
                scratch.removeAll(keepingCapacity: true)
                try appendElements(&scanner, dimension: 0)
                scratch.withUnsafeBytes { builder.append(tensorBytes: $0) }
            default:
                guard takesAnything else { throw mismatch(kind) }
                let range = try scanner.skipValue()
                let raw = scanner.bytes[range]
                UnsafeRawBufferPointer(rebasing: raw).withMemoryRebound(to: UInt8.self) { builder.append(utf8: $0) }
            }
        } catch let error as JSONError {
            throw .syntax(error)
        } catch let error as JSONMismatch {
            throw error
        } catch {
            preconditionFailure("bug: \(error)")
        }
    }

    /// Reads an object's members into `columns`, by position; nil entries are checked and dropped. Keys that are missing are
    /// null. On an error some columns have one row more than others.
    func appendRow(
        _ scanner: inout JSONScanner, into columns: inout [ColumnBuilder]
    ) throws(JSONMismatch) {
        objects &+= 1
        var expected = 0
        do {
            if try scanner.openObject() {
                repeat {
                    let key = try scanner.scanKey()
                    guard let position = position(of: key, scanner, expected: expected) else {
                        guard ignoresUnknownKeys else { throw JSONMismatch.unknownKey(path: [scanner.string(key)]) }
                        _ = try scanner.skipValue()
                        continue
                    }
                    guard seen[position] != objects else {
                        throw JSONMismatch.duplicateKey(path: [scanner.string(key)])
                    }
                    seen[position] = objects
                    expected = position &+ 1
                    do { try children[position].append(&scanner, to: &columns[position]) } catch {
                        throw error.inside(String(decoding: names[position], as: UTF8.self))
                    }
                } while try scanner.nextMember()
            }
        } catch let error as JSONError {
            throw .syntax(error)
        } catch let error as JSONMismatch {
            throw error
        } catch {
            preconditionFailure("bug: \(error)")
        }
        for position in seen.indices where seen[position] != objects { columns[position].appendNull() }
    }

    private func appendObject(_ scanner: inout JSONScanner, _ builder: inout ColumnBuilder) throws {
        try appendRow(&scanner, into: &builder.children)
    }

    private func appendChild(
        _ child: Int, _ name: String, _ scanner: inout JSONScanner, _ builder: inout ColumnBuilder
    ) throws {
        do { try children[child].append(&scanner, to: &builder.children[child]) } catch {
            throw error.inside(name)
        }
    }

    /// Most objects repeat the keys in the same order, so the expected one is compared first.
    @inline(__always)
    private func position(of key: JSONText, _ scanner: JSONScanner, expected: Int) -> Int? {
        if key.isPlain {
            let bytes = UnsafeRawBufferPointer(rebasing: scanner.bytes[key.range])
            if expected < names.count, names[expected].count == bytes.count, names[expected].elementsEqual(bytes) {
                return expected
            }
            return positions[Array(bytes)]
        }
        return positions[Array(scanner.string(key).utf8)]
    }

    private func appendString(_ scanner: inout JSONScanner, _ builder: inout ColumnBuilder) throws {
        decoded(try scanner.scanString(), scanner) { builder.append(utf8: $0) }
    }

    private func decoded<R>(
        _ text: JSONText, _ scanner: JSONScanner, _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R {
        if text.isPlain { return try scanner.plainBytes(of: text).withMemoryRebound(to: UInt8.self) { try body($0) } }
        scratch.removeAll(keepingCapacity: true)
        scanner.append(text, to: &scratch)
        return try scratch.withUnsafeBufferPointer { try body($0) }
    }

    private func special(_ text: JSONText, _ scanner: JSONScanner) -> Double? {
        decoded(text, scanner) { bytes in
            guard let value = NumberText.parseDouble(bytes), !value.isFinite else { return nil }
            return value
        }
    }

    private func appendElements(_ scanner: inout JSONScanner, dimension: Int) throws {
        guard dimension < shape.count else { return try appendElement(&scanner) }
        guard try scanner.peek() == .array else { throw mismatch(try scanner.peek()) }
        var count = 0
        if try scanner.openArray() {
            repeat {
                count += 1
                guard count <= shape[dimension] else { break }
                try appendElements(&scanner, dimension: dimension + 1)
            } while try scanner.nextElement()
        }
        guard count == shape[dimension] else {
            throw JSONMismatch.type(
                path: [], found: "an array of \(count > shape[dimension] ? "more elements" : "\(count) elements")",
                type: type)
        }
    }

    private func appendElement(_ scanner: inout JSONScanner) throws {
        let kind = try scanner.peek()
        guard kind == .number || (kind == .bool && dtype == .bool) else { throw mismatch(kind) }
        if dtype == .bool {
            guard kind == .bool else { throw mismatch(kind) }
            scratch.append(try scanner.scanBool() ? 1 : 0)
            return
        }
        let number = try scanner.scanNumber()
        func add<T: BitwiseCopyable>(_ value: T) { withUnsafeBytes(of: value) { scratch.append(contentsOf: $0) } }
        func addInt<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws {
            guard case .int(let value) = number, let narrow = T(exactly: value) else {
                throw JSONMismatch.type(path: [], found: "an array with a number out of range", type: self.type)
            }
            add(narrow)
        }
        let value: Double =
            switch number {
            case .int(let value): Double(value)
            case .double(let value): value
            }
        switch dtype {
        case .float32: add(Float(value))
        case .float64: add(value)
        case .int8: try addInt(Int8.self)
        case .uint8: try addInt(UInt8.self)
        case .int16: try addInt(Int16.self)
        case .uint16: try addInt(UInt16.self)
        case .int32: try addInt(Int32.self)
        case .uint32: try addInt(UInt32.self)
        case .int64: try addInt(Int64.self)
        case .uint64: try addInt(UInt64.self)
        default: throw mismatch(kind)
        }
    }

    private func mismatch(_ kind: JSONKind) -> JSONMismatch {
        let words =
            switch kind {
            case .null: "null"
            case .bool: "true or false"
            case .number: "a number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return .type(path: [], found: words, type: type)
    }
}

/// `a.b[].c`
func pathText(_ path: [String]) -> String {
    path.reduce("") { $1 == "[]" ? $0 + $1 : $0.isEmpty ? $1 : $0 + "." + $1 }
}
