import MartletGraph
import MartletTensor

/// A matrix as its file has it: bytes [rows, bytes of a row] and their meaning.
struct StoredMatrix {
    let weights: BlockWeights
    let bytes: Tensor
}

/// Where a decoder's weights come from. Names are those of GGUF files, without `.weight`.
protocol DecoderWeights {
    func has(_ name: String) -> Bool
    /// The matrix `<name>.weight` [rows, columns]. Throws if it is missing, or of another shape.
    mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> StoredMatrix
    /// A vector as float32, under its full name: `….weight` or `….bias`.
    mutating func vector(_ name: String, _ count: Int) throws -> Tensor
}
