import MartletTensor

/// The middle of x, or x in the middle of zeros, axis by axis. Inputs: x, lengths (integers), one for each of `axes`.
package struct CenterCropPadOp: GraphOp {
    package static let name = "CenterCropPad"
    /// nil means all.
    package var axes: [Int]?

    package init(axes: [Int]?) { self.axes = axes }

    package var attributes: String { axes.map { "axes=\($0)" } ?? "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let lengths = try operand(inputs, 1)
        try requireInteger(inputs, lengths, "lengths")
        guard var shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        let axes =
            try axes.map { try $0.map { try resolveAxis($0, rank: shape.count, inputs) } } ?? Array(shape.indices)
        let wanted = lengths.integers ?? lengths.knownDims ?? [Dim](repeating: .unknown, count: axes.count)
        guard wanted.count == axes.count, wanted.allSatisfy({ $0.fixedValue ?? 0 >= 0 }) else {
            throw impossible(inputs, "\(wanted.count) lengths, or negative ones, for \(axes.count) axes")
        }
        for (axis, length) in zip(axes, wanted) { shape[axis] = length }
        return [ValueType(x.type.dtype, shape)]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let axes =
            try axes.map { try $0.map { try resolveAxis($0, rank: x.rank, inputs, context) } } ?? Array(0..<x.rank)
        guard let lengths = try operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank),
            lengths.count == axes.count, lengths.allSatisfy({ $0 >= 0 && $0 < 1 << 40 })
        else { throw context.invalid(self, inputs, "lengths are not a number for each axis") }
        var pads = [Int](repeating: 0, count: 2 * x.rank)
        for (axis, length) in zip(axes, lengths) {
            // The odd element is taken from, or added at, the end.
            let difference = length - x.shape[axis]
            pads[axis] = difference / 2
            pads[axis + x.rank] = difference - difference / 2
        }
        return try PadOp(pads: pads).run([x], context)
    }
}
