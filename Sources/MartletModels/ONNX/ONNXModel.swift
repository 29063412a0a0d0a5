import MartletGraph
import MartletSupport

/// An ONNX file's messages as values. Tensor data stays in the map.
struct ONNXModel {
    var irVersion = 0
    var producer = ""
    /// Version of each operator set, by domain; the standard one is the empty string.
    var opsets: [String: Int] = [:]
    var metadata: [String: String] = [:]
    var graph: ONNXGraph?
    var functions: [ONNXFunction] = []
}

struct ONNXGraph {
    var name = ""
    var nodes: [ONNXNode] = []
    var initializers: [ONNXTensor] = []
    var sparse: [ONNXSparseTensor] = []
    var inputs: [ONNXValueInfo] = []
    var outputs: [ONNXValueInfo] = []
}

struct ONNXNode {
    var name = ""
    var op = ""
    var domain = ""
    /// Which of several functions of one name; empty for operators of the standard.
    var overload = ""
    /// An empty name is an input that is left out.
    var inputs: [String] = []
    var outputs: [String] = []
    var attributes: [String: ONNXAttribute] = [:]

    /// The name, or what stands in for it in messages.
    var label: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? op : name }

    /// The node and its operator, for messages: "node `a` (Add)".
    var place: String { "node `\(label)` (\(qualifiedOp))" }

    /// The operator with its domain, where that is not the standard one.
    var qualifiedOp: String { domain.isEmpty ? op : "\(domain).\(op)" }
}

struct ONNXAttribute {
    /// `AttributeProto.AttributeType`; 0 in files that are older than the field.
    var type = 0
    var float: Float?
    var int: Int64?
    var string: WireBytes?
    var tensor: ONNXTensor?
    var graph: ONNXGraph?
    var floats: [Float] = []
    var ints: [Int64] = []
    var strings: [WireBytes] = []
    var sparseTensor: ONNXSparseTensor?
    /// A type; the name is empty.
    var valueType: ONNXValueInfo?
    /// In a function's body: the name of the caller's attribute that this one stands for.
    var reference: String?
}

struct ONNXFunction {
    var name = ""
    var domain = ""
    var overload = ""
    var inputs: [String] = []
    var outputs: [String] = []
    /// Names of attributes without default.
    var attributes: [String] = []
    var defaults: [String: ONNXAttribute] = [:]
    var nodes: [ONNXNode] = []
    var opsets: [String: Int] = [:]
}

/// A TensorProto; its elements are still in the file.
struct ONNXTensor {
    var name = ""
    var dims: [Int64] = []
    /// `TensorProto.DataType`
    var dataType = 0
    var raw: WireBytes?
    var floats: [Float] = []
    var doubles: [Double] = []
    /// From `int32_data`, `int64_data` and `uint64_data` (bit pattern).
    var integers: [Int64] = []
    var strings: [WireBytes] = []
    var isExternal = false
    var external: [String: String] = [:]
    /// Where the message starts in the file.
    var offset = 0
}

/// A SparseTensorProto; the name is that of its values.
struct ONNXSparseTensor {
    var values = ONNXTensor()
    /// Positions in row-major order [n], or one row of coordinates for each value [n, rank].
    var indices = ONNXTensor()
    var dims: [Int64] = []
}

struct ONNXValueInfo {
    enum Kind: Hashable {
        case tensor
        /// No type is given.
        case none
        case other(String)
    }

    /// What a sequence or an optional around the tensor is.
    enum Container: Hashable {
        case sequence, optional
    }

    var name = ""
    /// Of the innermost type.
    var kind = Kind.none
    /// Around the tensor, outermost first.
    var containers: [Container] = []
    /// `TensorProto.DataType`
    var elementType = 0
    /// Nil if the rank is not known.
    var dims: [Dim]?
}
