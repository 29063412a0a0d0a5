import MartletGraph

extension ONNXOp {
    /// One of two graphs. If the condition does not depend on the model's inputs, the other is left out.
    static let `if` = ONNXOp("If", inputs: 1...1) { call in
        guard let then = try call.attribute("then_branch")?.graph,
            let otherwise = try call.attribute("else_branch")?.graph
        else { throw call.wrong("a branch is missing") }
        if let condition = try call.knownInts(call.input(0))?.first {
            return try call.importer.inline(condition != 0 ? then : otherwise, [], call)
        }
        let a = try call.importer.body(then, inputs: [], call)
        let b = try call.importer.body(otherwise, inputs: [], call)
        let op = IfOp(then: Subgraph(a.graph), otherwise: Subgraph(b.graph))
        return try call.emitAll(op, [call.input(0)] + a.captured + b.captured)
    }
}
