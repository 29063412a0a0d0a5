/// A dense, row-major array of elements of one type. Tensors share storage; nobody writes to a tensor that was handed out.
package struct Tensor: @unchecked Sendable {
    package let dtype: DType
    package let shape: [Int]
    package let storage: TensorStorage
    /// Bytes from the storage's base to the first element; a multiple of the element size is not required of mapped views.
    package let byteOffset: Int

    package static let maximumRank = 32
    package static let maximumByteCount = 1 << 36

    /// Uninitialised owned memory; empty strings. Throws `TensorError` for impossible shapes.
    package init(_ dtype: DType, shape: [Int]) throws {
        let bytes = try Tensor.byteCount(dtype, shape: shape)
        self.init(dtype, shape: shape, storage: try TensorStorage(limited: bytes), byteOffset: 0)
        clearHandles()
    }

    /// Makes new memory for handles valid: every string is empty.
    package func clearHandles() {
        guard !dtype.isNumeric else { return }
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    /// A view. The storage must hold `shape` at `byteOffset`; checked.
    package init(_ dtype: DType, shape: [Int], storage: TensorStorage, byteOffset: Int = 0) {
        let bytes = shape.reduce(dtype.size, *)
        precondition(
            byteOffset >= 0 && byteOffset + bytes <= storage.byteCount || bytes == 0, "bug: tensor outside its storage")
        self.dtype = dtype
        self.shape = shape
        self.storage = storage
        self.byteOffset = byteOffset
    }

    /// Bytes needed for `shape`. Throws `TensorError` on negative dimensions, overflow, or sizes over the limits.
    package static func byteCount(_ dtype: DType, shape: [Int]) throws -> Int {
        guard shape.count <= maximumRank else { throw TensorError.tooManyDimensions(rank: shape.count) }
        // Dimensions of 0 do not excuse the others: the product of any of them fits an Int.
        var bytes = dtype.size
        for dim in shape where dim != 0 {
            guard dim >= 0 else { throw TensorError.negativeDimension(shape: shape) }
            let (product, overflow) = bytes.multipliedReportingOverflow(by: dim)
            guard !overflow, product <= maximumByteCount else { throw TensorError.tooLarge(shape: shape, dtype: dtype) }
            bytes = product
        }
        return shape.contains(0) ? 0 : bytes
    }

    package var rank: Int { shape.count }
    package var count: Int { shape.reduce(1, *) }
    package var byteCount: Int { count * dtype.size }

    package var pointer: UnsafeMutableRawPointer { storage.base + byteOffset }

    /// Whether elements can be read through typed pointers.
    package var isAligned: Bool { Int(bitPattern: pointer) % dtype.size == 0 }

    /// Read-only elements. The tensor must be alive while the buffer is used, and aligned.
    package func elements<T: TensorElement>(_ type: T.Type = T.self) -> UnsafeBufferPointer<T> {
        precondition(T.dtype == dtype, "bug: a \(dtype.name) tensor read as \(T.dtype.name)")
        return UnsafeBufferPointer(start: UnsafePointer(pointer.assumingMemoryBound(to: T.self)), count: count)
    }

    /// Writable elements: only for whoever just made the tensor.
    package func mutableElements<T: TensorElement>(_ type: T.Type = T.self) -> UnsafeMutableBufferPointer<T> {
        precondition(T.dtype == dtype, "bug: a \(dtype.name) tensor written as \(T.dtype.name)")
        return UnsafeMutableBufferPointer(start: pointer.assumingMemoryBound(to: T.self), count: count)
    }

    /// The same elements under another shape of the same count.
    package func reshaped(_ shape: [Int]) -> Tensor {
        precondition(shape.reduce(1, *) == count, "bug: reshape \(self.shape) to \(shape)")
        return Tensor(dtype, shape: shape, storage: storage, byteOffset: byteOffset)
    }

    /// Rows `range` of the first dimension, sharing storage.
    package func rows(_ range: Range<Int>) -> Tensor {
        precondition(rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[0], "bug: rows outside a tensor")
        let stride = shape.dropFirst().reduce(dtype.size, *)
        return Tensor(
            dtype, shape: [range.count] + shape.dropFirst(), storage: storage,
            byteOffset: byteOffset + range.lowerBound * stride)
    }

    /// This tensor if it is aligned, else an aligned copy.
    package func aligned() -> Tensor {
        guard !isAligned else { return self }
        let copy = Tensor(dtype, shape: shape, storage: TensorStorage(byteCount: byteCount), byteOffset: 0)
        copy.pointer.copyMemory(from: pointer, byteCount: byteCount)
        return copy
    }
}

extension Tensor {
    /// A tensor of given elements in row-major order; their number must be the shape's.
    package init<T: TensorElement>(_ values: [T], shape: [Int]) {
        precondition(values.count == shape.reduce(1, *), "bug: \(values.count) values for shape \(shape)")
        let storage = TensorStorage(byteCount: values.count * T.dtype.size)
        self.init(T.dtype, shape: shape, storage: storage)
        values.withUnsafeBytes { if let base = $0.baseAddress { pointer.copyMemory(from: base, byteCount: $0.count) } }
    }

    package init<T: TensorElement>(scalar value: T) { self.init([value], shape: []) }
    package init<T: TensorElement>(vector values: [T]) { self.init(values, shape: [values.count]) }
}
