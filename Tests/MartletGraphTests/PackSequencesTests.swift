import MartletGraph
import MartletSupport
import MartletTensor
import Testing

/// Sequences of uneven length, as padded ids and mask, as packed inputs, and each alone.
struct TestBatch {
    let rows: [[Int64]]

    init(seed: UInt64, lengths: [Int]) {
        var numbers = TestNumbers(seed: seed)
        rows = lengths.map { length in (0..<length).map { _ in Int64(numbers.int(2..<SmallBert.vocabulary)) } }
    }

    init(rows: [[Int64]]) { self.rows = rows }

    var longest: Int { rows.map(\.count).max() ?? 0 }

    /// input_ids and attention_mask; padding is token 1.
    var padded: [Tensor] {
        let ids = rows.flatMap { $0 + [Int64](repeating: 1, count: longest - $0.count) }
        let mask = rows.flatMap { row in (0..<longest).map { Int64($0 < row.count ? 1 : 0) } }
        return [Tensor(ids, shape: [rows.count, longest]), Tensor(mask, shape: [rows.count, longest])]
    }

    /// input_ids, positions, offsets, lengths; each sequence takes `stride` rows, or its own length.
    func packed(stride: Int? = nil) -> [Tensor] {
        var ids: [Int64] = []
        var positions: [Int32] = []
        var offsets: [Int32] = [0]
        for row in rows {
            let room = stride ?? row.count
            ids += row + [Int64](repeating: 1, count: room - row.count)
            positions += (0..<room).map { Int32($0) }
            offsets.append(offsets[offsets.count - 1] + Int32(room))
        }
        return [
            Tensor(vector: ids), Tensor(vector: positions), Tensor(vector: offsets),
            Tensor(vector: rows.map { Int32($0.count) }),
        ]
    }
}

func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
    guard a.shape == b.shape else { return .infinity }
    return zip(a.elements(Float.self), b.elements(Float.self)).reduce(0) { sum, pair in
        pair.0 == pair.1 ? sum : max(sum, (pair.0 - pair.1).isNaN ? .infinity : abs(pair.0 - pair.1))
    }
}

@Suite struct PackSequencesTests {
    static let variants: [SmallBert] = [
        SmallBert(),
        SmallBert(mask: .chosen, head: .classifier, scale: .mulQuery),
        SmallBert(positions: .running, head: .classifier, scale: .splitRoots, spellsNorm: true),
        SmallBert(mask: .chosen, positions: .running, head: .tokens),
        SmallBert(head: .meanPool, scale: .mulQuery, spellsNorm: true),
    ]

    private func packed(_ model: SmallBert) throws -> PackedGraph {
        var graph = try model.graph()
        _ = try graph.optimize(finishing: false, validating: true)
        var result = try #require(
            try packSequences(graph, ids: "input_ids", mask: "attention_mask", types: nil, positions: nil))
        _ = try result.graph.optimize(validating: true)
        return result
    }

    @Test(arguments: variants) func packedEqualsPaddedEqualsRowByRow(_ model: SmallBert) throws {
        let plain = CompiledGraph(try model.graph())
        var optimized = try model.graph()
        _ = try optimized.optimize(validating: true)
        let padded = CompiledGraph(optimized)
        let result = try packed(model)
        let ragged = CompiledGraph(result.graph)
        let batch = TestBatch(seed: 3, lengths: [5, 1, 9, 2, 9])
        let reference = try plain.run(batch.padded, RunContext())[0]
        #expect(largestDifference(reference, try padded.run(batch.padded, RunContext())[0]) < 2e-5)
        let together = try ragged.run(batch.packed(), RunContext())[0]
        let spaced = try ragged.run(batch.packed(stride: 9), RunContext(pool: ThreadPool(threadCount: 2)))[0]
        var place = 0
        for (index, row) in batch.rows.enumerated() {
            let single = TestBatch(rows: [row])
            let alone = try ragged.run(single.packed(), RunContext())[0]
            let spelled = try plain.run(single.padded, RunContext())[0]
            #expect(largestDifference(alone, spelled.reshaped(alone.shape)) < 2e-5)
            let isTokenwise = result.outputs == [.tokenwise]
            let range = isTokenwise ? place..<place + row.count : index..<index + 1
            #expect(largestDifference(together.rows(range), alone) < 1e-6)
            let start = isTokenwise ? index * 9 : index
            #expect(largestDifference(spaced.rows(start..<start + range.count), alone) < 1e-6)
            // The padded batch holds the same row in front of its padding.
            let paddedRow = reference.rows(index..<index + 1)
            let same = isTokenwise ? paddedRow.reshaped([9, SmallBert.hidden]).rows(0..<row.count) : paddedRow
            #expect(largestDifference(same, alone) < 2e-5)
            place += row.count
        }
    }

    @Test func layerIsSevenNodes() throws {
        let graph = try packed(SmallBert()).graph
        let names = graph.nodes.map { type(of: $0.op).name }
        let layer = ["Linear", "Attention", "Linear", "LayerNorm", "Linear", "Linear", "LayerNorm"]
        #expect(Array(names.prefix(15)) == ["Embedding"] + layer + layer)
    }

    @Test func outputsThatAreNotProvedAreRefused() throws {
        var graph = try SmallBert().graph()
        graph.addOutput("mask", graph.inputs[1].value)
        _ = try graph.optimize(finishing: false)
        #expect(try packSequences(graph, ids: "input_ids", mask: "attention_mask", types: nil, positions: nil) == nil)
    }
}

extension PackedGraph: Equatable {
    package static func == (a: PackedGraph, b: PackedGraph) -> Bool { a.graph.dump == b.graph.dump }
}
