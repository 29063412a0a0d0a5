import MartletKernels
import MartletTensor

/// activation(x × W + b) + residual, where W and b are constant and may be cut into several columns blocks (fused q, k, v).
///
/// Inputs: x […, K], then `weightCount` weights ([K, N] each, or [N, K] if `isTransposed`), then as many biases ([N] or
/// nil), then the residual ([…, sum of N])?. Weights: float32, float16, bfloat16; x, biases, residual: float32.
package struct LinearOp: GraphOp {
    package static let name = "Linear"
    package var weightCount: Int
    /// Whether weights are stored [N, K], as torch has them.
    package var isTransposed: Bool
    package var activation: Activation

    package init(weightCount: Int = 1, isTransposed: Bool, activation: Activation = .none) {
        self.weightCount = weightCount
        self.isTransposed = isTransposed
        self.activation = activation
    }

    package var attributes: String {
        var words: [String] = []
        if weightCount != 1 { words.append("weights=\(weightCount)") }
        if isTransposed { words.append("transposed") }
        if activation != .none { words.append("act=\(activation.rawValue)") }
        return words.joined(separator: " ")
    }

    /// Place of the residual among the inputs.
    package var residualInput: Int { 1 + 2 * weightCount }
    package var inPlaceInputs: [Int] { [residualInput] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard weightCount > 0, inputs.count > weightCount, inputs.count <= residualInput + 1 else {
            throw impossible(inputs, "\(inputs.count) inputs for \(weightCount) weights")
        }
        guard x.type.dtype == .float32 else { throw impossible(inputs, "wants float, not \(x.type.dtype.name)") }
        var columns = 0
        for index in 1...weightCount {
            let weight = try operand(inputs, index)
            guard [.float32, .float16, .bfloat16].contains(weight.type.dtype) else {
                throw impossible(inputs, "a weight is of type \(weight.type.dtype.name)")
            }
            guard let constant = weight.constant, constant.rank == 2 else {
                throw impossible(inputs, "a weight is no constant matrix")
            }
            let (inner, outer) =
                isTransposed ? (constant.shape[1], constant.shape[0]) : (constant.shape[0], constant.shape[1])
            if let k = x.type.shape?.last?.fixedValue, k != inner {
                throw impossible(inputs, "\(k) columns meet \(inner) rows")
            }
            if let bias = optional(inputs, index + weightCount) {
                guard bias.constant?.shape == [outer], bias.type.dtype == .float32 else {
                    throw impossible(inputs, "a bias is no constant float[\(outer)]")
                }
            }
            columns += outer
        }
        guard let shape = x.type.shape else { return [ValueType(.float32, nil)] }
        guard !shape.isEmpty else { throw impossible(inputs, "a scalar has no rows") }
        let result = Array(shape.dropLast()) + [.fixed(columns)]
        if let residual = optional(inputs, residualInput) {
            guard residual.type.dtype == .float32,
                residual.type.shape.map({ other in
                    other.count == result.count
                        && zip(other, result).allSatisfy { a, b in
                            a == b || a.fixedValue == nil || b.fixedValue == nil
                        }
                }) ?? true
            else { throw impossible(inputs, "the residual is not of the result's type") }
        }
        return [ValueType(.float32, result)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        2 * (outputs.first?.reduce(1, *) ?? 0) * (inputs.first??.last ?? 0)
    }

    /// The weights are read once, by `prepare`, wherever they lie.
    package var unalignedInputs: Range<Int> { 1..<(1 + max(weightCount, 0)) }

    /// Packed weights and gathered biases.
    private final class Packed: Sendable {
        let parts: [PackedMatrix]
        /// All columns' biases, zero where there is none; nil if there is none at all.
        let bias: Tensor?

        init(_ parts: [PackedMatrix], _ bias: Tensor?) {
            self.parts = parts
            self.bias = bias
        }
    }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        guard weightCount > 0, constants.count > weightCount else { return nil }
        var parts: [PackedMatrix] = []
        for index in 1...weightCount {
            guard let weight = constants[index], weight.rank == 2 else { return nil }
            let (rows, columns) =
                isTransposed ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
            guard
                let packed = PackedMatrix(
                    weight.pointer, type: weight.dtype.element, rows: rows, columns: columns, stride: weight.shape[1],
                    transposed: isTransposed)
            else { return nil }
            // The file's pages were needed for this only.
            weight.storage.mappedFile?.discard(
                UnsafeRawBufferPointer(start: weight.pointer, count: weight.byteCount))
            parts.append(packed)
        }
        let biases = (0..<weightCount).map { optional(constants, 1 + weightCount + $0) }
        guard biases.contains(where: { $0 != nil }) else { return Packed(parts, nil) }
        let all = try Tensor(.float32, shape: [parts.reduce(0) { $0 + $1.columns }])
        ScalarValue(Float(0)).fill(all)
        var place = 0
        for (part, bias) in zip(parts, biases) {
            if let bias = bias?.aligned(), bias.dtype == .float32, bias.count == part.columns {
                (all.mutableFloats + place).update(from: bias.floats, count: bias.count)
            }
            place += part.columns
        }
        return Packed(parts, all)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard let packed = context.prepared as? Packed, let inner = x.shape.last, x.dtype == .float32,
            packed.parts.allSatisfy({ $0.rows == inner })
        else { throw context.invalid(self, inputs, "the weights are no constant matrices for this input") }
        let columns = packed.parts.reduce(0) { $0 + $1.columns }
        let shape = Array(x.shape.dropLast()) + [columns]
        let residual = try optional(inputs, residualInput).map { _ in try operand(inputs, residualInput, context) }
        guard residual.map({ $0.shape == shape && $0.dtype == .float32 }) ?? true else {
            throw context.invalid(self, inputs, "the residual is not of the result's type")
        }
        let result = try context.output(0, .float32, shape)
        guard result.count > 0 else { return [result] }
        let rows = result.count / columns
        let activation = activation.kernel
        func product(_ part: PackedMatrix, at place: Int) -> Kernels.Gemm {
            Kernels.Gemm(
                a: x.floats, b: part, c: result.mutableFloats + place, cStride: columns,
                bias: packed.bias.map { $0.floats + place }, activation: activation,
                residual: residual.map { $0.floats + place }, residualStride: columns)
        }
        var products: [Kernels.Gemm] = []
        var place = 0
        for part in packed.parts {
            products.append(product(part, at: place))
            place += part.columns
        }
        let all = products
        let threads = context.pool?.threadCount ?? 1
        if threads > 1, rows < 8 * threads {
            let panel = PackedMatrix.panelColumns
            for gemm in all {
                let panels = (gemm.b.columns + panel - 1) / panel
                context.parallelRows(panels, work: 2 * rows * inner * panel) { range in
                    Kernels.gemm(
                        gemm, rows: 0..<rows,
                        columns: range.lowerBound * panel..<min(range.upperBound * panel, gemm.b.columns))
                }
            }
        } else {
            context.parallelRows(rows, work: 2 * inner * columns) { range in
                for gemm in all { Kernels.gemm(gemm, rows: range) }
            }
        }
        return [result]
    }
}
