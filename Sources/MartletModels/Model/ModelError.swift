import MartletTensor

/// Why a path does not become a model, before any format looked inside.
package enum ModelError: Error, Hashable, Sendable {
    /// Neither a folder nor a file of a known format. `found` says what is there.
    case unknownFormat(path: String, found: String)
    /// A known format that is not read.
    case unsupportedFormat(path: String, format: String, remedy: String)
    case missingFile(folder: String, name: String, remedy: String)
    case unknownOption(name: String, suggestion: String?)
    case wrongOption(name: String, wanted: String)
    /// The labels given do not match the model's output.
    case labelCount(path: String, labels: Int, classes: Int)
    /// An option asks for something that this model has not.
    case optionWithoutUse(path: String, name: String, reason: String)
    /// A path in a model's file that is absolute or leaves the folder.
    case unsafePath(file: String, path: String)
}
