import MartletSupport

/// One way in which models are stored. Each has a file in `Formats` and a line in `ModelFormats`.
package struct ModelFormat: Sendable {
    /// The name in descriptions.
    package let name: String
    /// For error messages: what the user has to give.
    package let summary: String
    /// Whether the path is of this format: by magic bytes or by what the folder holds, never by extension alone.
    let recognizes: @Sendable (ModelSource) -> Bool
    let load: @Sendable (ModelSource, ModelOptions) throws -> LoadedModel
}
