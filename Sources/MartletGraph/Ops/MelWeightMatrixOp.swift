import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The matrix [transform / 2 + 1, bins] that turns a spectrum into triangular bins of equal width on the mel scale
/// (mel = 2595 log10(1 + hertz / 700)). Inputs, all scalars: bins, length of the transform, sample rate (integers), lower and
/// upper edge in hertz (floats).
package struct MelWeightMatrixOp: GraphOp {
    package static let name = "MelWeightMatrix"
    package var dtype: DType

    package init(_ dtype: DType = .float32) { self.dtype = dtype }

    package var attributes: String { dtype.name }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let given = try (0..<5).map { try operand(inputs, $0) }
        for (index, name) in ["bins", "the length", "the sample rate"].enumerated() {
            try requireInteger(inputs, given[index], name)
        }
        try requireFloat(inputs, given[3])
        try requireFloat(inputs, given[4])
        guard dtype != .bool else { throw impossible(inputs, "makes numbers, not bool") }
        let bins = given[0].integers?.first ?? .unknown
        guard let length = given[1].integers?.first?.fixedValue, length >= 0 else {
            return [ValueType(dtype, [.unknown, bins])]
        }
        return [ValueType(dtype, [.fixed(length / 2 + 1), bins])]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let counts = try (0..<3).compactMap { try operand(inputs, $0, context).integerValues(limit: 1)?.first }
        let edges = try (3..<5).compactMap {
            try operand(inputs, $0, context).converted(to: .float64).values(Double.self).first
        }
        let limit = 1 << 24
        guard counts.count == 3, edges.count == 2, counts.allSatisfy({ $0 >= 0 && $0 <= limit }), counts[2] > 0,
            edges.allSatisfy({ $0 >= 0 && $0.isFinite }), edges[0] <= edges[1], edges[1] <= Double(counts[2])
        else { throw context.invalid(self, inputs, "bins, length, rate and edges make no sense together") }
        let (bins, length, rate) = (counts[0], counts[1], counts[2])
        let rows = length / 2 + 1
        let result = try context.output(0, dtype, [rows, bins])
        let wide = try Tensor(.float64, shape: [rows, bins])
        ScalarValue(dtype: .float64, bits: 0).fill(wide)
        let to = wide.mutableElements(Double.self)

        let low = 2595 * log1p(edges[0] / 700) / log(10)
        let high = 2595 * log1p(edges[1] / 700) / log(10)
        let step = (high - low) / Double(bins + 2)
        let corners = (0..<(bins + 2)).map { bin -> Int in
            let hertz = 700 * expm1((Double(bin) * step + low) / 2595 * log(10))
            return Int((Double(length + 1) * hertz / Double(rate)).rounded(.down))
        }
        guard corners.allSatisfy({ $0 >= 0 && $0 <= rows }) else {
            throw context.invalid(self, inputs, "the upper edge is beyond half the sample rate")
        }
        for bin in 0..<bins {
            let (left, centre, right) = (corners[bin], corners[bin + 1], corners[bin + 2])
            for row in left..<min(centre + 1, rows) {
                to[row * bins + bin] = centre == left ? 1 : Double(row - left) / Double(centre - left)
            }
            for row in centre..<max(min(right, rows), centre) {
                to[row * bins + bin] = Double(right - row) / Double(right - centre)
            }
        }
        wide.convert(into: result)
        return [result]
    }
}
