import MartletTensor

extension GraphOp {
    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        throw context.invalid(self, inputs, "cannot run yet")
    }
}
