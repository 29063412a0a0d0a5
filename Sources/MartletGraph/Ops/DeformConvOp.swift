import MartletKernels
import MartletTensor

/// Convolution whose kernel places are moved by offsets, place by place. Inputs: x [batch, channels, h, w],
/// w [out, channels / groups, kh, kw], offset [batch, offsetGroups · kh · kw · 2, oh, ow], bias [out]?,
/// mask [batch, offsetGroups · kh · kw, oh, ow]?
package struct DeformConvOp: GraphOp {
    package static let name = "DeformConv"
    package var window: Window
    package var groups: Int
    package var offsetGroups: Int

    package init(_ window: Window, groups: Int = 1, offsetGroups: Int = 1) {
        self.window = window
        self.groups = groups
        self.offsetGroups = offsetGroups
    }

    package var attributes: String { ConvOp(window, groups: groups).attributes + " offset_groups=\(offsetGroups)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let offset = try operand(inputs, 2)
        guard offsetGroups > 0, try operand(inputs, 0).type.rank ?? 4 == 4, offset.type.rank ?? 4 == 4 else {
            throw impossible(inputs, "wants x and offsets of rank 4")
        }
        let others = [offset, optional(inputs, 4)].compactMap { $0 }
        _ = try requireSameDType(inputs, [operand(inputs, 0)] + others)
        return try ConvOp(window, groups: groups).inferTypes([inputs[0], inputs[1], optional(inputs, 3) ?? nil])
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        ConvOp(window, groups: groups).flops(inputs, outputs: outputs)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        if x.dtype == .float64 { return try runNarrowed(inputs, context) }
        let (w, offset) = (try operand(inputs, 1, context), try operand(inputs, 2, context))
        let bias = try optional(inputs, 3).map { _ in try operand(inputs, 3, context) }
        let mask = try optional(inputs, 4).map { _ in try operand(inputs, 4, context) }
        guard x.rank == 4, w.rank == 4, groups > 0, offsetGroups > 0, w.shape[0].isMultiple(of: groups),
            w.shape[1].multipliedReportingOverflow(by: groups) == (x.shape[1], false),
            x.shape[1].isMultiple(of: offsetGroups),
            [x, w, offset, bias, mask].allSatisfy({ $0.map { $0.dtype == .float32 } ?? true }),
            bias.map({ $0.shape == [w.shape[0]] }) ?? true,
            let axes = window.axes(input: Array(x.shape[2...]), kernel: Array(w.shape[2...]))
        else { throw context.invalid(self, inputs, "the kernel, bias, groups or pads do not fit the input") }
        let kernelSize = w.shape[2] * w.shape[3]
        let (places, overflow) = kernelSize.multipliedReportingOverflow(by: 2 * offsetGroups)
        guard !overflow, offset.shape == [x.shape[0], places, axes[0].output, axes[1].output],
            mask.map({ $0.shape == [x.shape[0], places / 2, axes[0].output, axes[1].output] }) ?? true
        else { throw context.invalid(self, inputs, "the offsets or the mask do not fit the result") }
        let result = try context.output(0, .float32, [x.shape[0], w.shape[0], axes[0].output, axes[1].output])
        guard result.count > 0 else { return [result] }
        let count = axes[0].output * axes[1].output
        let rows = w.shape[1] * kernelSize
        let perGroup = w.shape[0] / groups
        let bytes = try Tensor.byteCount(.float32, shape: [x.shape[1], kernelSize, count])
        let columns = try context.scratch(byteCount: bytes).assumingMemoryBound(to: Float.self)
        for image in 0..<x.shape[0] {
            fill(columns, x, image, offset, mask, axes, context)
            for group in 0..<groups {
                _ = BLAS.gemm(
                    m: perGroup, n: count, k: rows,
                    .init(w.floats + group * perGroup * rows, stride: max(rows, 1)),
                    .init(columns + group * rows * count, stride: count),
                    into: result.mutableFloats + (image * w.shape[0] + group * perGroup) * count, stride: count)
            }
        }
        if let bias {
            try BinaryOp(.add).apply(result, bias.reshaped([bias.count, 1, 1]), into: result)
        }
        return [result]
    }

    /// Columns [channels, kernel places, result places] of one image.
    private func fill(
        _ columns: UnsafeMutablePointer<Float>, _ x: Tensor, _ image: Int, _ offset: Tensor, _ mask: Tensor?,
        _ axes: [Window.Axis], _ context: RunContext
    ) {
        let (height, width) = (axes[0].input, axes[1].input)
        let kernelSize = axes[0].kernel * axes[1].kernel
        let count = axes[0].output * axes[1].output
        let perOffset = x.shape[1] / offsetGroups
        context.parallelRows(offsetGroups * kernelSize, work: perOffset * count * 10) { range in
            for line in range {
                let (set, place) = (line / kernelSize, line % kernelSize)
                let moves = offset.floats + (image * offsetGroups * kernelSize + line) * 2 * count
                let factors = mask.map { $0.floats + (image * offsetGroups * kernelSize + line) * count }
                for position in 0..<count {
                    let y =
                        Float(
                            position / axes[1].output * axes[0].stride - axes[0].before
                                + place / axes[1].kernel * axes[0].dilation) + moves[position]
                    let z =
                        Float(
                            position % axes[1].output * axes[1].stride - axes[1].before
                                + place % axes[1].kernel * axes[1].dilation) + moves[count + position]
                    let corners = Corners(y, z, height, width)
                    let factor = factors?[position] ?? 1
                    for channel in set * perOffset..<(set + 1) * perOffset {
                        let plane = x.floats + (image * x.shape[1] + channel) * height * width
                        columns[(channel * kernelSize + place) * count + position] = factor * corners.value(plane)
                    }
                }
            }
        }
    }

    /// The four elements around a place, those outside the plane with weight 0.
    private struct Corners {
        var places = (0, 0, 0, 0)
        var weights: (Float, Float, Float, Float) = (0, 0, 0, 0)

        init(_ y: Float, _ x: Float, _ height: Int, _ width: Int) {
            guard y > -1, x > -1, y < Float(height), x < Float(width) else { return }
            let (top, left) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
            let (down, right) = (y - Float(top), x - Float(left))
            func corner(_ row: Int, _ column: Int, _ weight: Float) -> (Int, Float) {
                row >= 0 && row < height && column >= 0 && column < width ? (row * width + column, weight) : (0, 0)
            }
            (places.0, weights.0) = corner(top, left, (1 - down) * (1 - right))
            (places.1, weights.1) = corner(top, left + 1, (1 - down) * right)
            (places.2, weights.2) = corner(top + 1, left, down * (1 - right))
            (places.3, weights.3) = corner(top + 1, left + 1, down * right)
        }

        func value(_ plane: UnsafePointer<Float>) -> Float {
            weights.0 * plane[places.0] + weights.1 * plane[places.1] + weights.2 * plane[places.2]
                + weights.3 * plane[places.3]
        }
    }
}
