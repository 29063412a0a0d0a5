import MartletGraph
import MartletTensor
import Testing

/// What the ONNX project's cases for operators of strings leave out.
@Suite struct TextOpTests {
    private func run(_ op: any GraphOp, _ inputs: Tensor...) throws -> [Tensor] {
        var graph = Graph()
        let values = inputs.enumerated().map { index, tensor in
            graph.addInput("x\(index)", ValueType(tensor.dtype, tensor.shape.map { .fixed($0) }))
        }
        for (index, value) in try graph.add(op, values.map(Optional.some)).enumerated() {
            graph.addOutput("y\(index)", value)
        }
        return try CompiledGraph(graph).run(inputs, RunContext())
    }

    @Test func spacesAreThoseOfUnicode() throws {
        let x = Tensor(strings: [" a\u{a0}b\u{3000}c ", "", "é"], shape: [3])
        let all = try run(StringSplitOp(), x)
        #expect(all[0].shape == [3, 3])
        #expect(all[0].strings == ["a", "b", "c", "", "", "", "é", "", ""])
        #expect(all[1].values(Int64.self) == [3, 0, 1])
        let once = try run(StringSplitOp(limit: 1), x)
        #expect(once[0].strings == ["a", "b\u{3000}c ", "", "", "é", ""])
        let never = try run(StringSplitOp(delimiter: "b", limit: 0), x)
        #expect(never[0].strings == x.strings)
    }

    @Test func aMatchReachesBothEnds() throws {
        let x = Tensor(strings: ["ab", "abc", "a", "", "ab\n"], shape: [5])
        #expect(try run(RegexMatchOp("a|ab"), x)[0].values(Bool.self) == [true, false, true, false, false])
        #expect(throws: GraphError.self) { try run(RegexMatchOp("("), x) }
    }

    @Test func stopWordsAreWholeElements() throws {
        let x = Tensor(strings: ["The", "theme", "ÄPFEL", "the"], shape: [4])
        let folded = try run(StringNormalizeOp(.lower, stopWords: ["THE"]), x)[0]
        #expect(folded.strings == ["theme", "äpfel"])
        let exact = try run(StringNormalizeOp(.upper, stopWords: ["the"], isCaseSensitive: true), x)[0]
        #expect(exact.strings == ["THE", "THEME", "ÄPFEL"])
    }

    /// Pool: 1-grams `5`, `7`; 2-grams `5 7`, `7 7`; their columns are 3, 0, 1, 2.
    @Test func weightsAreThoseOfColumns() throws {
        let table = NGramTable(
            Tensor(vector: [5, 7, 5, 7, 7, 7] as [Int64]), [(0..<1, 3), (1..<2, 0), (2..<4, 1), (4..<6, 2)],
            columnCount: 4, weights: [10, 20, 30, 40])
        let x = Tensor([5, 7, 7, 9, 9, 5] as [Int64], shape: [2, 3])
        func counts(_ weighting: NGramCountOp.Weighting, skip: Int = 0) throws -> [Float] {
            try run(NGramCountOp(weighting, lengths: 1...2, maxSkip: skip, table: table), x)[0].values(Float.self)
        }
        #expect(try counts(.count) == [2, 1, 1, 1, 0, 0, 0, 1])
        #expect(try counts(.count, skip: 1) == [2, 2, 1, 1, 0, 0, 0, 1])
        #expect(try counts(.presence) == [10, 20, 30, 40, 0, 0, 0, 40])
        #expect(try counts(.weightedCount) == [20, 20, 30, 40, 0, 0, 0, 40])
    }
}
