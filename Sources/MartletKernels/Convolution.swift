import CMartletKernels

extension Kernels {
    /// A convolution of one image and one group: y = scale · activation(w × windows of x + bias + residual) +
    /// shift.
    package struct Convolution {
        /// `[channels, …input]`
        package var x: UnsafePointer<Float>
        /// `[outputs, channels, …kernel]`
        package var weights: UnsafePointer<Float>
        /// `[outputs, …output]`
        package var y: UnsafeMutablePointer<Float>
        package var channels: Int
        package var outputs: Int
        /// At most three.
        package var axes: [WindowAxis]
        /// `[outputs]`
        package var bias: UnsafePointer<Float>?
        /// Of y's shape, and not y
        package var residual: UnsafePointer<Float>?
        package var activation = Activation.none
        package var a: Float = 0
        package var b: Float = 0
        package var scale: Float = 1
        package var shift: Float = 0
        /// The weights by `minimalWeights`, and the distance of their six parts; nil unless `wantsMinimal`.
        package var minimal: UnsafePointer<Float>?
        package var minimalStep = 0

        package init(
            x: UnsafePointer<Float>, weights: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, channels: Int,
            outputs: Int, axes: [WindowAxis]
        ) {
            self.x = x
            self.weights = weights
            self.y = y
            self.channels = channels
            self.outputs = outputs
            self.axes = axes
        }

        /// The result is cut into so many units of work.
        package var unitCount: Int { withRaw { mk_conv_units($0) } }

        /// Bytes of scratch, 64-byte aligned, that a run of units needs.
        package var scratchByteCount: Int { withRaw { mk_conv_scratch($0) } }

        /// Whether the weights in the form of minimal filtering (Winograd), twice as large, make it faster.
        package var wantsMinimal: Bool { withRaw { mk_conv_wants_minimal($0) } != 0 }

        /// Whether `convolvePlanes` does it.
        package var isPlane: Bool { channels == 1 && outputs == 1 && axes.count <= 2 }

        fileprivate func withRaw<Result>(_ body: (UnsafePointer<mk_conv>) -> Result) -> Result {
            precondition(axes.count <= 3, "bug: a convolution over \(axes.count) axes")
            let one = mk_axis(input: 1, kernel: 1, stride: 1, dilation: 1, before: 0, output: 1)
            let all = [mk_axis](repeating: one, count: 3 - axes.count) + axes.map(\.raw)
            let call = mk_conv(
                x: x, w: weights, y: y, channels: channels, out: outputs, axes: (all[0], all[1], all[2]), bias: bias,
                residual: residual, activation: activation.rawValue, a: a, b: b, scale: scale, shift: shift,
                minimal: minimal, minimal_step: minimalStep)
            return withUnsafePointer(to: call) { body($0) }
        }
    }

    /// Weights `[filters, 3, width]` in the form of minimal filtering: `[6, filters, width]`.
    package static func minimalWeights(
        _ weights: UnsafePointer<Float>, filters: Int, width: Int, into: UnsafeMutablePointer<Float>
    ) {
        mk_conv_minimal_weights(weights, filters, width, into)
    }

    /// Computes some units of a convolution. Every element is one fp32 sum in the order of channels, then kernel places, or some of
    /// six such sums, so it is the same for any split.
    package static func convolve(_ convolution: Convolution, units: Range<Int>, scratch: UnsafeMutableRawPointer) {
        convolution.withRaw {
            mk_conv_f32($0, scratch.assumingMemoryBound(to: Float.self), units.lowerBound, units.upperBound)
        }
    }

    /// The windows that the convolution sums, `[places, channels · kernel]`.
    package static func windows(_ convolution: Convolution, into rows: UnsafeMutablePointer<Float>) {
        convolution.withRaw { mk_conv_rows_f32($0, rows) }
    }

    /// The same for one channel in and one out, on at most two axes, of planes that lie one after the other; without scratch.
    ///
    /// - Parameter kernels: plane p takes kernel and bias p % kernels.
    package static func convolvePlanes(_ convolution: Convolution, kernels: Int, planes: Range<Int>) {
        precondition(convolution.isPlane && kernels > 0, "bug: no plane")
        convolution.withRaw { mk_conv_planes_f32($0, kernels, planes.lowerBound, planes.upperBound) }
    }
}
