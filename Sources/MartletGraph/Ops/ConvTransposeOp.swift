import MartletKernels
import MartletTensor

/// Transposed convolution. Inputs: x [batch, channels, …], w [channels, out / groups, …kernel], bias [out]?
package struct ConvTransposeOp: GraphOp {
    package static let name = "ConvTranspose"
    package var window: Window
    package var groups: Int
    /// Elements added at the end of each axis; empty for none.
    package var outputPadding: [Int]
    /// Spatial lengths of the result, from which the padding follows; nil if the padding is given.
    package var outputShape: [Int]?

    package init(
        _ window: Window = Window(), groups: Int = 1, outputPadding: [Int] = [], outputShape: [Int]? = nil
    ) {
        self.window = window
        self.groups = groups
        self.outputPadding = outputPadding
        self.outputShape = outputShape
    }

    package var attributes: String {
        var words: [String] = []
        if !window.strides.isEmpty { words.append("strides=\(window.strides)") }
        if !window.dilations.isEmpty { words.append("dilations=\(window.dilations)") }
        if case .explicit(let pads) = window.padding, !pads.isEmpty { words.append("pads=\(pads)") }
        if !outputPadding.isEmpty { words.append("output_padding=\(outputPadding)") }
        if let outputShape { words.append("output_shape=\(outputShape)") }
        if groups != 1 { words.append("groups=\(groups)") }
        return words.joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let w = try operand(inputs, 1)
        let dtype = try requireSameDType(inputs, [x, w] + [optional(inputs, 2)].compactMap { $0 })
        try requireFloat(inputs, x)
        guard groups > 0 else { throw impossible(inputs, "\(groups) groups") }
        guard let shape = x.type.shape, let kernel = w.type.shape else { return [ValueType(dtype, nil)] }
        guard shape.count >= 2, kernel.count == shape.count else {
            throw impossible(inputs, "wants x and w of one rank, at least 2")
        }
        if let channels = shape[1].fixedValue, let rows = kernel[0].fixedValue {
            guard channels == rows, channels.isMultiple(of: groups) else {
                throw impossible(inputs, "\(channels) channels meet \(rows) in \(groups) groups")
            }
        }
        let sizes = kernel.dropFirst(2).compactMap(\.fixedValue)
        let spatial = try shape.dropFirst(2).enumerated().map { index, dim -> Dim in
            guard sizes.count == kernel.count - 2 else { return .unknown }
            // Unknown lengths get one that is large enough, so that the attributes are checked all the same.
            guard let axis = axis(index, input: dim.fixedValue ?? 1 << 20, kernel: sizes[index], of: sizes.count) else {
                throw impossible(inputs, "the kernel, strides, dilations and pads do not fit the input")
            }
            if dim.fixedValue != nil || outputShape != nil { return .fixed(axis.input) }
            let isMultiple = axis.input == axis.output * axis.stride
            return isMultiple ? dim * .fixed(axis.stride) : .unknown
        }
        return [ValueType(dtype, [shape[0], kernel[1] * .fixed(groups)] + spatial)]
    }

    /// One spatial axis of the convolution that this one transposes: its input is the result, its output is x.
    private func axis(_ index: Int, input: Int, kernel: Int, of rank: Int) -> Window.Axis? {
        let limit = 1 << 31
        guard window.strides.isEmpty || window.strides.count == rank,
            window.dilations.isEmpty || window.dilations.count == rank,
            outputPadding.isEmpty || outputPadding.count == rank, outputShape.map({ $0.count == rank }) ?? true
        else { return nil }
        let stride = window.strides.isEmpty ? 1 : window.strides[index]
        let dilation = window.dilations.isEmpty ? 1 : window.dilations[index]
        let extra = outputPadding.isEmpty ? 0 : outputPadding[index]
        let numbers = [stride, dilation, kernel, extra, input]
        guard numbers.allSatisfy({ $0 >= 0 && $0 < limit }), stride > 0, dilation > 0, kernel > 0, input > 0 else {
            return nil
        }
        let full = stride * (input - 1) + extra + (kernel - 1) * dilation + 1
        var (before, after) = (0, 0)
        func split(_ total: Int) {
            (before, after) =
                window.padding == .sameUpper ? (total / 2, total - total / 2) : (total - total / 2, total / 2)
        }
        if let outputShape {
            guard outputShape[index] > 0, outputShape[index] < limit else { return nil }
            split(max(0, full - outputShape[index]))
            after = full - before - outputShape[index]
        } else {
            switch window.padding {
            case .explicit(let pads):
                guard pads.isEmpty || pads.count == 2 * rank, pads.allSatisfy({ $0.magnitude < limit }) else {
                    return nil
                }
                if !pads.isEmpty { (before, after) = (pads[index], pads[index + rank]) }
            case .sameUpper, .sameLower:
                split(max(0, full - stride * input))
                after = full - before - stride * input
            case .valid: break
            }
        }
        let length = full - before - after
        guard length > 0, length < limit else { return nil }
        return Window.Axis(
            input: length, kernel: kernel, stride: stride, dilation: dilation, before: before, after: after,
            output: input)
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let x = inputs.first ?? nil, let w = inputs.dropFirst().first ?? nil else { return 0 }
        return 2 * x.reduce(1, *) * w.dropFirst().reduce(1, *)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let w = try operand(inputs, 1, context)
        let bias = try optional(inputs, 2).map { _ in try operand(inputs, 2, context) }
        guard x.rank >= 2, w.rank == x.rank, groups > 0, w.shape[0] == x.shape[1], x.shape[1].isMultiple(of: groups),
            x.dtype == w.dtype, x.dtype == .float32 || x.dtype == .float64,
            bias.map({
                $0.dtype == x.dtype && $0.rank == 1 && $0.count / groups == w.shape[1] && $0.count % groups == 0
            })
                ?? true
        else { throw context.invalid(self, inputs, "the weights, bias or groups do not fit the input") }
        let rank = x.rank - 2
        let axes = (0..<rank).compactMap { axis($0, input: x.shape[$0 + 2], kernel: w.shape[$0 + 2], of: rank) }
        guard axes.count == rank else {
            throw context.invalid(self, inputs, "the kernel, strides, dilations or pads do not fit the input")
        }
        let (channels, overflow) = w.shape[1].multipliedReportingOverflow(by: groups)
        guard !overflow else { throw context.invalid(self, inputs, "too many channels") }
        let result = try context.output(0, x.dtype, [x.shape[0], channels] + axes.map(\.input))
        guard result.count > 0 else { return [result] }
        if x.dtype == .float32 {
            try run(x, w, bias, axes, result, context, Float.self) { m, n, k, a, b, c in
                _ = BLAS.gemm(m: m, n: n, k: k, a, b, into: c, stride: n)
            }
        } else {
            try run(x, w, bias, axes, result, context, Double.self) { m, n, k, a, b, c in
                _ = BLAS.gemm(m: m, n: n, k: k, a, b, into: c, stride: n)
            }
        }
        return [result]
    }

    /// Columns wᵀ × x of each image and group, scattered over the result.
    private func run<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ w: Tensor, _ bias: Tensor?, _ axes: [Window.Axis], _ result: Tensor, _ context: RunContext,
        _ type: T.Type,
        _ gemm: @escaping (Int, Int, Int, BLAS.Matrix<T>, BLAS.Matrix<T>, UnsafeMutablePointer<T>) -> Void
    ) throws {
        let scatter = WindowScatter<T>(axes)
        let perGroup = w.shape[1]
        let depth = x.shape[1] / groups
        let size = axes.reduce(1) { $0 * $1.input }
        let rows = perGroup * scatter.kernelSize
        let bytes = try Tensor.byteCount(x.dtype, shape: [rows, scatter.columnCount])
        let columns = try context.scratch(byteCount: bytes).assumingMemoryBound(to: T.self)
        let from = x.pointer.assumingMemoryBound(to: T.self)
        let weights = UnsafePointer(w.pointer.assumingMemoryBound(to: T.self))
        let to = result.pointer.assumingMemoryBound(to: T.self)
        let offsets = bias.map { Array($0.elements(T.self)) } ?? [T](repeating: 0, count: perGroup * groups)
        for image in 0..<x.shape[0] {
            for group in 0..<groups {
                let source = UnsafePointer(from + (image * x.shape[1] + group * depth) * scatter.columnCount)
                gemm(
                    rows, scatter.columnCount, depth,
                    .init(weights + group * depth * rows, stride: rows, transposed: true),
                    .init(source, stride: scatter.columnCount), columns)
                context.parallelRows(perGroup, work: scatter.kernelSize * scatter.columnCount) { range in
                    for channel in range {
                        let target = to + (image * perGroup * groups + group * perGroup + channel) * size
                        target.update(repeating: offsets[group * perGroup + channel], count: size)
                        scatter.add(columns + channel * scatter.kernelSize * scatter.columnCount, to: target)
                    }
                }
            }
        }
    }
}
