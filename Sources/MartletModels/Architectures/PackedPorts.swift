import MartletGraph
import MartletSupport
import MartletTensor

/// Outputs of a packed-sequence graph: pooling and what follows it, or classes.
struct PackedPorts {
    /// `config.json`, where there is one.
    let config: ModelConfig?
    private(set) var outputs: [ModelOutput] = []
    private(set) var classification: Classification?
    private(set) var pooling: Pooling?
    private(set) var isNormalized = false
    /// Files that were read for dense layers.
    private(set) var files: [String] = []

    init(config: ModelConfig?) { self.config = config }

    private mutating func add(
        _ builder: inout some PackedBuilder, _ role: ModelOutput.Role, _ value: ValueID, name: String? = nil
    ) {
        let name = name ?? role.rawValue
        outputs.append(
            ModelOutput(
                name: name, fileName: name, role: role, type: builder.graph.type(value), index: outputs.count))
        builder.graph.addOutput(name, value)
    }

    /// `embedding` by pooling, dense layers and normalizing; and `tokens`, the states themselves.
    mutating func addEmbedding(
        _ builder: inout some PackedBuilder, _ states: ValueID, _ width: Int, _ pooling: Pooling,
        _ modules: SentenceModules, _ options: ModelOptions
    ) throws {
        self.pooling = pooling
        var width = width
        var vector = try builder.pool(states, pooling)
        for step in modules.steps {
            switch step {
            case .normalize:
                guard options.normalize ?? true else { continue }
                vector = try builder.graph.add(NormalizeOp(), vector)
                isNormalized = true
            case .dense(let dense):
                guard dense.inputs == width else {
                    throw ArchitectureError.config(
                        file: "\(dense.folder)/config.json", field: "in_features",
                        reason: "it is \(dense.inputs), the vectors have \(width) elements")
                }
                vector = try add(dense, to: vector, &builder)
                width = dense.outputs
                isNormalized = false
            }
        }
        if options.normalize == true, !isNormalized {
            vector = try builder.graph.add(NormalizeOp(), vector)
            isNormalized = true
        }
        add(&builder, .embedding, vector)
        add(&builder, .tokens, states)
    }

    private mutating func add(
        _ dense: SentenceModules.Dense, to vector: ValueID, _ builder: inout some PackedBuilder
    ) throws -> ValueID {
        let weights = ModelWeights(try SafetensorsWeights(folder: dense.folder), folder: dense.folder, prefixes: [])
        files += weights.files
        guard let activation = Self.activations[dense.activation] else {
            throw ArchitectureError.config(
                file: "\(dense.folder)/config.json", field: "activation_function",
                reason: "`\(dense.activation)` is not supported")
        }
        let matrix = builder.graph.addConstant(try weights.stored("linear.weight", [dense.outputs, dense.inputs]))
        let bias = dense.hasBias ? builder.graph.addConstant(try weights.float("linear.bias", [dense.outputs])) : nil
        try weights.requireAllTaken(ignoring: [])
        let op = LinearOp(isTransposed: true, activation: activation)
        return try builder.graph.add(op, [vector, matrix, bias], name: "dense")[0]
    }

    private static let activations: [String: Activation] = [
        "Tanh": .tanh, "Identity": .none, "ReLU": .relu, "GELU": .geluErf, "Sigmoid": .sigmoid, "SiLU": .silu,
    ]

    /// Of a language model: `logits` of the token after the last one, and `score`, the log-likelihood of the text.
    mutating func addLanguage(_ builder: inout some PackedBuilder, logits: ValueID, likelihood: ValueID) {
        add(&builder, .logits, logits)
        add(&builder, .score, likelihood)
    }

    /// `logits` and `probabilities`; or `score` for a regression (`problem_type`, or a single label).
    mutating func addClasses(_ builder: inout some PackedBuilder, _ logits: ValueID, _ labels: [String]) throws {
        let problem = config?.string("problem_type")
        if problem == "regression" || problem == nil && labels.count == 1 {
            let score = labels.count == 1 ? try builder.graph.add(SqueezeOp(axes: [1]), logits) : logits
            return add(&builder, .score, score)
        }
        let isMultiple = problem == "multi_label_classification"
        add(&builder, .logits, logits)
        let op: any GraphOp = isMultiple ? UnaryOp(.sigmoid) : SoftmaxOp()
        add(&builder, .probabilities, try builder.graph.add(op, [logits])[0])
        classification = Classification(
            kind: isMultiple ? .multiple : .single, labels: labels, logits: 0, probabilities: 1)
    }
}
