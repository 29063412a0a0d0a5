import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Cosines and sines of rotary positions, once for all layers: angle (p, i) = position[p] · base^(-i ⁄ pairs) ⁄ factor[i].
///
/// Inputs: positions (int32 or int64, any shape), factors (float [pairs])?. Outputs: cosines and sines, float
/// [positions…, pairs].
package struct RotaryTableOp: GraphOp {
    package static let name = "RotaryTable"
    /// Half of the columns of a head that are turned.
    package var pairs: Int
    package var base: Double
    /// What positions are divided by: linear scaling.
    package var stretch: Double

    package init(pairs: Int, base: Double, stretch: Double = 1) {
        self.pairs = pairs
        self.base = base
        self.stretch = stretch
    }

    package var attributes: String { "pairs=\(pairs) base=\(base)" + (stretch == 1 ? "" : " stretch=\(stretch)") }

    package static let maximumPairs = 1 << 16

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let positions = try operand(inputs, 0)
        guard positions.type.dtype == .int32 || positions.type.dtype == .int64 else {
            throw impossible(inputs, "positions are \(positions.type.dtype.name), not int32 or int64")
        }
        guard pairs > 0, pairs <= Self.maximumPairs, base > 0, base.isFinite, stretch > 0, stretch.isFinite else {
            throw impossible(inputs, "there is no such rotation: \(attributes)")
        }
        if let factors = optional(inputs, 1) {
            guard factors.type.dtype == .float32, factors.type.fixedShape ?? [pairs] == [pairs] else {
                throw impossible(inputs, "the factors are no float[\(pairs)]")
            }
        }
        let type = ValueType(.float32, positions.type.shape.map { $0 + [.fixed(pairs)] })
        return [type, type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 40 * (outputs.first?.reduce(1, *) ?? 0) }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let given = try operand(inputs, 0, context)
        guard let positions = given.integerValues() else {
            throw context.invalid(self, inputs, "positions are no integers")
        }
        let factors = try optional(inputs, 1).map { _ in try operand(inputs, 1, context) }
        guard factors.map({ $0.dtype == .float32 && $0.count == pairs }) ?? true, pairs > 0, pairs <= Self.maximumPairs
        else {
            throw context.invalid(self, inputs, "the factors are no float[\(pairs)]")
        }
        let cosines = try context.output(0, .float32, given.shape + [pairs])
        let sines = try context.output(1, .float32, given.shape + [pairs])
        let frequencies = (0..<pairs).map { pair -> Double in
            let factor = factors.map { Double($0.floats[pair]) } ?? 1
            return pow(base, -Double(pair) / Double(pairs)) / (stretch * factor)
        }
        context.parallelRows(positions.count, work: 40 * pairs) { range in
            for row in range {
                for pair in 0..<pairs {
                    let angle = Double(positions[row]) * frequencies[pair]
                    cosines.mutableFloats[row * pairs + pair] = Float(cos(angle))
                    sines.mutableFloats[row * pairs + pair] = Float(sin(angle))
                }
            }
        }
        return [cosines, sines]
    }
}
