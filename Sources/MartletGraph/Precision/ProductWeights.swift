import MartletKernels
import MartletTensor

/// Constant weights side by side, packed for a product with x.
final class ProductWeights: Sendable {
    let parts: [Kernels.GemmWeights]
    /// K: the length of the sums.
    let rows: Int
    /// N of all parts.
    let columns: Int
    let precision: Precision
    /// √(Σ rounding error² ⁄ Σ weight²) of the weights that lost most.
    let error: Double

    /// Above this share of rounding error (the root of the mean square) a matrix has weights so much larger than others that 8 bits do
    /// not hold both. Normally distributed ones are at 0.01.
    private static let mostError = 0.03

    /// Packs [K, N] matrices, [N, K] if `isTransposed`. nil if they are no such matrices of one K.
    ///
    /// int8 falls back to `fast`, that to exact, where numbers are too far apart, not finite, or sums too long.
    init?(_ weights: [Tensor], isTransposed: Bool, precision: Precision) throws {
        guard weights.allSatisfy({ $0.rank == 2 }), let first = weights.first else { return nil }
        let rows = first.shape[isTransposed ? 1 : 0]
        guard weights.allSatisfy({ $0.shape[isTransposed ? 1 : 0] == rows }) else { return nil }
        if let reduced = try Self.reduced(weights, isTransposed, rows, precision.onThisCPU) {
            parts = [.reduced(reduced)]
            self.precision = reduced.kind == .int8 ? .int8 : .fast
            error = reduced.error
        } else {
            let matrices = weights.compactMap { weight in
                PackedMatrix(
                    weight.pointer, type: weight.dtype.element, rows: rows, columns: weight.shape[isTransposed ? 0 : 1],
                    stride: weight.shape[1], transposed: isTransposed)
            }
            guard matrices.count == weights.count else { return nil }
            parts = matrices.map { .exact($0) }
            self.precision = .exact
            error = 0
        }
        self.rows = rows
        columns = parts.reduce(0) { $0 + $1.columns }
        // The file's pages were needed for this only.
        for weight in weights {
            weight.storage.mappedFile?.discard(
                UnsafeRawBufferPointer(start: weight.pointer, count: weight.byteCount))
        }
    }

    private static func reduced(
        _ weights: [Tensor], _ isTransposed: Bool, _ rows: Int, _ precision: Precision
    ) throws -> ReducedMatrix? {
        guard precision != .exact else { return nil }
        let floats = try weights.map { $0.dtype == .float32 ? $0 : try $0.aligned().converted(to: .float32) }
        let sources = floats.map {
            ReducedMatrix.Source(
                $0.pointer, columns: $0.shape[isTransposed ? 0 : 1], stride: $0.shape[1], isTransposed: isTransposed)
        }
        return withExtendedLifetime(floats) {
            if precision == .int8, let matrix = ReducedMatrix(sources, kind: .int8, rows: rows),
                matrix.error <= mostError
            {
                return matrix
            }
            guard Precision.fast.onThisCPU == .fast else { return nil }
            return ReducedMatrix(sources, kind: .bfloat16, rows: rows)
        }
    }
}
