import MartletTensor

/// A recurrent layer: RNN, LSTM or GRU, in one direction or both.
///
/// Inputs: x [steps, batch, inputs], input weights [directions, gates · hidden, inputs], recurrent weights [directions,
/// gates · hidden, hidden], biases [directions, 2 · gates · hidden] (of inputs, then recurrent)?, lengths (integers [batch])?,
/// initial h [directions, batch, hidden]?, and for LSTM initial c?, peepholes [directions, 3 · hidden]?.
/// Outputs: y [steps, directions, batch, hidden] (zero after a sequence's end), last h, and for LSTM last c. If `isBatchFirst`,
/// x is [batch, steps, inputs], y [batch, steps, directions, hidden], and h and c are [batch, directions, hidden].
/// Gates stand in the order of ONNX: i o f c, or z r h.
package struct RecurrentOp: GraphOp {
    package enum Kind: String, Sendable {
        case rnn, lstm, gru

        var gates: Int {
            switch self {
            case .rnn: 1
            case .lstm: 4
            case .gru: 3
            }
        }
        /// How many functions a direction has.
        package var functions: Int {
            switch self {
            case .rnn: 1
            case .lstm: 3
            case .gru: 2
            }
        }
        package var outputs: Int { self == .lstm ? 3 : 2 }
    }

    package enum Direction: String, Sendable {
        case forward, reverse, bidirectional

        var count: Int { self == .bidirectional ? 2 : 1 }
    }

    package static let name = "Recurrent"
    package var kind: Kind
    package var direction: Direction
    /// `kind.functions` for each direction: f; f, g, h; or f, g.
    package var functions: [RecurrentFunction]
    package var hidden: Int?
    /// Arguments of functions are kept within ± this.
    package var clip: Float?
    package var isBatchFirst: Bool
    /// LSTM: the forget gate is 1 - i.
    package var couplesForget: Bool
    /// GRU: the reset gate is applied after the product, not before.
    package var resetsAfterProduct: Bool

    package init(
        _ kind: Kind, direction: Direction = .forward, functions: [RecurrentFunction]? = nil, hidden: Int? = nil,
        clip: Float? = nil, isBatchFirst: Bool = false, couplesForget: Bool = false, resetsAfterProduct: Bool = false
    ) {
        self.kind = kind
        self.direction = direction
        let one: [RecurrentFunction] =
            switch kind {
            case .rnn: [.init(.tanh)]
            case .lstm: [.init(.sigmoid), .init(.tanh), .init(.tanh)]
            case .gru: [.init(.sigmoid), .init(.tanh)]
            }
        self.functions = functions ?? (0..<direction.count).flatMap { _ in one }
        self.hidden = hidden
        self.clip = clip
        self.isBatchFirst = isBatchFirst
        self.couplesForget = couplesForget
        self.resetsAfterProduct = resetsAfterProduct
    }

    package var attributes: String {
        var words = [kind.rawValue]
        if direction != .forward { words.append(direction.rawValue) }
        if isBatchFirst { words.append("batch_first") }
        return words.joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let weights = try operand(inputs, 1)
        let recurrent = try operand(inputs, 2)
        let floats = [3, 5, 6, 7].compactMap { optional(inputs, $0) }
        let dtype = try requireSameDType(inputs, [x, weights, recurrent] + floats)
        try requireFloat(inputs, x)
        if let lengths = optional(inputs, 4) { try requireInteger(inputs, lengths, "lengths") }
        guard functions.count == direction.count * kind.functions else {
            throw impossible(inputs, "\(functions.count) functions for \(direction.count) directions")
        }
        for input in [x, weights, recurrent] where input.type.rank ?? 3 != 3 {
            throw impossible(inputs, "wants x and both weights of rank 3")
        }
        if let count = recurrent.type.shape?[0].fixedValue, count != direction.count {
            throw impossible(inputs, "weights of \(count) directions for \(direction.count)")
        }
        let width = recurrent.type.shape?[2] ?? hidden.map(Dim.fixed) ?? .unknown
        let directions = Dim.fixed(direction.count)
        let (first, second) = (x.type.shape?[0] ?? .unknown, x.type.shape?[1] ?? .unknown)
        let y = isBatchFirst ? [first, second, directions, width] : [first, directions, second, width]
        let state = isBatchFirst ? [first, directions, width] : [directions, second, width]
        return [ValueType(dtype, y)]
            + [ValueType](repeating: ValueType(dtype, state), count: kind.outputs - 1)
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let y = outputs.first, let weights = inputs.count > 1 ? inputs[1] : nil, weights.count == 3 else {
            return 0
        }
        return 2 * y.reduce(1, *) * kind.gates * (weights[2] + (y.last ?? 0))
    }

    /// The weights are read once, by `prepare`, wherever they lie.
    package var unalignedInputs: Range<Int> { 1..<3 }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        guard constants.count > 2, let weights = constants[1], let recurrent = constants[2] else { return nil }
        return try RecurrentWeights(self, weights, recurrent)
    }
}
