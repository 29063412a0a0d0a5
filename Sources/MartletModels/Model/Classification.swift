/// What makes a model a classifier. `label` is `labels[argmax p]` and `score` is `max p`, made by the executor.
package struct Classification: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// Exactly one class holds: probabilities are a softmax.
        case single = "one label"
        /// Each class holds or not: probabilities are sigmoids.
        case multiple = "many labels"
    }

    package var kind: Kind
    /// Names of the classes in the order of logits and probabilities.
    package var labels: [String]
    /// Position in `LoadedModel.outputs`; nil if the model has probabilities only.
    package var logits: Int?
    /// Position in `LoadedModel.outputs`.
    package var probabilities: Int

    package init(kind: Kind, labels: [String], logits: Int?, probabilities: Int) {
        self.kind = kind
        self.labels = labels
        self.logits = logits
        self.probabilities = probabilities
    }
}
