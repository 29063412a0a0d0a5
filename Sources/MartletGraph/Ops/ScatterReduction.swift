import MartletTensor

/// What becomes of an element that is scattered onto another: it takes its place, or the two are combined.
package enum ScatterReduction: String, CaseIterable, Sendable {
    case none, add, mul, min, max

    /// The same on the bytes 0 and 1 of bool.
    var onBool: ScatterReduction {
        switch self {
        case .add: .max
        case .mul: .min
        default: self
        }
    }
}

extension GraphOp {
    /// Output 0 with x's elements: x itself where the plan lets it be overwritten.
    func writableCopy(of x: Tensor, _ context: RunContext) throws -> Tensor {
        let result = try context.output(0, x.dtype, x.shape)
        if result.pointer != x.pointer, x.byteCount > 0 {
            result.pointer.copyMemory(from: x.pointer, byteCount: x.byteCount)
        }
        return result
    }
}
