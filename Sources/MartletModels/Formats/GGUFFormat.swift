extension ModelFormats {
    /// A GGUF file, or a folder whose only model is one: a decoder with its tokenizer, weights quantized or not.
    static let ggufFile = ModelFormat(
        name: "gguf", summary: "a GGUF file (.gguf)",
        recognizes: { source in source.file.map { GGUFFile.hasMagic($0.bytes) } ?? false },
        load: { source, options in try GGUFLoader(source, options).load() })
}
