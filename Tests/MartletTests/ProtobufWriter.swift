/// Fields of a protobuf message; with names of ONNX's for its few that tests need.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func integer(_ field: Int, _ value: Int) {
        varint(UInt64(field) << 3)
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func data(_ field: Int, _ value: [UInt8]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    mutating func message(_ field: Int, _ build: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        build(&inner)
        data(field, inner.bytes)
    }

    /// A node of a graph.
    mutating func node(_ op: String, _ inputs: [String], _ output: String) {
        message(1) { node in
            for input in inputs { node.data(1, Array(input.utf8)) }
            node.data(2, Array(output.utf8))
            node.data(4, Array(op.utf8))
        }
    }

    /// An input (field 11) or output (field 12) of a graph, of floats.
    mutating func value(_ field: Int, _ name: String, _ shape: [Int]) {
        message(field) { value in
            value.data(1, Array(name.utf8))
            value.message(2) { type in
                type.message(1) { tensor in
                    tensor.integer(1, 1)
                    tensor.message(2) { dims in
                        for size in shape { dims.message(1) { $0.integer(1, size) } }
                    }
                }
            }
        }
    }

    /// A model with this as its graph.
    var model: [UInt8] {
        var model = ProtobufWriter()
        model.integer(1, 8)
        model.data(7, bytes)
        model.message(8) { $0.integer(2, 17) }
        return model.bytes
    }
}
