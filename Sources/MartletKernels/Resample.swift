import CMartletKernels

extension Kernels {
    /// y[i, :] = x[places[i], :], rows of `inner` elements of `size` (1, 2, 4 or 8) bytes.
    package static func pick(
        _ x: UnsafeRawPointer, size: Int, places: [Int32], inner: Int, into y: UnsafeMutableRawPointer
    ) {
        mk_pick(x, size, places, places.count, inner, y)
    }

    /// y[i, :] = Σ weights[i, t] · x[places[i, t], :] over the `taps` entries of each row of the table.
    package static func resample(
        _ x: UnsafePointer<Float>, places: [Int32], weights: [Float], taps: Int, inner: Int,
        into y: UnsafeMutablePointer<Float>
    ) {
        precondition(taps > 0 && places.count == weights.count, "bug: a table of weights that does not fit")
        mk_resample_f32(x, places, weights, taps, places.count / taps, inner, y)
    }
}
