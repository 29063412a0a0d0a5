import MartletTensor

/// What is wrong with a model folder's configuration or weights.
package enum ArchitectureError: Error, Hashable, Sendable {
    /// `model_type` is none of the table's.
    case unknown(file: String, modelType: String, suggestion: String?)
    /// The class in `architectures` has a head that is not built.
    case head(file: String, architecture: String)
    case config(file: String, field: String, reason: String)
    case missingWeight(file: String, name: String, shape: [Int])
    case weightShape(file: String, name: String, expected: [Int], found: [Int])
    case weightType(file: String, name: String, dtype: DType)
    /// Weights that nothing in the configuration asks for: a few of them, and how many there are.
    case extraWeights(file: String, names: [String], count: Int)
}
