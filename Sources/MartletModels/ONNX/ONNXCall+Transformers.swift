import MartletGraph
import MartletTensor

/// What the attention operators of ONNX Runtime share. Queries are [batch, tokens, heads·d], keys and values that or
/// [batch, heads, tokens, d]; all of these compute in float32.
extension ONNXCall {
    func floats(_ value: ValueID) throws -> ValueID { try cast(value, to: .float32) }

    func count(_ name: String, default value: Int? = nil) throws -> Int {
        guard let number = try int(name) ?? value, number > 0, number <= 1 << 20 else {
            throw wrong("attribute `\(name)` is no count of at least 1")
        }
        return number
    }

    /// [batch, tokens, heads·d] as [batch, heads, tokens, d].
    func headsFirst(_ x: ValueID, _ heads: Int) throws -> ValueID {
        guard let width = type(x).shape?.last?.fixedValue, width.isMultiple(of: heads) else {
            throw wrong("the length of a head is not known, or \(heads) heads do not divide it")
        }
        let split = try emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(heads), .fixed(width / heads)]), x)
        return try emit(TransposeOp([0, 2, 1, 3]), split)
    }

    /// [batch, heads, tokens, d] as [batch, tokens, heads·d].
    func headsLast(_ x: ValueID) throws -> ValueID {
        guard let shape = type(x).shape, shape.count == 4, case .fixed(let width) = shape[1] * shape[3] else {
            throw wrong("the length of a head is not known")
        }
        let turned = try emit(TransposeOp([0, 2, 1, 3]), x)
        return try emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(width)]), turned)
    }

    /// Blocks of the last axis; a size of each.
    func columns(_ x: ValueID, _ sizes: [Int]) throws -> [ValueID] {
        try emitAll(SplitOp(axis: -1, count: sizes.count, sizes: sizes), [x])
    }

    /// Positions [batch, tokens] (or [1, tokens]) from `start` (int64, [batch] or [1]) on, for the tokens of x.
    func positions(of x: ValueID, from start: ValueID) throws -> ValueID {
        let tokens = try emit(ReshapeOp([]), emit(ShapeOp(start: 1, end: 2), x))
        let steps = try emit(RangeOp(), constant(Tensor(scalar: Int64(0))), tokens, constant(Tensor(scalar: Int64(1))))
        return try emit(BinaryOp(.add), emit(UnsqueezeOp(axes: [1]), start), steps)
    }

    /// x turned by rows of two caches [longest, pairs] at `positions` [batch or 1, tokens].
    func rotated(
        _ x: ValueID, heads: Int, positions: ValueID, cosines: ValueID, sines: ValueID, isInterleaved: Bool
    ) throws -> ValueID {
        let leading = try emit(ShapeOp(start: 0, end: 2), x)
        let places = try emit(ExpandOp(), positions, leading)
        let rows = try [cosines, sines].map { try emit(GatherOp(), floats($0), places) }
        return try emit(RotaryOp(heads: heads, isInterleaved: isInterleaved), x, rows[0], rows[1])
    }

    /// 0 where a mask is not 0, `value` where it is.
    func penalty(_ mask: ValueID, _ value: Float) throws -> ValueID {
        let isSeen = try cast(mask, to: .bool)
        return try emit(WhereOp(), isSeen, constant(0, .float32), constant(Double(value), .float32))
    }

    /// What key padding adds to scores [batch, heads, queries, keys], from a mask of one of the forms that ONNX Runtime
    /// knows; `keys` is [batch, keys, …] or [batch, heads, keys, d].
    func keyPadding(_ mask: ValueID, keys: ValueID, _ value: Float) throws -> ValueID {
        switch try rank(mask) {
        case 1:
            guard type(mask).shape?.first == type(keys).shape?.first || type(mask).shape?[0].fixedValue == nil else {
                throw wrong("a key padding mask of shape \(type(mask)) is not supported")
            }
            let axis = try rank(keys) == 4 ? 2 : 1
            let length = try emit(ReshapeOp([]), emit(ShapeOp(start: axis, end: axis + 1), keys))
            let places = try emit(
                RangeOp(), constant(Tensor(scalar: Int64(0))), length, constant(Tensor(scalar: Int64(1))))
            let limits = try emit(UnsqueezeOp(axes: [1, 2, 3]), cast(mask, to: .int64))
            return try penalty(emit(CompareOp(.lt), places, limits), value)
        case 2: return try penalty(emit(UnsqueezeOp(axes: [1, 2]), mask), value)
        case 3: return try penalty(emit(UnsqueezeOp(axes: [1]), mask), value)
        case 4: return try penalty(mask, value)
        case let rank: throw wrong("a key padding mask of \(rank) dimensions is not supported")
        }
    }

    /// The sum of those that are there.
    func sum(_ values: [ValueID?]) throws -> ValueID? {
        let given = values.compactMap { $0 }
        return given.isEmpty ? nil : try chain(BinaryOp(.add), given)
    }
}
