import MartletKernels
import MartletTensor

/// Convolution of 8-bit integers less their zero points, exact in int32 (which wraps); padding counts as zero.
///
/// Inputs: x [batch, channels, …] and w [out, channels / groups, …kernel] (int8 or uint8); zero points? of x (one) and w (one,
/// or one for each output channel); scale? (float: one, or one for each output channel), bias? (int32 [out]), the result's
/// zero point?. Results as of `IntegerMatMulOp`.
package struct IntegerConvOp: GraphOp {
    package static let name = "IntegerConv"
    package var window: Window
    package var groups: Int
    package var output: DType

    package init(_ window: Window = Window(), groups: Int = 1, _ output: DType = .int32) {
        self.window = window
        self.groups = groups
        self.output = output
    }

    package var attributes: String {
        [ConvOp(window, groups: groups).attributes, "to=\(output.name)"].filter { !$0.isEmpty }.joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        try checkIntegerProduct(inputs, output)
        func asFloat(_ index: Int) throws -> InputInfo {
            InputInfo(type: ValueType(.float32, try operand(inputs, index).type.shape))
        }
        let shape = try ConvOp(window, groups: groups).inferTypes([asFloat(0), asFloat(1)])[0].shape
        return [ValueType(output, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        ConvOp(window, groups: groups).flops(inputs, outputs: outputs)
    }

    /// One matrix for each group.
    private final class Packed: Sendable {
        let groups: [PackedIntegers]
        init(_ groups: [PackedIntegers]) { self.groups = groups }
    }

    private func packed(_ w: Tensor) -> Packed? {
        guard groups > 0, w.rank >= 2, w.shape[0].isMultiple(of: groups) else { return nil }
        let (columns, rows) = (w.shape[0] / groups, w.shape.dropFirst().reduce(1, *))
        var parts: [PackedIntegers] = []
        // A count of groups beyond that of output channels has none in each.
        guard columns > 0 else { return nil }
        for group in 0..<groups {
            guard
                let part = PackedIntegers(
                    w.pointer + group * columns * rows, type: w.dtype.element, rows: rows, columns: columns,
                    stride: rows, transposed: true)
            else { return nil }
            parts.append(part)
        }
        return Packed(parts)
    }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        guard let w = (optional(constants, 1) ?? nil)?.aligned() else { return nil }
        return packed(w)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let w = try operand(inputs, 1, context)
        guard x.rank >= 2, w.rank == x.rank, groups > 0, w.shape[0].isMultiple(of: groups),
            w.shape[1].multipliedReportingOverflow(by: groups) == (x.shape[1], false),
            let axes = window.axes(input: Array(x.shape.dropFirst(2)), kernel: Array(w.shape.dropFirst(2)))
        else { throw context.invalid(self, inputs, "the kernel, groups or pads do not fit the input") }
        let product = try integerProduct(inputs, output, rows: 1, columns: w.shape[0], context)
        let result = try context.output(0, output, [x.shape[0], w.shape[0]] + axes.map(\.output))
        guard result.count > 0 else { return [result] }
        guard let packed = context.prepared as? Packed ?? packed(w) else {
            throw context.invalid(self, inputs, "the kernel is too large")
        }
        let rows = try WindowRows(axes, channels: w.shape[1])
        let padding = UInt8(truncatingIfNeeded: product.leftZeros[0] - (x.dtype == .int8 ? 128 : 0))
        let channels = w.shape[0] / groups
        let spatial = axes.reduce(1) { $0 * $1.output }
        let inputSize = axes.reduce(1) { $0 * $1.input }
        let capacity = min(spatial, max(1, (1 << 20) / max(rows.length, 1)))
        let columnBytes = (capacity * rows.length + 63) / 64 * 64
        let (sumBytes, overflow) = capacity.multipliedReportingOverflow(by: channels * output.size)
        guard !overflow else { throw context.invalid(self, inputs, "the result is too large") }
        let scratch = try context.scratch(byteCount: columnBytes + sumBytes)
        let block = scratch.assumingMemoryBound(to: UInt8.self)
        let products = (0..<groups).map { product.columns($0 * channels..<($0 + 1) * channels) }
        for image in 0..<x.shape[0] {
            for group in 0..<groups {
                let plane = image * x.shape[1] + group * w.shape[1]
                let source = UnsafePointer(x.pointer.assumingMemoryBound(to: UInt8.self)) + plane * inputSize
                let target = result.pointer + (image * w.shape[0] + group * channels) * spatial * output.size
                for start in stride(from: 0, to: spatial, by: capacity) {
                    try context.checkCancellation()
                    let count = min(capacity, spatial - start)
                    context.parallelRows(count, work: rows.length) { range in
                        rows.fill(block, from: source, places: start..<start + count, range, padding: padding)
                    }
                    let sums = scratch + columnBytes
                    products[group].run(block, x.dtype, rows: count, packed.groups[group], into: sums, context)
                    // [places, channels] to [channels, places]
                    for channel in 0..<channels {
                        Kernels.stridedCopy(
                            sums + channel * output.size, into: target + (channel * spatial + start) * output.size,
                            elementSize: output.size, shape: [count], strides: [channels])
                    }
                }
            }
        }
        return [result]
    }
}
