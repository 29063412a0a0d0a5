import MartletGraph
import MartletSupport

/// What `load … with (…)` says about a model, as plain values.
package struct ModelOptions: Hashable, Sendable {
    /// Names of the classes, in the order of the logits.
    package var labels: [String]?
    /// Upper limit of tokens per text; never raises what the model takes.
    package var maxTokens: Int?
    /// Path of a `tokenizer.json`; makes a model of token ids take text.
    package var tokenizer: String?
    /// Whether embeddings are scaled to length 1; nil leaves it to the model's own files.
    package var normalize: Bool?
    /// How token states become one embedding; nil leaves it to the model's own files, else `mean`.
    package var pooling: Pooling?
    /// The name of the dimension that counts rows, where it cannot be told from the inputs' first dimensions.
    package var batchDimension: String?
    /// Whether over-long text is cut (true, default) or a row error. Used by the executor.
    package var truncate: Bool

    /// What the products with the model's weights are made of.
    package var precision = Precision.exact
    /// Products that stay exact: parts of their names.
    package var exactLayers: [String] = []

    package init(
        labels: [String]? = nil, maxTokens: Int? = nil, tokenizer: String? = nil, normalize: Bool? = nil,
        pooling: Pooling? = nil, truncate: Bool = true, batchDimension: String? = nil
    ) {
        self.batchDimension = batchDimension
        self.labels = labels
        self.maxTokens = maxTokens
        self.tokenizer = tokenizer
        self.normalize = normalize
        self.pooling = pooling
        self.truncate = truncate
    }

    /// Reads options by name. Throws `ModelError.unknownOption` and `ModelError.wrongOption`.
    package init(_ values: [(name: String, value: JSON)]) throws {
        self.init()
        for (name, value) in values {
            guard let option = ModelOptions.table[name] else {
                throw ModelError.unknownOption(name: name, suggestion: ModelOptions.table.suggestion(for: name))
            }
            guard option.set(value, &self) else {
                throw ModelError.wrongOption(name: name, wanted: option.wanted)
            }
        }
    }

    /// One option: its name, what it takes, and how it is set (false if the value is of the wrong kind).
    package struct Option: Sendable {
        package let name: String
        package let wanted: String
        let set: @Sendable (JSON, inout ModelOptions) -> Bool
    }

    package static let table = NameTable(
        [
            Option(name: "labels", wanted: "a list of strings, one for each class") { value, options in
                guard let list = value.array, !list.isEmpty else { return false }
                let names = list.compactMap(\.string)
                guard names.count == list.count else { return false }
                options.labels = names
                return true
            },
            Option(name: "max_tokens", wanted: "a positive integer") { value, options in
                guard let count = value.int, count > 0 else { return false }
                options.maxTokens = count
                return true
            },
            Option(name: "tokenizer", wanted: "the path of a tokenizer.json") { value, options in
                guard let path = value.string, !path.isEmpty else { return false }
                options.tokenizer = path
                return true
            },
            Option(name: "normalize", wanted: "true or false") { value, options in
                guard let flag = value.bool else { return false }
                options.normalize = flag
                return true
            },
            Option(name: "pooling", wanted: Pooling.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")) {
                value, options in
                guard let pooling = value.string.flatMap(Pooling.init) else { return false }
                options.pooling = pooling
                return true
            },
            Option(name: "batch_dim", wanted: "the name of the dimension that counts rows") { value, options in
                guard let name = value.string, !name.isEmpty else { return false }
                options.batchDimension = name
                return true
            },
            Option(name: "precision", wanted: Precision.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")) {
                value, options in
                guard let precision = value.string.flatMap(Precision.init) else { return false }
                options.precision = precision
                return true
            },
            Option(name: "exact_layers", wanted: "a list of parts of layers' names") { value, options in
                guard let list = value.array else { return false }
                let names = list.compactMap(\.string).filter { !$0.isEmpty }
                guard names.count == list.count else { return false }
                options.exactLayers = names
                return true
            },
            Option(name: "truncate", wanted: "true or false") { value, options in
                guard let flag = value.bool else { return false }
                options.truncate = flag
                return true
            },
        ], names: { [$0.name] })
}
