import MartletTensor
import Synchronization

/// Collects batches' outputs into one tensor for each region output. Threads write disjoint rows.
final class AnswerSink: Sendable {
    let answerCount: Int
    private let made = Mutex<[Tensor]>([])
    /// Outputs of strings, whose handles were copied.
    private let owners = Mutex<[Tensor]>([])

    init(answerCount: Int) { self.answerCount = answerCount }

    /// What was collected; strings are their tensors' own.
    var tensors: [Tensor] { made.withLock { $0 }.map { $0.owningHandles() } }

    /// Row `i` of each of `outputs` becomes answer `answers[i]`. Throws `ShapeDisagreement` if batches disagree.
    func scatter(_ outputs: [Tensor], to answers: [Int]) throws {
        let targets = try targets(for: outputs)
        owners.withLock { $0 += outputs.filter { $0.dtype == .string } }
        for (output, target) in zip(outputs, targets) {
            guard output.rank > 0, output.shape[0] == answers.count else {
                throw AnswerError.rowCount(shape: output.shape, rows: answers.count)
            }
            let size = answers.isEmpty ? 0 : output.byteCount / answers.count
            for (row, answer) in answers.enumerated() {
                (target.pointer + answer * size).copyMemory(from: output.pointer + row * size, byteCount: size)
            }
        }
    }

    func copy(_ sources: [Tensor], row: Int, to answer: Int) throws {
        try scatter(sources.map { $0.rows(row..<row + 1) }, to: [answer])
    }

    /// The tensors, made when the first shapes are known.
    private func targets(for outputs: [Tensor]) throws -> [Tensor] {
        try made.withLock { tensors in
            if tensors.isEmpty {
                tensors = try outputs.map {
                    try Tensor($0.dtype, shape: [answerCount] + $0.shape.dropFirst())
                }
            }
            for (output, target) in zip(outputs, tensors) where output.shape.dropFirst() != target.shape.dropFirst() {
                throw AnswerError.shape(first: Array(target.shape.dropFirst()), then: Array(output.shape.dropFirst()))
            }
            return tensors
        }
    }
}
