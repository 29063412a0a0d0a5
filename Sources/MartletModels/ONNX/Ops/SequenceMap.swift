import MartletGraph

extension ONNXOp {
    /// A graph run on each tensor of a sequence.
    static let sequenceMap = ONNXOp("SequenceMap", inputs: 1...Int.max) { call in
        guard let source = try call.attribute("body")?.graph else { throw call.wrong("its graph is missing") }
        let values = try call.allInputs()
        let types = try values.enumerated().map { index, value -> ValueType in
            let type = call.type(value)
            if index == 0, type.dtype != .sequence { throw call.wrong("input 0 is no sequence") }
            return type.dtype == .sequence ? type.element ?? type : type
        }
        let body = try call.importer.body(source, inputs: types, call)
        let op = SequenceMapOp(Subgraph(body.graph), more: values.count - 1)
        return try call.emitAll(op, values + body.captured)
    }
}
