/// One axis of a resize: which elements of the input, times which weights, make each element of the result.
///
/// Coordinates are computed in single precision, as the formulas of ONNX Resize-19 have them.
struct ResizeAxis {
    /// How many input elements make one of the result.
    private(set) var taps = 1
    /// `taps` places for each element of the result, all inside the input.
    private(set) var places: [Int32] = []
    /// As many weights; empty where elements are copied.
    private(set) var weights: [Float] = []
    /// Elements of the result that lie outside the cropped input, by tf_crop_and_resize.
    private(set) var outside: [Int] = []

    /// Whether each element of the result is the one of the input at the same place.
    private(set) var isIdentity = false

    /// - Parameters:
    ///   - input, output: lengths, at least 1.
    ///   - scale: output over input, positive; may differ from the quotient of the lengths by rounding.
    ///   - region: where the cropped input begins and ends, from 0 to 1 (tf_crop_and_resize).
    init(_ op: ResizeOp, input: Int, output: Int, scale: Float, region: (start: Float, end: Float)) {
        let isPlain = op.coordinates != .cropAndResize && scale == 1 && input == output
        if isPlain || op.mode == .nearest {
            places = (0..<output).map { element in
                guard !isPlain else { return Int32(truncatingIfNeeded: element) }
                let x = op.coordinate(element, input: input, output: output, scale: scale, region: region)
                return Self.clamp(op.nearest(x, scale: scale), input)
            }
            isIdentity = input == output && places.enumerated().allSatisfy { $0.offset == Int($0.element) }
        } else {
            weigh(op, input: input, output: output, scale: scale, region: region)
        }
        guard op.coordinates == .cropAndResize else { return }
        outside = (0..<output).filter { element in
            let x = op.coordinate(element, input: input, output: output, scale: scale, region: region)
            return !(x >= 0 && x <= Float(input - 1))
        }
    }

    private mutating func weigh(
        _ op: ResizeOp, input: Int, output: Int, scale: Float, region: (start: Float, end: Float)
    ) {
        let radius = op.mode == .cubic ? 2 : 1
        // An antialiasing filter is stretched over all elements that one of the result covers.
        let stretch: Float = op.antialias && scale < 1 ? scale : 1
        let reach = Int(min((Float(radius) / stretch).rounded(.up), Float(input + 1)))
        taps = 2 * reach
        places.reserveCapacity(output * taps)
        weights.reserveCapacity(output * taps)
        for element in 0..<output {
            var x = op.coordinate(element, input: input, output: output, scale: scale, region: region)
            // Beyond the ends everything is the last element; this also bounds what a broken region can ask for.
            x = x.isFinite ? min(max(x, -Float(reach)), Float(input - 1 + reach)) : 0
            if op.mode == .linear, stretch == 1 { x = min(max(x, 0), Float(input - 1)) }
            let base = Int(x.rounded(.down))
            var total: Float = 0
            let start = weights.count
            for tap in (1 - reach)...reach {
                let place = base + tap
                var weight = op.weight((Float(place) - x) * stretch)
                if op.excludeOutside, place < 0 || place >= input { weight = 0 }
                total += weight
                places.append(Self.clamp(place, input))
                weights.append(weight)
            }
            guard op.excludeOutside || stretch != 1, total != 0 else { continue }
            for index in start..<weights.count { weights[index] /= total }
        }
    }

    private static func clamp(_ place: Int, _ count: Int) -> Int32 {
        Int32(truncatingIfNeeded: max(0, min(place, count - 1)))
    }
}

extension ResizeOp {
    /// Where in the input element `element` of the result lies.
    fileprivate func coordinate(
        _ element: Int, input: Int, output: Int, scale: Float, region: (start: Float, end: Float)
    ) -> Float {
        let x = Float(element)
        let last = Float(input - 1)
        switch coordinates {
        case .halfPixel: return (x + 0.5) / scale - 0.5
        case .halfPixelSymmetric:
            let adjustment = Float(output) / (scale * Float(input))
            return Float(input) / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
        case .halfPixelForNearest: return (x + 0.5) / scale
        case .pytorchHalfPixel: return output > 1 ? (x + 0.5) / scale - 0.5 : 0
        case .alignCorners: return output > 1 ? x * last / Float(output - 1) : 0
        case .asymmetric: return x / scale
        case .cropAndResize:
            guard output > 1 else { return 0.5 * (region.start + region.end) * last }
            return region.start * last + x * (region.end - region.start) * last / Float(output - 1)
        }
    }

    /// The element that a coordinate means.
    fileprivate func nearest(_ x: Float, scale: Float) -> Int {
        let rounded: Float =
            switch nearestMode {
            case .roundPreferFloor: (x - 0.5).rounded(.up)
            case .roundPreferCeil: (x + 0.5).rounded(.down)
            case .floor: x.rounded(.down)
            case .ceil: x.rounded(.up)
            case .simple: scale < 1 ? x.rounded(.up) : x.rounded(.towardZero)
            }
        return Int(exactly: rounded) ?? 0
    }

    /// The filter's weight at a distance.
    fileprivate func weight(_ distance: Float) -> Float {
        let x = abs(distance)
        guard mode == .cubic else { return max(0, 1 - x) }
        let a = cubicA
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
}
