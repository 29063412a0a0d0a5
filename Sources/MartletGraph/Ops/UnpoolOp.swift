import MartletTensor

/// Elements put back where max pooling took them from, zeros elsewhere.
/// Inputs: x [batch, channels, …], flat places (int64, in the unpooled tensor), output shape (integers)?
///
/// Places count in the shape that the window implies, unless an output shape of another size is given: then the unpooled
/// tensor is its first corner.
package struct UnpoolOp: GraphOp {
    package static let name = "Unpool"
    package var kernel: [Int]
    package var strides: [Int]
    package var pads: [Int]

    package init(kernel: [Int], strides: [Int], pads: [Int]) {
        self.kernel = kernel
        self.strides = strides
        self.pads = pads
    }

    package var attributes: String { "kernel=\(kernel) strides=\(strides) pads=\(pads)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        try requireInteger(inputs, operand(inputs, 1), "places")
        let limit = 1 << 31
        guard strides.isEmpty || strides.count == kernel.count, pads.isEmpty || pads.count == 2 * kernel.count,
            (kernel + strides + pads).allSatisfy({ $0 >= 0 && $0 < limit })
        else { throw impossible(inputs, "the kernel, strides and pads do not go together") }
        if let shape = x.type.shape, shape.count != kernel.count + 2 {
            throw impossible(inputs, "a kernel of \(kernel.count) axes for x of rank \(shape.count)")
        }
        if let output = optional(inputs, 2) {
            guard let dims = output.integers ?? output.knownDims else {
                return [ValueType(x.type.dtype, x.type.shape.map { $0.map { _ in .unknown } })]
            }
            return [ValueType(x.type.dtype, dims)]
        }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        let spatial = kernel.indices.map { axis -> Dim in
            guard let length = shape[axis + 2].fixedValue, let size = unpooled(length, axis) else { return .unknown }
            return .fixed(size)
        }
        return [ValueType(x.type.dtype, Array(shape[..<2]) + spatial)]
    }

    /// The length that pooling along `axis` made `length` of.
    private func unpooled(_ length: Int, _ axis: Int) -> Int? {
        let stride = strides.isEmpty ? 1 : strides[axis]
        let padding = pads.isEmpty ? 0 : pads[axis] + pads[axis + kernel.count]
        guard length > 0, length < 1 << 31 else { return nil }
        let size = (length - 1) * stride + kernel[axis] - padding
        return size > 0 ? size : nil
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.dtype.isFloat, x.rank == kernel.count + 2, let places = try operand(inputs, 1, context).integerValues(),
            places.count == x.count
        else { throw context.invalid(self, inputs, "the places do not fit the input") }
        let spatial = kernel.indices.compactMap { unpooled(x.shape[$0 + 2], $0) }
        guard spatial.count == kernel.count else { throw context.invalid(self, inputs, "the pads leave nothing") }
        let implied = Array(x.shape[..<2]) + spatial
        var shape = implied
        if optional(inputs, 2) != nil {
            guard let given = try operand(inputs, 2, context).integerValues(limit: x.rank), given.count == x.rank,
                zip(given, implied).allSatisfy({ $0 >= $1 })
            else { throw context.invalid(self, inputs, "the output shape does not hold what is unpooled") }
            shape = given
        }
        let count = try Tensor.byteCount(.int8, shape: implied)
        let result = try context.output(0, x.dtype, shape)
        ScalarValue(dtype: x.dtype, bits: 0).fill(result)
        let size = x.dtype.size
        let (strides, inner) = (rowMajorStrides(shape), rowMajorStrides(implied))
        for (index, place) in places.enumerated() {
            guard place >= 0, place < count else {
                throw context.invalid(self, inputs, "place \(place) is outside \(count) elements")
            }
            var target = 0
            for axis in shape.indices { target += place / inner[axis] % implied[axis] * strides[axis] }
            (result.pointer + target * size).copyMemory(from: x.pointer + index * size, byteCount: size)
        }
        return [result]
    }
}
