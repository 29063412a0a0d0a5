import MartletSupport

extension ArchitectureError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .unknown(let file, let modelType, let suggestion):
            let known = (ArchitectureTable.entries.flatMap(\.modelTypes) + DecoderTable.entries.flatMap(\.modelTypes))
                .joined(separator: ", ")
            return Explanation(
                code: "E0660", message: "the architecture `\(modelType)` is not supported",
                place: InputPlace(file: file), notes: ["supported are: \(known)"],
                help: suggestion.map { "did you mean `\($0)`?" } ?? "export the model to ONNX")
        case .head(let file, let architecture):
            return Explanation(
                code: "E0661", message: "models of the class `\(architecture)` are not supported",
                place: InputPlace(file: file),
                notes: [
                    "supported are encoders (…Model, …ForMaskedLM), decoders (…Model, …ForCausalLM) and …ForSequenceClassification"
                ],
                help: "export the model to ONNX")
        case .config(let file, let field, let reason):
            return Explanation(
                code: "E0662", message: "`\(field)` in `\(file)` cannot be used: \(reason)",
                place: InputPlace(file: file))
        case .missingWeight(let file, let name, let shape):
            return Explanation(
                code: "E0663", message: "the weights lack `\(name)`, of shape \(shape)", place: InputPlace(file: file),
                help: "check that config.json and the weights are of the same model")
        case .weightShape(let file, let name, let expected, let found):
            return Explanation(
                code: "E0664", message: "the weight `\(name)` should have the shape \(expected), it has \(found)",
                place: InputPlace(file: file), help: "check that config.json and the weights are of the same model")
        case .weightType(let file, let name, let dtype):
            return Explanation(
                code: "E0665", message: "the weight `\(name)` is of the type \(dtype.name)",
                place: InputPlace(file: file),
                help: "convert the weights to float32, float16 or bfloat16")
        case .extraWeights(let file, let names, let count):
            return Explanation(
                code: "E0666",
                message: "\(count == 1 ? "a weight is" : "\(count) weights are") not used by this architecture: "
                    + names.joined(separator: ", ") + (count > names.count ? ", …" : ""),
                place: InputPlace(file: file), help: "check that config.json and the weights are of the same model")
        }
    }
}
