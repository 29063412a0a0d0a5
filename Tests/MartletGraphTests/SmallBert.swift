import MartletGraph
import MartletTensor

/// Deterministic numbers in -1 ..< 1.
struct TestNumbers {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int64(bitPattern: state >> 11) & 0xFF_FFFF) / Float(0x80_0000) - 1
    }

    mutating func int(_ range: Range<Int>) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Int((state >> 33) % UInt64(range.count))
    }

    mutating func tensor(_ shape: [Int], scale: Float = 1) -> Tensor {
        Tensor((0..<shape.reduce(1, *)).map { _ in next() * scale }, shape: shape)
    }
}

/// A random two-layer encoder out of plain exporter ops, with the variations in which exporters spell it.
struct SmallBert {
    enum Mask { case added, chosen }
    enum Positions { case sliced, running }
    enum Head { case meanPool, classifier, tokens }
    enum Scale { case divScores, mulQuery, splitRoots }

    var mask = Mask.added
    var positions = Positions.sliced
    var head = Head.meanPool
    var scale = Scale.divScores
    var spellsNorm = false

    static let hidden = 16
    static let heads = 4
    static let vocabulary = 30

    /// Inputs: input_ids, attention_mask int64 [batch, seq].
    func graph(seed: UInt64 = 7) throws -> Graph {
        var builder = Builder(options: self, numbers: TestNumbers(seed: seed))
        try builder.build()
        return builder.graph
    }
}

private struct Builder {
    let options: SmallBert
    var numbers: TestNumbers
    var graph = Graph()

    init(options: SmallBert, numbers: TestNumbers) {
        self.options = options
        self.numbers = numbers
    }

    mutating func weight(_ shape: [Int], _ scale: Float = 0.3) -> ValueID {
        graph.addConstant(numbers.tensor(shape, scale: scale))
    }
    mutating func ints(_ values: [Int64]) -> ValueID { graph.addConstant(Tensor(vector: values)) }
    mutating func int(_ value: Int64) -> ValueID { graph.addConstant(Tensor(scalar: value)) }
    mutating func float(_ value: Float) -> ValueID { graph.addConstant(Tensor(scalar: value)) }

    /// Dimension `axis` of a value, as a vector of one, as torch.onnx has it.
    mutating func dim(_ x: ValueID, _ axis: Int64) throws -> ValueID {
        let shape = try graph.add(ShapeOp(), x)
        let place = int(axis)
        let one = try graph.add(GatherOp(), shape, place)
        return try graph.add(UnsqueezeOp(), one, ints([0]))
    }

    mutating func linear(_ x: ValueID, _ columns: Int, from rows: Int) throws -> ValueID {
        let product = try graph.add(MatMulOp(), x, weight([rows, columns]))
        return try graph.add(BinaryOp(.add), weight([columns], 0.1), product)
    }

    mutating func norm(_ x: ValueID) throws -> ValueID {
        let gamma = weight([SmallBert.hidden], 1)
        let beta = weight([SmallBert.hidden], 0.2)
        guard options.spellsNorm else { return try graph.add(LayerNormOp(epsilon: 1e-12), x, gamma, beta) }
        let mean = try graph.add(ReduceOp(.mean, axes: [-1]), x)
        let difference = try graph.add(BinaryOp(.sub), x, mean)
        let square = try graph.add(BinaryOp(.pow), difference, float(2))
        let variance = try graph.add(ReduceOp(.mean, axes: [-1]), square)
        let sum = try graph.add(BinaryOp(.add), variance, float(1e-12))
        let quotient = try graph.add(BinaryOp(.div), difference, try graph.add(UnaryOp(.sqrt), sum))
        return try graph.add(BinaryOp(.add), try graph.add(BinaryOp(.mul), quotient, gamma), beta)
    }

