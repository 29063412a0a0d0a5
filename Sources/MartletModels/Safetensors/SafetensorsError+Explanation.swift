import MartletSupport

extension SafetensorsError: Explainable {
    package var explanation: Explanation {
        let damaged = "the file may be truncated or damaged; fetch it again"
        switch self {
        case .tooShort(let file, let size):
            return Explanation(
                code: "E0640", message: "`\(file)` is too short for a safetensors file: \(size) bytes",
                place: InputPlace(file: file, offset: 0), help: damaged)
        case .headerLength(let file, let length, let available):
            return Explanation(
                code: "E0641",
                message: "the header of `\(file)` should have \(length) bytes, the file has room for \(available)",
                place: InputPlace(file: file, offset: 0), help: damaged)
        case .header(let file, let tensor, let reason):
            let whose = tensor.map { " of tensor `\($0)`" } ?? ""
            return Explanation(
                code: "E0642", message: "the header entry\(whose) in `\(file)` is wrong: \(reason)",
                place: InputPlace(file: file, offset: 8))
        case .unknownDType(let file, let tensor, let dtype):
            return Explanation(
                code: "E0643", message: "tensor `\(tensor)` in `\(file)` has the unsupported type `\(dtype)`",
                place: InputPlace(file: file), help: "convert the weights to F32, F16 or BF16")
        case .offsets(let file, let tensor, let begin, let end, let available):
            return Explanation(
                code: "E0644",
                message: "tensor `\(tensor)` in `\(file)` lies at bytes \(begin)…\(end) of \(available) bytes of data",
                place: InputPlace(file: file), help: damaged)
        case .size(let file, let tensor, let shape, let dtype, let bytes):
            return Explanation(
                code: "E0645",
                message:
                    "tensor `\(tensor)` in `\(file)` has \(bytes) bytes, which are not a \(dtype) of shape \(shape)",
                place: InputPlace(file: file), help: damaged)
        case .overlap(let file, let first, let second):
            return Explanation(
                code: "E0646", message: "tensors `\(first)` and `\(second)` in `\(file)` overlap",
                place: InputPlace(file: file), help: damaged)
        case .shard(let index, let tensor, let file):
            return Explanation(
                code: "E0647", message: "`\(index)` says that `\(tensor)` is in `\(file)`, but it is not",
                place: InputPlace(file: index), help: "fetch all parts of the model")
        case .index(let file, let reason):
            return Explanation(
                code: "E0648", message: "the index `\(file)` is wrong: \(reason)", place: InputPlace(file: file))
        }
    }
}
