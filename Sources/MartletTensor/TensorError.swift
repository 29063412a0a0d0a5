/// What is wrong with a tensor's shape or size.
package enum TensorError: Error, Hashable, Sendable {
    case negativeDimension(shape: [Int])
    /// More elements or bytes than `Tensor.maximumByteCount`.
    case tooLarge(shape: [Int], dtype: DType)
    case tooManyDimensions(rank: Int)
    /// `used` bytes are taken already.
    case memoryLimit(bytes: Int, used: Int, limit: Int)
    case sizeMismatch(shape: [Int], dtype: DType, bytes: Int)
}
