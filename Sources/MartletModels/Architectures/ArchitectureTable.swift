import MartletSupport

/// The architectures of Hugging Face folders.
package enum ArchitectureTable {
    package static let entries: [Architecture] = [
        bert,
        distilBERT,
        electra,
        mpnet,
        roberta,
    ]

    private static let table = NameTable(entries, names: \.modelTypes)

    static func find(_ modelType: String, file: String) throws -> Architecture {
        guard let entry = table[modelType] else {
            throw ArchitectureError.unknown(
                file: file, modelType: modelType, suggestion: table.suggestion(for: modelType))
        }
        return entry
    }
}
