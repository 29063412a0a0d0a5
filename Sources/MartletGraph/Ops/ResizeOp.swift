import MartletKernels
import MartletTensor

/// x stretched or shrunk along its axes. Inputs: x, roi (begins, then ends)?, scales (floats)?, sizes (integers)?
///
/// Either scales or sizes are given, one for each of `axes`; an empty tensor counts as none.
package struct ResizeOp: GraphOp {
    package enum Mode: String, Sendable { case nearest, linear, cubic }
    package enum Coordinates: String, Sendable {
        case halfPixel, halfPixelSymmetric, halfPixelForNearest, pytorchHalfPixel, alignCorners, asymmetric
        case cropAndResize
    }
    package enum NearestMode: String, Sendable {
        case roundPreferFloor, roundPreferCeil, floor, ceil
        /// Down, or up where the axis shrinks: what Upsample and Resize-10 mean.
        case simple
    }
    /// What sizes mean.
    package enum Policy: String, Sendable { case stretch, notLarger, notSmaller }

    package static let name = "Resize"
    package var mode: Mode
    package var coordinates: Coordinates
    package var nearestMode: NearestMode
    package var policy = Policy.stretch
    package var antialias = false
    package var excludeOutside = false
    package var cubicA: Float = -0.75
    package var extrapolation: Float = 0
    /// Axes that roi, scales and sizes speak of; nil means all.
    package var axes: [Int]?

    package init(
        _ mode: Mode, coordinates: Coordinates = .halfPixel, nearestMode: NearestMode = .roundPreferFloor,
        axes: [Int]? = nil
    ) {
        self.mode = mode
        self.coordinates = coordinates
        self.nearestMode = nearestMode
        self.axes = axes
    }

    package var attributes: String {
        "\(mode.rawValue) \(coordinates.rawValue)" + (mode == .nearest ? " \(nearestMode.rawValue)" : "")
            + (antialias ? " antialias" : "") + (axes.map { " axes=\($0)" } ?? "")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard Self.takes(x.type.dtype, mode) else {
            throw impossible(inputs, "\(mode.rawValue) resizing does not take \(x.type.dtype.name)")
        }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard shape.count > 0 else { throw impossible(inputs, "a scalar has no axes") }
        let axes =
            try axes.map { try $0.map { try resolveAxis($0, rank: shape.count, inputs) } } ?? Array(shape.indices)
        guard Set(axes).count == axes.count else { throw impossible(inputs, "an axis is named twice") }
        var result = shape
        for axis in axes { result[axis] = .unknown }
        if let scales = optional(inputs, 2), scales.type.fixedShape != [0] {
            guard let numbers = scales.constant.flatMap({ floats($0, limit: Tensor.maximumRank) }) else {
                return [ValueType(x.type.dtype, result)]
            }
            if numbers.isEmpty, optional(inputs, 3) == nil { throw impossible(inputs, "there are no scales") }
            if !numbers.isEmpty {
                guard numbers.count == axes.count, numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                    throw impossible(inputs, "\(numbers.count) scales, or impossible ones, for \(axes.count) axes")
                }
                for (axis, scale) in zip(axes, numbers) { result[axis] = Self.scaled(shape[axis], scale) }
                return [ValueType(x.type.dtype, result)]
            }
        }
        guard let sizes = optional(inputs, 3) else { throw impossible(inputs, "there are neither scales nor sizes") }
        guard let wanted = sizes.integers ?? sizes.knownDims else { return [ValueType(x.type.dtype, result)] }
        guard wanted.count == axes.count else {
            throw impossible(inputs, "\(wanted.count) sizes for \(axes.count) axes")
        }
        if policy == .stretch {
            for (axis, size) in zip(axes, wanted) { result[axis] = size }
        } else {
            let lengths = axes.compactMap { shape[$0].fixedValue }
            let numbers = wanted.compactMap(\.fixedValue)
            if lengths.count == axes.count, numbers.count == axes.count, let kept = keepingAspect(lengths, numbers) {
                for (axis, size) in zip(axes, kept.sizes) { result[axis] = .fixed(size) }
            }
        }
        if result.contains(where: { ($0.fixedValue ?? 0) < 0 }) { throw impossible(inputs, "a size is negative") }
        return [ValueType(x.type.dtype, result)]
    }

    private static func takes(_ dtype: DType, _ mode: Mode) -> Bool {
        dtype.isFloat || dtype.isInteger || dtype == .bool && mode == .nearest
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        mode == .nearest ? 0 : (outputs.first?.reduce(1, *) ?? 0) * (mode == .linear ? 4 : 16)
    }

    /// A dimension times a scale, rounded down.
    private static func scaled(_ dim: Dim, _ scale: Float) -> Dim {
        if let length = dim.fixedValue { return scaledLength(length, scale).map(Dim.fixed) ?? .unknown }
        guard scale == scale.rounded(), scale <= 65536 else { return .unknown }
        return dim * .fixed(Int(scale))
    }

    private static func scaledLength(_ length: Int, _ scale: Float) -> Int? {
        Int(exactly: (Float(length) * scale).rounded(.down))
    }

    /// The sizes of nearly the old proportions inside or around the wanted ones, and the scale.
    private func keepingAspect(_ lengths: [Int], _ sizes: [Int]) -> (sizes: [Int], scale: Float)? {
        guard !lengths.contains(0) else { return nil }
        let ratios = zip(sizes, lengths).map { Float($0) / Float($1) }
        guard let scale = policy == .notLarger ? ratios.min() : ratios.max() else { return nil }
        let kept = lengths.compactMap { Int(exactly: (scale * Float($0) + 0.5).rounded(.down)) }
        return kept.count == lengths.count ? (kept, scale) : nil
    }

    private func floats(_ tensor: Tensor, limit: Int) -> [Float]? {
        guard tensor.dtype.isFloat, tensor.count <= limit, let wide = try? tensor.aligned().converted(to: .float32)
        else {
            return nil
        }
        return wide.values(Float.self)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let axes =
            try axes.map { try $0.map { try resolveAxis($0, rank: x.rank, inputs, context) } } ?? Array(0..<x.rank)
        let (shape, scales) = try target(x, axes, inputs, context)
        let result = try context.output(0, x.dtype, shape)
        guard result.count > 0 else { return [result] }
        guard x.count > 0, !x.shape.contains(where: { $0 > Int32.max }), !shape.contains(where: { $0 > Int32.max })
        else {
            throw context.invalid(self, inputs, "the input is empty or too long")
        }
        var region = [(start: Float, end: Float)](repeating: (0, 1), count: x.rank)
        if coordinates == .cropAndResize, optional(inputs, 1) != nil {
            let roi = try floats(operand(inputs, 1, context), limit: 2 * Tensor.maximumRank)
            guard let roi, roi.count == 2 * axes.count, roi.allSatisfy(\.isFinite) else {
                throw context.invalid(self, inputs, "roi is not a begin and an end for each axis")
            }
            for (position, axis) in axes.enumerated() { region[axis] = (roi[position], roi[position + axes.count]) }
        }
        let tables = (0..<x.rank).map { axis in
            ResizeAxis(self, input: x.shape[axis], output: shape[axis], scale: scales[axis], region: region[axis])
        }
        try apply(tables, x, result, inputs, context)
        if tables.contains(where: { !$0.outside.isEmpty }) { fillOutside(tables, result) }
        return [result]
    }

    /// The result's shape, and the scale of every axis.
    private func target(
        _ x: Tensor, _ axes: [Int], _ inputs: [Tensor?], _ context: RunContext
    ) throws -> (shape: [Int], scales: [Float]) {
        var shape = x.shape
        var scales = [Float](repeating: 1, count: x.rank)
        if let tensor = optional(inputs, 2), tensor.count > 0 {
            guard let given = floats(tensor, limit: Tensor.maximumRank), given.count == axes.count,
                given.allSatisfy({ $0 > 0 && $0.isFinite })
            else { throw context.invalid(self, inputs, "scales are not a positive number for each axis") }
            for (axis, scale) in zip(axes, given) {
                guard let length = Self.scaledLength(x.shape[axis], scale) else {
                    throw context.invalid(self, inputs, "scale \(scale) is out of range")
                }
                (shape[axis], scales[axis]) = (length, scale)
            }
            return (shape, scales)
        }
        guard let sizes = try operand(inputs, 3, context).integerValues(limit: Tensor.maximumRank),
            sizes.count == axes.count, sizes.allSatisfy({ $0 >= 0 })
        else { throw context.invalid(self, inputs, "sizes are not a length for each axis") }
        let kept = policy == .stretch ? nil : keepingAspect(axes.map { x.shape[$0] }, sizes)
        guard policy == .stretch || kept != nil else { throw context.invalid(self, inputs, "sizes are out of range") }
        for (position, axis) in axes.enumerated() {
            shape[axis] = kept?.sizes[position] ?? sizes[position]
            scales[axis] = kept?.scale ?? (x.shape[axis] > 0 ? Float(sizes[position]) / Float(x.shape[axis]) : 1)
            if shape[axis] > 0, scales[axis] <= 0 { scales[axis] = 1 }
        }
        return (shape, scales)
    }

    /// One axis after the other; those that shrink first, so that intermediate results stay small.
    private func apply(
        _ tables: [ResizeAxis], _ x: Tensor, _ result: Tensor, _ inputs: [Tensor?], _ context: RunContext
    ) throws {
        let order = tables.indices.filter { !tables[$0].isIdentity }.sorted {
            Float(result.shape[$0]) / Float(x.shape[$0]) < Float(result.shape[$1]) / Float(x.shape[$1])
        }
        guard !order.isEmpty else {
            result.pointer.copyMemory(from: x.pointer, byteCount: x.byteCount)
            return
        }
        // Weighted sums need floats; copies do not care what they copy.
        let computed: DType = mode == .nearest || x.dtype.isFloat ? x.dtype : .float32
        var current = computed == x.dtype ? x : try x.converted(to: computed)
        for (position, axis) in order.enumerated() {
            var shape = current.shape
            shape[axis] = result.shape[axis]
            let isLast = position == order.count - 1 && computed == x.dtype
            let next = isLast ? result : try Tensor(computed, shape: shape)
            resample(current, axis, tables[axis], next, context)
            current = next
        }
        guard computed != x.dtype else { return }
        Kernels.unary(.round, current.floats, into: current.mutableFloats, count: current.count, a: 0, b: 0)
        current.convert(into: result)
    }

    private func resample(_ x: Tensor, _ axis: Int, _ table: ResizeAxis, _ result: Tensor, _ context: RunContext) {
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let (length, outputs) = (x.shape[axis], result.shape[axis])
        let size = x.dtype.size
        context.parallelRows(x.shape[..<axis].reduce(1, *), work: outputs * inner * table.taps) { rows in
            for row in rows {
                let from = x.pointer + row * length * inner * size
                let to = result.pointer + row * outputs * inner * size
                if table.weights.isEmpty {
                    Kernels.pick(
                        from, size: size, places: table.places, inner: inner, into: to)
                } else if x.dtype == .float32 {
                    Kernels.resample(
                        from.assumingMemoryBound(to: Float.self), places: table.places, weights: table.weights,
                        taps: table.taps, inner: inner, into: to.assumingMemoryBound(to: Float.self))
                } else {
                    let (a, b) = (from.assumingMemoryBound(to: Double.self), to.assumingMemoryBound(to: Double.self))
                    for place in 0..<outputs * inner {
                        var sum = 0.0
                        for tap in place / inner * table.taps..<(place / inner + 1) * table.taps {
                            sum += Double(table.weights[tap]) * a[Int(table.places[tap]) * inner + place % inner]
                        }
                        b[place] = sum
                    }
                }
            }
        }
    }

    /// Writes the extrapolation value wherever a coordinate lies outside on any axis.
    private func fillOutside(_ tables: [ResizeAxis], _ result: Tensor) {
        guard let value = (try? Tensor(scalar: extrapolation).converted(to: result.dtype)).flatMap(ScalarValue.init)
        else { return }
        for (axis, table) in tables.enumerated() where !table.outside.isEmpty {
            let inner = result.shape[(axis + 1)...].reduce(1, *)
            let outer = result.shape[..<axis].reduce(1, *)
            for row in 0..<outer {
                for place in table.outside {
                    let start = (row * result.shape[axis] + place) * inner
                    value.fill(result.pointer + start * result.dtype.size, count: inner)
                }
            }
        }
    }
}
