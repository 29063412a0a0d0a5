/// Writes protobuf messages for tests, well-formed or not.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func integer(_ number: Int, _ value: Int) {
        varint(UInt64(number) << 3)
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func data(_ number: Int, _ value: [UInt8]) {
        varint(UInt64(number) << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    mutating func text(_ number: Int, _ value: String) { data(number, Array(value.utf8)) }

    mutating func message(_ number: Int, _ build: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        build(&inner)
        data(number, inner.bytes)
    }
}

/// ONNX files in a few lines, for tests.
struct ONNXWriter {
    private(set) var graph = WireWriter()
    var opset = 17

    mutating func node(
        _ op: String, _ inputs: [String], _ outputs: [String], domain: String = "",
        attributes: (inout WireWriter) -> Void = { _ in }
    ) {
        graph.message(1) { node in
            for name in inputs { node.text(1, name) }
            for name in outputs { node.text(2, name) }
            node.text(4, op)
            attributes(&node)
            if !domain.isEmpty { node.text(7, domain) }
        }
    }

    /// Any field of the graph.
    mutating func graphMessage(_ number: Int, _ build: (inout WireWriter) -> Void) { graph.message(number, build) }

    /// A float weight as raw data.
    mutating func weight(_ name: String, _ shape: [Int], _ values: [Float]) {
        graph.message(5) { Self.tensor(&$0, name, shape, values) }
    }

    mutating func rawWeight(_ name: String, _ shape: [Int], dataType: Int = 1, build: (inout WireWriter) -> Void) {
        graph.message(5) { tensor in
            for dim in shape { tensor.integer(1, dim) }
            tensor.integer(2, dataType)
            tensor.text(8, name)
            build(&tensor)
        }
    }

    static func tensor(_ tensor: inout WireWriter, _ name: String, _ shape: [Int], _ values: [Float]) {
        for dim in shape { tensor.integer(1, dim) }
        tensor.integer(2, 1)
        tensor.text(8, name)
        tensor.data(9, values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) })
    }

    mutating func input(_ name: String, _ dims: [String], type: Int = 1) {
        graph.message(11) { Self.port(&$0, name, dims, type) }
    }
    mutating func output(_ name: String, _ dims: [String], type: Int = 1) {
        graph.message(12) { Self.port(&$0, name, dims, type) }
    }

    private static func port(_ port: inout WireWriter, _ name: String, _ dims: [String], _ elementType: Int) {
        port.text(1, name)
        port.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, elementType)
                tensor.message(2) { shape in
                    for dim in dims {
                        shape.message(1) { part in
                            if let value = Int(dim) { part.integer(1, value) } else { part.text(2, dim) }
                        }
                    }
                }
            }
        }
    }

    var file: [UInt8] {
        var model = WireWriter()
        model.integer(1, 8)
        model.text(2, "martlet-tests")
        model.data(7, graph.bytes)
        model.message(8) { $0.integer(2, opset) }
        return model.bytes
    }

    /// relu(x × w + b), x [batch, 2], w [2, 3].
    static var perceptron: ONNXWriter {
        var writer = ONNXWriter()
        writer.input("x", ["batch", "2"])
        writer.weight("w", [2, 3], [1, 2, 3, 4, 5, 6])
        writer.weight("b", [3], [-5, 0, 0.5])
        writer.node("MatMul", ["x", "w"], ["product"])
        writer.node("Add", ["product", "b"], ["sum"])
        writer.node("Relu", ["sum"], ["y"])
        writer.output("y", ["batch", "3"])
        return writer
    }
}