    mutating func build() throws {
        let shape: [Dim] = [.symbol("batch"), .symbol("seq")]
        let ids = graph.addInput("input_ids", ValueType(.int64, shape))
        let mask = graph.addInput("attention_mask", ValueType(.int64, shape))
        var x = try graph.add(BinaryOp(.add), gatherWords(ids), gatherTypes(ids))
        x = try norm(try graph.add(BinaryOp(.add), x, gatherPositions(ids)))
        let bias = try maskTerm(mask)
        for _ in 0..<2 { x = try layer(x, bias, ids) }
        try output(x, mask)
    }

    mutating func gatherWords(_ ids: ValueID) throws -> ValueID {
        try graph.add(GatherOp(), weight([SmallBert.vocabulary, SmallBert.hidden]), ids)
    }

    /// Type ids are zeros, cut from a table and expanded as torch.onnx exports a registered buffer.
    mutating func gatherTypes(_ ids: ValueID) throws -> ValueID {
        let table = graph.addConstant(Tensor([Int64](repeating: 0, count: 64), shape: [1, 64]))
        let cut = try graph.add(SliceOp(), table, ints([0]), try dim(ids, 1), ints([1]), ints([1]))
        let wanted = try graph.add(ConcatOp(axis: 0), [try dim(ids, 0), try dim(ids, 1)])[0]
        // Where(wanted == -1, 1, wanted): what Expand with -1 becomes.
        let flat = try graph.add(ReshapeOp(), wanted, ints([-1]))
        let ones = try graph.add(ConstantOfShapeOp(ScalarValue(Int64(1))), try graph.add(ShapeOp(), flat))
        let minus = try graph.add(BinaryOp(.mul), ones, int(-1))
        let isMinus = try graph.add(CompareOp(.eq), flat, minus)
        let target = try graph.add(WhereOp(), isMinus, ones, flat)
        let types = try graph.add(ExpandOp(), cut, target)
        return try graph.add(GatherOp(), weight([2, SmallBert.hidden]), types)
    }

    mutating func gatherPositions(_ ids: ValueID) throws -> ValueID {
        let table = weight([70, SmallBert.hidden])
        switch options.positions {
        case .sliced:
            let places = graph.addConstant(Tensor((0..<64).map { Int64($0) }, shape: [1, 64]))
            let cut = try graph.add(SliceOp(), places, ints([0]), try dim(ids, 1), ints([1]), ints([1]))
            return try graph.add(GatherOp(), table, cut)
        case .running:
            // RoBERTa: cumsum(ids != pad) * (ids != pad) + pad, with pad = 1.
            let same = try graph.add(CompareOp(.eq), ids, int(1))
            let real = try graph.add(CastOp(.int32), try graph.add(LogicalOp(.not), same))
            let sum = try graph.add(CumSumOp(), real, int(1))
            let masked = try graph.add(BinaryOp(.mul), sum, real)
            let shifted = try graph.add(BinaryOp(.add), try graph.add(CastOp(.int64), masked), int(1))
            return try graph.add(GatherOp(), table, shifted)
        }
    }

    mutating func maskTerm(_ mask: ValueID) throws -> ValueID {
        let wide = try graph.add(UnsqueezeOp(), try graph.add(UnsqueezeOp(), mask, ints([1])), ints([2]))
        switch options.mask {
        case .added:
            let real = try graph.add(CastOp(.float32), wide)
            let inverse = try graph.add(BinaryOp(.sub), float(1), real)
            return try graph.add(BinaryOp(.mul), inverse, float(-3.4028235e38))
        case .chosen: return try graph.add(CompareOp(.eq), wide, int(0))
        }
    }

    mutating func split(_ x: ValueID, _ ids: ValueID, _ order: [Int]) throws -> ValueID {
        let width = SmallBert.hidden / SmallBert.heads
        let target = try graph.add(
            ConcatOp(axis: 0),
            [try dim(ids, 0), try dim(ids, 1), ints([Int64(SmallBert.heads)]), ints([Int64(width)])])[0]
        return try graph.add(TransposeOp(order), try graph.add(ReshapeOp(), x, target))
    }

