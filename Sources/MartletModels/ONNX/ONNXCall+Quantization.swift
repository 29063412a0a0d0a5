import MartletGraph
import MartletTensor

/// What operators on quantized numbers share.
extension ONNXCall {
    /// The attributes `saturate` and `round_mode`.
    func rounding() throws -> CastOp.Rounding {
        CastOp.Rounding(
            saturates: try flag("saturate", default: true),
            direction: try choice("round_mode", default: "up", ["up": .up, "nearest": .nearest, "down": .down]))
    }

    /// Scales or zero points, shaped so that they broadcast over x: one for all, one for each element of the attribute `axis`
    /// (default 1), or one for each block of `block_size` elements along it.
    func spread(_ parameters: ValueID, over x: ValueID) throws -> ValueID {
        let block = try int("block_size", default: 0)
        guard block == 0 else { return try spread(parameters, over: x, blocks: block) }
        guard type(parameters).rank == 1 else { return parameters }
        guard type(parameters).fixedShape != [1] else { return try emit(ReshapeOp([]), parameters) }
        let rank = try rank(x)
        guard rank > 1 else { return parameters }
        let axis = try axis(int("axis", default: 1), rank: rank)
        return try emit(UnsqueezeOp(axes: Array(1..<(rank - axis))), parameters)
    }

    private func spread(_ parameters: ValueID, over x: ValueID, blocks block: Int) throws -> ValueID {
        guard block > 0 else { throw wrong("block_size = \(block) is negative") }
        let rank = try rank(x)
        guard try self.rank(parameters) == rank else { throw wrong("scales of blocks have the rank of the input") }
        let axis = try axis(int("axis", default: 1), rank: rank)
        let length = try emit(GatherOp(), emit(ShapeOp(), x), constant(Tensor(scalar: Int64(axis))))
        let places = try emit(RangeOp(), constant(Tensor(scalar: Int64(0))), length, constant(Tensor(scalar: Int64(1))))
        let blocks = try emit(BinaryOp(.div), places, constant(Tensor(scalar: Int64(block))))
        return try emit(GatherOp(axis: axis), parameters, blocks)
    }

    /// Whether a value is known to have one element.
    func isScalar(_ value: ValueID) -> Bool { type(value).fixedShape.map { $0.allSatisfy { $0 == 1 } } ?? false }

    /// Whether a value is a constant of zeros, of any type that has no other encoding of zero than 0.
    func isZero(_ value: ValueID) -> Bool {
        guard let tensor = importer.graph.constant(value), tensor.dtype.isNumeric else { return false }
        return UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.byteCount).allSatisfy { $0 == 0 }
    }

    /// saturate(round(x⁄scale) + zero point) in the precision of the scale, or of the attribute `precision`.
    func quantized(_ x: ValueID, _ scale: ValueID, _ zero: ValueID?, to target: DType) throws -> ValueID {
        let precision = try dtype("precision") ?? dtype(scale)
        if target.isByte, precision == .float32, isScalar(scale), zero.map(isScalar) ?? true, dtype(x) == .float32 {
            return try emit(QuantizeOp(target), x, cast(scale, to: .float32), zero)
        }
        let working = precision.isFloat ? precision : .float32
        let factor = try spread(cast(scale, to: working), over: x)
        let quotient = try emit(BinaryOp(.div), cast(x, to: working), factor)
        let wide: DType = working == .float64 ? .float64 : .float32
        func shifted(_ value: ValueID) throws -> ValueID {
            guard let zero, !isZero(zero) else { return value }
            return try emit(BinaryOp(.add), cast(value, to: wide), spread(cast(zero, to: wide), over: x))
        }
        if let (low, high) = Self.bounds(of: target) {
            let level = try shifted(emit(UnaryOp(.round), quotient))
            let clipped = try emit(ClipOp(), cast(level, to: wide), constant(low, wide), constant(high, wide))
            return try cast(clipped, to: target)
        }
        switch target {
        case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1:
            return try cast(shifted(quotient), to: target, rounding: rounding())
        default: throw wrong("it makes \(target.name)")
        }
    }

    /// (x - zero point) · scale, multiplied in float32 and rounded once.
    func dequantized(_ x: ValueID, _ scale: ValueID, _ zero: ValueID?, to target: DType) throws -> ValueID {
        if target == .float32, dtype(scale) == .float32, DequantizeOp.types.contains(dtype(x)),
            try int("block_size", default: 0) == 0
        {
            if isScalar(scale), zero.map(isScalar) ?? true { return try emit(DequantizeOp(), x, scale, zero) }
            let axis = try int("axis", default: 1)
            if type(scale).rank == 1, zero.map({ type($0).rank == 1 }) ?? true, let rank = type(x).rank, rank > 1 {
                return try emit(DequantizeOp(axis: self.axis(axis, rank: rank)), x, scale, zero)
            }
        }
        // float32 holds all differences but those of int32.
        let levels: DType = dtype(x) == .int32 ? .int32 : .float32
        var level = try cast(x, to: levels)
        if let zero, !isZero(zero) {
            level = try emit(BinaryOp(.sub), level, spread(cast(zero, to: levels), over: x))
        }
        let factor = try spread(cast(scale, to: .float32), over: x)
        return try cast(emit(BinaryOp(.mul), cast(level, to: .float32), factor), to: target)
    }

    /// Input `index` in float32, by the scale and zero point at other places.
    func dequantizedInput(_ index: Int, _ scale: Int, _ zero: Int) throws -> ValueID {
        try dequantized(input(index), input(scale), optional(zero), to: .float32)
    }

    /// y in the type of `x`, by the scale and zero point at these inputs.
    func quantizedLike(_ x: ValueID, _ y: ValueID, scale: Int, zero: Int) throws -> ValueID {
        try quantized(y, input(scale), optional(zero), to: dtype(x))
    }

    /// left scale · right scale⁄result's scale, of inputs at these places: what brings sums of products to the result's levels.
    func requantizationScale(_ left: Int, _ right: Int, _ result: Int) throws -> ValueID {
        func float(_ index: Int) throws -> ValueID { try cast(input(index), to: .float32) }
        return try emit(BinaryOp(.div), emit(BinaryOp(.mul), float(left), float(right)), float(result))
    }

    func requireChannelsFirst() throws {
        guard try !flag("channels_last") else { throw wrong("channels in the last axis are not supported") }
    }

    /// The numbers that an integer dtype of at most 16 bits holds.
    static func bounds(of dtype: DType) -> (low: Double, high: Double)? {
        switch dtype {
        case .uint8: (0, 255)
        case .int8: (-128, 127)
        case .uint16: (0, 65535)
        case .int16: (-32768, 32767)
        case .uint4: (0, 15)
        case .int4: (-8, 7)
        case .uint2: (0, 3)
        case .int2: (-2, 1)
        default: nil
        }
    }
}
