import MartletGraph
import MartletSupport

extension ModelFormats {
    /// An ONNX file, or a folder whose only model is one.
    static let onnxFile = ModelFormat(
        name: "onnx", summary: "an ONNX file (.onnx)",
        recognizes: { source in source.file.map { isONNX($0) } ?? false },
        load: { source, options in try ONNXModelLoader(source, options).load() })

    /// Whether the file reads as a protobuf message with the fields of a ModelProto.
    ///
    /// ONNX has no magic bytes. A file that is called `.onnx` and begins with such a field is taken for one even if
    /// it ends too early, so that the reader can say where.
    private static func isONNX(_ file: MappedFile) -> Bool {
        guard file.count > 0 else { return false }
        var reader = WireReader(path: file.path, bytes: file.bytes)
        var hasGraph = false
        var count = 0
        while let field = try? reader.next() {
            guard isModelField(field) else { return false }
            if field.number == 7 { hasGraph = true }
            count += 1
            if count > 100_000 { return false }
        }
        return file.path.hasSuffix(".onnx") ? count > 0 || file.bytes[0] == 0x08 : hasGraph && reader.isAtEnd
    }

    private static func isModelField(_ field: WireField) -> Bool {
        switch (field.number, field.value) {
        case (1, .varint), (5, .varint): true
        case (2, .bytes), (3, .bytes), (4, .bytes), (6, .bytes), (7, .bytes), (8, .bytes), (14, .bytes), (20, .bytes),
            (25, .bytes), (26, .bytes):
            true
        default: false
        }
    }
}
