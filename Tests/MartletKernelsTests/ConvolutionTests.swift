import MartletKernels
import Testing

extension KernelTests {
    @Suite struct ConvolutionTests {
        /// One image: lengths along one to three axes.
        struct Shape: CustomStringConvertible, Sendable {
            var input: [Int]
            var kernel: [Int]
            var stride = 1
            /// Of the last axis, where it is another.
            var across: Int?
            var dilation = 1
            var pad = 0
            var channels = 1
            var outputs = 1

            var axes: [Kernels.WindowAxis] {
                zip(input, kernel).enumerated().map { index, lengths in
                    let (input, kernel) = lengths
                    let stride = index == self.input.count - 1 ? across ?? self.stride : self.stride
                    return .init(
                        input: input, kernel: kernel, stride: stride, dilation: dilation, before: pad,
                        output: (input + 2 * pad - (kernel - 1) * dilation - 1) / stride + 1)
                }
            }
            var places: Int { axes.reduce(1) { $0 * $1.output } }
            var description: String {
                "\(channels)x\(input) to \(outputs), kernel \(kernel) stride \(stride) \(across ?? stride) dilation \(dilation) pad \(pad)"
            }

            /// Each place of the input that output `place` sees through kernel place `tap`; nil in the padding.
            func source(_ place: Int, _ tap: Int) -> Int? {
                var (place, tap, offset, size) = (place, tap, 0, 1)
                for axis in axes.reversed() {
                    let at = place % axis.output * axis.stride + tap % axis.kernel * dilation - pad
                    guard at >= 0, at < axis.input else { return nil }
                    offset += at * size
                    size *= axis.input
                    place /= axis.output
                    tap /= axis.kernel
                }
                return offset
            }
        }

        /// The definition, in fp64, before the activation.
        static func reference(_ s: Shape, _ x: [Float], _ w: [Float], _ bias: [Float], _ residual: [Float]) -> [Double]
        {
            let size = s.input.reduce(1, *)
            let taps = s.kernel.reduce(1, *)
            var y: [Double] = []
            for output in 0..<s.outputs {
                for place in 0..<s.places {
                    var sum = Double(bias[output]) + Double(residual[output * s.places + place])
                    for channel in 0..<s.channels {
                        for tap in 0..<taps {
                            guard let source = s.source(place, tap) else { continue }
                            sum +=
                                Double(x[channel * size + source])
                                * Double(w[(output * s.channels + channel) * taps + tap])
                        }
                    }
                    y.append(sum)
                }
            }
            return y
        }

        static let shapes: [Shape] = [
            Shape(input: [37], kernel: [3], pad: 1, channels: 3, outputs: 5),
            Shape(input: [64], kernel: [1], channels: 7, outputs: 3),
            Shape(input: [70], kernel: [1], channels: 33, outputs: 40),
            Shape(input: [9, 11], kernel: [3, 3], pad: 1, channels: 4, outputs: 6),
            Shape(input: [7, 26], kernel: [3, 5], stride: 2, pad: 2, channels: 35, outputs: 29),
            Shape(input: [12, 9], kernel: [2, 3], stride: 3, dilation: 2, channels: 2, outputs: 15),
            Shape(input: [6, 5], kernel: [3, 3], pad: 3, channels: 2, outputs: 2),
            Shape(input: [10, 90], kernel: [3, 3], stride: 2, pad: 1, channels: 3, outputs: 16),
            Shape(input: [12, 70], kernel: [3, 3], pad: 1, channels: 8, outputs: 9),
            Shape(input: [11, 64], kernel: [2, 3], dilation: 3, pad: 2, channels: 3, outputs: 17),
            Shape(input: [9, 37], kernel: [1, 1], stride: 3, channels: 5, outputs: 4),
            Shape(input: [5, 6, 7], kernel: [2, 3, 2], stride: 2, pad: 1, channels: 3, outputs: 4),
        ]

