import MartletGraph
import MartletSupport

/// Protobuf messages of `onnx.proto3` to values. Unknown fields are skipped, as protobuf wants.
struct ONNXDecoder {
    let path: String

    static let maximumDepth = 32
    static let maximumNodes = 1_000_000
    static let maximumListed = 1 << 22

    func check(_ count: Int, _ what: String, limit: Int = maximumListed, offset: Int) throws {
        guard count <= limit else {
            throw ONNXError.wire(file: path, offset: offset, reason: .tooMany(what: what, limit: limit))
        }
    }

    func model(_ bytes: UnsafeRawBufferPointer) throws -> ONNXModel {
        var reader = WireReader(path: path, bytes: bytes)
        var model = ONNXModel()
        while let field = try reader.next() {
            switch field.number {
            case 1: model.irVersion = try field.code(path)
            case 2: model.producer = try field.string(path)
            case 7: model.graph = try graph(field.message(path), depth: 0)
            case 8: try opset(field.message(path), into: &model.opsets)
            case 14:
                let entry = try entry(field.message(path))
                model.metadata[entry.key] = entry.value
            case 25: model.functions.append(try function(field.message(path)))
            default: break
            }
            try check(model.functions.count, "functions", limit: 100_000, offset: field.offset)
        }
        return model
    }

    private func opset(_ message: WireReader, into opsets: inout [String: Int]) throws {
        var message = message
        var domain = ""
        var version = 0
        while let field = try message.next() {
            switch field.number {
            case 1: domain = try field.string(path)
            case 2: version = try field.code(path)
            default: break
            }
        }
        opsets[domain == "ai.onnx" ? "" : domain] = version
    }

    private func entry(_ message: WireReader) throws -> (key: String, value: String) {
        var message = message
        var result = (key: "", value: "")
        while let field = try message.next() {
            switch field.number {
            case 1: result.key = try field.string(path)
            case 2: result.value = try field.string(path, limit: 1 << 26)
            default: break
            }
        }
        return result
    }

    func graph(_ message: WireReader, depth: Int) throws -> ONNXGraph {
        var message = message
        guard depth < Self.maximumDepth else {
            throw ONNXError.wire(file: path, offset: message.offset, reason: .tooDeep(limit: Self.maximumDepth))
        }
        var graph = ONNXGraph()
        while let field = try message.next() {
            switch field.number {
            case 1: graph.nodes.append(try node(field.message(path), depth: depth))
            case 2: graph.name = try field.string(path)
            case 5: graph.initializers.append(try tensor(field.message(path)))
            case 11: graph.inputs.append(try valueInfo(field.message(path)))
            case 12: graph.outputs.append(try valueInfo(field.message(path)))
            case 15: graph.sparse.append(try sparseTensor(field.message(path)))
            default: break
            }
            try check(graph.nodes.count, "nodes", limit: Self.maximumNodes, offset: field.offset)
            try check(graph.initializers.count, "weights", limit: Self.maximumNodes, offset: field.offset)
        }
        return graph
    }

    private func node(_ message: WireReader, depth: Int) throws -> ONNXNode {
        var message = message
        var node = ONNXNode()
        while let field = try message.next() {
            switch field.number {
            case 1: node.inputs.append(try field.string(path))
            case 2: node.outputs.append(try field.string(path))
            case 3: node.name = try field.string(path)
            case 4: node.op = try field.string(path)
            case 5:
                let (name, value) = try attribute(field.message(path), depth: depth)
                node.attributes[name] = value
            case 7:
                let domain = try field.string(path)
                node.domain = domain == "ai.onnx" ? "" : domain
            case 8: node.overload = try field.string(path)
            default: break
            }
        }
        return node
    }

    private func attribute(_ message: WireReader, depth: Int) throws -> (String, ONNXAttribute) {
        var message = message
        var name = ""
        var value = ONNXAttribute()
        while let field = try message.next() {
            switch field.number {
            case 1: name = try field.string(path)
            case 2: value.float = try field.float(path)
            case 3: value.int = try field.integer(path)
            case 4: value.string = try field.bytes(path)
            case 5: value.tensor = try tensor(field.message(path))
            case 6: value.graph = try graph(field.message(path), depth: depth + 1)
            case 7: try field.appendFloats(to: &value.floats, path)
            case 8: try field.appendIntegers(to: &value.ints, path)
            case 9: value.strings.append(try field.bytes(path))
            case 14:
                var declared = ONNXValueInfo()
                try type(field.message(path), into: &declared)
                value.valueType = declared
            case 20: value.type = try field.code(path)
            case 21: value.reference = try field.string(path)
            case 22: value.sparseTensor = try sparseTensor(field.message(path))
            default: break
            }
        }
        return (name, value)
    }

    private func function(_ message: WireReader) throws -> ONNXFunction {
        var message = message
        var function = ONNXFunction()
        while let field = try message.next() {
            switch field.number {
            case 1: function.name = try field.string(path)
            case 4: function.inputs.append(try field.string(path))
            case 5: function.outputs.append(try field.string(path))
            case 6: function.attributes.append(try field.string(path))
            case 7: function.nodes.append(try node(field.message(path), depth: 0))
            case 9: try opset(field.message(path), into: &function.opsets)
            case 10:
                let domain = try field.string(path)
                function.domain = domain == "ai.onnx" ? "" : domain
            case 11:
                let (name, value) = try attribute(field.message(path), depth: 0)
                function.defaults[name] = value
            case 13: function.overload = try field.string(path)
            default: break
            }
            try check(function.nodes.count, "nodes", limit: Self.maximumNodes, offset: field.offset)
        }
        return function
    }
}
