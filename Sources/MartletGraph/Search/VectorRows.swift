import MartletSupport
import MartletTensor

/// Vectors as the search multiplies them: unit vectors for cosine; for l2 with an element more, so that the product is
/// q·d − |d|²/2, which is the greater the nearer d is to q.
struct VectorRows: Sendable {
    let matrix: Tensor
    let width: Int
    /// The length that bounds the errors of each row's products; 0 for rows that are not multiplied.
    let lengths: [Float]
    /// Rows that are not multiplied, though they are not null.
    let unruly: [Int]

    init(_ vectors: Tensor, isNull: [Bool], _ similarity: Similarity, isQuery: Bool, pool: ThreadPool) throws {
        let rows = vectors.shape[0]
        let size = vectors.shape[1]
        let width = size + (similarity == .l2 ? 1 : 0)
        let matrix = try Tensor(.float32, shape: [rows, width])
        let lengths = ResultSlots<Float>(count: rows)
        let step = 1_024
        pool.parallelFor((rows + step - 1) / step) { part in
            let range = part * step..<min((part + 1) * step, rows)
            Self.prepare(range, vectors, matrix, isNull, similarity, isQuery, lengths)
        }
        self.matrix = matrix
        self.width = width
        self.lengths = (0..<rows).map { lengths[$0] ?? 0 }
        unruly = (0..<rows).filter { lengths[$0] == nil && !isNull[$0] }
    }

    /// Fills `range` of `matrix`, and the lengths of those rows that can be multiplied.
    private static func prepare(
        _ range: Range<Int>, _ vectors: Tensor, _ matrix: Tensor, _ isNull: [Bool], _ similarity: Similarity,
        _ isQuery: Bool, _ lengths: ResultSlots<Float>
    ) {
        let size = vectors.shape[1]
        let width = matrix.shape[1]
        let from = vectors.elements(Float.self)
        let to = matrix.mutableElements(Float.self)
        for row in range {
            let source = UnsafeBufferPointer(rebasing: from[row * size..<(row + 1) * size])
            let target = UnsafeMutableBufferPointer(rebasing: to[row * width..<(row + 1) * width])
            let squares = isNull[row] ? 0 : source.reduce(0.0) { $0 + Double($1) * Double($1) }
            let length = squares.squareRoot()
            // A zero vector has no cosine: 0 / 0 below.
            let isOrderly = NearestSearch.orderly.contains(length) || length == 0
            guard isOrderly, !isNull[row] else {
                // Then no score of it is a number, and none is a candidate.
                target.update(repeating: .nan)
                continue
            }
            switch similarity {
            case .cosine:
                for index in 0..<size { target[index] = Float(Double(source[index]) / length) }
                lengths[row] = 1
            case .dot:
                _ = target.update(from: source)
                lengths[row] = Float(length)
            case .l2:
                for index in 0..<size { target[index] = source[index] }
                target[size] = isQuery ? 1 : Float(-squares / 2)
                // |q'| and |d'| of the longer vectors.
                lengths[row] = Float((squares + (isQuery ? 1 : squares * squares / 4)).squareRoot())
            }
        }
    }
}
