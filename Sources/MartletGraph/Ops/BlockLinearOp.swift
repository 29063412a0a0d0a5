import MartletKernels
import MartletTensor

/// activation(x × Wᵀ + b) + residual with W [N, K] used as it is stored: mapped, quantized, never copied.
///
/// Inputs: x […, K], the three of `BlockWeights`, then b ([N])?, residual ([…, N])?. All but the data and zeros float32.
/// Products and sums are fp32: a row gives the same whatever rows are beside it.
package struct BlockLinearOp: GraphOp {
    package static let name = "BlockLinear"
    package var weights: BlockWeights
    package var activation: Activation

    package init(_ weights: BlockWeights, activation: Activation = .none) {
        self.weights = weights
        self.activation = activation
    }

    package var attributes: String {
        weights.text + (activation == .none ? "" : " act=\(activation.rawValue)")
    }

    package static let dataInput = 1
    package static let biasInput = 4
    package static let residualInput = 5
    package var inPlaceInputs: [Int] { [Self.residualInput] }

    /// Bytes lie at any address; scales are read as floats.
    package var unalignedInputs: Range<Int> { Self.dataInput..<Self.dataInput + 1 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype == .float32 else { throw impossible(inputs, "wants float, not \(x.type.dtype.name)") }
        let columns = try weights.inferRows(self, inputs, first: Self.dataInput)
        for index in [Self.biasInput, Self.residualInput] {
            guard optional(inputs, index)?.type.dtype ?? .float32 == .float32 else {
                throw impossible(inputs, "bias and residual are floats")
            }
        }
        guard let shape = x.type.shape else { return [ValueType(.float32, nil)] }
        guard let inner = shape.last else { throw impossible(inputs, "a scalar has no rows") }
        if let inner = inner.fixedValue, inner != weights.columns {
            throw impossible(inputs, "\(inner) columns meet rows of \(weights.columns) weights")
        }
        return [ValueType(.float32, Array(shape.dropLast()) + [columns])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        let (work, overflow) = (outputs.first?.reduce(1, *) ?? 0).multipliedReportingOverflow(by: 2 * weights.columns)
        return overflow ? .max : work
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let (matrix, columns) = try weights.matrix(self, inputs, first: Self.dataInput, context)
        guard x.dtype == .float32, x.shape.last == weights.columns else {
            throw context.invalid(self, inputs, "x is no float[…, \(weights.columns)]")
        }
        let shape = Array(x.shape.dropLast()) + [columns]
        let bias = try optional(inputs, Self.biasInput).map { _ in try operand(inputs, Self.biasInput, context) }
        guard bias.map({ $0.dtype == .float32 && $0.count == columns }) ?? true else {
            throw context.invalid(self, inputs, "the bias is no float[\(columns)]")
        }
        let residual = try optional(inputs, Self.residualInput).map { _ in
            try operand(inputs, Self.residualInput, context)
        }
        guard residual.map({ $0.dtype == .float32 && $0.shape == shape }) ?? true else {
            throw context.invalid(self, inputs, "the residual is not of the result's type")
        }
        let result = try context.output(0, .float32, shape)
        guard result.count > 0 else { return [result] }
        let product = Kernels.BlockGemm(
            a: x.floats, b: matrix, c: result.mutableFloats, cStride: columns, bias: bias?.floats,
            activation: activation.kernel, residual: residual?.floats)
        try withExtendedLifetime(inputs) {
            try context.multiply(product, rows: result.count / columns, columns: columns)
        }
        return [result]
    }
}
