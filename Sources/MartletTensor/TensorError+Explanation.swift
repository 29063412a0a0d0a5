import MartletSupport

extension TensorError: Explainable {
    package var explanation: Explanation {
        let message =
            switch self {
            case .negativeDimension(let shape): "a tensor cannot have the shape \(shape)"
            case .tooLarge(let shape, let dtype):
                "a \(dtype.name) tensor of shape \(shape) is larger than the limit of \(Tensor.maximumByteCount >> 30) GiB"
            case .tooManyDimensions(let rank):
                "a tensor of \(rank) dimensions is over the limit of \(Tensor.maximumRank)"
            case .sizeMismatch(let shape, let dtype, let bytes):
                "\(bytes) bytes do not hold a \(dtype.name) tensor of shape \(shape)"
            }
        return Explanation(code: "E0619", message: message)
    }
}
