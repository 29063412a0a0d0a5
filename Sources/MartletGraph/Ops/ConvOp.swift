import MartletKernels
import MartletTensor

/// scale · activation(convolution of x by w + bias + residual) + shift, over N spatial axes.
///
/// Inputs: x [batch, channels, …], w [out, channels / groups, …kernel], bias [out]?, residual (broadcast to the result)?
package struct ConvOp: GraphOp {
    package static let name = "Conv"
    package var window: Window
    package var groups: Int
    /// One of `activations`, or nil.
    package var activation: UnaryOp?
    package var scale: Float = 1
    package var shift: Float = 0

    package init(_ window: Window = Window(), groups: Int = 1, activation: UnaryOp? = nil) {
        self.window = window
        self.groups = groups
        self.activation = activation
    }

    /// What a kernel applies before a result leaves the first cache.
    package static let activations: [UnaryOp.Kind: Kernels.Activation] = {
        let named = Dictionary(uniqueKeysWithValues: Kernels.Activation.allCases.map { ("\($0)", $0) })
        return Dictionary(
            uniqueKeysWithValues: UnaryOp.Kind.allCases.compactMap { kind in named[kind.rawValue].map { (kind, $0) } })
    }()

    package var attributes: String {
        var words: [String] = []
        if !window.strides.isEmpty { words.append("strides=\(window.strides)") }
        if !window.dilations.isEmpty { words.append("dilations=\(window.dilations)") }
        if case .explicit(let pads) = window.padding, !pads.isEmpty { words.append("pads=\(pads)") }
        if groups != 1 { words.append("groups=\(groups)") }
        if let activation { words.append("act=\(activation.attributes)") }
        if scale != 1 || shift != 0 { words.append("scale=\(scale) shift=\(shift)") }
        return words.joined(separator: " ")
    }

    /// Weights and bias are read by `prepare`.
    package var unalignedInputs: Range<Int> { 1..<3 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let w = try operand(inputs, 1)
        let others = [optional(inputs, 2), optional(inputs, 3)].compactMap { $0 ?? nil }
        let dtype = try requireSameDType(inputs, [x, w] + others)
        try requireFloat(inputs, x)
        guard groups > 0 else { throw impossible(inputs, "\(groups) groups") }
        guard activation.map({ Self.activations[$0.kind] != nil }) ?? true else {
            throw impossible(inputs, "an activation that no kernel has")
        }
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
        var spatial = [Dim](repeating: .unknown, count: shape.count - 2)
        if sizes.count == kernel.count - 2 {
            guard let known = window.outputDims(input: Array(shape.dropFirst(2)), kernel: sizes) else {
                throw impossible(inputs, "the kernel, strides, dilations and pads do not fit the input")
            }
            spatial = known
        }
        let result = [shape[0], kernel[0]] + spatial
        guard let residual = optional(inputs, 3) else { return [ValueType(dtype, result)] }
        guard let other = residual.type.shape else { return [ValueType(dtype, nil)] }
        guard let joined = broadcastDims(result, other) else {
            throw impossible(inputs, "the residual does not go with the result")
        }
        return [ValueType(dtype, joined)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let w = inputs.dropFirst().first ?? nil else { return 0 }
        return 2 * (outputs.first?.reduce(1, *) ?? 0) * w.dropFirst().reduce(1, *)
    }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        guard let w = optional(constants, 1), w.rank >= 2 else { return nil }
        return try ConvWeights(w, bias: optional(constants, 2))
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let given = try operand(inputs, 0, context)
        let prepared = context.prepared as? ConvWeights
        let narrow = given.dtype == .float16 || given.dtype == .bfloat16
        func widened(_ tensor: Tensor) throws -> Tensor {
            guard tensor.dtype == given.dtype else { throw context.invalid(self, inputs, "the inputs differ in type") }
            return narrow ? try tensor.converted(to: .float32) : tensor
        }
        let x = try widened(given)
        guard x.dtype == .float32 || x.dtype == .float64 else {
            throw context.invalid(self, inputs, "cannot convolve \(x.dtype.name)")
        }
        // Only constants were prepared, and only those of the types that are widened.
        // Constants may lie unaligned in their file; what was prepared spares a copy of them in every run.
        guard let raw = optional(inputs, 1) ?? nil, raw.dtype == given.dtype else {
            throw context.invalid(self, inputs, "the weights are missing, or of another type than the input")
        }
        let w = try prepared?.weights ?? widened(operand(inputs, 1, context))
        let bias = try optional(inputs, 2).map { _ in
            try prepared?.bias ?? widened(operand(inputs, 2, context))
        }
        let residual = try optional(inputs, 3).map { _ in try widened(operand(inputs, 3, context)) }
        guard x.rank >= 2, w.rank == x.rank, groups > 0, w.shape[0].isMultiple(of: groups), w.dtype == x.dtype,
            w.shape[1].multipliedReportingOverflow(by: groups) == (x.shape[1], false),
            bias.map({ $0.dtype == x.dtype && $0.shape == [w.shape[0]] }) ?? true,
            let axes = window.axes(input: Array(x.shape.dropFirst(2)), kernel: Array(w.shape.dropFirst(2)))
        else { throw context.invalid(self, inputs, "the kernel, bias, groups or pads do not fit the input") }
        let shape = [x.shape[0], w.shape[0]] + axes.map(\.output)
        let kernel = activation.flatMap { Self.activations[$0.kind] }
        var result: Tensor
        if x.dtype == .float32, axes.count <= 3, residual.map({ $0.shape == shape }) ?? true,
            activation == nil || kernel != nil
        {
            result = try context.output(0, .float32, shape)
            var run = ConvRun(x: x, weights: w, result: result, axes: axes, groups: groups)
            run.bias = bias?.floats
            run.residual = residual?.floats
            run.activation = kernel ?? .none
            (run.a, run.b) = (activation?.a ?? 0, activation?.b ?? 0)
            (run.scale, run.shift) = (scale, shift)
            try run.run(prepared, context)
        } else {
            let ends = scale != 1 || shift != 0
            let plain = activation == nil && residual == nil && !ends
            result = plain ? try context.output(0, x.dtype, shape) : try Tensor(x.dtype, shape: shape)
            try convolve(x, w, bias, axes, result, context)
            if let residual { result = try BinaryOp(.add).run([result, residual], context)[0] }
            if let activation { result = try activation.run([result], context)[0] }
            if ends { result = try UnaryOp(.affine, a: scale, b: shift).run([result], context)[0] }
        }
        return [narrow ? try result.converted(to: given.dtype) : result]
    }

    /// The convolution alone, of any rank, in float32 or float64.
    private func convolve(
        _ x: Tensor, _ w: Tensor, _ bias: Tensor?, _ axes: [Window.Axis], _ result: Tensor, _ context: RunContext
    ) throws {
        guard result.count > 0 else { return }
        if x.dtype == .float32 {
            try convolve(x, w, axes, result, context, Float.self) { m, n, k, a, b, c, stride in
                _ = BLAS.gemm(m: m, n: n, k: k, a, b, into: c, stride: stride)
            }
        } else {
            try convolve(x, w, axes, result, context, Double.self) { m, n, k, a, b, c, stride in
                _ = BLAS.gemm(m: m, n: n, k: k, a, b, into: c, stride: stride)
            }
        }
        guard let bias else { return }
        let shaped = bias.reshaped([bias.count] + [Int](repeating: 1, count: axes.count))
        try BinaryOp(.add).apply(result, shaped, into: result)
    }

    private func convolve<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ w: Tensor, _ axes: [Window.Axis], _ result: Tensor, _ context: RunContext, _ type: T.Type,
        _ gemm: (Int, Int, Int, BLAS.Matrix<T>, BLAS.Matrix<T>, UnsafeMutablePointer<T>, Int) -> Void
    ) throws {
        let columns = try WindowColumns<T>(axes, channels: w.shape[1], padding: 0)
        let perGroup = w.shape[0] / groups
        let spatial = axes.reduce(1) { $0 * $1.output }
        let inputSize = axes.reduce(1) { $0 * $1.input }
        let (from, weights) = (x.pointer.assumingMemoryBound(to: T.self), w.pointer.assumingMemoryBound(to: T.self))
        let to = result.pointer.assumingMemoryBound(to: T.self)
        for image in 0..<x.shape[0] {
            for group in 0..<groups {
                let source = UnsafePointer(from + (image * x.shape[1] + group * w.shape[1]) * inputSize)
                let rows = UnsafePointer(weights + group * perGroup * columns.height)
                let target = to + (image * w.shape[0] + group * perGroup) * spatial
                try columns.forEachBlock(of: source, context) { block, start, width in
                    gemm(
                        perGroup, width, columns.height, .init(rows, stride: max(columns.height, 1)),
                        .init(block, stride: width), target + start, spatial)
                }
            }
        }
    }
}
