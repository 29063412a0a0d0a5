import MartletTensor

/// The largest or mean element of each window. Input: x [batch, channels, …].
package struct PoolOp: GraphOp {
    package enum Kind: String, Sendable { case max, average }

    package static let name = "Pool"
    package var kind: Kind
    package var kernel: [Int]
    package var window: Window
    /// Whether padding counts in the mean.
    package var countsPadding: Bool

    package init(_ kind: Kind, kernel: [Int], _ window: Window = Window(), countsPadding: Bool = false) {
        self.kind = kind
        self.kernel = kernel
        self.window = window
        self.countsPadding = countsPadding
    }

    package var attributes: String { "\(kind.rawValue) kernel=\(kernel) strides=\(window.strides)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype != .bool, kind == .max || x.type.dtype.isFloat else {
            throw impossible(inputs, "\(kind.rawValue) pooling does not take \(x.type.dtype.name)")
        }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard shape.count >= 2,
            let spatial = window.outputDims(input: Array(shape.dropFirst(2)), kernel: kernel)
        else { throw impossible(inputs, "the kernel, strides, dilations and pads do not fit the input") }
        return [ValueType(x.type.dtype, Array(shape[..<2]) + spatial)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        (outputs.first?.reduce(1, *) ?? 0) * kernel.reduce(1, *)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        guard x.rank >= 2, x.dtype != .bool,
            let axes = window.axes(input: Array(x.shape.dropFirst(2)), kernel: kernel)
        else { throw context.invalid(self, inputs, "the kernel, strides or pads do not fit the input") }
        let result = try context.output(0, x.dtype, Array(x.shape[..<2]) + axes.map(\.output))
        guard result.count > 0 else { return [result] }
        switch x.dtype {
        case .float32: pool(x, result, axes, Float.self)
        case .float64: pool(x, result, axes, Double.self)
        default:
            let wide = try Tensor(.float64, shape: result.shape)
            pool(try x.converted(to: .float64), wide, axes, Double.self)
            wide.convert(into: result)
        }
        return [result]
    }

    private func pool<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ result: Tensor, _ axes: [Window.Axis], _ type: T.Type
    ) {
        let from = x.elements(T.self)
        let to = result.mutableElements(T.self)
        let inputSize = axes.reduce(1) { $0 * $1.input }
        let outputSize = axes.reduce(1) { $0 * $1.output }
        let strides = rowMajorStrides(axes.map(\.input))
        for channel in 0..<(result.count / outputSize) {
            for place in 0..<outputSize {
                var rest = place
                // The places of the window inside the input, axis by axis, and how many count in the mean.
                var ranges = [(first: Int, count: Int)](repeating: (0, 0), count: axes.count)
                var counted = 1
                for (index, axis) in axes.enumerated().reversed() {
                    let start = rest % axis.output * axis.stride - axis.before
                    rest /= axis.output
                    let skipped = start < 0 ? (-start + axis.dilation - 1) / axis.dilation : 0
                    let room = axis.input - start
                    let end = room <= 0 ? 0 : min(axis.kernel, (room - 1) / axis.dilation + 1)
                    ranges[index] = (start + skipped * axis.dilation, max(0, end - skipped))
                    // Padding counts, what lies beyond it (ceil mode) does not.
                    let padded = axis.input + axis.after - start
                    counted *=
                        countsPadding
                        ? min(axis.kernel, max(0, (padded - 1) / axis.dilation + 1))
                        : max(0, end - skipped)
                }
                var sum: T = 0
                var top = -T.infinity
                let total = ranges.reduce(1) { $0 * $1.count }
                for step in 0..<total {
                    var rest = step
                    var offset = channel * inputSize
                    for (index, range) in ranges.enumerated().reversed() {
                        offset += (range.first + rest % range.count * axes[index].dilation) * strides[index]
                        rest /= range.count
                    }
                    let value = from[offset]
                    sum += value
                    if value > top || value.isNaN { top = value }
                }
                to[channel * outputSize + place] = kind == .max ? top : sum / T(counted)
            }
        }
    }
}
