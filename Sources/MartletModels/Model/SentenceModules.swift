import MartletSupport
import MartletTensor

/// What sentence-transformers' `modules.json` says is done with token states: pooling, dense layers, normalizing.
struct SentenceModules: Sendable {
    struct Dense: Sendable {
        let folder: String
        let inputs: Int
        let outputs: Int
        let hasBias: Bool
        let activation: String
    }

    /// Steps after pooling, in order.
    enum Step: Sendable {
        case dense(Dense)
        case normalize
    }

    private(set) var pooling: Pooling?
    private(set) var steps: [Step] = []
    /// Folder of the transformer's own files, below the model's; nil if they lie in the model's folder.
    private(set) var transformerFolder: String?
    private(set) var lowercases = false
    private(set) var files: [String] = []

    var normalizes: Bool { steps.contains { if case .normalize = $0 { true } else { false } } }

    /// Of a model without modules: pooling and nothing else.
    init() {}

    /// Reads `modules.json` in the model's folder; all empty if there is none. Throws `ArchitectureError`, `ModelError`,
    /// `FileError`, `JSONError`.
    init(beside source: ModelSource) throws {
        if let (_, config) = try source.json("sentence_bert_config.json") {
            lowercases = config["do_lower_case"]?.bool ?? false
        }
        guard let (path, list) = try source.json("modules.json") else { return }
        files.append(path)
        guard let modules = list.array else {
            throw ArchitectureError.config(file: path, field: "modules", reason: "it is no list")
        }
        for module in modules {
            guard let type = module["type"]?.string, let folder = module["path"]?.string else {
                throw ArchitectureError.config(file: path, field: "type", reason: "a module lacks `type` or `path`")
            }
            guard folder.isEmpty || isInsideFolder(folder) else {
                throw ModelError.unsafePath(file: path, path: folder)
            }
            let place = folder.isEmpty ? source.folder : "\(source.folder)/\(folder)"
            switch type.split(separator: ".").last {
            case "Transformer": transformerFolder = folder.isEmpty ? nil : place
            case "Pooling": try readPooling(place)
            case "Dense": try readDense(place)
            case "Normalize": steps.append(.normalize)
            case "Dropout": break
            default:
                throw ArchitectureError.config(file: path, field: "type", reason: "`\(type)` is not supported")
            }
        }
    }

    private mutating func readPooling(_ folder: String) throws {
        let path = "\(folder)/config.json"
        files.append(path)
        let config = try readJSON(path)
        var kinds: [Pooling] = []
        for (field, kind) in Self.poolingFields where config[field]?.bool ?? false {
            guard let kind else {
                throw ArchitectureError.config(file: path, field: field, reason: "this way of pooling is not supported")
            }
            kinds.append(kind)
        }
        guard kinds.count == 1 else {
            throw ArchitectureError.config(
                file: path, field: "pooling_mode", reason: "\(kinds.count) ways of pooling are on, one is supported")
        }
        pooling = kinds[0]
    }

    private static let poolingFields: [(String, Pooling?)] = [
        ("pooling_mode_cls_token", .cls), ("pooling_mode_mean_tokens", .mean), ("pooling_mode_max_tokens", .max),
        ("pooling_mode_mean_sqrt_len_tokens", .meanSqrt), ("pooling_mode_lasttoken", .last),
        ("pooling_mode_weightedmean_tokens", nil),
    ]

    private mutating func readDense(_ folder: String) throws {
        let path = "\(folder)/config.json"
        files.append(path)
        let config = try readJSON(path)
        guard let inputs = config["in_features"]?.int, let outputs = config["out_features"]?.int, inputs > 0,
            outputs > 0,
            inputs <= 1 << 20, outputs <= 1 << 20
        else {
            throw ArchitectureError.config(file: path, field: "in_features", reason: "it or `out_features` is wrong")
        }
        let activation = config["activation_function"]?.string ?? "torch.nn.modules.activation.Tanh"
        steps.append(
            .dense(
                Dense(
                    folder: folder, inputs: inputs, outputs: outputs, hasBias: config["bias"]?.bool ?? true,
                    activation: activation.split(separator: ".").last.map(String.init) ?? activation)))
    }
}
