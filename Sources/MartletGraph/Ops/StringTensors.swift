import MartletTensor

/// What ops on strings share.
extension GraphOp {
    /// A tensor that owns the strings, as many as `shape` has elements. Throws `TensorError` if the run may not take so much.
    func stringTensor(_ texts: [[UInt8]], shape: [Int]) throws -> Tensor {
        let handles = try Tensor.byteCount(.string, shape: shape)
        try TensorStorage.check(byteCount: handles + texts.reduce(0) { $0 + $1.count + 16 })
        return Tensor(utf8: texts, shape: shape)
    }
}
