import MartletTensor

/// Numbers drawn at random, the same ones on each run. Input: the shape (integers), or none if it is an attribute.
///
/// Sequence and distributions are those of numpy's `RandomState(seed)`: `uniform` and `normal`.
package struct RandomOp: GraphOp {
    package enum Kind: Hashable, Sendable {
        /// low to high, high excluded
        case uniform(low: Double, high: Double)
        case normal(mean: Double, deviation: Double)
    }

    package static let name = "Random"
    package var kind: Kind
    package var dtype: DType
    package var seed: UInt32
    package var target: [Int]?

    package init(_ kind: Kind, dtype: DType, seed: UInt32, target: [Int]? = nil) {
        self.kind = kind
        self.dtype = dtype
        self.seed = seed
        self.target = target
    }

    package var attributes: String { "\(kind) \(dtype.name) seed=\(seed)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard dtype.isFloat else { throw impossible(inputs, "makes floats, not \(dtype.name)") }
        if let target {
            guard target.allSatisfy({ $0 >= 0 }) else { throw impossible(inputs, "a dimension is negative") }
            return [ValueType(dtype, target.map(Dim.fixed))]
        }
        let shape = try operand(inputs, 0)
        try requireInteger(inputs, shape, "the shape")
        if let dims = shape.integers {
            guard dims.allSatisfy({ $0.fixedValue ?? 0 >= 0 }) else {
                throw impossible(inputs, "a dimension is negative")
            }
            return [ValueType(dtype, dims)]
        }
        guard case .fixed(let rank)? = shape.type.shape?.first, rank <= Tensor.maximumRank, rank >= 0 else {
            return [ValueType(dtype, nil)]
        }
        return [ValueType(dtype, [Dim](repeating: .unknown, count: rank))]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        var wanted = target
        if wanted == nil {
            let vector = try operand(inputs, 0, context)
            wanted = vector.rank == 1 ? vector.integerValues(limit: Tensor.maximumRank) : nil
        }
        guard let shape = wanted else {
            throw context.invalid(self, inputs, "the shape is no short vector of integers")
        }
        let result = try context.output(0, dtype, shape)
        let wide = dtype == .float64 ? result : try Tensor(.float64, shape: shape)
        let to = wide.mutableElements(Double.self)
        var numbers = MersenneTwister(seed: seed)
        switch kind {
        case .uniform(let low, let high):
            for index in to.indices { to[index] = low + (high - low) * numbers.uniform() }
        case .normal(let mean, let deviation):
            for index in to.indices { to[index] = mean + deviation * numbers.normal() }
        }
        if dtype != .float64 { wide.convert(into: result) }
        return [result]
    }
}
