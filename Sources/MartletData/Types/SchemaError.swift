/// A schema or a type that cannot be.
package enum SchemaError: Error, Hashable, Sendable {
    /// Positions are 0-based.
    case duplicateName(name: String, first: String, firstPosition: Int, secondPosition: Int)
    case invalidType(text: String, offset: Int, reason: String)
}
