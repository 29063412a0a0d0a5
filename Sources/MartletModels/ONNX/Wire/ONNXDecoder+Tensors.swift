import MartletGraph
import MartletSupport

extension ONNXDecoder {
    func tensor(_ message: WireReader) throws -> ONNXTensor {
        var message = message
        var tensor = ONNXTensor()
        tensor.offset = message.offset
        while let field = try message.next() {
            switch field.number {
            case 1:
                try field.appendIntegers(to: &tensor.dims, path)
                try check(tensor.dims.count, "dimensions of a tensor", limit: 32, offset: field.offset)
            case 2: tensor.dataType = try field.code(path)
            case 4: try field.appendFloats(to: &tensor.floats, path)
            case 5, 7, 11: try field.appendIntegers(to: &tensor.integers, path)
            case 6: tensor.strings.append(try field.bytes(path))
            case 8: tensor.name = try field.string(path)
            case 9: tensor.raw = try field.bytes(path)
            case 10: try field.appendDoubles(to: &tensor.doubles, path)
            case 13:
                let entry = try externalEntry(field.message(path))
                tensor.external[entry.key] = entry.value
            case 14: tensor.isExternal = try field.code(path) == 1
            default: break
            }
        }
        return tensor
    }

    private func externalEntry(_ message: WireReader) throws -> (key: String, value: String) {
        var message = message
        var result = (key: "", value: "")
        while let field = try message.next() {
            switch field.number {
            case 1: result.key = try field.string(path)
            case 2: result.value = try field.string(path)
            default: break
            }
        }
        return result
    }

    func sparseTensor(_ message: WireReader) throws -> ONNXSparseTensor {
        var message = message
        var sparse = ONNXSparseTensor()
        while let field = try message.next() {
            switch field.number {
            case 1: sparse.values = try tensor(field.message(path))
            case 2: sparse.indices = try tensor(field.message(path))
            case 3:
                try field.appendIntegers(to: &sparse.dims, path)
                try check(sparse.dims.count, "dimensions of a tensor", limit: 32, offset: field.offset)
            default: break
            }
        }
        return sparse
    }

    func valueInfo(_ message: WireReader) throws -> ONNXValueInfo {
        var message = message
        var info = ONNXValueInfo()
        while let field = try message.next() {
            switch field.number {
            case 1: info.name = try field.string(path)
            case 2: try type(field.message(path), into: &info)
            default: break
            }
        }
        return info
    }

    func type(_ message: WireReader, into info: inout ONNXValueInfo) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1:
                info.kind = .tensor
                try tensorType(field.message(path), into: &info)
            case 4, 9:
                info.containers.append(field.number == 4 ? .sequence : .optional)
                try check(info.containers.count, "sequences within each other", limit: 8, offset: field.offset)
                var container = try field.message(path)
                while let part = try container.next() {
                    if part.number == 1 { try type(part.message(path), into: &info) }
                }
            case 5: info.kind = .other("a map")
            case 8: info.kind = .other("a sparse tensor")
            default: break
            }
        }
    }

    private func tensorType(_ message: WireReader, into info: inout ONNXValueInfo) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: info.elementType = try field.code(path)
            case 2:
                var shape = try field.message(path)
                var dims: [Dim] = []
                while let part = try shape.next() {
                    guard part.number == 1 else { continue }
                    dims.append(try dimension(part.message(path)))
                    try check(dims.count, "dimensions of a tensor", limit: 32, offset: part.offset)
                }
                info.dims = dims
            default: break
            }
        }
    }

    /// A number, a name, or neither. Negative numbers, which some exporters write, mean unknown.
    private func dimension(_ message: WireReader) throws -> Dim {
        var message = message
        var dim = Dim.unknown
        while let field = try message.next() {
            switch field.number {
            case 1:
                let value = try field.integer(path)
                dim = value >= 0 ? Int(exactly: value).map(Dim.fixed) ?? .unknown : .unknown
            case 2:
                let name = try field.string(path)
                dim = name.isEmpty || name == "?" ? .unknown : .symbol(name)
            default: break
            }
        }
        return dim
    }
}
