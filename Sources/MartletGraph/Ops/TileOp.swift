import MartletTensor

/// x repeated along each axis. Inputs: x, repeats (int64, one for each axis) unless an attribute.
package struct TileOp: GraphOp {
    package static let name = "Tile"
    package var repeats: [Int]?

    package init(repeats: [Int]? = nil) { self.repeats = repeats }

    package var attributes: String { repeats.map { "repeats=\($0)" } ?? "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        var factors = repeats?.map(Dim.fixed)
        if factors == nil {
            let input = try operand(inputs, 1)
            factors = input.integers ?? input.knownDims
        }
        guard let factors else {
            return [ValueType(x.type.dtype, [Dim](repeating: .unknown, count: shape.count))]
        }
        guard factors.count == shape.count else {
            throw impossible(inputs, "\(factors.count) repeats for \(shape.count) axes")
        }
        for case .fixed(let value) in factors where value < 0 { throw impossible(inputs, "\(value) repeats") }
        return [ValueType(x.type.dtype, zip(shape, factors).map { $0 * $1 })]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }
}
