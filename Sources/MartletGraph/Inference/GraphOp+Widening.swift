import MartletTensor

extension GraphOp {
    /// Runs an op on float16 or bfloat16 inputs as if they were float32, and rounds its results back.
    /// nil if there is no such input.
    func runWidened(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor]? {
        guard let narrow = inputs.lazy.compactMap({ $0?.dtype }).first(where: { $0 == .float16 || $0 == .bfloat16 })
        else { return nil }
        let wide = try inputs.map { input in
            try input.map { $0.dtype == narrow ? try $0.converted(to: .float32) : $0 }
        }
        guard !wide.contains(where: { $0?.dtype == .float16 || $0?.dtype == .bfloat16 }) else {
            throw context.invalid(self, inputs, "the inputs differ in type")
        }
        return try run(wide, context).map { $0.dtype == .float32 ? try $0.converted(to: narrow) : $0 }
    }

    /// Runs an op that computes in float32 only on float64 inputs.
    func runNarrowed(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let narrow = try inputs.map { input in
            try input.map { $0.dtype == .float64 ? try $0.converted(to: .float32) : $0 }
        }
        return try run(narrow, context).map { $0.dtype == .float32 ? try $0.converted(to: .float64) : $0 }
    }
}
