import MartletGraph
import MartletTensor

/// What several operators share.
extension ONNXCall {
    /// x0 op x1 op x2 …
    func chain(_ op: some GraphOp, _ values: [ValueID]) throws -> ValueID {
        guard let first = values.first else { throw wrong("it has no inputs") }
        return try values.dropFirst().reduce(first) { try emit(op, $0, $1) }
    }

    /// Axes from the attribute, or from a constant input in newer opsets; nil if there are none or only a run knows them.
    func axes(input index: Int, inputSince version: Int) throws -> [Int]? {
        guard self.version >= version else { return try ints("axes") }
        return optional(index).flatMap(knownInts) ?? nil
    }

    /// Softmax and its kin. Up to opset 12 the tensor is seen as a matrix, cut before `axis` (default 1).
    func softmax(_ op: (Int) -> any GraphOp) throws -> ValueID {
        try softmax(input(0), axis: int("axis"), version: version, op)
    }

    func softmax(
        _ x: ValueID, axis given: Int?, version: Int, _ op: (Int) -> any GraphOp
    ) throws -> ValueID {
        guard version < 13 else { return try emit(op(given ?? -1), x) }
        let rank = try rank(x)
        guard rank > 0 else { throw wrong("a scalar has no axes") }
        let axis = try axis(given ?? min(1, rank - 1), rank: rank)
        guard axis < rank - 1 else { return try emit(op(axis), x) }
        let matrix = try emit(FlattenOp(axis: axis), x)
        return try emit(ReshapeOp(), emit(op(1), matrix), emit(ShapeOp(), x))
    }

    /// y · scale + bias with one scale and bias for each element of axis 1.
    func scaled(_ y: ValueID, _ scale: ValueID, _ bias: ValueID) throws -> ValueID {
        let rank = try rank(y)
        let axes = Array(1..<(rank - 1))
        let factor = try emit(UnsqueezeOp(axes: axes), scale)
        return try emit(BinaryOp(.add), emit(BinaryOp(.mul), y, factor), emit(UnsqueezeOp(axes: axes), bias))
    }

    /// Strides, dilations and padding of convolutions and pools.
    func window() throws -> Window {
        let padding: Window.Padding
        switch try string("auto_pad", default: "NOTSET") {
        case "NOTSET", "": padding = .explicit(try ints("pads") ?? [])
        case "SAME_UPPER": padding = .sameUpper
        case "SAME_LOWER": padding = .sameLower
        case "VALID": padding = .valid
        case let other: throw wrong("attribute auto_pad = `\(other)` is not supported")
        }
        return Window(
            strides: try ints("strides") ?? [], dilations: try ints("dilations") ?? [], padding: padding,
            ceilMode: try flag("ceil_mode"))
    }
}
