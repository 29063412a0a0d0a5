import MartletTensor
import Synchronization

/// Collects batches' outputs, one by one for each region output. Threads write disjoint rows.
final class AnswerSink: Sendable {
    let answerCount: Int
    private let kinds: [OutputKind]
    private let made = Mutex<Made?>(nil)
    /// Outputs of strings, whose handles were copied.
    private let owners = Mutex<[Tensor]>([])

    private struct Made: @unchecked Sendable {
        /// For each output the tensor of all answers; nil where rows have shapes of their own.
        var tensors: [Tensor?]
        /// For each output its rows, where they have shapes of their own.
        var rows: [[Tensor?]]
    }

    /// Where the sequences of a batch lie in outputs of one row for each token.
    struct Sequences {
        var starts: [Int]
        var lengths: [Int]
    }

    init(answerCount: Int, kinds: [OutputKind]) {
        self.answerCount = answerCount
        self.kinds = kinds
    }

    /// What was collected; strings are their tensors' own. Empty if there was no batch.
    var answers: [Answers] {
        guard let made = made.withLock({ $0 }) else { return [] }
        return zip(made.tensors, made.rows).map { tensor, rows in
            tensor.map { .uniform($0.owningHandles()) } ?? .shaped(rows)
        }
    }

    /// Row `i` of each of `outputs` becomes answer `answers[i]`. Throws `AnswerError` if batches disagree.
    func scatter(_ outputs: [Tensor], to answers: [Int], _ sequences: Sequences? = nil) throws {
        let targets = try targets(for: outputs)
        owners.withLock { $0 += outputs.filter { $0.dtype == .string } }
        for (number, output) in outputs.enumerated() {
            guard let target = targets[number] else {
                try keepRows(of: output, number, answers, sequences)
                continue
            }
            guard output.rank > 0, output.shape[0] == answers.count else {
                throw AnswerError.rowCount(shape: output.shape, rows: answers.count)
            }
            let size = answers.isEmpty ? 0 : output.byteCount / answers.count
            for (row, answer) in answers.enumerated() {
                (target.pointer + answer * size).copyMemory(from: output.pointer + row * size, byteCount: size)
            }
        }
    }

    /// An answer of an earlier window becomes answer `answer` of this one.
    func copy(_ sources: [Answers], row: Int, to answer: Int) throws {
        let outputs = sources.compactMap { $0.row(row) }
        guard outputs.count == sources.count else { preconditionFailure("bug: an answer that is none") }
        let lengths = zip(kinds, outputs).lazy.compactMap { $0 == .tokenwise ? $1.shape[1] : nil }.first ?? 1
        let flat = zip(kinds, outputs).map { kind, output in
            kind == .tokenwise ? output.reshaped(Array(output.shape.dropFirst())) : output
        }
        try scatter(flat, to: [answer], Sequences(starts: [0], lengths: [lengths]))
    }

    private func keepRows(of output: Tensor, _ number: Int, _ answers: [Int], _ sequences: Sequences?) throws {
        let rows: [Tensor]
        if kinds[number] == .tokenwise {
            guard let sequences, output.rank > 0, sequences.lengths.count == answers.count,
                zip(sequences.starts, sequences.lengths).allSatisfy({ $0 + $1 <= output.shape[0] })
            else { throw AnswerError.rowCount(shape: output.shape, rows: answers.count) }
            rows = zip(sequences.starts, sequences.lengths).map { output.rows($0..<$0 + $1) }
        } else {
            guard output.rank > 0, output.shape[0] == answers.count else {
                throw AnswerError.rowCount(shape: output.shape, rows: answers.count)
            }
            let shape = Array(output.shape.dropFirst())
            rows = answers.indices.map { output.rows($0..<$0 + 1).reshaped(shape) }
        }
        made.withLock { made in
            for (row, answer) in zip(rows, answers) { made?.rows[number][answer] = row }
        }
    }

    /// The tensors, made when the first shapes are known.
    private func targets(for outputs: [Tensor]) throws -> [Tensor?] {
        try made.withLock { made in
            if made == nil {
                made = Made(
                    tensors: try zip(kinds, outputs).map { kind, output in
                        guard kind == .uniform else { return nil }
                        return try Tensor(output.dtype, shape: [answerCount] + output.shape.dropFirst())
                    },
                    rows: kinds.map { $0 == .uniform ? [] : [Tensor?](repeating: nil, count: answerCount) })
            }
            let tensors = made?.tensors ?? []
            for case (let output, let target?) in zip(outputs, tensors)
            where output.shape.dropFirst() != target.shape.dropFirst() {
                throw AnswerError.shape(first: Array(target.shape.dropFirst()), then: Array(output.shape.dropFirst()))
            }
            return tensors
        }
    }
}
