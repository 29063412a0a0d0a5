import MartletData
import MartletExecutor
import MartletModels
import MartletPlanner
import MartletSupport

/// What the binder may ask: models and data files of the file system.
struct SessionCatalog: Catalog {
    let models: ModelStore
    let inputs: InputStore
    let last: KeptResult?

    func model(
        path: String, options: [String: MartletData.Value], declared: DeclaredSignature?
    ) throws -> ModelSignature {
        do {
            return try models.signature(path: path, options: options, declared: declared)
        } catch let error as ModelError {
            switch error {
            case .unknownOption(let name, _), .wrongOption(let name, _):
                throw CatalogOptionError(option: name, explanation: error.explanation)
            default: throw error
            }
        } catch let error as any Explainable {
            throw ModelFileError(error, path: path)
        }
    }

    func data(path: String, options: [String: MartletData.Value]) throws -> DataFile {
        let source: any DataSource
        do {
            source = try inputs.open(path, options: options)
        } catch let error as ReadError {
            throw error.atOption(path: path)
        }
        let format = options["format"]?.text ?? DataFormats.byExtension(path)?.name ?? "text"
        return DataFile(schema: source.schema, format: format, byteCount: source.byteCount)
    }

    func table(_ name: String) -> Schema? { name == KeptResult.name ? last?.results.schema : nil }

    func key(ofTable name: String) -> String { name == KeptResult.name ? last?.key ?? name : name }

    var tableNames: [String] { last == nil ? [] : [KeptResult.name] }

    func writeOptions(path: String) throws -> [String] {
        let format = DataFormats.byExtension(path) ?? .csv
        return ["format"] + format.writeOptions.flatMap { [$0.name] + $0.aliases }
    }
}

/// What is wrong with a model, with its path where the error itself names no file.
private struct ModelFileError: Explainable {
    let explanation: Explanation

    init(_ error: any Explainable, path: String) {
        var explanation = error.explanation
        if explanation.place == nil, !explanation.message.contains(path) { explanation.place = InputPlace(file: path) }
        self.explanation = explanation
    }
}

extension ReadError {
    /// An error about an option as one that the binder points at in the text; others as they are.
    fileprivate func atOption(path: String) -> any Error {
        switch self {
        case .unknownOption(let name, _, _):
            var explanation = explanation
            let format = DataFormats.byExtension(path) ?? .csv
            explanation.notes.append("options are \(format.readOptions.map(\.name).joined(separator: ", "))")
            return CatalogOptionError(option: name, explanation: explanation)
        case .badOption(let name, _, _): return CatalogOptionError(option: name, explanation: explanation)
        default: return self
        }
    }
}
