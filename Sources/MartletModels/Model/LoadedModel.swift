import MartletGraph
import MartletTensor

/// A model read from its files: a graph over weight views, and what is known about it.
package struct LoadedModel: Sendable {
    /// How the graph takes rows.
    package enum Form: Hashable, Sendable {
        /// Token sequences laid end to end without padding, inputs named as in `PackedInputs`. Outputs with one row for
        /// each sequence, or for each token where the role is `tokens`.
        case packedSequences
        /// Tensors whose first dimension is rows. Text goes in as `[rows, length]`, padded, with a mask.
        case tensors
    }

    /// File or folder name without extension.
    package var name: String
    package var path: String
    /// The name of the format in `ModelFormats`.
    package var format: String
    /// Such as `BertForSequenceClassification` or `ONNX by pytorch, opset 17`.
    package var architecture: String
    /// All files that were read.
    package var files: [String]
    /// As read: the caller runs the graph rules.
    package var graph: Graph
    package var form: Form
    /// In the order of `graph.inputs`.
    package var inputs: [ModelInput]
    package var outputs: [ModelOutput]
    /// Names of the graph inputs that a tokenizer feeds; nil if the model takes no text.
    package var text: TextInputs?
    package var classification: Classification?
    /// Most tokens per text, special ones included; nil if there is no limit or no text.
    package var maxTokens: Int?
    /// Whether text is put into lower case before the tokenizer sees it, as sentence-transformers' `do_lower_case` asks.
    package var lowercasesText: Bool
    /// `tokenizer.json` in the folder, beside the file, or from the options; the model's own file if `vocabulary` is there.
    package var tokenizerPath: String?
    /// The tokenizer in the model's own file, at `tokenizerPath`; nil if that is a `tokenizer.json`.
    package var vocabulary: TokenVocabulary?
    /// The most rows that are run at once; nil if any number may be.
    package var fixedBatch: Int?
    /// How the graph makes `embedding`, if this loader added it or the files say so.
    package var pooling: Pooling?
    /// Whether `embedding` has length 1 by the graph's own work.
    package var isNormalized: Bool
    package var parameterCount: Int
    package var weightBytes: Int
    /// Changes whenever a file or an option that forms the graph changes; the key of caches within a process.
    package var contentHash: String
    /// Operators of the file by how often they occur, most first; for folders the graph's ops.
    package var operators: [OperatorCount]
    /// Outputs of the file that the graph lacks, as they need operators that are not supported.
    package var unavailable: [ONNXUnavailable] = []

    package struct OperatorCount: Hashable, Sendable {
        package var name: String
        package var count: Int

        static func sorted(_ counts: [String: Int]) -> [OperatorCount] {
            counts.map { OperatorCount(name: $0.key, count: $0.value) }.sorted {
                ($1.count, $0.name) < ($0.count, $1.name)
            }
        }
    }

    /// The graph with only these outputs, in this order: dead nodes go with `remove_dead` and cost nothing then.
    package func graph(for outputs: [ModelOutput]) -> Graph {
        var graph = graph
        let ports = graph.outputs
        graph.outputs = outputs.map { ports[$0.index] }
        return graph
    }

    /// Of a language model, the number of the output with logits of the token after the text.
    package var nextTokenLogits: Int? {
        guard form == .packedSequences, classification == nil else { return nil }
        return outputs.first { $0.role == .logits }?.index
    }

    package var labels: [String]? { classification?.labels }

    /// An output by its name in the language or in the file.
    package func output(named name: String) -> ModelOutput? {
        outputs.first { $0.name == name } ?? outputs.first { $0.fileName == name }
    }
}

/// Names of the graph inputs that carry a text.
package struct TextInputs: Hashable, Sendable {
    package var ids: String
    package var mask: String?
    package var types: String?
    package var positions: String?

    package init(ids: String, mask: String? = nil, types: String? = nil, positions: String? = nil) {
        self.ids = ids
        self.mask = mask
        self.types = types
        self.positions = positions
    }
}
