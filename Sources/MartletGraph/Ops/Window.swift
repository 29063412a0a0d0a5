/// Where a window slides over spatial axes: what convolution and pooling share.
package struct Window: Hashable, Sendable {
    package enum Padding: Hashable, Sendable {
        /// All begins, then all ends.
        case explicit([Int])
        case sameUpper, sameLower, valid
    }

    /// Empty means 1 on every axis.
    package var strides: [Int]
    package var dilations: [Int]
    package var padding: Padding
    /// Whether the last, incomplete window counts (pooling).
    package var ceilMode: Bool

    package init(
        strides: [Int] = [], dilations: [Int] = [], padding: Padding = .explicit([]), ceilMode: Bool = false
    ) {
        self.strides = strides
        self.dilations = dilations
        self.padding = padding
        self.ceilMode = ceilMode
    }

    /// One spatial axis, resolved.
    struct Axis: Hashable {
        var input: Int
        var kernel: Int
        var stride: Int
        var dilation: Int
        var before: Int
        var after: Int
        var output: Int
    }

    /// All axes; nil if the numbers are impossible: counts that differ, strides below 1, sizes over 2^31.
    ///
    /// - Parameter partial: whether a window that is longer than the input, by less than a stride, counts all the same: what
    ///   rounding towards zero makes of the formula of pools.
    func axes(input: [Int], kernel: [Int], partial: Bool = false) -> [Axis]? {
        let rank = input.count
        let limit = 1 << 31
        guard kernel.count == rank, strides.isEmpty || strides.count == rank,
            dilations.isEmpty || dilations.count == rank
        else { return nil }
        if case .explicit(let pads) = padding {
            guard pads.isEmpty || pads.count == 2 * rank, pads.allSatisfy({ $0 >= 0 && $0 < limit }) else { return nil }
        }
        var result: [Axis] = []
        for index in 0..<rank {
            let stride = strides.isEmpty ? 1 : strides[index]
            let dilation = dilations.isEmpty ? 1 : dilations[index]
            guard stride > 0, dilation > 0, kernel[index] > 0, input[index] >= 0, stride < limit, dilation < limit,
                kernel[index] < limit, input[index] < limit
            else { return nil }
            let extent = (kernel[index] - 1) * dilation + 1
            var axis = Axis(
                input: input[index], kernel: kernel[index], stride: stride, dilation: dilation, before: 0, after: 0,
                output: 0)
            switch padding {
            case .explicit(let pads):
                if !pads.isEmpty { (axis.before, axis.after) = (pads[index], pads[index + rank]) }
            case .sameUpper, .sameLower:
                let output = (axis.input + stride - 1) / stride
                let total = max(0, (output - 1) * stride + extent - axis.input)
                axis.before = padding == .sameUpper ? total / 2 : total - total / 2
                axis.after = total - axis.before
            case .valid: break
            }
            let room = axis.input + axis.before + axis.after - extent
            guard room >= 0 || partial && axis.input > 0 && -room < stride else { return nil }
            axis.output = max(room, 0) / stride + 1
            if ceilMode, room > 0, !room.isMultiple(of: stride), axis.output * stride < axis.input + axis.before {
                // A window that would begin in the padding after the input does not count.
                axis.output += 1
            }
            result.append(axis)
        }
        return result
    }

    /// Output sizes as far as they are known; nil if the numbers are impossible.
    func outputDims(input: [Dim], kernel: [Int], partial: Bool = false) -> [Dim]? {
        let known = input.map { $0.fixedValue }
        // Unknown sizes get one that is always large enough, so that the attributes are checked all the same.
        let stand = known.map { $0 ?? 1 << 30 }
        guard let axes = axes(input: stand, kernel: kernel, partial: partial) else { return nil }
        return zip(axes, zip(known, input)).map { axis, dims in
            if dims.0 != nil { return .fixed(axis.output) }
            let keepsLength =
                axis.stride == 1 && axis.before + axis.after == (axis.kernel - 1) * axis.dilation
            return keepsLength ? dims.1 : .unknown
        }
    }
}

extension Window {
    /// What one window covers of one axis.
    struct Reach: Hashable {
        /// The first element inside the input, and how many there are.
        var first = 0
        var count = 0
        /// How many places of the window lie in the input or its padding; those beyond (ceil mode) do not.
        var padded = 0

        func counted(_ withPadding: Bool) -> Int { withPadding ? padded : count }
    }
}

extension Window.Axis {
    /// Length of the input with its padding.
    var padded: Int { before + input + after }

    /// What the window at `place` of the result covers.
    func reach(of place: Int) -> Window.Reach {
        let start = place * stride - before
        let skipped = start < 0 ? (-start + dilation - 1) / dilation : 0
        let room = input - start
        let end = room <= 0 ? 0 : min(kernel, (room - 1) / dilation + 1)
        let padded = max(0, min(kernel, (input + after - start - 1) / dilation + 1))
        return Window.Reach(first: start + skipped * dilation, count: max(0, end - skipped), padded: padded)
    }
}
