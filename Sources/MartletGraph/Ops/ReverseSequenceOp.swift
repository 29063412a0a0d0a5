import MartletTensor

/// x with the beginning of each sequence turned around, the rest of it kept. Inputs: x, lengths (integers [batch]).
package struct ReverseSequenceOp: GraphOp {
    package static let name = "ReverseSequence"
    /// Which of the first two axes counts steps; the other one counts sequences.
    package var timeAxis: Int

    package init(timeAxis: Int) { self.timeAxis = timeAxis }

    package var attributes: String { "time=\(timeAxis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireInteger(inputs, try operand(inputs, 1), "lengths")
        guard timeAxis == 0 || timeAxis == 1, x.type.rank ?? 2 >= 2 else {
            throw impossible(inputs, "the axes of time and batch are 0 and 1")
        }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.rank >= 2, timeAxis == 0 || timeAxis == 1,
            let lengths = try operand(inputs, 1, context).integerValues(), lengths.count == x.shape[1 - timeAxis],
            lengths.allSatisfy({ $0 >= 0 && $0 <= x.shape[timeAxis] })
        else { throw context.invalid(self, inputs, "the lengths do not go with the sequences") }
        let result = try context.output(0, x.dtype, x.shape)
        let block = x.shape[2...].reduce(x.dtype.size, *)
        guard result.count > 0 else { return [result] }
        for first in 0..<x.shape[0] {
            for second in 0..<x.shape[1] {
                let (time, row) = timeAxis == 0 ? (first, second) : (second, first)
                let source = time < lengths[row] ? lengths[row] - 1 - time : time
                let place = timeAxis == 0 ? source * x.shape[1] + row : row * x.shape[1] + source
                (result.pointer + (first * x.shape[1] + second) * block).copyMemory(
                    from: x.pointer + place * block, byteCount: block)
            }
        }
        return [result]
    }
}
