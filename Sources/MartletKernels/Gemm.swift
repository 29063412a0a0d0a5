import CMartletKernels

extension Kernels {
    /// What follows a product inside the same pass over memory.
    package enum Activation: Int32, CaseIterable, Sendable {
        case none, relu
        /// x Φ(x), by erf; absolute error at most 1e-6
        case geluErf
        /// The tanh approximation of GELU
        case geluTanh
        case tanh, sigmoid, silu, hardSwish
        /// These have parameters: a; a and b.
        case leakyRelu, hardSigmoid, clip
    }

    /// C = scale · activation(alpha · A × B + bias) + shift + residual, A `[M, K]` and C `[M, N]` row major, B packed.
    package struct Gemm {
        package var a: UnsafePointer<Float>
        /// Distance of A's rows
        package var aStride: Int
        package var b: PackedMatrix
        package var c: UnsafeMutablePointer<Float>
        /// Distance of C's rows
        package var cStride: Int
        package var alpha: Float = 1
        /// `[N]`
        package var bias: UnsafePointer<Float>?
        package var activation: Activation = .none
        /// `[M, N]`; may be exactly `c`
        package var residual: UnsafePointer<Float>?
        package var residualStride = 0
        /// a and b of the activation
        package var parameters: (a: Float, b: Float) = (0, 0)
        package var scale: Float = 1
        package var shift: Float = 0

        package init(
            a: UnsafePointer<Float>, aStride: Int? = nil, b: PackedMatrix, c: UnsafeMutablePointer<Float>,
            cStride: Int? = nil, alpha: Float = 1, bias: UnsafePointer<Float>? = nil, activation: Activation = .none,
            residual: UnsafePointer<Float>? = nil, residualStride: Int? = nil
        ) {
            self.a = a
            self.aStride = aStride ?? b.rows
            self.b = b
            self.c = c
            self.cStride = cStride ?? b.columns
            self.alpha = alpha
            self.bias = bias
            self.activation = activation
            self.residual = residual
            self.residualStride = residualStride ?? b.columns
        }
    }

    /// Computes the given rows and columns of a product. `columns` starts at a multiple of
    /// ``PackedMatrix/panelColumns`` and may be nil for all.
    ///
    /// Every element is one fp32 sum in the order of K, so it is the same for any split and any number of rows. The
    /// ranges may run on different threads: split rows when there are many, columns when there are few.
    package static func gemm(_ g: Gemm, rows: Range<Int>, columns: Range<Int>? = nil) {
        let columns = columns ?? 0..<g.b.columns
        precondition(
            rows.lowerBound >= 0 && columns.lowerBound % PackedMatrix.panelColumns == 0
                && columns.upperBound <= g.b.columns, "bug: range outside the product")
        var call = mk_gemm(
            a: g.a, lda: g.aStride, packed: g.b.panels, c: g.c, ldc: g.cStride, K: g.b.rows, N: g.b.columns,
            alpha: g.alpha, bias: g.bias, activation: g.activation.rawValue, residual: g.residual,
            ldr: g.residualStride, a_parameter: g.parameters.a, b_parameter: g.parameters.b, scale: g.scale,
            shift: g.shift)
        mk_gemm_packed(&call, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }
}
