import MartletTensor

/// MPNet's and T5's attention bias: a learned number for each head and bucket of distances, [1, heads, n, n] for sequences
/// of at most n tokens. Inputs: table [buckets, heads] (constant float), lengths (int32 [rows]); n is the greatest length.
///
/// Half of the buckets are for keys to the right (bidirectional); the nearest half of those are exact, farther ones grow
/// logarithmically up to `maximumDistance` (Raffel et al. 2020, appendix).
package struct RelativePositionBiasOp: GraphOp {
    package static let name = "RelativePositionBias"
    package var maximumDistance: Int

    package init(maximumDistance: Int = 128) { self.maximumDistance = maximumDistance }

    package var attributes: String { "max=\(maximumDistance)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let table = try operand(inputs, 0)
        let lengths = try operand(inputs, 1)
        guard let shape = table.type.fixedShape, shape.count == 2, shape[0] >= 4, shape[0].isMultiple(of: 2),
            table.type.dtype == .float32
        else { throw impossible(inputs, "the table is no float[buckets, heads] with at least 4 buckets") }
        guard maximumDistance > shape[0] / 4 else {
            throw impossible(inputs, "the distances \(maximumDistance) are fewer than the exact buckets")
        }
        guard lengths.type.dtype == .int32 else { throw impossible(inputs, "lengths are int32") }
        return [ValueType(.float32, [.fixed(1), .fixed(shape[1]), .unknown, .unknown])]
    }
}
