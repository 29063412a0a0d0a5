import MartletData
import MartletGraph
import MartletModels
import MartletPlanner
import MartletTensor

/// A loaded model's inputs and outputs in the language's types: what one row gives and gets.
struct SignatureParts {
    private(set) var inputs: [MartletPlanner.ModelInput] = []
    private(set) var outputs: [MartletPlanner.ModelOutput] = []
    private(set) var sources: [StoredModel.OutputSource] = []

    init(_ loaded: LoadedModel, takesPairs: Bool) {
        if loaded.text != nil, loaded.tokenizerPath != nil {
            inputs = [MartletPlanner.ModelInput(name: "text", type: .string, isText: true)]
            if takesPairs { inputs.append(MartletPlanner.ModelInput(name: "pair", type: .string, isText: true)) }
        } else {
            inputs = loaded.inputs.map { input in
                let type = input.type.dtype == .optional ? input.type.element ?? input.type : input.type
                return MartletPlanner.ModelInput(
                    name: input.name, type: Self.rowType(type, batchAxis: input.batchAxis),
                    isConstant: input.batchAxis == nil, isOptional: input.type.dtype == .optional, element: type.dtype)
            }
        }
        if let classification = loaded.classification {
            add("label", .labels(classification.labels), .label)
            add("score", .float, .score)
        }
        if let logits = loaded.nextTokenLogits, inputs.first?.isText == true { add("next", .string, .next(logits)) }
        let isText = inputs.first?.isText == true
        let hasOthers =
            loaded.classification != nil || loaded.outputs.contains { $0.role != .echo && $0.role != .tokens }
        for output in loaded.outputs where output.role != .echo && Self.isColumn(output) {
            let isDetail =
                loaded.classification != nil || output.index == loaded.nextTokenLogits
                || output.role == .tokens && isText && hasOthers
            if output.role == .tokens, isText {
                let type = Self.tokensType(output.type, loaded.form)
                add(output.name, type, .graph(output.index), onRequest: isDetail, element: output.type.dtype)
                continue
            }
            let type = output.role == .score ? .float : Self.rowType(output.type, batchAxis: output.batchAxis)
            // Without a tokenizer nothing is known of tokens.
            let name = output.role == .tokens ? output.fileName : output.name
            add(name, type, .graph(output.index), onRequest: isDetail, element: output.type.dtype)
        }
    }

    private mutating func add(
        _ name: String, _ type: DataType, _ source: StoredModel.OutputSource, onRequest: Bool = false,
        element: DType? = nil
    ) {
        guard !outputs.contains(where: { $0.name == name }) else { return }
        outputs.append(MartletPlanner.ModelOutput(name: name, type: type, onRequest: onRequest, element: element))
        sources.append(source)
    }

    /// Tokens × whatever there is of each, for one text.
    private static func tokensType(_ type: ValueType, _ form: LoadedModel.Form) -> DataType {
        let row = rowType(type, batchAxis: 0)
        guard case .tensor(let dtype, let dims) = row else { return .tensor(type.dtype, [.unknown]) }
        return .tensor(dtype, [.unknown] + (form == .packedSequences ? dims[...] : dims.dropFirst()))
    }

    /// Whether a column can hold the output: numbers, and one string in a row.
    private static func isColumn(_ output: MartletModels.ModelOutput) -> Bool {
        DType.columnTypes.contains(output.type.dtype)
            || output.type.dtype == .string && rowType(output.type, batchAxis: output.batchAxis) == .string
    }

    /// The type of one row of a graph value, whose dimension `batchAxis` is rows; of the whole value without one.
    static func rowType(_ type: ValueType, batchAxis: Int?) -> DataType {
        var shape = type.shape ?? [.unknown, .unknown]
        if let batchAxis, shape.indices.contains(batchAxis) { shape.remove(at: batchAxis) }
        let dims = shape.map { dim -> Dimension in
            switch dim {
            case .fixed(let size): .fixed(size)
            case .symbol(let name): .named(name)
            case .unknown: .unknown
            }
        }
        if type.dtype == .string, dims.allSatisfy({ $0.size == 1 }) { return .string }
        guard dims.isEmpty else { return .tensor(type.dtype, dims) }
        if type.dtype.isFloat { return .float }
        return type.dtype == .bool ? .bool : .int
    }

    func signature(_ loaded: LoadedModel, file: String) -> ModelSignature {
        var note: String
        if inputs.first?.isText == true {
            note = "signature from \(file): \(loaded.architecture)"
        } else {
            let list = loaded.inputs.map { "input \"\($0.name)\" \($0.type)" }.joined(separator: ", ")
            note = "signature from \(file), \(list)"
        }
        if !loaded.unavailable.isEmpty {
            note += "; not supported: " + loaded.unavailable.map(\.text).joined(separator: "; ")
        }
        return ModelSignature(
            file: file, inputs: inputs, outputs: outputs, parameterCount: loaded.parameterCount,
            maxTokens: inputs.first?.isText == true ? loaded.maxTokens : nil, note: note)
    }
}
