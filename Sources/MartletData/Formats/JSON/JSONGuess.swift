import MartletSupport

/// The type of the values seen so far at one place of JSON rows.
final class JSONGuess {
    private enum Kind {
        case unknown, bool, int, float, string
        case list(JSONGuess)
        case structure(JSONGuessFields)
    }

    private var kind: Kind = .unknown

    /// Levels of nesting a row may have: no more than the text form of types has.
    static let maximumDepth = 32
    /// Keys, nested ones included, a source may have.
    static let maximumKeys = 10_000

    /// A value whose type differs from the ones before.
    struct Conflict: Error {
        var path: [String]
        var first: DataType
        var found: DataType

        func inside(_ name: String) -> Conflict { Conflict(path: [name] + path, first: first, found: found) }
    }

    enum Limit: Error { case keys, depth }

    /// Consumes a value. Throws `JSONError`, `Conflict`, `Limit`, or `JSONMismatch.duplicateKey`.
    func see(_ scanner: inout JSONScanner, depth: Int, keys: inout Int) throws {
        guard depth < Self.maximumDepth else { throw Limit.depth }
        switch try scanner.peek() {
        case .null: try scanner.scanNull()
        case .bool:
            _ = try scanner.scanBool()
            if case .unknown = kind { kind = .bool }
            guard case .bool = kind else { throw conflict(.bool) }
        case .string:
            _ = try scanner.scanString()
            if case .unknown = kind { kind = .string }
            guard case .string = kind else { throw conflict(.string) }
        case .number:
            let isInt: Bool
            if case .int = try scanner.scanNumber() { isInt = true } else { isInt = false }
            switch kind {
            case .unknown: kind = isInt ? .int : .float
            case .int: if !isInt { kind = .float }
            case .float: break
            default: throw conflict(isInt ? .int : .float)
            }
        case .array:
            if case .unknown = kind { kind = .list(JSONGuess()) }
            guard case .list(let element) = kind else { throw conflict(.list(.null)) }
            if try scanner.openArray() {
                repeat {
                    do { try element.see(&scanner, depth: depth + 1, keys: &keys) } catch let error as Conflict {
                        throw error.inside("[]")
                    }
                } while try scanner.nextElement()
            }
        case .object:
            if case .unknown = kind { kind = .structure(JSONGuessFields()) }
            guard case .structure(let fields) = kind else { throw conflict(.structure([])) }
            try fields.see(&scanner, depth: depth, keys: &keys)
        }
    }

    private func conflict(_ found: DataType) -> Conflict { Conflict(path: [], first: type ?? .null, found: found) }

    /// nil if only nulls were seen.
    var type: DataType? {
        switch kind {
        case .unknown: return nil
        case .bool: return .bool
        case .int: return .int
        case .float: return .float
        case .string: return .string
        case .list(let element): return .list(element.type ?? .null)
        case .structure(let fields):
            return .structure(zip(fields.names, fields.guesses).map { Field($0, $1.type ?? .null) })
        }
    }
}

/// The union of the keys of objects, in the order in which they were first seen.
final class JSONGuessFields {
    private(set) var names: [String] = []
    private(set) var guesses: [JSONGuess] = []
    /// By bytes: Swift's strings compare by Unicode equivalence.
    private var positions: [[UInt8]: Int] = [:]
    private var seen: [Int] = []
    private var objects = 0
    /// Keys whose type is known already.
    var declared: Set<String> = []

    /// Consumes an object.
    func see(_ scanner: inout JSONScanner, depth: Int, keys: inout Int) throws {
        objects += 1
        guard try scanner.openObject() else { return }
        repeat {
            let key = scanner.string(try scanner.scanKey())
            let position: Int
            let bytes = Array(key.utf8)
            if let known = positions[bytes] {
                guard seen[known] != objects else { throw JSONMismatch.duplicateKey(path: [key]) }
                position = known
            } else {
                keys += 1
                guard keys <= JSONGuess.maximumKeys else { throw JSONGuess.Limit.keys }
                position = names.count
                names.append(key)
                guesses.append(JSONGuess())
                seen.append(0)
                positions[bytes] = position
            }
            seen[position] = objects
            if declared.contains(key) {
                try scanner.skipValue()
                continue
            }
            do { try guesses[position].see(&scanner, depth: depth + 1, keys: &keys) } catch let error
                as JSONGuess.Conflict
            {
                throw error.inside(key)
            }
        } while try scanner.nextMember()
    }
}

extension DataType {
    /// Throws if a struct has names that differ by case alone.
    func checkNames() throws(SchemaError) {
        switch self {
        case .list(let element): try element.checkNames()
        case .structure(let fields):
            _ = try Schema(fields)
            for field in fields { try field.type.checkNames() }
        default: break
        }
    }

    /// What to read where only nulls, empty arrays or empty objects were seen: strings.
    var withoutGaps: DataType {
        switch self {
        case .null: .string
        case .list(let element): .list(element.withoutGaps)
        case .structure(let fields):
            fields.isEmpty
                ? .string : .structure(fields.map { Field($0.name, $0.type.withoutGaps, nullable: $0.nullable) })
        default: self
        }
    }
}
