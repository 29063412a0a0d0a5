import MartletSupport

/// The model formats, in the order in which they are tried.
package enum ModelFormats {
    package static let table: [ModelFormat] = [
        huggingFaceFolder,
        ggufFile,
        onnxFile,
    ]

    /// Reads the model at `path`, a file or a folder.
    ///
    /// Maps weights; nothing is copied but unaligned constants that are needed while the graph is built. Throws
    /// `ModelError`, `FileError`, `JSONError`, `ONNXError`, `SafetensorsError`, `GGUFError`, `ArchitectureError`, `GraphError`, all
    /// `Explainable`.
    package static func load(_ path: String, _ options: ModelOptions = ModelOptions()) throws -> LoadedModel {
        let source = try ModelSource(path)
        for format in table where format.recognizes(source) {
            return try format.load(source, options)
        }
        throw source.unrecognized
    }
}
