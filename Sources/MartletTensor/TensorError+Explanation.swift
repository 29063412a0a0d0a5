import MartletSupport

extension TensorError: Explainable {
    package var explanation: Explanation {
        if case .memoryLimit(let bytes, let used, let limit) = self {
            return Explanation(
                code: "E0618",
                message: "\(bytes) bytes more would pass the limit of \(limit) bytes for tensors; \(used) are in use",
                help: "`set memory_limit = …` allows more; smaller batches need less")
        }
        let message =
            switch self {
            case .negativeDimension(let shape): "a tensor cannot have the shape \(shape)"
            case .tooLarge(let shape, let dtype):
                "a \(dtype.name) tensor of shape \(shape) is larger than the limit of \(Tensor.maximumByteCount >> 30) GiB"
            case .tooManyDimensions(let rank):
                "a tensor of \(rank) dimensions is over the limit of \(Tensor.maximumRank)"
            case .memoryLimit(let bytes, _, _): "\(bytes) bytes are too many"
            case .sizeMismatch(let shape, let dtype, let bytes):
                "\(bytes) bytes do not hold a \(dtype.name) tensor of shape \(shape)"
            }
        return Explanation(code: "E0619", message: message)
    }
}
