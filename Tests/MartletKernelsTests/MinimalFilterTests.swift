import MartletKernels
import Testing

extension KernelTests {
    /// Convolutions of three rows by minimal filtering.
    @Suite struct MinimalFilterTests {
        typealias Shape = ConvolutionTests.Shape

        /// Rows that are no multiple of four, rows shorter and longer than a tile, and weights that are shared out by outputs.
        static let shapes: [Shape] = [
            Shape(input: [9, 11], kernel: [3, 3], pad: 1, channels: 8, outputs: 9),
            Shape(input: [4, 70], kernel: [3, 3], pad: 1, channels: 9, outputs: 16),
            Shape(input: [5, 5], kernel: [3, 3], channels: 12, outputs: 13),
            Shape(input: [6, 40], kernel: [3, 1], channels: 10, outputs: 29),
            Shape(input: [13, 17], kernel: [3, 5], pad: 3, channels: 8, outputs: 8),
            Shape(input: [9, 9], kernel: [3, 3], pad: 1, channels: 96, outputs: 90),
        ]

        private static func run(
            _ s: Shape, _ x: [Float], _ w: [Float], bias: [Float], residual: [Float]
        ) -> [Float] {
            let filters = s.channels * s.outputs
            let width = s.kernel[1]
            var minimal = [Float](repeating: .nan, count: 6 * filters * width)
            w.pointed { w in
                minimal.pointedMutably { Kernels.minimalWeights(w, filters: filters, width: width, into: $0) }
            }
            var y = [Float](repeating: .nan, count: s.outputs * s.places)
            y.pointedMutably { y in
                x.pointed { x in
                    w.pointed { w in
                        bias.pointed { bias in
                            residual.pointed { residual in
                                minimal.pointed { minimal in
                                    var call = Kernels.Convolution(
                                        x: x, weights: w, y: y, channels: s.channels, outputs: s.outputs, axes: s.axes)
                                    (call.bias, call.residual) = (bias, residual)
                                    (call.minimal, call.minimalStep) = (minimal, filters * width)
                                    (call.activation, call.a, call.b) = (.leakyRelu, 0.5, 0)
                                    inTwoHalves(call)
                                }
                            }
                        }
                    }
                }
            }
            return y
        }

        /// How the work is split must not matter. What scratch holds before must not either.
        private static func inTwoHalves(_ call: Kernels.Convolution) {
            let scratch = UnsafeMutableRawPointer.allocate(byteCount: call.scratchByteCount, alignment: 64)
            scratch.initializeMemory(as: UInt8.self, repeating: 0xff, count: call.scratchByteCount)
            defer { scratch.deallocate() }
            let half = call.unitCount / 2
            Kernels.convolve(call, units: half..<call.unitCount, scratch: scratch)
            Kernels.convolve(call, units: 0..<half, scratch: scratch)
        }

        @Test(arguments: shapes) func minimalFilteringMatchesTheFormula(_ s: Shape) {
            var random = Random(UInt64(s.places))
            let x = random.floats(s.channels * s.input.reduce(1, *))
            let w = random.floats(s.outputs * s.channels * s.kernel.reduce(1, *))
            let bias = random.floats(s.outputs)
            let residual = random.floats(s.outputs * s.places)
            let expected = ConvolutionTests.reference(s, x, w, bias, residual).map { $0 < 0 ? $0 / 2 : $0 }
            atEachISA { isa in
                let y = Self.run(s, x, w, bias: bias, residual: residual)
                #expect(largestDifference(y, expected) <= 1e-4, "\(isa) \(s)")
            }
        }

        /// What is not finite, and what overflows on the way, reaches the results that see it, and no other.
        @Test func infinitiesStayWhereTheyAreSeen() {
            let s = Shape(input: [11, 40], kernel: [3, 3], pad: 1, channels: 8, outputs: 9)
            var random = Random(5)
            var x = random.floats(s.channels * 11 * 40)
            (x[3 * 40 + 7], x[440 + 8 * 40 + 21], x[880 + 5 * 40 + 39]) = (.nan, .infinity, 3e38)
            let w = random.floats(s.outputs * s.channels * 9).map { $0 * 0.25 }
            let bias = random.floats(s.outputs)
            let residual = random.floats(s.outputs * s.places)
            let expected = ConvolutionTests.reference(s, x, w, bias, residual).map { $0 < 0 ? $0 / 2 : $0 }
            atEachISA { isa in
                let y = Self.run(s, x, w, bias: bias, residual: residual)
                for (index, (found, wanted)) in zip(y, expected).enumerated() {
                    let isEqual =
                        wanted.isFinite
                        ? abs(Double(found) - wanted) <= 1e-4 * max(1, abs(wanted))
                        : wanted.isNaN ? found.isNaN : Double(found) == wanted
                    #expect(isEqual, "\(isa) result \(index): \(found), not \(wanted)")
                }
            }
        }

        @Test func minimalFilteringIsWantedWhereItSavesProducts() {
            func wants(_ s: Shape) -> Bool {
                let (x, y) = ([Float](repeating: 0, count: 1), UnsafeMutablePointer<Float>.allocate(capacity: 1))
                defer { y.deallocate() }
                return x.pointed {
                    Kernels.Convolution(
                        x: $0, weights: $0, y: y, channels: s.channels, outputs: s.outputs, axes: s.axes
                    ).wantsMinimal
                }
            }
            let usual = Shape(input: [56, 56], kernel: [3, 3], pad: 1, channels: 64, outputs: 64)
            #expect(wants(usual))
            var other = usual
            other.stride = 2
            #expect(!wants(other), "strides leave nothing to share")
            other = usual
            other.kernel = [5, 5]
            #expect(!wants(other), "five rows")
            other = usual
            other.channels = 3
            #expect(!wants(other), "sums of few products")
            other = usual
            other.input = [5, 8]
            #expect(!wants(other), "five rows are computed as eight")
        }
    }
}