    mutating func layer(_ x: ValueID, _ mask: ValueID, _ ids: ValueID) throws -> ValueID {
        let hidden = SmallBert.hidden
        let width = Float(hidden / SmallBert.heads)
        var query = try linear(x, hidden, from: hidden)
        let key = try linear(x, hidden, from: hidden)
        let value = try split(try linear(x, hidden, from: hidden), ids, [0, 2, 1, 3])
        if options.scale == .mulQuery { query = try graph.add(BinaryOp(.mul), query, float(1 / width.squareRoot())) }
        var q = try split(query, ids, [0, 2, 1, 3])
        var k = try split(key, ids, [0, 2, 3, 1])
        if options.scale == .splitRoots {
            q = try graph.add(BinaryOp(.mul), q, float(1 / width.squareRoot().squareRoot()))
            k = try graph.add(BinaryOp(.mul), k, float(1 / width.squareRoot().squareRoot()))
        }
        var scores = try graph.add(MatMulOp(), q, k)
        if options.scale == .divScores { scores = try graph.add(BinaryOp(.div), scores, float(width.squareRoot())) }
        switch options.mask {
        case .added: scores = try graph.add(BinaryOp(.add), scores, mask)
        case .chosen:
            let expanded = try graph.add(ExpandOp(), mask, try graph.add(ShapeOp(), scores))
            scores = try graph.add(WhereOp(), expanded, float(-3.4028235e38), scores)
        }
        let weights = try graph.add(SoftmaxOp(), scores)
        let context = try graph.add(TransposeOp([0, 2, 1, 3]), try graph.add(MatMulOp(), weights, value))
        let target = try graph.add(
            ConcatOp(axis: 0), [try dim(context, 0), try dim(context, 1), ints([Int64(hidden)])])[0]
        let joined = try graph.add(ReshapeOp(), context, target)
        let attended = try norm(try graph.add(BinaryOp(.add), try linear(joined, hidden, from: hidden), x))
        let wide = try linear(attended, 2 * hidden, from: hidden)
        let narrow = try linear(try gelu(wide), hidden, from: 2 * hidden)
        return try norm(try graph.add(BinaryOp(.add), narrow, attended))
    }

    mutating func gelu(_ x: ValueID) throws -> ValueID {
        let argument = try graph.add(BinaryOp(.div), x, float(1.4142135))
        let sum = try graph.add(BinaryOp(.add), try graph.add(UnaryOp(.erf), argument), float(1))
        return try graph.add(BinaryOp(.mul), try graph.add(BinaryOp(.mul), x, sum), float(0.5))
    }

    mutating func output(_ x: ValueID, _ mask: ValueID) throws {
        switch options.head {
        case .tokens: graph.addOutput("tokens", x)
        case .classifier:
            let first = try graph.add(GatherOp(axis: 1), x, int(0))
            let pooled = try graph.add(UnaryOp(.tanh), try linear(first, SmallBert.hidden, from: SmallBert.hidden))
            graph.addOutput("logits", try linear(pooled, 3, from: SmallBert.hidden))
        case .meanPool:
            let wide = try graph.add(UnsqueezeOp(), mask, ints([-1]))
            let expanded = try graph.add(ExpandOp(), wide, try graph.add(ShapeOp(), x))
            let real = try graph.add(CastOp(.float32), expanded)
            let sum = try graph.add(
                ReduceOp(.sum, keepDims: false), try graph.add(BinaryOp(.mul), x, real), ints([1]))
            let count = try graph.add(ReduceOp(.sum, keepDims: false), real, ints([1]))
            let bounded = try graph.add(ClipOp(), count, float(1e-9), nil)
            graph.addOutput("embedding", try graph.add(BinaryOp(.div), sum, bounded))
        }
    }
}
