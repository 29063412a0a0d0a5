import CMartletKernels

extension Kernels {
    package enum Reduction: Int32, CaseIterable, Sendable {
        case sum, mean, prod, max, min, sumSquare, sumAbs, l2
    }

    /// Reduces the middle axis of `x` `[outer, n, inner]` to `y` `[outer, inner]`. Types: f32, f64, i32, i64.
    /// n = 0 gives the neutral element (integers: 0; mean of nothing: NaN). A NaN reaches max and min. Integers wrap.
    /// - Returns: false if there is no such reduction for the type.
    package static func reduce(
        _ kind: Reduction, type: ElementType, _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, outer: Int,
        n: Int,
        inner: Int
    ) -> Bool {
        guard [.f32, .f64, .i32, .i64].contains(type) else { return false }
        mk_reduce(kind.rawValue, type.rawValue, x, y, outer, n, inner)
        return true
    }

    /// Index along the middle axis of the largest (or smallest) element, as Int64; of equals the first, or the last. A NaN
    /// wins. Types: f32, f64, i32, i64. n is at least 1.
    /// - Returns: false if the type is not one of them.
    package static func argExtreme(
        smallest: Bool, last: Bool = false, type: ElementType, _ x: UnsafeRawPointer,
        into y: UnsafeMutablePointer<Int64>, outer: Int, n: Int, inner: Int
    ) -> Bool {
        guard [.f32, .f64, .i32, .i64].contains(type) else { return false }
        mk_arg_extreme(smallest ? 1 : 0, last ? 1 : 0, type.rawValue, x, y, outer, n, inner)
        return true
    }
}
