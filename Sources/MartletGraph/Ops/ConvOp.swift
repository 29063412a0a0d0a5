import MartletKernels
import MartletTensor

/// Convolution over N spatial axes. Inputs: x [batch, channels, …], w [out, channels / groups, …kernel], bias [out]?
package struct ConvOp: GraphOp {
    package static let name = "Conv"
    package var window: Window
    package var groups: Int

    package init(_ window: Window = Window(), groups: Int = 1) {
        self.window = window
        self.groups = groups
    }

    package var attributes: String {
        var words: [String] = []
        if !window.strides.isEmpty { words.append("strides=\(window.strides)") }
        if !window.dilations.isEmpty { words.append("dilations=\(window.dilations)") }
        if case .explicit(let pads) = window.padding, !pads.isEmpty { words.append("pads=\(pads)") }
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
        if let out = kernel[0].fixedValue, !out.isMultiple(of: groups) {
            throw impossible(inputs, "\(out) output channels in \(groups) groups")
        }
        if let channels = shape[1].fixedValue, let each = kernel[1].fixedValue,
            each.multipliedReportingOverflow(by: groups) != (channels, false)
        {
            throw impossible(inputs, "\(channels) channels, not \(each) in each of \(groups) groups")
        }
        let sizes = kernel.dropFirst(2).compactMap(\.fixedValue)
        guard sizes.count == kernel.count - 2 else {
            return [ValueType(dtype, [shape[0], kernel[0]] + [Dim](repeating: .unknown, count: shape.count - 2))]
        }
        guard let spatial = window.outputDims(input: Array(shape.dropFirst(2)), kernel: sizes) else {
            throw impossible(inputs, "the kernel, strides, dilations and pads do not fit the input")
        }
        return [ValueType(dtype, [shape[0], kernel[0]] + spatial)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let w = inputs.dropFirst().first ?? nil else { return 0 }
        return 2 * (outputs.first?.reduce(1, *) ?? 0) * w.dropFirst().reduce(1, *)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        if x.dtype == .float64 { return try runNarrowed(inputs, context) }
        let w = try operand(inputs, 1, context)
        let bias = try optional(inputs, 2).map { _ in try operand(inputs, 2, context) }
        guard x.dtype == .float32, w.dtype == .float32, x.rank >= 2, w.rank == x.rank, groups > 0,
            w.shape[0].isMultiple(of: groups),
            w.shape[1].multipliedReportingOverflow(by: groups) == (x.shape[1], false),
            bias.map({ $0.dtype == .float32 && $0.shape == [w.shape[0]] }) ?? true,
            let axes = window.axes(input: Array(x.shape.dropFirst(2)), kernel: Array(w.shape.dropFirst(2)))
        else { throw context.invalid(self, inputs, "the kernel, bias, groups or pads do not fit the input") }
        let result = try context.output(0, .float32, [x.shape[0], w.shape[0]] + axes.map(\.output))
        guard result.count > 0 else { return [result] }
        let columns = try WindowColumns(axes, channels: w.shape[1])
        let perGroup = w.shape[0] / groups
        let spatial = axes.reduce(1) { $0 * $1.output }
        let inputSize = axes.reduce(1) { $0 * $1.input }
        for image in 0..<x.shape[0] {
            for group in 0..<groups {
                let source = x.floats + (image * x.shape[1] + group * w.shape[1]) * inputSize
                let weights = w.floats + group * perGroup * columns.height
                let target = result.mutableFloats + (image * w.shape[0] + group * perGroup) * spatial
                try columns.forEachBlock(of: source, context) { block, start, width in
                    _ = BLAS.gemm(
                        m: perGroup, n: width, k: columns.height, .init(weights, stride: max(columns.height, 1)),
                        .init(block, stride: width), into: target + start, stride: spatial)
                }
            }
        }
        if let bias {
            let shaped = bias.reshaped([bias.count] + [Int](repeating: 1, count: axes.count))
            try BinaryOp(.add).apply(result, shaped, into: result)
        }
        return [result]
    }
}
