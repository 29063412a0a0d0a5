import MartletGraph
import MartletTensor

extension ONNXOp {
    /// Numbers from low to high, the same on each run.
    static let randomUniform = ONNXOp("RandomUniform", inputs: 0...0, one: { try $0.random($0.uniform()) })
}

extension ONNXCall {
    func uniform() throws -> RandomOp.Kind {
        .uniform(low: Double(try float("low", default: 0)), high: Double(try float("high", default: 1)))
    }

    func normal() throws -> RandomOp.Kind {
        .normal(mean: Double(try float("mean", default: 0)), deviation: Double(try float("scale", default: 1)))
    }

    /// The attribute; without one a number that follows from the node's name and first output, so that nodes differ and
    /// runs do not.
    func seed() throws -> UInt32 {
        if let seed = try attribute("seed") {
            if let float = seed.float {
                return Int64(exactly: float.rounded()).map(UInt32.init(truncatingIfNeeded:)) ?? 0
            }
            return UInt32(truncatingIfNeeded: seed.int ?? 0)
        }
        // Fowler, Noll and Vo's hash.
        return (node.label + (node.outputs.first ?? "")).utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// Draws of the attribute `shape`.
    func random(_ kind: RandomOp.Kind) throws -> ValueID {
        guard let shape = try ints("shape") else { throw wrong("attribute `shape` is missing") }
        return try emit(RandomOp(kind, dtype: dtype("dtype") ?? .float32, seed: seed(), target: shape))
    }

    /// Draws of the shape of input 0, and of its type unless there is an attribute.
    func random(_ kind: RandomOp.Kind, like x: ValueID, dtype: DType) throws -> ValueID {
        try emit(RandomOp(kind, dtype: dtype, seed: seed()), emit(ShapeOp(), x))
    }

    func randomLike(_ kind: RandomOp.Kind) throws -> ValueID {
        let x = try input(0)
        return try random(kind, like: x, dtype: dtype("dtype") ?? (dtype(x).isFloat ? dtype(x) : .float32))
    }
}
