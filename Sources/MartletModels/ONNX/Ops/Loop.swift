import MartletGraph

extension ONNXOp {
    /// A graph run again and again, on what the round before made.
    static let loop = ONNXOp("Loop", inputs: 0...Int.max) { call in
        guard let source = try call.attribute("body")?.graph else { throw call.wrong("its graph is missing") }
        let first = try call.inputs.indices.dropFirst(2).map(call.input)
        guard source.outputs.count > first.count else {
            throw call.wrong("its graph has \(source.outputs.count) outputs for \(first.count) carried values")
        }
        let body = try call.stableBody(source, carried: first.map(call.type)) { carried in
            [ValueType(.int64, []), ValueType(.bool, [])] + carried
        } results: {
            $0[1..<1 + first.count]
        }
        let op = LoopOp(Subgraph(body.graph), carried: first.count)
        return try call.emitAll(op, [call.optional(0), call.optional(1)] + first + body.captured)
    }
}
