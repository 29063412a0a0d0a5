/// What is wrong with a safetensors file.
package enum SafetensorsError: Error, Hashable, Sendable {
    /// Shorter than the eight bytes of the header's length.
    case tooShort(file: String, size: Int)
    /// A header of no bytes, or of more than the file or the limit holds.
    case headerLength(file: String, length: UInt64, available: Int)
    /// The header is JSON, but not of the right form.
    case header(file: String, tensor: String?, reason: String)
    case unknownDType(file: String, tensor: String, dtype: String)
    /// `data_offsets` that are reversed or pass the end of the data.
    case offsets(file: String, tensor: String, begin: Int, end: Int, available: Int)
    case size(file: String, tensor: String, shape: [Int], dtype: String, bytes: Int)
    case overlap(file: String, first: String, second: String)
    /// The index names a file or a tensor that is not there.
    case shard(index: String, tensor: String, file: String)
    case index(file: String, reason: String)
}
