import MartletData

/// What the planner knows of a model: its types and its cost, never its graph.
package struct ModelSignature: Hashable, Sendable {
    /// The file or folder as the script wrote it, for messages: `models/tone`.
    package var file: String
    package var inputs: [ModelInput]
    package var outputs: [ModelOutput]
    package var parameterCount: Int
    /// Floating point operations of one row; nil where the cost goes by tokens.
    package var flopPerRow: Double?
    /// Floating point operations of one token of text, at a typical length.
    package var flopPerToken: Double?
    /// Longest text in tokens, special tokens included; nil for models that take no text.
    package var maxTokens: Int?
    /// Where the signature was read, such as `signature from head.onnx, input "x" [batch, 768]`.
    package var note: String?

    package init(
        file: String, inputs: [ModelInput], outputs: [ModelOutput], parameterCount: Int = 0, flopPerRow: Double? = nil,
        flopPerToken: Double? = nil, maxTokens: Int? = nil, note: String? = nil
    ) {
        self.file = file
        self.inputs = inputs
        self.outputs = outputs
        self.parameterCount = parameterCount
        self.flopPerRow = flopPerRow
        self.flopPerToken = flopPerToken
        self.maxTokens = maxTokens
        self.note = note
    }

    /// `(text string) -> (label string, score float)`.
    package var text: String {
        let ins = inputs.map { "\($0.name) \($0.type.text)" }.joined(separator: ", ")
        let outs = outputs.map { "\($0.name) \($0.type.text)" }.joined(separator: ", ")
        return "(\(ins)) -> (\(outs))"
    }
}

package struct ModelInput: Hashable, Sendable {
    package var name: String
    /// The type of one row's value; `string` when `isText`.
    package var type: DataType
    /// True when the model has a tokenizer and takes a string here.
    package var isText: Bool
    /// True for an input without a dimension of rows: it takes one value for all of them, known before the query runs.
    package var isConstant: Bool
    /// True for an input that a call may leave out.
    package var isOptional: Bool
    /// The type of its numbers in the file; nil for text. (A number in a row is `int` or `float` whatever its width.)
    package var element: DType?

    package init(
        name: String, type: DataType, isText: Bool = false, isConstant: Bool = false,
        isOptional: Bool = false, element: DType? = nil
    ) {
        self.isOptional = isOptional
        self.name = name
        self.type = type
        self.isText = isText
        self.isConstant = isConstant
        self.element = element
    }
}

extension ModelInput {
    /// The type of a single value that the input takes of a row, though it has a dimension of 1: a column of a table, for
    /// models with an input for each. nil if it takes more than one.
    var singleType: DataType? {
        guard case .tensor(let dtype, let dims) = type, dims.allSatisfy({ $0.size == 1 }) else { return nil }
        return dtype.isFloat ? .float : dtype == .bool ? .bool : dtype.isInteger ? .int : nil
    }
}

extension DataType {
    /// Whether a value has parts of its own: a tensor, a list or a struct.
    var isCollection: Bool {
        switch self {
        case .tensor, .list, .structure: true
        default: false
        }
    }
}

package struct ModelOutput: Hashable, Sendable {
    package var name: String
    /// The type of one row's value. A classifier's label is a string type with members.
    package var type: DataType
    /// True for outputs that a query gets only by asking for them by name: `logits`, `probabilities`.
    package var onRequest: Bool
    /// The type of its numbers in the file; nil for what the language makes (`label`, `score`).
    package var element: DType?

    package init(name: String, type: DataType, onRequest: Bool = false, element: DType? = nil) {
        self.element = element
        self.name = name
        self.type = type
        self.onRequest = onRequest
    }
}
