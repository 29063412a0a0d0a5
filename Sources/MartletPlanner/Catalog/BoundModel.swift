import MartletData

/// A `model` statement, resolved.
package struct BoundModel: Hashable, Sendable {
    /// The name in the script.
    package var name: String
    package var path: String
    package var options: [String: Value]
    package var declared: DeclaredSignature?
    package var signature: ModelSignature

    package init(
        name: String, path: String, options: [String: Value], declared: DeclaredSignature? = nil,
        signature: ModelSignature
    ) {
        self.name = name
        self.path = path
        self.options = options
        self.declared = declared
        self.signature = signature
    }

    /// Two statements that load the same thing in the same way give equal keys, whatever they are called.
    package var key: Key { Key(path: path, options: options, declared: declared) }

    package struct Key: Hashable, Sendable {
        package var path: String
        package var options: [String: Value]
        package var declared: DeclaredSignature?
    }
}
