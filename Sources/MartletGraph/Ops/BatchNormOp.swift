import MartletKernels
import MartletTensor

/// (x - mean) / sqrt(variance + epsilon) · scale + bias for each channel (axis 1). Inputs: x, scale, bias, mean, variance.
package struct BatchNormOp: GraphOp {
    package static let name = "BatchNorm"
    package var epsilon: Float

    package init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

    package var attributes: String { "eps=\(epsilon)" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        if let rank = x.type.rank, rank < 2 { throw impossible(inputs, "wants [batch, channels, …]") }
        for index in 1...4 {
            let parameter = try operand(inputs, index)
            if let shape = parameter.type.shape {
                guard shape.count == 1 else { throw impossible(inputs, "input \(index) is no vector") }
                if let a = shape[0].fixedValue, let b = x.type.shape?[1].fixedValue, a != b {
                    throw impossible(inputs, "input \(index) has \(a) elements for \(b) channels")
                }
            }
        }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 2 * (outputs.first?.reduce(1, *) ?? 0) }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let operand = try operand(inputs, 0, context)
        guard operand.rank >= 2, operand.dtype == .float32 || operand.dtype == .float64 else {
            throw context.invalid(self, inputs, "wants floats [batch, channels, …]")
        }
        let channels = operand.shape[1]
        let parameters = try (1...4).map { try self.operand(inputs, $0, context) }
        guard parameters.allSatisfy({ $0.count == channels && $0.dtype.isFloat }) else {
            throw context.invalid(self, inputs, "the parameters are not one number for each channel")
        }
        let numbers = try parameters.map { try $0.converted(to: .float64).values(Double.self) }
        let result = try context.output(0, operand.dtype, operand.shape)
        let x = try detached(operand, from: result)
        guard x.count > 0 else { return [result] }
        let inner = x.shape[2...].reduce(1, *)
        let size = x.dtype.size
        let (scale, bias) = (numbers[0], numbers[1])
        let (mean, variance) = (numbers[2], numbers[3])
        for block in 0..<(x.count / inner) {
            let channel = block % channels
            let factor = scale[channel] / (variance[channel] + Double(epsilon)).squareRoot()
            _ = Kernels.unary(
                .affine, type: x.dtype.element, x.pointer + block * inner * size,
                into: result.pointer + block * inner * size, count: inner, a: factor,
                b: bias[channel] - mean[channel] * factor)
        }
        return [result]
    }
}
