import CMartletKernels

/// Element types as the kernels number them. `bool` is one byte, 0 or 1; so is each element of the types from `f8e4m3fn` on,
/// which are converted and nothing else. Every kernel refuses `opaque`.
package enum ElementType: Int32, CaseIterable, Sendable {
    case f32, f16, bf16, f64, i8, u8, i16, u16, i32, u32, i64, u64, bool
    case f8e4m3fn, f8e4m3fnuz, f8e5m2, f8e5m2fnuz, f8e8m0, f4e2m1, i4, u4, i2, u2
    case opaque

    /// Bytes of one element.
    package var size: Int { mk_type_size(rawValue) }
}

/// How conversions to floats of 8 bits treat what they do not hold.
package struct SmallFloatRounding: Hashable, Sendable {
    /// Of the type E8M0, whose numbers are powers of two; `nearest` has ties up.
    package enum Direction: Int32, Sendable {
        case up = 0
        case nearest = 2
        case down = 4
    }

    /// Whether what is above the range becomes the largest number; else an infinity, or NaN where there is none.
    package var saturates: Bool
    package var direction: Direction

    package init(saturates: Bool = true, direction: Direction = .up) {
        self.saturates = saturates
        self.direction = direction
    }

    fileprivate var options: Int32 { (saturates ? 0 : 1) | direction.rawValue }
}

extension Kernels {
    /// Converts `count` elements between any two types; pointers may be unaligned.
    ///
    /// To narrower floats: round to nearest even. Float to integer: towards zero, saturating, NaN to 0. Integer to
    /// narrower integer, and float to integer of less than a byte: the low bits. To bool: not equal to zero.
    package static func convert(
        _ x: UnsafeRawPointer, _ from: ElementType, into y: UnsafeMutableRawPointer, _ to: ElementType, count: Int,
        rounding: SmallFloatRounding = SmallFloatRounding()
    ) {
        _ = mk_convert(from.rawValue, to.rawValue, rounding.options, x, y, count)
    }

    /// Copies a strided view to contiguous memory: element (i…) of `y`, whose shape is `shape`, is x[Σ i·strides].
    /// Strides count elements and may be 0 or negative. Element size 1, 2, 4 or 8; rank at most 16.
    package static func stridedCopy(
        _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, elementSize: Int, shape: [Int], strides: [Int]
    ) {
        precondition(
            shape.count == strides.count && shape.count <= 16 && [1, 2, 4, 8].contains(elementSize),
            "bug: view that no copy handles")
        mk_strided_copy(x, y, elementSize, shape.count, shape, strides)
    }

    /// y[j·yStride + i] = x[i·xStride + j] for an x of `rows` by `columns`; any element of four bytes.
    package static func transpose(
        _ x: UnsafePointer<Float>, xStride: Int? = nil, into y: UnsafeMutablePointer<Float>, yStride: Int? = nil,
        rows: Int, columns: Int
    ) {
        mk_transpose_f32(x, xStride ?? columns, y, yStride ?? rows, rows, columns)
    }
}
