import MartletTensor

/// What a region's output is of the rows that were asked, by the number of the answer.
enum Answers: Sendable {
    /// Answers × shape.
    case uniform(Tensor)
    /// Each of a shape of its own; nil where there is none.
    case shaped([Tensor?])

    var byteCount: Int {
        switch self {
        case .uniform(let tensor): tensor.byteCount
        // A view holds the batch that it came from; batches are shared by their rows.
        case .shaped(let rows): rows.reduce(0) { $0 + ($1?.byteCount ?? 0) }
        }
    }

    /// One answer, with a dimension of 1 before its shape; nil if there is none.
    func row(_ answer: Int) -> Tensor? {
        switch self {
        case .uniform(let tensor): tensor.rows(answer..<answer + 1)
        case .shaped(let rows): rows[answer].map { $0.reshaped([1] + $0.shape) }
        }
    }
}

/// How an output of a region's graph holds its rows.
enum OutputKind: Hashable, Sendable {
    /// Rows × a shape that all batches share.
    case uniform
    /// Rows × a shape that may differ from batch to batch.
    case shaped
    /// One row for each token, the sequences end to end.
    case tokenwise
}
