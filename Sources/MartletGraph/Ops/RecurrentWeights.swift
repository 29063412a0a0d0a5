import MartletKernels
import MartletTensor

/// The weights of a recurrent layer, packed for the products: of each direction the inputs' [inputs → gates · hidden] and the
/// recurrent ones, cut where a GRU needs an element of h before all gates are known.
final class RecurrentWeights: Sendable {
    struct Direction: Sendable {
        let input: PackedMatrix
        /// All gates; or z r, and then h.
        let recurrent: [PackedMatrix]
    }

    let directions: [Direction]
    let inputs: Int
    let hidden: Int

    /// nil if the shapes do not go together.
    init?(_ op: RecurrentOp, _ weights: Tensor, _ recurrent: Tensor) throws {
        guard weights.rank == 3, recurrent.rank == 3, weights.dtype == recurrent.dtype, weights.dtype.isFloat else {
            return nil
        }
        let (gates, hidden, inputs) = (op.kind.gates, recurrent.shape[2], weights.shape[2])
        let (rows, overflow) = gates.multipliedReportingOverflow(by: hidden)
        guard !overflow, hidden > 0, weights.shape == [op.direction.count, rows, inputs],
            recurrent.shape == [op.direction.count, rows, hidden]
        else { return nil }
        func packed(_ source: Tensor, _ direction: Int, _ part: Range<Int>) -> PackedMatrix? {
            let columns = source.shape[2]
            return PackedMatrix(
                source.pointer + (direction * rows + part.lowerBound) * columns * source.dtype.size,
                type: source.dtype.element, rows: columns, columns: part.count, stride: columns, transposed: true)
        }
        let isWide = weights.dtype == .float64
        let w = isWide ? try weights.aligned().converted(to: .float32) : weights
        let r = isWide ? try recurrent.aligned().converted(to: .float32) : recurrent
        let parts =
            op.kind == .gru && !op.resetsAfterProduct ? [0..<(2 * hidden), (2 * hidden)..<rows] : [0..<rows]
        var directions: [Direction] = []
        for direction in 0..<op.direction.count {
            let cut = parts.compactMap { packed(r, direction, $0) }
            guard let input = packed(w, direction, 0..<rows), cut.count == parts.count else { return nil }
            directions.append(Direction(input: input, recurrent: cut))
        }
        self.directions = directions
        self.inputs = inputs
        self.hidden = hidden
    }
}
