import MartletSupport

extension GGUFError: Explainable {
    package var explanation: Explanation {
        let damaged = "the file may be truncated or damaged; fetch it again"
        switch self {
        case .version(let file, let version):
            let isSwapped = version.byteSwapped < 1 << 16
            return Explanation(
                code: "E0690",
                message: "`\(file)` is a GGUF file of version \(isSwapped ? version.byteSwapped : version)"
                    + (isSwapped ? " with big-endian numbers" : "") + ", which is not supported",
                place: InputPlace(file: file, offset: 4), notes: ["read are versions 2 and 3, little-endian"])
        case .malformed(let file, let offset, let reason):
            return Explanation(
                code: "E0691", message: "`\(file)` is no sound GGUF file: \(reason)",
                place: InputPlace(file: file, offset: offset), help: damaged)
        case .metadata(let file, let key, let reason):
            return Explanation(
                code: "E0692", message: "the metadata `\(key)` of `\(file)` cannot be used: \(reason)",
                place: InputPlace(file: file))
        case .tensorType(let file, let tensor, let type):
            let known = GGUFTensorType.table.map(\.name).joined(separator: ", ")
            return Explanation(
                code: "E0693", message: "tensor `\(tensor)` of `\(file)` has the unsupported type \(type)",
                place: InputPlace(file: file), notes: ["supported are \(known)"],
                help: "use a file that is quantized to one of these, such as Q4_K_M or Q8_0")
        case .tensor(let file, let tensor, let reason):
            return Explanation(
                code: "E0694", message: "tensor `\(tensor)` of `\(file)` cannot be used: \(reason)",
                place: InputPlace(file: file), help: damaged)
        case .architecture(let file, let name, let suggestion):
            let known = DecoderTable.entries.flatMap(\.ggufNames).joined(separator: ", ")
            return Explanation(
                code: "E0695", message: "the architecture `\(name)` is not supported in GGUF files",
                place: InputPlace(file: file), notes: ["supported are: \(known)"],
                help: suggestion.map { "did you mean `\($0)`?" })
        }
    }
}
