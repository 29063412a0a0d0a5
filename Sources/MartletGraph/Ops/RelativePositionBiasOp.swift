import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

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

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let table = try operand(inputs, 0, context)
        let lengths = try operand(inputs, 1, context)
        guard table.dtype == .float32, table.rank == 2, table.shape[0] >= 4, lengths.dtype == .int32,
            maximumDistance > table.shape[0] / 4
        else { throw context.invalid(self, inputs, "wants float[buckets, heads] and int32 lengths") }
        let longest = lengths.elements(Int32.self).max().map { max(0, Int($0)) } ?? 0
        let (buckets, heads) = (table.shape[0], table.shape[1])
        let result = try context.output(0, .float32, [1, heads, longest, longest])
        let to = result.mutableFloats
        let from = table.floats
        // The bucket depends on the distance alone.
        let byDistance = (-max(longest - 1, 0)...max(longest - 1, 0)).map { bucket(of: $0, buckets) }
        for head in 0..<heads {
            for query in 0..<longest {
                let row = to + (head * longest + query) * longest
                for key in 0..<longest { row[key] = from[byDistance[key - query + longest - 1] * heads + head] }
            }
        }
        return [result]
    }

    /// Bucket of key place minus query place.
    private func bucket(of distance: Int, _ buckets: Int) -> Int {
        let half = buckets / 2
        let side = distance > 0 ? half : 0
        let far = abs(distance)
        let exact = half / 2
        guard far >= exact else { return side + far }
        let ratio = log(Float(far) / Float(exact)) / log(Float(maximumDistance) / Float(exact))
        return side + min(exact + Int(ratio * Float(half - exact)), half - 1)
    }
}
