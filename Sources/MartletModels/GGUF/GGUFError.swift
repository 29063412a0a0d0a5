/// What is wrong with a GGUF file.
package enum GGUFError: Error, Hashable, Sendable {
    case version(file: String, version: UInt32)
    /// Something at a place in the file that cannot be.
    case malformed(file: String, offset: Int, reason: String)
    /// A key of the metadata that is missing or that nothing can be done with.
    case metadata(file: String, key: String, reason: String)
    /// A tensor of a type that is not read.
    case tensorType(file: String, tensor: String, type: String)
    /// A tensor whose shape or place cannot be.
    case tensor(file: String, tensor: String, reason: String)
    case architecture(file: String, name: String, suggestion: String?)
}
