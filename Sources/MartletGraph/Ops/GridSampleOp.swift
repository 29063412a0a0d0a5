import MartletTensor

/// x read at the places that a grid names. Inputs: x [batch, channels, …spatial], grid [batch, …places, spatial rank].
///
/// Grid coordinates run from -1 to 1 over an axis, the last axis first.
package struct GridSampleOp: GraphOp {
    package enum Mode: String, Sendable { case nearest, linear, cubic }
    package enum Padding: String, Sendable { case zeros, border, reflection }

    package static let name = "GridSample"
    package var mode: Mode
    package var padding: Padding
    /// Whether -1 and 1 are the centres of the outermost elements, rather than their outer edges.
    package var alignCorners: Bool

    package init(_ mode: Mode, padding: Padding, alignCorners: Bool) {
        self.mode = mode
        self.padding = padding
        self.alignCorners = alignCorners
    }

    package var attributes: String { "\(mode.rawValue) \(padding.rawValue)" + (alignCorners ? " align_corners" : "") }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let grid = try operand(inputs, 1)
        try requireFloat(inputs, x)
        try requireFloat(inputs, grid)
        if let shape = x.type.shape, let places = grid.type.shape {
            guard shape.count > 2, shape.count <= 5, places.count == shape.count,
                places[places.count - 1].fixedValue ?? (shape.count - 2) == shape.count - 2
            else {
                throw impossible(
                    inputs, "wants x of rank 3 to 5, and a grid of that rank with a coordinate for each axis")
            }
            return [ValueType(x.type.dtype, Array(shape[..<2]) + places[1..<(places.count - 1)])]
        }
        return [ValueType(x.type.dtype, nil)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 8 * (outputs.first?.reduce(1, *) ?? 0) }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let grid = try operand(inputs, 1, context)
        let axes = x.rank - 2
        guard axes > 0, axes <= 3, grid.rank == x.rank, grid.shape[0] == x.shape[0], grid.shape[axes + 1] == axes,
            x.dtype == .float32 || x.dtype == .float64, grid.dtype == .float32 || grid.dtype == .float64
        else { throw context.invalid(self, inputs, "the grid does not fit the input") }
        let result = try context.output(0, x.dtype, Array(x.shape[..<2]) + grid.shape[1...axes])
        guard result.count > 0 else { return [result] }
        guard x.count > 0, x.shape.allSatisfy({ $0 < 1 << 31 }) else {
            throw context.invalid(self, inputs, "the input is empty or too long")
        }
        if x.dtype == .float32 {
            sample(x, try grid.converted(to: .float32), result, context, Float.self)
        } else {
            sample(x, try grid.converted(to: .float64), result, context, Double.self)
        }
        return [result]
    }

    private func sample<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ grid: Tensor, _ result: Tensor, _ context: RunContext, _ type: T.Type
    ) {
        let lengths = Array(x.shape[2...])
        let places = result.shape[2...].reduce(1, *)
        let size = lengths.reduce(1, *)
        let channels = x.shape[1]
        let width = mode == .nearest ? 1 : (mode == .linear ? 2 : 4)
        let taps = lengths.reduce(1) { count, _ in count * width }
        context.parallelRows(x.shape[0] * places, work: taps * (channels + 8)) { range in
            let (from, to, coordinates) = (x.elements(T.self), result.mutableElements(T.self), grid.elements(T.self))
            var line = [(place: Int, weight: T)](repeating: (0, 0), count: width)
            var points = [(place: Int, weight: T)](repeating: (0, 0), count: taps)
            for row in range {
                // All places and weights of one point, then every channel with them.
                var count = 1
                points[0] = (0, 1)
                for axis in lengths.indices {
                    tap(coordinates[(row + 1) * lengths.count - 1 - axis], lengths[axis], &line)
                    for index in (0..<count).reversed() {
                        let point = points[index]
                        for (position, next) in line.enumerated() {
                            points[index * width + position] =
                                next.place < 0 || point.place < 0
                                ? (-1, 0) : (point.place * lengths[axis] + next.place, point.weight * next.weight)
                        }
                    }
                    count *= width
                }
                let batch = row / places
                for channel in 0..<channels {
                    let plane = (batch * channels + channel) * size
                    var sum: T = 0
                    for point in points where point.place >= 0 { sum += from[plane + point.place] * point.weight }
                    to[(batch * channels + channel) * places + row % places] = sum
                }
            }
        }
    }

    /// Places along one axis (-1: zero) and their weights, for a coordinate of the grid.
    private func tap<T: BinaryFloatingPoint>(_ coordinate: T, _ length: Int, _ line: inout [(place: Int, weight: T)]) {
        let far: T = 1e9
        var x =
            alignCorners ? (coordinate + 1) / 2 * T(length - 1) : ((coordinate + 1) * T(length) - 1) / 2
        x = x.isNaN ? -far : min(max(x, -far), far)
        if mode == .nearest { x.round(.toNearestOrEven) }
        let (low, high): (T, T) = alignCorners ? (0, T(length - 1)) : (-0.5, T(length) - 0.5)
        if x < low || x > high {
            switch padding {
            case .zeros: break
            case .border: x = min(max(x, 0), T(length - 1))
            case .reflection: x = reflect(x, low, high)
            }
        }
        let base = x.rounded(.down)
        let t = x - base
        switch mode {
        case .nearest: line[0] = (0, 1)
        case .linear: (line[0].weight, line[1].weight) = (1 - t, t)
        case .cubic:
            let a: T = -0.75
            func near(_ d: T) -> T { ((a + 2) * d - (a + 3)) * d * d + 1 }
            func off(_ d: T) -> T { ((a * d - 5 * a) * d + 8 * a) * d - 4 * a }
            (line[0].weight, line[1].weight) = (off(1 + t), near(t))
            (line[2].weight, line[3].weight) = (near(1 - t), off(2 - t))
        }
        let first = Int(base) - (mode == .cubic ? 1 : 0)
        for index in line.indices {
            let place = first + index
            switch padding {
            case _ where place >= 0 && place < length: line[index].place = place
            case .zeros: line[index].place = -1
            case .border: line[index].place = max(0, min(place, length - 1))
            case .reflection: line[index].place = max(0, min(Int(reflect(T(place), low, high)), length - 1))
            }
        }
    }

    /// x thrown back from both ends until it lies between them.
    private func reflect<T: BinaryFloatingPoint>(_ x: T, _ low: T, _ high: T) -> T {
        let range = high - low
        guard range > 0 else { return low }
        let beyond = x < low ? low - x : x - high
        guard beyond > 0 else { return x }
        let turns = (beyond / range).rounded(.towardZero)
        let rest = beyond - turns * range
        let isEven = turns.truncatingRemainder(dividingBy: 2) == 0
        return (x < low) == isEven ? low + rest : high - rest
    }
}
