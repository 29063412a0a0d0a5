import MartletTensor

extension GraphOp {
    /// Runs an op on float16 or bfloat16 inputs as if they were float32, and rounds its results back if its first input
    /// is of such a type. nil if there is no such input.
    func runWidened(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor]? {
        func isHalf(_ dtype: DType?) -> Bool { dtype == .float16 || dtype == .bfloat16 }
        guard inputs.contains(where: { isHalf($0?.dtype) }) else { return nil }
        let wide = try inputs.map { input in
            try input.map { isHalf($0.dtype) ? try $0.converted(to: .float32) : $0 }
        }
        let results = try run(wide, context)
        guard let first = inputs.lazy.compactMap({ $0?.dtype }).first, isHalf(first) else { return results }
        return try results.map { $0.dtype == .float32 ? try $0.converted(to: first) : $0 }
    }

    /// Runs an op that computes in float32 only on float64 inputs.
    func runNarrowed(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let narrow = try inputs.map { input in
            try input.map { $0.dtype == .float64 ? try $0.converted(to: .float32) : $0 }
        }
        return try run(narrow, context).map { $0.dtype == .float32 ? try $0.converted(to: .float64) : $0 }
    }
}
