import CMartletKernels

extension Kernels {
    /// One axis that a window slides over: lengths, and padding before the first element.
    package struct WindowAxis: Hashable, Sendable {
        package var input: Int
        package var kernel: Int
        package var stride: Int
        package var dilation: Int
        package var before: Int
        package var output: Int

        package init(input: Int, kernel: Int, stride: Int, dilation: Int, before: Int, output: Int) {
            self.input = input
            self.kernel = kernel
            self.stride = stride
            self.dilation = dilation
            self.before = before
            self.output = output
        }

        var raw: mk_axis {
            mk_axis(
                input: input, kernel: kernel, stride: stride, dilation: dilation, before: before, output: output)
        }
    }

    package enum WindowReduction: Int32, Sendable { case max, mean, sum }

    /// The largest, mean or summed element of each window of `planes` volumes of at most three axes. A NaN wins, padding
    /// never does.
    ///
    /// - Parameter counts: for the mean, how many elements count along each axis, one list of `output` after the other.
    package static func pool(
        _ kind: WindowReduction, _ axes: [WindowAxis], counts: [Float], _ x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>, planes: Int
    ) {
        let one = mk_axis(input: 1, kernel: 1, stride: 1, dilation: 1, before: 0, output: 1)
        let all = [mk_axis](repeating: one, count: max(0, 3 - axes.count)) + axes.map(\.raw)
        precondition(
            all.count == 3 && axes.allSatisfy { $0.output > 0 }
                && (kind != .mean || counts.count == all.reduce(0) { $0 + $1.output }),
            "bug: a pool that no kernel does")
        let (inputSize, outputSize) = (all.reduce(1) { $0 * $1.input }, all.reduce(1) { $0 * $1.output })
        counts.withUnsafeBufferPointer { counts in
            var call = mk_pool(
                kind: kind.rawValue, axes: (all[0], all[1], all[2]), counts: counts.baseAddress)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: mk_pool_scratch(&call)) { scratch in
                guard let row = scratch.baseAddress else { return }
                for plane in 0..<planes {
                    mk_pool_f32(&call, x + plane * inputSize, y + plane * outputSize, row)
                }
            }
        }
    }
}
