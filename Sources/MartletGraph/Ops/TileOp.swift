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

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard let factors = try repeats ?? operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank),
            factors.count == x.rank, factors.allSatisfy({ $0 >= 0 }), x.rank * 2 <= Tensor.maximumRank
        else { throw context.invalid(self, inputs, "repeats are not one number for each axis") }
        var shape: [Int] = []
        for (dim, factor) in zip(x.shape, factors) {
            let (product, overflow) = dim.multipliedReportingOverflow(by: factor)
            guard !overflow else { throw context.invalid(self, inputs, "the result is too large") }
            shape.append(product)
        }
        let result = try context.output(0, x.dtype, shape)
        // Each axis seen as two: repeat and place.
        let dense = rowMajorStrides(x.shape)
        let dims = zip(factors, x.shape).flatMap { [$0, $1] }
        if result.count > 0 {
            copyStrided(from: x, at: 0, strides: dense.flatMap { [0, $0] }, to: result.reshaped(dims))
        }
        return [result]
    }
}
