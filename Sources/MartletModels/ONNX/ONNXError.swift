import MartletSupport

/// What is wrong with an ONNX file.
package enum ONNXError: Error, Hashable, Sendable {
    /// Why bytes are not protobuf, or not ONNX's.
    package enum WireReason: Hashable, Sendable {
        case varint
        case fieldNumber
        case wireType(Int)
        case length(UInt64, available: Int)
        case fieldType(number: Int)
        case text
        case tooDeep(limit: Int)
        case tooMany(what: String, limit: Int)
    }

    case wire(file: String, offset: Int, reason: WireReason)
    /// The message lacks a part that every model has.
    case incomplete(file: String, missing: String)
    case opset(file: String, domain: String, version: Int, limit: Int)
    /// A tensor that cannot be what it says.
    case tensor(file: String, name: String, offset: Int, reason: String)
    /// All operators that the table has not, with their counts.
    case unsupportedOperators(file: String, operators: [OperatorUse])
    /// Nodes of these three are given with their operators, as `ONNXNode.place` says them.
    case cycle(file: String, node: String)
    case duplicateName(file: String, name: String, node: String)
    case unknownValue(file: String, name: String, node: String)
    /// A node that breaks its operator's rules.
    case node(file: String, node: String, op: String, reason: String)
    case value(file: String, name: String, reason: String)

    package struct OperatorUse: Hashable, Sendable {
        /// With its domain, where that is not the standard one.
        package var name: String
        package var count: Int

        /// `Foo`, `Foo (3×)`
        package var text: String { count == 1 ? name : "\(name) (\(count)×)" }
    }
}
