import MartletTensor

/// What is wrong with a graph or with running it.
package enum GraphError: Error, Sendable {
    /// An op cannot work on these inputs. `reason` states the rule that is broken.
    case invalidInput(op: String, node: String, shapes: [[Int]?], reason: String)
    /// A graph input of the wrong dtype or shape.
    case wrongInput(name: String, expected: ValueType, dtype: DType, shape: [Int])
    case missingInput(name: String)
    /// A loop that took more rounds than `RunLimits.iterations`.
    case tooManyIterations(node: String, limit: Int)
    /// More than `RunLimits.work`.
    case tooMuchWork(op: String, node: String, limit: Int)
    /// An op cannot have a tensor that it needs: it is impossible, or over a limit.
    case tensor(op: String, node: String, TensorError)
    /// Stopped between two steps because the query was cancelled.
    case cancelled
}
