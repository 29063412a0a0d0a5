import MartletData
import MartletGraph
import MartletModels
import MartletPlanner
import MartletSupport
import MartletTensor
import MartletTokenizers
import Synchronization

/// All models of the process, each loaded once, and the regions compiled from them.
package final class ModelStore: Sendable {
    /// One store serves every session, so that two of them share weights.
    package static let shared = ModelStore()

    private struct State {
        var models: [Key: StoredModel] = [:]
        var regions: [RegionKey: CompiledRegion] = [:]
        /// Keys of `regions`, oldest first.
        var order: [RegionKey] = []
    }

    private struct Key: Hashable {
        var path: String
        var options: MartletModels.ModelOptions
        var takesPairs: Bool
    }

    /// Compiled regions that are kept; each holds its packed weights.
    private static let regionLimit = 32

    private let state = Mutex(State())
    /// Which pairs of models have a trunk in common, by their content.
    let trunks = Mutex<[String: Bool]>([:])

    package init() {}

    // MARK: Models

    /// Loads the model at `path`, or finds it in the cache if no file has changed. Throws `Explainable` errors.
    func model(path: String, options: [String: Value]) throws -> StoredModel {
        var plain = options
        let pair = plain.removeValue(forKey: "pair")
        let takesPairs: Bool
        switch pair {
        case nil, .bool(false): takesPairs = false
        case .bool(true): takesPairs = true
        default: throw ModelError.wrongOption(name: "pair", wanted: "true or false")
        }
        let parsed = try MartletModels.ModelOptions(
            plain.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value.json) })
        let key = Key(path: path, options: parsed, takesPairs: takesPairs)
        if let known = state.withLock({ $0.models[key] }),
            (try? fingerprint(files: known.loaded.files, options: parsed)) == known.loaded.contentHash
        {
            return known
        }
        let stored = try StoredModel(
            try ModelFormats.load(path, parsed), options: parsed, takesPairs: takesPairs, file: path)
        state.withLock { $0.models[key] = stored }
        return stored
    }

    func model(_ bound: BoundModel) throws -> StoredModel { try model(path: bound.path, options: bound.options) }

    /// Tokens of each text as the model's tokenizer counts them. No text may be null.
    func tokenCounts(_ bound: BoundModel, _ texts: Column, pool: ThreadPool) throws -> Column {
        guard var encoding = try model(bound).textEncoding() else {
            throw ModelError.optionWithoutUse(
                path: bound.path, name: "token_count", reason: "the model has no tokenizer")
        }
        encoding = TextEncoding(tokenizer: encoding.tokenizer, maxTokens: nil, truncates: true, takesPairs: false)
        let tokens = try encoding.encode([texts], rows: Array(0..<texts.count), pool: pool).tokens
        return Column(ints: (0..<texts.count).map { Int64(tokens.length($0)) })
    }

    // MARK: Regions

    /// The compiled form of a region; made once for all queries that ask the same of the same models.
    func region(_ plan: InferPlan, disabled: Set<String>, packs: Bool) throws -> CompiledRegion {
        let compiler = try RegionCompiler(plan, store: self, disabled: disabled, packs: packs)
        if let known = state.withLock({ $0.regions[compiler.key] }) { return compiler.renamed(known) }
        let made = try compiler.compile()
        state.withLock { state in
            state.regions[compiler.key] = made
            state.order.append(compiler.key)
            if state.order.count > Self.regionLimit { state.regions[state.order.removeFirst()] = nil }
        }
        return made
    }
}

extension Value {
    /// As an option's value.
    var json: JSON {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .number(value)
        case .string(let value): .string(value)
        case .list(let values): .array(values.map(\.json))
        default: .string(text)
        }
    }
}

extension ModelStore {
    /// What the planner knows of the model at `path`. `declared` picks outputs by name if all its names are the model's; else
    /// it renames them, in their order.
    package func signature(
        path: String, options: [String: Value], declared: DeclaredSignature?
    ) throws -> ModelSignature {
        var signature = try model(path: path, options: options).signature
        guard let declared else { return signature }
        guard declared.outputs.count <= signature.outputs.count, declared.inputs.count == signature.inputs.count else {
            throw SignatureError.counts(path: path, found: signature.text)
        }
        for (index, field) in declared.inputs.enumerated() {
            try check(field, against: signature.inputs[index].type, path: path, found: signature.text)
            signature.inputs[index].name = field.name
            signature.inputs[index].type = signature.inputs[index].type.sharpened(by: field.type)
        }
        let known = signature.outputs.map { $0.name.lowercased() }
        let positions = declared.outputs.map { known.firstIndex(of: $0.name.lowercased()) }
        for (index, field) in declared.outputs.enumerated() {
            if positions.allSatisfy({ $0 != nil }), let place = positions[index] {
                try check(field, against: signature.outputs[place].type, path: path, found: signature.text)
                continue
            }
            try check(field, against: signature.outputs[index].type, path: path, found: signature.text)
            signature.outputs[index].name = field.name
        }
        return signature
    }

    private func check(_ field: MartletData.Field, against type: DataType, path: String, found: String) throws {
        guard field.type.unified(with: type) != nil else {
            throw SignatureError.type(path: path, name: field.name, declared: field.type, found: type, signature: found)
        }
    }
}

extension DataType {
    /// This type with sizes that only `declared`, which unifies with it, tells.
    fileprivate func sharpened(by declared: DataType) -> DataType {
        guard case .tensor(let dtype, let dims) = self, case .tensor(_, let known) = declared else { return self }
        return .tensor(dtype, zip(dims, known).map { $0.size == nil && $1.size != nil ? $1 : $0 })
    }
}

/// A declared signature that the model does not have.
enum SignatureError: Error, Explainable {
    case counts(path: String, found: String)
    case type(path: String, name: String, declared: DataType, found: DataType, signature: String)

    var explanation: Explanation {
        switch self {
        case .counts(let path, let found):
            Explanation(code: "E0638", message: "`\(path)` has another signature", notes: ["it is \(found)"])
        case .type(let path, let name, let declared, let found, let signature):
            Explanation(
                code: "E0638", message: "`\(name)` is declared \(declared.text), the model `\(path)` has \(found.text)",
                notes: ["its signature is \(signature)"])
        }
    }
}
