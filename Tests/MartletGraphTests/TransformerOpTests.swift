import MartletGraph
import MartletSupport
import MartletTensor
import Testing

/// The ops that have no counterpart in ONNX, against plain loops in double precision.
@Suite struct TransformerOpTests {
    private func run(_ op: any GraphOp, _ inputs: [Tensor?], constants: Set<Int> = [], threads: Int = 1) throws
        -> Tensor
    {
        var graph = Graph()
        var given: [Tensor] = []
        let ids = inputs.enumerated().map { index, tensor -> ValueID? in
            guard let tensor else { return nil }
            if constants.contains(index) { return graph.addConstant(tensor) }
            given.append(tensor)
            return graph.addInput("x\(index)", ValueType(tensor))
        }
        graph.addOutput("y", try graph.add(op, ids)[0])
        let pool = threads > 1 ? ThreadPoolForTests.pool : nil
        return try CompiledGraph(graph).run(given, RunContext(pool: pool))[0]
    }

    /// The same elements at an odd address.
    private func unaligned(_ tensor: Tensor) -> Tensor {
        let storage = TensorStorage(byteCount: tensor.byteCount + 1)
        (storage.base + 1).copyMemory(from: tensor.pointer, byteCount: tensor.byteCount)
        return Tensor(tensor.dtype, shape: tensor.shape, storage: storage, byteOffset: 1)
    }

    @Test(arguments: [DType.float32, .float16, .bfloat16], [false, true])
    func linearPacksSeveralWeights(_ dtype: DType, isTransposed: Bool) throws {
        var numbers = TestNumbers(seed: 3)
        let (rows, inner, widths) = (21, 17, [5, 40])
        let x = numbers.tensor([3, 7, inner])
        let weights = try widths.map { width in
            try numbers.tensor(isTransposed ? [width, inner] : [inner, width]).converted(to: dtype)
        }
        let bias = numbers.tensor([40])
        let residual = numbers.tensor([3, 7, 45])
        let op = LinearOp(weightCount: 2, isTransposed: isTransposed, activation: .relu)
        let inputs: [Tensor?] = [x, unaligned(weights[0]), unaligned(weights[1]), nil, bias, residual]
        for threads in [1, 2] {
            let y = try run(op, inputs, constants: [1, 2, 4], threads: threads)
            #expect(y.shape == [3, 7, 45])
            for row in 0..<rows {
                for column in 0..<45 {
                    let (part, place) = column < 5 ? (0, column) : (1, column - 5)
                    let wide = try weights[part].converted(to: .float32)
                    var sum = part == 1 ? Double(bias.elements(Float.self)[place]) : 0
                    for k in 0..<inner {
                        let at = isTransposed ? place * inner + k : k * widths[part] + place
                        let w = withExtendedLifetime(wide) { wide.elements(Float.self)[at] }
                        sum += Double(x.elements(Float.self)[row * inner + k]) * Double(w)
                    }
                    let expected = Float(max(sum, 0)) + residual.elements(Float.self)[row * 45 + column]
                    #expect(abs(y.elements(Float.self)[row * 45 + column] - expected) < 1e-5)
                }
            }
        }
    }

    @Test func linearDoesNotDependOnGrouping() throws {
        var numbers = TestNumbers(seed: 4)
        let x = numbers.tensor([64, 50])
        let weight = numbers.tensor([50, 70])
        let op = LinearOp(isTransposed: false, activation: .geluErf)
        let all = try run(op, [x, weight], constants: [1], threads: 2)
        for range in [0..<1, 3..<20, 63..<64] {
            #expect(largestDifference(all.rows(range), try run(op, [x.rows(range), weight], constants: [1])) <= 1e-6)
        }
    }

    @Test func embeddingSumsTables() throws {
        var numbers = TestNumbers(seed: 5)
        let words = numbers.tensor([9, 6])
        let places = try numbers.tensor([4, 6]).converted(to: .float16)
        let types = numbers.tensor([2, 6])
        let ids = Tensor([Int64(8), 0, 3, 5], shape: [2, 2])
        let positions = Tensor([Int32(0), 1], shape: [1, 2])
        let y = try run(
            EmbeddingOp(tableCount: 3), [unaligned(words), ids, unaligned(places), positions, types, nil],
            constants: [0, 2, 4])
        #expect(y.shape == [2, 2, 6])
        let wide = try places.converted(to: .float32)
        for row in 0..<4 {
            for column in 0..<6 {
                let id = Int(ids.elements(Int64.self)[row])
                let place = withExtendedLifetime(wide) { wide.elements(Float.self)[row % 2 * 6 + column] }
                let expected =
                    words.elements(Float.self)[id * 6 + column] + place + types.elements(Float.self)[column]
                #expect(abs(y.elements(Float.self)[row * 6 + column] - expected) < 1e-6)
            }
        }
    }

    @Test(arguments: [-1, 9]) func embeddingRefusesIDsOutside(_ id: Int64) throws {
        var numbers = TestNumbers(seed: 5)
        let words = numbers.tensor([9, 6])
        #expect(throws: GraphError.self) { try run(EmbeddingOp(), [words, Tensor(vector: [id])], constants: [0]) }
    }