        static let planes: [Shape] = {
            var shapes: [Shape] = []
            for (height, width, pad) in [(7, 5, 1), (9, 33, 2), (5, 86, 1), (6, 6, 4)] {
                for kernel in 3...5 {
                    for (stride, dilation) in [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)] {
                        guard min(height, width) + 2 * pad > (kernel - 1) * dilation else { continue }
                        shapes.append(
                            Shape(
                                input: [height, width], kernel: [kernel, kernel], stride: stride, dilation: dilation,
                                pad: pad))
                    }
                }
            }
            for kernel in [3, 5] {
                for (stride, across) in [(1, 2), (2, 1)] {
                    for (height, width) in [(2, 19), (3, 96), (11, 40)] {
                        shapes.append(
                            Shape(
                                input: [height, width], kernel: [kernel, kernel], stride: stride, across: across,
                                pad: kernel / 2))
                    }
                }
            }
            // Fewer rows than the kernel has, and more than a copy holds.
            for (height, width, kernel) in [(2, 30, 5), (1, 7, 3), (150, 33, 3), (140, 20, 5), (7, 7, 7), (9, 90, 7)] {
                shapes.append(Shape(input: [height, width], kernel: [kernel, kernel], pad: kernel / 2))
            }
            return shapes
        }()

        private static func check(_ s: Shape) {
            var random = Random(UInt64(s.places * 31 + s.channels))
            let x = random.floats(s.channels * s.input.reduce(1, *))
            let w = random.floats(s.outputs * s.channels * s.kernel.reduce(1, *))
            let bias = random.floats(s.outputs)
            let residual = random.floats(s.outputs * s.places)
            let sums = reference(s, x, w, bias, residual)
            // All activations where it is quick; any other way through the kernels ends in the same few lines.
            let all: [(Kernels.Activation, Float, Float)] = [
                (.hardSwish, 0, 0), (.none, 0, 0), (.clip, -0.25, 0.75), (.leakyRelu, 0.1, 0), (.hardSigmoid, 0.2, 0.5),
            ]
            for (activation, a, b) in all.prefix(s.places * s.channels * s.outputs < 1500 ? 5 : 1) {
                let (scale, shift): (Float, Float) = activation == .clip ? (1, 0) : (0.75, -0.5)
                let expected = sums.map { x -> Double in
                    let y =
                        switch activation {
                        case .hardSwish: x * min(1, max(0, x / 6 + 0.5))
                        case .clip: min(Double(b), max(Double(a), x))
                        case .leakyRelu: x < 0 ? Double(a) * x : x
                        case .hardSigmoid: min(1, max(0, Double(a) * x + Double(b)))
                        default: x
                        }
                    return y * Double(scale) + Double(shift)
                }
                atEachISA { isa in
                    var y = [Float](repeating: .nan, count: sums.count)
                    y.pointedMutably { y in
                        x.pointed { x in
                            w.pointed { w in
                                bias.pointed { bias in
                                    residual.pointed { residual in
                                        var call = Kernels.Convolution(
                                            x: x, weights: w, y: y, channels: s.channels, outputs: s.outputs,
                                            axes: s.axes)
                                        (call.bias, call.residual) = (bias, residual)
                                        (call.activation, call.a, call.b) = (activation, a, b)
                                        (call.scale, call.shift) = (scale, shift)
                                        // In two halves, which must not matter.
                                        let scratch = UnsafeMutableRawPointer.allocate(
                                            byteCount: call.scratchByteCount, alignment: 64)
                                        defer { scratch.deallocate() }
                                        let half = call.unitCount / 2
                                        Kernels.convolve(call, units: half..<call.unitCount, scratch: scratch)
                                        Kernels.convolve(call, units: 0..<half, scratch: scratch)
                                    }
                                }
                            }
                        }
                    }
                    #expect(largestDifference(y, expected) <= 2e-5, "\(isa) \(activation) \(s)")
                }
            }
        }

        /// The windows as rows, times the weights, give what the definition gives.
        @Test(arguments: shapes + planes) func windowsAreWhatIsSummed(_ s: Shape) {
            var random = Random(UInt64(s.places * 7 + 1))
            let x = random.floats(s.channels * s.input.reduce(1, *))
            let taps = s.channels * s.kernel.reduce(1, *)
            var rows = [Float](repeating: .nan, count: s.places * taps)
            rows.pointedMutably { rows in
                x.pointed { x in
                    let call = Kernels.Convolution(
                        x: x, weights: x, y: rows, channels: s.channels, outputs: s.outputs, axes: s.axes)
                    Kernels.windows(call, into: rows)
                }
            }
            let (size, kernel) = (s.input.reduce(1, *), s.kernel.reduce(1, *))
            var expected: [Float] = []
            for place in 0..<s.places {
                for tap in 0..<taps {
                    let source = s.source(place, tap % kernel)
                    expected.append(source.map { x[tap / kernel * size + $0] } ?? 0)
                }
            }
            #expect(rows == expected)
        }

        @Test(arguments: shapes) func convolutionMatchesItsFormula(_ shape: Shape) { Self.check(shape) }

