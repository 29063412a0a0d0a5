import MartletTensor

/// Columns of blocks added up to images. Inputs: x [batch, channels · block, columns], image shape, block shape (integers).
/// Result: [batch, channels, …image shape].
package struct Col2ImOp: GraphOp {
    package static let name = "Col2Im"
    package var window: Window

    package init(_ window: Window) { self.window = window }

    package var attributes: String {
        "strides=\(window.strides) dilations=\(window.dilations) padding=\(window.padding)"
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        let (image, block) = (try operand(inputs, 1), try operand(inputs, 2))
        guard x.type.rank ?? 3 == 3 else { throw impossible(inputs, "wants x of rank 3") }
        guard let lengths = image.integers ?? image.knownDims, let kernel = block.knownIntegers else {
            return [ValueType(x.type.dtype, nil)]
        }
        guard kernel.count == lengths.count, kernel.allSatisfy({ $0 > 0 && $0 < 1 << 31 }) else {
            throw impossible(inputs, "an image of \(lengths.count) axes, a block of \(kernel.count)")
        }
        let channels = (x.type.shape?[1] ?? .unknown) / Dim.product(kernel.map(Dim.fixed))
        return [ValueType(x.type.dtype, [x.type.shape?[0] ?? .unknown, channels] + lengths)]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        guard x.rank == 3, x.dtype == .float32 || x.dtype == .float64,
            let image = try operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank),
            let block = try operand(inputs, 2, context).integerValues(limit: Tensor.maximumRank), !image.isEmpty,
            image.allSatisfy({ $0 > 0 }), let axes = window.axes(input: image, kernel: block),
            (try? Tensor.byteCount(.float64, shape: axes.map(\.output))) ?? -1 == x.shape[2] * 8,
            let blockBytes = try? Tensor.byteCount(.int8, shape: block), x.shape[1].isMultiple(of: blockBytes)
        else { throw context.invalid(self, inputs, "the image, block, strides or pads do not fit the columns") }
        let channels = x.shape[1] / blockBytes
        let result = try context.output(0, x.dtype, [x.shape[0], channels] + image)
        ScalarValue(dtype: x.dtype, bits: 0).fill(result)
        if x.dtype == .float32 {
            add(x, axes, result, context, Float.self)
        } else {
            add(x, axes, result, context, Double.self)
        }
        return [result]
    }

    private func add<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ axes: [Window.Axis], _ result: Tensor, _ context: RunContext, _ type: T.Type
    ) {
        let scatter = WindowScatter<T>(axes)
        let size = axes.reduce(1) { $0 * $1.input }
        let planes = scatter.kernelSize * scatter.columnCount
        let (from, to) = (x.pointer.assumingMemoryBound(to: T.self), result.pointer.assumingMemoryBound(to: T.self))
        context.parallelRows(result.count / size, work: planes) { range in
            for channel in range { scatter.add(from + channel * planes, to: to + channel * size) }
        }
    }
}
