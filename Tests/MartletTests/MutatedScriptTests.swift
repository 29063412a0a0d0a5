import Martlet
import MartletSyntax
import MartletTestSupport
import Testing

/// Scripts with mistakes in them: whatever is done to a text, it is planned, or refused with diagnostics that have valid places.
@Suite struct MutatedScriptTests {
    init() { ProjectFiles.enter() }

    private static let sources = Corpus.all.map { SourceText(name: $0.name, $0.text) }

    /// The words of all scripts, so that a mutation may use one that means something elsewhere.
    private static let words: [[UInt8]] = sources.flatMap { source in
        parse(source).tokens.map { Array(source.bytes[$0.span.start..<$0.span.end]) }
    }

    @Test func isPlannedOrRefusedWithAPlace() throws {
        let count = 10_000
        try #require(Self.sources.count > 200 && Self.words.count > 1_000)
        var random = SplitMix(seed: 11)
        var refused = 0
        for number in 0..<count {
            let source = Self.sources[number % Self.sources.count]
            var pieces = parse(source).tokens.map { Array(source.bytes[$0.span.start..<$0.span.end]) }
            for _ in 0..<Int.random(in: 1...3, using: &random) { Self.mutate(&pieces, &random) }
            let text = String(decoding: pieces.joined(), as: UTF8.self)
            if !check(text) { refused += 1 }
        }
        #expect(refused > count / 3, "most mutations are mistakes")
    }

    /// Whether the text was planned.
    private func check(_ text: String) -> Bool {
        let session = Session(threads: 1)
        let problems = session.check(text)
        let bytes = Array(text.utf8)
        for problem in problems {
            #expect(!problem.message.isEmpty && !problem.rendered.isEmpty && !problem.json.isEmpty)
            for label in problem.diagnostic.labels {
                let (start, end) = (label.span.start, label.span.end)
                #expect(0 <= start && start <= end && end <= bytes.count, "\(text)")
                for edge in [start, end] where edge < bytes.count {
                    #expect(bytes[edge] & 0b1100_0000 != 0b1000_0000, "inside a letter: \(text)")
                }
            }
        }
        guard !problems.contains(where: \.isError), !text.contains("analyze") else { return false }
        // Planning may find more: parameters without a value, for one.
        do {
            try session.prepare(text).execute(explaining: .plan) { _ in }
            return true
        } catch {
            #expect(!error.problems.isEmpty)
            return false
        }
    }

    private static func mutate(_ pieces: inout [[UInt8]], _ random: inout SplitMix) {
        guard let at = pieces.indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: pieces.remove(at: at)
        case 1: pieces.insert(pieces[at], at: at)
        case 2: pieces.swapAt(at, Int.random(in: pieces.indices, using: &random))
        case 3: pieces[at] = words.randomElement(using: &random) ?? []
        case 4: pieces.insert(words.randomElement(using: &random) ?? [], at: at)
        default:
            guard !pieces[at].isEmpty else { return }
            pieces[at][Int.random(in: pieces[at].indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
    }
}
