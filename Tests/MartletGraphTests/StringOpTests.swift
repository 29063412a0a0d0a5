import MartletGraph
import MartletTensor
import Testing

/// Ops on strings, against what onnxruntime 1.32 gives for the same operators.
@Suite struct StringOpTests {
    private func run(_ op: any GraphOp, _ inputs: Tensor..., constants: [Tensor] = []) throws -> [Tensor] {
        var graph = Graph()
        let ids = inputs.map { graph.addInput("x", ValueType($0.dtype, $0.shape.map { .fixed($0) })) }
        for id in try graph.add(op, ids + constants.map { graph.addConstant($0) }) { graph.addOutput("y", id) }
        return try CompiledGraph(graph).run(inputs, RunContext())
    }

    private func texts(_ strings: String...) -> Tensor { Tensor(strings: strings, shape: [strings.count]) }

    @Test func tokensAreWhatAnExpressionMatches() throws {
        let op = TokenizeOp(.matches("[a-zA-Z0-9_]+"), shortest: 2, padding: "#", marksEnds: false)
        let tokens = try run(op, texts("ab c def", "", "é ou"))[0]
        #expect(tokens.shape == [3, 2])
        #expect(tokens.strings == ["ab", "def", "#", "#", "ou", "#"])
    }

    @Test func wordsOfExpressionsAreASCII() throws {
        let op = TokenizeOp(.matches("\\w\\w+"), shortest: 1, padding: "#", marksEnds: false)
        #expect(try run(op, texts("a,;bä;cc dé"))[0].strings == ["cc"])
    }

    @Test func separatorsApplyOneAfterTheOther() throws {
        let op = TokenizeOp(.separated([" ", ","]), shortest: 1, padding: "#", marksEnds: true)
        let tokens = try run(op, Tensor(strings: ["a b,c,,d", " "], shape: [1, 2]))[0]
        #expect(tokens.shape == [1, 2, 6])
        #expect(
            tokens.strings == ["\u{2}", "a", "b", "c", "d", "\u{3}", "\u{2}", "\u{3}", "#", "#", "#", "#"])
    }

    @Test func scalarsAreTokens() throws {
        let op = TokenizeOp(.scalars, shortest: 1, padding: "#", marksEnds: false)
        #expect(try run(op, texts("aé", ""))[0].strings == ["a", "é", "#", "#"])
    }

    @Test func splittingKeepsEmptyPartsBetweenDelimiters() throws {
        let parts = try run(StringSplitOp(delimiter: ",", limit: nil), texts("", "a,b,", ","))
        #expect(parts[0].strings == ["", "", "", "a", "b", "", "", "", ""])
        #expect(parts[1].values(Int64.self) == [0, 3, 2])
    }

    @Test(arguments: [(1, ["a", "b  c", "", ""], [2, 2]), (0, ["a  b  c", ""], [2, 1])])
    func whatIsBeyondTheLimitStaysWhole(_ limit: Int, _ wanted: [String], _ shape: [Int]) throws {
        let parts = try run(StringSplitOp(delimiter: nil, limit: limit), texts("a  b  c", ""))
        #expect(parts[0].strings == wanted)
        #expect(parts[0].shape == shape)
    }

    @Test func wholeStringsMatch() throws {
        let strings = texts("ab1", "ab1\n", "xab1", "äb1", "ab]")
        #expect(
            try run(RegexMatchOp("^\\w+$"), strings)[0].values(Bool.self) == [true, false, true, false, false])
        #expect(
            try run(RegexMatchOp("(?P<n>[^]\\d]+)[]\\d]"), strings)[0].values(Bool.self)
                == [true, false, true, true, true])
    }
}
