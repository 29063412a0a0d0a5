extension ModelFormats {
    /// A folder as `save_pretrained` or sentence-transformers writes it.
    static let huggingFaceFolder = ModelFormat(
        name: "huggingface", summary: "a folder with config.json and model.safetensors",
        recognizes: { source in
            guard source.entries != nil else { return false }
            let hasWeights = source.has("model.safetensors") || source.has("model.safetensors.index.json")
            return source.has("config.json") && hasWeights || source.has("modules.json") && source.file == nil
        },
        load: { source, options in try HuggingFaceLoader(source, options).load() })
}
