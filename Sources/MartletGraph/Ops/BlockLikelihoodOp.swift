import MartletKernels
import MartletTensor

/// Log-likelihood of each sequence under a language model: Σ over its tokens t but the last of
/// log softmax(states[t] × Wᵀ)[ids[t + 1]], in nats. 0 for a sequence of fewer than two tokens.
///
/// Logits of a few tokens at a time are made and forgotten: all of them, tokens × vocabulary, would not fit. Inputs: states
/// [tokens, K] (float32), ids (int32 [tokens]), offsets (int32 [rows + 1]), lengths (int32 [rows]), the three of
/// `BlockWeights` (W [vocabulary, K]).
package struct BlockLikelihoodOp: GraphOp {
    package static let name = "BlockLikelihood"
    package var weights: BlockWeights
    /// Logits become softcap · tanh(logit ⁄ softcap); 0: they stay.
    package var softcap: Float

    package init(_ weights: BlockWeights, softcap: Float = 0) {
        self.weights = weights
        self.softcap = softcap
    }

    package var attributes: String { weights.text + (softcap == 0 ? "" : " softcap=\(softcap)") }
    package static let dataInput = 4
    package var unalignedInputs: Range<Int> { Self.dataInput..<Self.dataInput + 1 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let states = try operand(inputs, 0)
        guard states.type.dtype == .float32, states.type.rank ?? 2 == 2 else {
            throw impossible(inputs, "the states are no float[tokens, \(weights.columns)]")
        }
        for index in 1...3 where try operand(inputs, index).type.dtype != .int32 {
            throw impossible(inputs, "ids, offsets and lengths are int32 vectors")
        }
        _ = try weights.inferRows(self, inputs, first: Self.dataInput)
        return [ValueType(.float32, [try operand(inputs, 3).type.shape?.first ?? .unknown])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let tokens = inputs.first??.first, inputs.count > Self.dataInput,
            let vocabulary = inputs[Self.dataInput]?.first
        else { return 0 }
        let (work, overflow) = (2 * tokens * weights.columns).multipliedReportingOverflow(by: vocabulary)
        return overflow ? .max : work
    }

    /// Bytes of logits that are held at a time.
    private static let logitBytes = 32 << 20

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let states = try operand(inputs, 0, context)
        let ids = try operand(inputs, 1, context)
        let (matrix, vocabulary) = try weights.matrix(self, inputs, first: Self.dataInput, context)
        guard states.dtype == .float32, states.rank == 2, states.shape[1] == weights.columns, ids.dtype == .int32,
            ids.shape == [states.shape[0]],
            let segments = try Segments(
                offsets: operand(inputs, 2, context), lengths: operand(inputs, 3, context), tokens: ids.count)
        else { throw context.invalid(self, inputs, "states, ids and offsets do not go together") }
        let targets = ids.elements(Int32.self)
        if let outside = targets.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
            throw context.invalid(self, inputs, "id \(outside) is outside a vocabulary of \(vocabulary)")
        }
        let result = try context.output(0, .float32, [segments.count])
        // The sequence whose next token each token foretells, if any.
        var owners = [Int?](repeating: nil, count: ids.count)
        for sequence in 0..<segments.count {
            let start = Int(segments.starts[sequence])
            for token in start..<start + max(0, Int(segments.lengths[sequence]) - 1) { owners[token] = sequence }
        }
        var totals = [Double](repeating: 0, count: segments.count)
        let most = max(1, min(ids.count, Self.logitBytes / 4 / max(vocabulary, 1)))
        let logits = try Tensor(.float32, shape: [most, vocabulary])
        for place in stride(from: 0, to: ids.count, by: most) {
            let rows = min(most, ids.count - place)
            let product = Kernels.BlockGemm(
                a: states.floats + place * weights.columns, b: matrix, c: logits.mutableFloats, cStride: vocabulary)
            try withExtendedLifetime(inputs) { try context.multiply(product, rows: rows, columns: vocabulary) }
            cap(logits.mutableFloats, rows * vocabulary)
            context.parallelRows(rows, work: 20 * vocabulary) { range in
                let first = logits.mutableFloats + range.lowerBound * vocabulary
                Kernels.softmax(first, into: first, rows: range.count, columns: vocabulary, logarithm: true)
            }
            for row in 0..<rows {
                guard let owner = owners[place + row] else { continue }
                totals[owner] += Double(logits.floats[row * vocabulary + Int(targets[place + row + 1])])
            }
        }
        for (sequence, total) in totals.enumerated() { result.mutableFloats[sequence] = Float(total) }
        return [result]
    }

    private func cap(_ logits: UnsafeMutablePointer<Float>, _ count: Int) {
        guard softcap != 0 else { return }
        Kernels.unary(.affine, logits, into: logits, count: count, a: 1 / softcap)
        Kernels.unary(.tanh, logits, into: logits, count: count)
        Kernels.unary(.affine, logits, into: logits, count: count, a: softcap)
    }
}
