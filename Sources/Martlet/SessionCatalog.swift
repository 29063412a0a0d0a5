import MartletData
import MartletExecutor
import MartletModels
import MartletPlanner
import MartletSupport

/// What the binder may ask: models and data files of the file system.
struct SessionCatalog: Catalog {
    let models: ModelStore
    let inputs: InputStore

    func model(
        path: String, options: [String: MartletData.Value], declared: DeclaredSignature?
    ) throws -> ModelSignature {
        try models.signature(path: path, options: options, declared: declared)
    }

    func data(path: String, options: [String: MartletData.Value]) throws -> DataFile {
        let source = try inputs.open(path, options: options)
        let format = options["format"]?.text ?? DataFormats.byExtension(path)?.name ?? "text"
        return DataFile(schema: source.schema, format: format, byteCount: source.byteCount)
    }

    func table(_ name: String) -> Schema? { nil }

    var tableNames: [String] { [] }

    func writeOptions(path: String) throws -> [String] {
        let format = DataFormats.byExtension(path) ?? .csv
        return ["format"] + format.writeOptions.flatMap { [$0.name] + $0.aliases }
    }
}
