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

    /// A constant right side.
    package enum GemmWeights: Sendable {
        case exact(PackedMatrix)
        case reduced(ReducedMatrix)

        /// K
        package var rows: Int {
            switch self {
            case .exact(let matrix): matrix.rows
            case .reduced(let matrix): matrix.rows
            }
        }

        /// N
        package var columns: Int {
            switch self {
            case .exact(let matrix): matrix.columns
            case .reduced(let matrix): matrix.columns
            }
        }
    }

    /// C = scale · activation(alpha · A × B + bias) + shift + residual, A `[M, K]` and C `[M, N]` row major, B packed.
    package struct Gemm {
        package var a: UnsafePointer<Float>
        /// Distance of A's rows
        package var aStride: Int
        package var b: GemmWeights
        package var c: UnsafeMutablePointer<Float>
        /// Distance of C's rows
        package var cStride: Int
        /// 1 where B is reduced
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
            a: UnsafePointer<Float>, aStride: Int? = nil, b: GemmWeights, c: UnsafeMutablePointer<Float>,
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

        package init(
            a: UnsafePointer<Float>, aStride: Int? = nil, b: PackedMatrix, c: UnsafeMutablePointer<Float>,
            cStride: Int? = nil, alpha: Float = 1, bias: UnsafePointer<Float>? = nil, activation: Activation = .none,
            residual: UnsafePointer<Float>? = nil, residualStride: Int? = nil
        ) {
            self.init(
                a: a, aStride: aStride, b: .exact(b), c: c, cStride: cStride, alpha: alpha, bias: bias,
                activation: activation, residual: residual, residualStride: residualStride)
        }
    }

    /// Computes the given rows and columns of a product. `columns` starts at a multiple of
    /// ``PackedMatrix/panelColumns`` and may be nil for all; `scratch` is of ``gemmScratch(_:)`` bytes.
    ///
    /// Every element of an exact product is one fp32 sum in the order of K; those of a reduced one depend on their own row only. So
    /// they are the same for any split and any number of rows. The ranges may run on different threads: split rows when there
    /// are many, columns when there are few.
    package static func gemm(
        _ g: Gemm, rows: Range<Int>, columns: Range<Int>? = nil, scratch: UnsafeMutableRawPointer? = nil
    ) {
        let columns = columns ?? 0..<g.b.columns
        precondition(
            rows.lowerBound >= 0 && columns.lowerBound % PackedMatrix.panelColumns == 0
                && columns.upperBound <= g.b.columns, "bug: range outside the product")
        var call = mk_gemm(
            a: g.a, lda: g.aStride, packed: nil, c: g.c, ldc: g.cStride, K: g.b.rows, N: g.b.columns,
            alpha: g.alpha, bias: g.bias, activation: g.activation.rawValue, residual: g.residual,
            ldr: g.residualStride, a_parameter: g.parameters.a, b_parameter: g.parameters.b, scale: g.scale,
            shift: g.shift)
        switch g.b {
        case .exact(let matrix):
            call.packed = matrix.panels
            mk_gemm_packed(&call, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
        case .reduced(let matrix):
            guard let scratch else { preconditionFailure("bug: a product without scratch") }
            multiply(call, matrix, rows: rows, columns: columns, scratch: scratch)
        }
    }
}
