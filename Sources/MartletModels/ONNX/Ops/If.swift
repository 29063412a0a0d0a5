import MartletGraph

extension ONNXOp {
    /// One of two graphs, if the condition does not depend on the model's inputs; the other is left out.
    static let `if` = ONNXOp("If", inputs: 1...1) { call in
        guard let then = try call.attribute("then_branch")?.graph,
            let otherwise = try call.attribute("else_branch")?.graph
        else { throw call.wrong("a branch is missing") }
        guard let condition = try call.knownInts(call.input(0))?.first else {
            throw call.wrong(
                "the condition depends on the model's inputs; only conditions known from the file are supported")
        }
        return try call.importer.inline(condition != 0 ? then : otherwise, call)
    }
}
