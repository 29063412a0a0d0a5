import MartletKernels
import MartletTensor

/// What `IntegerMatMulOp` and `IntegerConvOp` share: the parameters of a product of 8-bit integers, in the form that the kernels
/// take, and its run over threads.
struct IntegerProduct {
    /// Results: int32, float32, uint8 or int8.
    var output: DType
    /// One number for all rows, or one for each; 128 more than those of an int8 left side.
    var leftZeros: [Int32]
    /// [N], 128 less than those of a uint8 right side; nil if all are 0.
    var rightZeros: [Int32]?
    /// [N]; empty if the output is int32.
    var scales: [Float] = []
    var bias: [Int32]?
    var floatBias: [Float]?
    var zero: Int32 = 0

    /// Numbers of a tensor of one element or `count` ones, as int32; nil if there are other than these.
    static func integers(_ tensor: Tensor?, plus shift: Int32, count: Int) throws -> [Int32]? {
        guard let tensor else { return [shift] }
        guard tensor.count == 1 || tensor.count == count else { return nil }
        return try tensor.converted(to: .int32).values(Int32.self).map { $0 &+ shift }
    }

    /// One number for each of `count` columns.
    static func spread<T>(_ values: [T], _ count: Int) -> [T] {
        values.count == 1 ? [T](repeating: values[0], count: count) : values
    }

    /// The columns `range` of it: of one group of a convolution.
    func columns(_ range: Range<Int>) -> IntegerProduct {
        var part = self
        part.rightZeros = rightZeros.map { Array($0[range]) }
        part.scales = scales.isEmpty ? [] : Array(scales[range])
        part.bias = bias.map { Array($0[range]) }
        part.floatBias = floatBias.map { Array($0[range]) }
        return part
    }

    /// C [rows, columns of `right`], contiguous, from `left` [rows, K] of dtype int8 or uint8.
    func run(
        _ left: UnsafeRawPointer, _ dtype: DType, rows: Int, _ right: PackedIntegers, into c: UnsafeMutableRawPointer,
        _ context: RunContext
    ) {
        guard rows > 0, right.columns > 0 else { return }
        let inner = right.rows
        // Tensors, as their memory stays in its place while other threads read it.
        let zeros = Tensor(vector: leftZeros)
        let rightZeros = rightZeros.map { Tensor(vector: $0) }
        let scales = Tensor(vector: scales)
        let bias = bias.map { Tensor(vector: $0) }
        let floatBias = floatBias.map { Tensor(vector: $0) }
        let rowSums = Tensor(vector: [Int32](repeating: 0, count: rightZeros == nil ? 0 : rows))
        var gemm = Kernels.IntegerGemm(a: left, aType: dtype.element, b: right, type: output.element, c: c)
        gemm.aZero = zeros.int32s
        gemm.hasRowZeros = leftZeros.count > 1
        gemm.bZero = rightZeros?.int32s
        gemm.rowSums = rightZeros == nil ? nil : rowSums.int32s
        gemm.bias = bias?.int32s
        gemm.scale = output == .int32 ? nil : scales.floats
        gemm.floatBias = floatBias?.floats
        gemm.zero = zero
        let call = gemm
        withExtendedLifetime((zeros, rightZeros, scales, bias, floatBias, rowSums)) {
            if rightZeros != nil {
                let sums = rowSums.mutableElements(Int32.self)
                context.parallelRows(rows, work: inner) { range in
                    guard let base = sums.baseAddress else { return }
                    Kernels.integerRowSums(
                        left + range.lowerBound * inner, type: dtype.element, stride: inner, rows: range.count,
                        columns: inner, into: base + range.lowerBound)
                }
            }
            let threads = context.pool?.threadCount ?? 1
            if threads > 1, rows < 14 * threads {
                let panel = PackedIntegers.panelColumns
                let panels = (right.columns + panel - 1) / panel
                context.parallelRows(panels, work: rows * inner * panel / 2) { range in
                    let columns = range.lowerBound * panel..<min(range.upperBound * panel, right.columns)
                    Kernels.integerGemm(call, rows: 0..<rows, columns: columns)
                }
            } else {
                context.parallelRows(rows, work: inner * right.columns / 2) { range in
                    Kernels.integerGemm(call, rows: range)
                }
            }
        }
    }
}

