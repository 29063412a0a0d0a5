import CMartletKernels

extension Kernels {
    /// Functions of one number. `a` and `b` are parameters of: elu(a), selu(a, b), leakyRelu(a), hardSigmoid(a, b),
    /// clip(a, b), affine(a·x + b), celu(a), thresholdedRelu(a), powScalar(a). `round` is half to even; `not` maps 0 to 1, all else to 0.
    package enum UnaryOp: Int32, CaseIterable, Sendable {
        case neg, abs, exp, log, sqrt, rsqrt, reciprocal, square, erf, tanh, sigmoid, relu
        case geluErf, geluTanh, silu, ceil, floor, round, trunc, sign, softsign, elu, selu
        case leakyRelu, hardSigmoid, hardSwish, clip, affine, not, softplus, mish, celu
        case thresholdedRelu, powScalar, sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh
        case atanh, expm1, log1p, log2, log10, exp2
    }

    /// y[i] = op(x[i]), f32. `y` may be `x`.
    package static func unary(
        _ op: UnaryOp, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int, a: Float = 0,
        b: Float = 0
    ) {
        mk_unary_f32(op.rawValue, x, y, count, a, b)
    }

    /// The same for other types: all ops for f32 and f64; neg, abs, sign for i32 and i64 (wrapping).
    /// - Returns: false if there is no such op for the type.
    package static func unary(
        _ op: UnaryOp, type: ElementType, _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, count: Int,
        a: Double = 0, b: Double = 0
    ) -> Bool {
        mk_unary(op.rawValue, type.rawValue, x, y, count, a, b) != 0
    }

    /// `mod` has the sign of the divisor, `fmod` of the dividend. Integers wrap in add, sub, mul, pow; div, mod and fmod by
    /// zero yield 0: the caller looks for zeros where they are errors.
    package enum BinaryOp: Int32, CaseIterable, Sendable {
        case add, sub, mul, div, pow, min, max, mod, fmod, atan2
    }

    package enum CompareOp: Int32, CaseIterable, Sendable {
        case eq, ne, lt, le, gt, ge
    }

    package enum LogicOp: Int32, CaseIterable, Sendable {
        case and, or, xor
    }

    /// z[i] = x[i·xStep] op y[i·yStep] with steps 0 (one number for all) or 1, not both 0 unless count ≤ 1.
    /// f32 (SIMD), f64, i32, i64 (i64 and i32 without atan2); min and max of all other types but the halves.
    /// - Returns: false if there is no such op for the type.
    package static func binary(
        _ op: BinaryOp, type: ElementType, _ x: UnsafeRawPointer, xStep: Int, _ y: UnsafeRawPointer, yStep: Int,
        into z: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        mk_binary(op.rawValue, type.rawValue, x, xStep, y, yStep, z, count) != 0
    }

    /// z[r, :] = x[r, :] op y, f32, with y `[columns]` repeated on each row. `z` may be `x`.
    package static func binaryRows(
        _ op: BinaryOp, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, into z: UnsafeMutablePointer<Float>,
        rows: Int, columns: Int
    ) {
        mk_binary_rows_f32(op.rawValue, x, y, z, rows, columns)
    }

    /// z[i] = 1 or 0. Steps as in ``binary(_:type:_:xStep:_:yStep:into:count:)``; all types but the halves.
    /// - Returns: false if the type cannot be compared.
    package static func compare(
        _ op: CompareOp, type: ElementType, _ x: UnsafeRawPointer, xStep: Int, _ y: UnsafeRawPointer, yStep: Int,
        into z: UnsafeMutablePointer<UInt8>, count: Int
    ) -> Bool {
        mk_compare(op.rawValue, type.rawValue, x, xStep, y, yStep, z, count) != 0
    }

    /// Logic of bytes, any but 0 being true. Steps 0 or 1.
    package static func logic(
        _ op: LogicOp, _ x: UnsafePointer<UInt8>, xStep: Int, _ y: UnsafePointer<UInt8>, yStep: Int,
        into z: UnsafeMutablePointer<UInt8>, count: Int
    ) {
        mk_logic(op.rawValue, x, xStep, y, yStep, z, count)
    }

    /// z[i] = condition[i] ? x[i] : y[i] for elements of 1, 2, 4 or 8 bytes. Steps 0 or 1.
    package static func select(
        elementSize: Int, _ condition: UnsafePointer<UInt8>, conditionStep: Int, _ x: UnsafeRawPointer, xStep: Int,
        _ y: UnsafeRawPointer, yStep: Int, into z: UnsafeMutableRawPointer, count: Int
    ) {
        mk_select(elementSize, condition, conditionStep, x, xStep, y, yStep, z, count)
    }
}
