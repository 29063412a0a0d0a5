import MartletGraph
import MartletTensor

/// A graph input of a model.
package struct ModelInput: Hashable, Sendable {
    /// What an input holds, as far as its name and type tell.
    package enum Role: String, Hashable, Sendable {
        /// A tensor column, row by row.
        case value
        case tokenIDs = "token ids"
        /// 1 for a token, 0 for padding.
        case tokenMask = "token mask"
        /// 0 for the first text, 1 for the second.
        case tokenTypes = "token types"
        case tokenPositions = "token positions"
        /// First token of each sequence in the packed row, and the total at the end: int[sequences + 1].
        case sequenceOffsets = "sequence offsets"
        /// Tokens of each sequence: int[sequences].
        case sequenceLengths = "sequence lengths"
    }

    package var name: String
    package var role: Role
    /// Dtype and dimensions, the batch dimension included.
    package var type: ValueType
    /// The dimension that counts rows; nil for an input whose value is the same for all rows.
    package var batchAxis: Int?

    package init(name: String, role: Role, type: ValueType, batchAxis: Int? = 0) {
        self.name = name
        self.role = role
        self.type = type
        self.batchAxis = batchAxis
    }
}

/// A graph output of a model.
package struct ModelOutput: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable {
        /// One vector for each row.
        case embedding
        /// One vector for each token of a text.
        case tokens
        /// One number for each class, before softmax or sigmoid.
        case logits
        /// One number in 0…1 for each class.
        case probabilities
        /// One number: a regression.
        case score
        /// Anything else.
        case value
        /// A copy of an input.
        case echo
    }

    /// The name in the language: the role's name where it is the only output of the role, else the file's.
    package var name: String
    /// The name in the model's file.
    package var fileName: String
    package var role: Role
    /// Dtype and dimensions, the batch dimension included.
    package var type: ValueType
    /// Position in `graph.outputs`.
    package var index: Int
    /// The dimension that counts rows.
    package var batchAxis: Int

    package init(name: String, fileName: String, role: Role, type: ValueType, index: Int, batchAxis: Int = 0) {
        self.batchAxis = batchAxis
        self.name = name
        self.fileName = fileName
        self.role = role
        self.type = type
        self.index = index
    }
}