extension GraphOp {
    /// Checks the types of the parameters that follow the two factors of a product of bytes: left zero?, right zero?, scale?,
    /// bias?, zero?.
    func checkIntegerProduct(_ inputs: [InputInfo?], _ output: DType) throws {
        guard [.int32, .float32, .uint8, .int8].contains(output) else {
            throw impossible(inputs, "it makes no \(output.name)")
        }
        for index in 0..<2 {
            let factor = try operand(inputs, index)
            guard factor.type.dtype.isByte else {
                throw impossible(inputs, "input \(index) is \(factor.type.dtype.name), not int8 or uint8")
            }
            if let zero = optional(inputs, index + 2), zero.type.dtype != factor.type.dtype {
                throw impossible(inputs, "a zero point is not of its tensor's type")
            }
        }
        let scale = optional(inputs, 4) ?? nil
        guard output == .int32 || scale?.type.dtype == .float32 else {
            throw impossible(inputs, "\(output.name) results need a float scale")
        }
        let biases: [DType] = output == .float32 ? [.int32, .float32] : [.int32]
        if let bias = optional(inputs, 5), !biases.contains(bias.type.dtype) {
            throw impossible(inputs, "the bias is \(bias.type.dtype.name)")
        }
        if let zero = optional(inputs, 6), zero.type.dtype != output {
            throw impossible(inputs, "the result's zero point is not of its type")
        }
    }

    /// The parameters of a run: `rows` of the left side, `columns` of the right.
    func integerProduct(
        _ inputs: [Tensor?], _ output: DType, rows: Int, columns: Int, _ context: RunContext
    ) throws -> IntegerProduct {
        let (left, right) = (try operand(inputs, 0, context), try operand(inputs, 1, context))
        func wrong(_ reason: String) -> GraphError { context.invalid(self, inputs, reason) }
        for index in 0..<2 {
            let factor = index == 0 ? left : right
            guard factor.dtype.isByte,
                optional(inputs, index + 2).map({ $0?.dtype ?? factor.dtype }) ?? factor.dtype == factor.dtype
            else { throw wrong("the factors and their zero points are no bytes") }
        }
        let leftShift: Int32 = left.dtype == .int8 ? 128 : 0
        let rightShift: Int32 = right.dtype == .uint8 ? -128 : 0
        guard
            let leftZeros = try IntegerProduct.integers(optional(inputs, 2) ?? nil, plus: leftShift, count: rows),
            let rightZeros = try IntegerProduct.integers(optional(inputs, 3) ?? nil, plus: rightShift, count: columns)
        else { throw wrong("there are neither one zero point nor one for each row or column") }
        var product = IntegerProduct(output: output, leftZeros: leftZeros.isEmpty ? [leftShift] : leftZeros)
        if rightZeros.contains(where: { $0 != 0 }) {
            product.rightZeros = IntegerProduct.spread(rightZeros, columns)
        }
        if output != .int32 {
            guard let scale = optional(inputs, 4) ?? nil, scale.dtype == .float32,
                scale.count == 1 || scale.count == columns
            else { throw wrong("there are neither one scale nor one for each column") }
            product.scales = IntegerProduct.spread(scale.values(Float.self), columns)
        }
        if let bias = optional(inputs, 5) ?? nil {
            guard bias.count == columns else { throw wrong("the bias has not one number for each column") }
            switch (bias.dtype, output) {
            case (.int32, _): product.bias = bias.values(Int32.self)
            case (.float32, .float32): product.floatBias = bias.values(Float.self)
            default: throw wrong("the bias is \(bias.dtype.name)")
            }
        }
        if let zero = optional(inputs, 6) ?? nil {
            guard zero.count == 1, zero.dtype == output else { throw wrong("the result's zero point is no scalar") }
            product.zero = try zero.converted(to: .int32).values(Int32.self)[0]
        }
        return product
    }
}
