import MartletTensor

/// Every `step`-th element from `start` to before `end` along some axes; negative places count from the back, places outside
/// are clamped. Inputs: x, starts, ends, axes?, steps? (int32/int64) unless `ranges` is given.
package struct SliceOp: GraphOp {
    package struct Range: Hashable, Sendable {
        package var axis: Int
        package var start: Dim
        package var end: Dim
        package var step: Int

        package init(axis: Int, start: Dim, end: Dim, step: Int = 1) {
            self.axis = axis
            self.start = start
            self.end = end
            self.step = step
        }
    }

    package static let name = "Slice"
    package var ranges: [Range]?

    package init(_ ranges: [Range]? = nil) { self.ranges = ranges }

    package var attributes: String {
        (ranges ?? []).map { "axis\($0.axis)=\($0.start):\($0.end)\($0.step == 1 ? "" : ":\($0.step)")" }
            .joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard var shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard let known = try knownRanges(inputs) else {
            let axes = optional(inputs, 3)?.knownIntegers
            let touched = try axes.map { try resolveAxes($0, rank: shape.count, inputs) } ?? Array(shape.indices)
            for axis in touched { shape[axis] = .unknown }
            return [ValueType(x.type.dtype, shape)]
        }
        _ = try resolveAxes(known.map(\.axis), rank: shape.count, inputs)
        for range in known {
            guard range.step != 0 else { throw impossible(inputs, "a step of 0") }
            let axis = try resolveAxis(range.axis, rank: shape.count, inputs)
            shape[axis] = Self.length(of: range, in: shape[axis])
        }
        return [ValueType(x.type.dtype, shape)]
    }

    /// Ranges from the attribute or from integer inputs that are known, at least as symbols.
    package func knownRanges(_ inputs: [InputInfo?]) throws -> [Range]? {
        if let ranges { return ranges }
        let starts = try operand(inputs, 1)
        let ends = try operand(inputs, 2)
        let axesInput = optional(inputs, 3)
        let stepsInput = optional(inputs, 4)
        guard let start = starts.integers ?? starts.knownDims, let end = ends.integers ?? ends.knownDims else {
            return nil
        }
        guard start.count == end.count else { throw impossible(inputs, "starts and ends differ in number") }
        let axes = axesInput == nil ? Array(start.indices) : axesInput?.knownIntegers
        let steps = stepsInput == nil ? [Int](repeating: 1, count: start.count) : stepsInput?.knownIntegers
        guard let axes, let steps else { return nil }
        guard axes.count == start.count, steps.count == start.count else {
            throw impossible(inputs, "starts, axes and steps differ in number")
        }
        return start.indices.map { Range(axis: axes[$0], start: start[$0], end: end[$0], step: steps[$0]) }
    }

    /// Exporters write "to the end" as some number of at least this; no axis is longer.
    static let wholeAxis = 1_000_000_000

    /// The number of elements taken from `dim`, as far as it is known.
    static func length(of range: Range, in dim: Dim) -> Dim {
        if let count = dim.fixedValue, let start = range.start.fixedValue, let end = range.end.fixedValue {
            return .fixed(bounds(start, end, range.step, count).count)
        }
        guard range.step == 1 else { return .unknown }
        if range.start == .fixed(0) {
            if case .fixed(let end) = range.end, end >= wholeAxis { return dim }
            if range.end.isSame(as: dim) { return dim }
            // [0 : seq] of a table: as long as the table holds it, which `run` checks.
            if case .symbol = range.end, case .fixed = dim { return range.end }
        }
        return .unknown
    }

    /// First element and number of elements of a slice of an axis of `count` elements, as numpy has it.
    static func bounds(_ start: Int, _ end: Int, _ step: Int, _ count: Int) -> (first: Int, count: Int) {
        func place(_ index: Int) -> Int { index < 0 ? (index < -count ? -1 : index + count) : index }
        if step > 0 {
            let first = min(max(place(start), 0), count)
            let last = min(max(place(end), 0), count)
            guard last > first else { return (first, 0) }
            return (first, (last - first - 1) / step + 1)
        }
        let first = min(max(place(start), -1), count - 1)
        let last = min(max(place(end), -1), count - 1)
        guard first > last, step != 0 else { return (max(first, 0), 0) }
        let stride = step == .min ? Int.max : -step
        return (first, (first - last - 1) / stride + 1)
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let x = inputs.first??.integers, inputs.first??.type.rank == 1,
            let range = try? knownRanges(inputs)?.first, let start = range.start.fixedValue,
            let end = range.end.fixedValue, range.step != 0
        else { return nil }
        let (first, count) = Self.bounds(start, end, range.step, x.count)
        return (0..<count).map { x[first + $0 * range.step] }
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        var shape = x.shape
        var strides = rowMajorStrides(x.shape)
        var offset = 0
        var seen = Set<Int>()
        for (axis, start, end, step) in try resolvedRanges(inputs, rank: x.rank, context) {
            let at = try resolveAxis(axis, rank: x.rank, inputs, context)
            guard step != 0, seen.insert(at).inserted else {
                throw context.invalid(self, inputs, "a step of 0, or an axis named twice")
            }
            let (first, count) = Self.bounds(start, end, step, x.shape[at])
            shape[at] = count
            offset += count > 0 ? first * strides[at] : 0
            strides[at] = count > 1 ? strides[at] * step : 0
        }
        let result = try context.output(0, x.dtype, shape)
        if result.count > 0 { copyStrided(from: x, at: offset, strides: strides, to: result) }
        return [result]
    }

    private func resolvedRanges(
        _ inputs: [Tensor?], rank: Int, _ context: RunContext
    ) throws -> [(axis: Int, start: Int, end: Int, step: Int)] {
        if let ranges {
            guard let starts = context.resolve(ranges.map(\.start)), let ends = context.resolve(ranges.map(\.end))
            else {
                throw context.invalid(self, inputs, "the places are not known: \(attributes)")
            }
            return ranges.indices.map { (ranges[$0].axis, starts[$0], ends[$0], ranges[$0].step) }
        }
        func values(_ index: Int) throws -> [Int]? {
            guard optional(inputs, index) != nil else { return nil }
            return try operand(inputs, index, context).integerValues(limit: Tensor.maximumRank)
        }
        guard let starts = try values(1), let ends = try values(2), starts.count == ends.count else {
            throw context.invalid(self, inputs, "starts and ends are no short vectors of integers of one length")
        }
        let axes = optional(inputs, 3) == nil ? Array(starts.indices) : try values(3)
        let steps = optional(inputs, 4) == nil ? [Int](repeating: 1, count: starts.count) : try values(4)
        guard let axes, let steps, axes.count == starts.count, steps.count == starts.count else {
            throw context.invalid(self, inputs, "axes and steps are no vectors of the length of starts")
        }
        return starts.indices.map { (axes[$0], starts[$0], ends[$0], steps[$0]) }
    }
}
