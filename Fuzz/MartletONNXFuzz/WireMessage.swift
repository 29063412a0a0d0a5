/// One protobuf message of `onnx.proto3` as a tree that can be edited: fields in the order of the file, messages within
/// opened as far as their kind is known.
final class WireMessage {
    /// The messages that mutations know; anything else stays bytes.
    enum Kind {
        case model, graph, node, attribute, tensor, sparseTensor, value, type, tensorType, shape, dimension, container
        case operatorSet, function, entry

        /// What a field of this message holds, if that is a message that is known.
        func message(in field: Int) -> Kind? {
            switch (self, field) {
            case (.model, 7): .graph
            case (.model, 8), (.function, 9): .operatorSet
            case (.model, 14), (.tensor, 13): .entry
            case (.model, 25): .function
            case (.graph, 1), (.function, 7): .node
            case (.graph, 5): .tensor
            case (.graph, 15): .sparseTensor
            case (.graph, 11), (.graph, 12), (.graph, 13): .value
            case (.node, 5), (.function, 11): .attribute
            case (.attribute, 5): .tensor
            case (.attribute, 6): .graph
            case (.attribute, 14), (.value, 2), (.container, 1): .type
            case (.attribute, 22): .sparseTensor
            case (.sparseTensor, 1), (.sparseTensor, 2): .tensor
            case (.type, 1): .tensorType
            case (.type, 4), (.type, 9): .container
            case (.tensorType, 2): .shape
            case (.shape, 1): .dimension
            default: nil
            }
        }
    }

    enum Content {
        case varint(UInt64)
        case fixed64([UInt8])
        case bytes([UInt8])
        case message(WireMessage)
        case fixed32([UInt8])
    }

    struct Field {
        var number: Int
        var content: Content

        var text: String? {
            if case .bytes(let bytes) = content { return String(validating: bytes, as: UTF8.self) }
            return nil
        }
    }

    let kind: Kind
    var fields: [Field]

    init(_ kind: Kind, _ fields: [Field] = []) {
        self.kind = kind
        self.fields = fields
    }

    static let maximumDepth = 100

    /// Nil if the bytes are no message, or one that is nested too deep.
    init?(_ kind: Kind, _ bytes: ArraySlice<UInt8>, depth: Int = 0) {
        guard depth < Self.maximumDepth else { return nil }
        self.kind = kind
        fields = []
        var rest = bytes
        while !rest.isEmpty {
            guard let key = Self.varint(&rest), key >> 3 > 0, key >> 3 < 1 << 29 else { return nil }
            let number = Int(key >> 3)
            func take(_ count: Int) -> [UInt8]? {
                guard rest.count >= count else { return nil }
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            }
            switch key & 7 {
            case 0:
                guard let value = Self.varint(&rest) else { return nil }
                fields.append(Field(number: number, content: .varint(value)))
            case 1:
                guard let value = take(8) else { return nil }
                fields.append(Field(number: number, content: .fixed64(value)))
            case 2:
                guard let length = Self.varint(&rest).flatMap({ Int(exactly: $0) }), let value = take(length) else {
                    return nil
                }
                if let inner = kind.message(in: number) {
                    guard let message = WireMessage(inner, value[...], depth: depth + 1) else { return nil }
                    fields.append(Field(number: number, content: .message(message)))
                } else {
                    fields.append(Field(number: number, content: .bytes(value)))
                }
            case 5:
                guard let value = take(4) else { return nil }
                fields.append(Field(number: number, content: .fixed32(value)))
            default: return nil
            }
        }
    }

    static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for position in 0..<10 {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(7 * position)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    var bytes: [UInt8] {
        var result: [UInt8] = []
        for field in fields {
            func key(_ type: UInt64) { Self.append(UInt64(field.number) << 3 | type, to: &result) }
            func counted(_ bytes: [UInt8]) {
                key(2)
                Self.append(UInt64(bytes.count), to: &result)
                result += bytes
            }
            switch field.content {
            case .varint(let value):
                key(0)
                Self.append(value, to: &result)
            case .fixed64(let bytes):
                key(1)
                result += bytes
            case .bytes(let bytes): counted(bytes)
            case .message(let message): counted(message.bytes)
            case .fixed32(let bytes):
                key(5)
                result += bytes
            }
        }
        return result
    }

    var copy: WireMessage {
        WireMessage(
            kind,
            fields.map { field in
                guard case .message(let message) = field.content else { return field }
                return Field(number: field.number, content: .message(message.copy))
            })
    }

    // MARK: Access

    func messages(_ number: Int) -> [WireMessage] {
        fields.compactMap { field in
            guard field.number == number, case .message(let message) = field.content else { return nil }
            return message
        }
    }

    func texts(_ number: Int) -> [String] { fields.compactMap { $0.number == number ? $0.text : nil } }
    func text(_ number: Int) -> String { texts(number).last ?? "" }
    func positions(_ number: Int) -> [Int] { fields.indices.filter { fields[$0].number == number } }

    func set(_ number: Int, _ content: Content) {
        fields.removeAll { $0.number == number }
        add(number, content)
    }

    func add(_ number: Int, _ content: Content) { fields.append(Field(number: number, content: content)) }
    func add(_ number: Int, _ text: String) { add(number, .bytes(Array(text.utf8))) }
    func set(_ number: Int, _ text: String) { set(number, .bytes(Array(text.utf8))) }
    func set(_ number: Int, _ value: Int) { set(number, .varint(UInt64(bitPattern: Int64(value)))) }
    func remove(_ number: Int) { fields.removeAll { $0.number == number } }

    /// This message and all within it of one kind.
    func all(_ wanted: Kind) -> [WireMessage] {
        var result = kind == wanted ? [self] : []
        for case .message(let message) in fields.map(\.content) { result += message.all(wanted) }
        return result
    }
}