    @Test(arguments: [false, true]) func attentionEqualsNaive(isCausal: Bool) throws {
        var numbers = TestNumbers(seed: 6)
        let (heads, width, tokens) = (2, 3, [2, 0, 4])
        let q = numbers.tensor([7, 6])
        let k = numbers.tensor([7, 6])
        let v = numbers.tensor([7, 6])
        let bias = numbers.tensor([1, heads, 5, 5])
        let offsets = Tensor(vector: [Int32(0), 2, 2, 7])
        let lengths = Tensor(vector: tokens.map { Int32($0) })
        let op = AttentionOp(heads: heads, scale: 0.6, isCausal: isCausal)
        let y = try run(op, [q, k, v, bias, offsets, lengths], threads: 2).values(Float.self)
        var expected = [Double](repeating: 0, count: 42)
        for (row, count) in tokens.enumerated() {
            let start = Int(offsets.elements(Int32.self)[row])
            for head in 0..<heads {
                for i in 0..<count {
                    let keys = 0..<(isCausal ? i + 1 : count)
                    let weights = keys.map { j -> Double in
                        var sum = 0.0
                        for d in 0..<width {
                            sum +=
                                Double(q.elements(Float.self)[(start + i) * 6 + head * width + d])
                                * Double(k.elements(Float.self)[(start + j) * 6 + head * width + d])
                        }
                        return exponential(0.6 * sum + Double(bias.elements(Float.self)[(head * 5 + i) * 5 + j]))
                    }
                    for d in 0..<width {
                        let total = zip(keys, weights).reduce(0.0) { sum, pair in
                            sum + pair.1 * Double(v.elements(Float.self)[(start + pair.0) * 6 + head * width + d])
                        }
                        expected[(start + i) * 6 + head * width + d] = total / weights.reduce(0, +)
                    }
                }
            }
        }
        for (a, b) in zip(y, expected) { #expect(abs(Double(a) - b) < 1e-5) }
    }

    @Test func segmentsAreReduced() throws {
        let x = Tensor((0..<10).map { Float($0) }, shape: [5, 2])
        let offsets = Tensor(vector: [Int32(0), 3, 3, 5])
        let lengths = Tensor(vector: [Int32(2), 0, 2])
        let expected: [SegmentReduceOp.Kind: [Float]] = [
            .mean: [1, 2, 0, 0, 7, 8], .sum: [2, 4, 0, 0, 14, 16], .max: [2, 3, 0, 0, 8, 9],
            .first: [0, 1, 0, 0, 6, 7],
            .last: [2, 3, 0, 0, 8, 9],
        ]
        for (kind, values) in expected {
            let y = try run(SegmentReduceOp(kind), [x, offsets, lengths])
            #expect(y.shape == [3, 2] && Array(y.elements(Float.self)) == values, "\(kind)")
        }
    }

    @Test(arguments: [[Int32(0), 3, 6], [0, 3], [2, 1, 5], [-1, 3, 5]]) func brokenOffsetsAreRefused(_ offsets: [Int32])
        throws
    {
        let x = Tensor((0..<10).map { Float($0) }, shape: [5, 2])
        let lengths = Tensor(vector: [Int32(2), 2])
        #expect(throws: GraphError.self) {
            try run(SegmentReduceOp(.mean), [x, Tensor(vector: offsets), lengths])
        }
        #expect(throws: GraphError.self) {
            try run(AttentionOp(heads: 1, scale: 1), [x, x, x, nil, Tensor(vector: offsets), lengths])
        }
    }

    /// Buckets by the published formula in Python 3.11 double precision, 32 buckets, 128 at most.
    @Test func relativePositionsFallIntoBuckets() throws {
        let table = Tensor((0..<32).map { Float($0) }, shape: [32, 1])
        let y = try run(RelativePositionBiasOp(), [table, Tensor(vector: [Int32(3), 160])], constants: [0])
        #expect(y.shape == [1, 1, 160, 160])
        func bucket(_ query: Int, _ key: Int) -> Int { Int(y.elements(Float.self)[query * 160 + key]) }
        let golden = [
            (0, 0), (1, 17), (7, 23), (8, 24), (11, 24), (12, 25), (16, 26), (23, 27), (32, 28), (46, 29), (64, 30),
            (91, 31),
            (127, 31), (159, 31),
        ]
        for (distance, expected) in golden {
            #expect(bucket(0, distance) == expected, "\(distance)")
            #expect(bucket(distance, 0) == (distance == 0 ? 0 : expected - 16), "-\(distance)")
        }
    }

    @Test func rowPairs() throws {
        let a = Tensor([Float(3), 4, 0, 0], shape: [2, 2])
        let b = Tensor(vector: [Float(4), 3])
        #expect(try run(RowPairsOp(.dot), [a, b]).values(Float.self) == [24, 0])
        #expect(try run(RowPairsOp(.cosine), [a, b]).values(Float.self) == [0.96, 0])
        #expect(try run(RowPairsOp(.l2), [a, b]).values(Float.self) == [Float(2).squareRoot(), 5])
    }
}

#if canImport(Glibc)
import Glibc
#endif

private func exponential(_ x: Double) -> Double { exp(x) }

/// One pool for all tests.
private enum ThreadPoolForTests {
    static let pool = ThreadPool(threadCount: 2)
}