        /// Five planes, two kernels: planes 0, 2 and 4 share one.
        @Test(arguments: planes) func planesMatchTheirFormula(_ s: Shape) {
            var random = Random(UInt64(s.places))
            let (size, taps) = (s.input.reduce(1, *), s.kernel.reduce(1, *))
            let x = random.floats(5 * size)
            let w = random.floats(2 * taps)
            let bias = random.floats(2)
            let residual = random.floats(5 * s.places)
            var sums: [Double] = []
            for plane in 0..<5 {
                let kernel = plane % 2
                let source = Array(x[(plane * size)..<((plane + 1) * size)])
                let weights = Array(w[(kernel * taps)..<((kernel + 1) * taps)])
                let added = Array(residual[(plane * s.places)..<((plane + 1) * s.places)])
                sums += Self.reference(s, source, weights, [bias[kernel]], added)
            }
            let expected = sums.map { min(0.5, max(-0.25, $0)) }
            atEachISA { isa in
                var y = [Float](repeating: .nan, count: sums.count)
                y.pointedMutably { y in
                    x.pointed { x in
                        w.pointed { w in
                            bias.pointed { bias in
                                residual.pointed { residual in
                                    var call = Kernels.Convolution(
                                        x: x, weights: w, y: y, channels: 1, outputs: 1, axes: s.axes)
                                    (call.bias, call.residual) = (bias, residual)
                                    (call.activation, call.a, call.b) = (.clip, -0.25, 0.5)
                                    // In two parts, which must not matter.
                                    Kernels.convolvePlanes(call, kernels: 2, planes: 3..<5)
                                    Kernels.convolvePlanes(call, kernels: 2, planes: 0..<3)
                                }
                            }
                        }
                    }
                }
                #expect(largestDifference(y, expected) <= 2e-5, "\(isa) \(s)")
            }
        }

        @Test(arguments: shapes + planes) func poolsMatchTheirFormulas(_ s: Shape) {
            var random = Random(UInt64(s.places))
            var x = random.floats(s.input.reduce(1, *))
            if x.count > 40 { x[17] = .nan }
            let taps = s.kernel.reduce(1, *)
            let windows = (0..<s.places).map { place in (0..<taps).compactMap { s.source(place, $0) }.map { x[$0] } }
            let counts = s.axes.flatMap { axis in
                (0..<axis.output).map { place in
                    Float(
                        (0..<axis.kernel).filter {
                            (0..<axis.input).contains(place * axis.stride + $0 * axis.dilation - axis.before)
                        }.count)
                }
            }
            for kind in [Kernels.WindowReduction.max, .mean, .sum] {
                let expected = windows.map { window -> Double in
                    let sum = window.reduce(0.0) { $0 + Double($1) }
                    if kind == .sum { return sum }
                    if kind == .mean { return sum / Double(window.count) }
                    if window.contains(where: \.isNaN) { return .nan }
                    return window.map(Double.init).max() ?? -.infinity
                }
                atEachISA { isa in
                    var y = [Float](repeating: 0, count: s.places)
                    y.pointedMutably { y in
                        x.pointed { x in
                            Kernels.pool(
                                kind, s.axes, counts: [Float](repeating: 1, count: 3 - s.axes.count) + counts, x,
                                into: y,
                                planes: 1)
                        }
                    }
                    #expect(largestDifference(y, expected) <= 1e-5, "\(isa) \(kind) \(s)")
                }
            }
        }

        @Test func resamplingIsAWeightedSumOfPlaces() {
            var random = Random(3)
            for (inner, taps) in [(1, 2), (1, 4), (5, 2), (40, 3)] {
                let (length, outputs) = (11, 19)
                let x = random.floats(length * inner)
                let places = (0..<outputs * taps).map { _ in Int32(random.bits() % UInt64(length)) }
                let weights = random.floats(outputs * taps)
                let expected = (0..<outputs * inner).map { position in
                    (0..<taps).reduce(0.0) { sum, tap in
                        let entry = position / inner * taps + tap
                        return sum + Double(weights[entry]) * Double(x[Int(places[entry]) * inner + position % inner])
                    }
                }
                atEachISA { isa in
                    var y = [Float](repeating: .nan, count: outputs * inner)
                    y.pointedMutably { y in
                        x.pointed { x in
                            Kernels.resample(x, places: places, weights: weights, taps: taps, inner: inner, into: y)
                        }
                    }
                    #expect(largestDifference(y, expected) <= 1e-5, "\(isa) \(inner) \(taps)")
                }
            }
        }
    }
}
