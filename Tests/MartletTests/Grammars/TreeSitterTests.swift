import Foundation
import MartletSyntax
import MartletTestSupport
import Testing

/// The tree-sitter grammar takes what the parser takes and refuses what it refuses. Runs where `scripts/tree-sitter/run` does:
/// MARTLET_TREE_SITTER is its path.
@Suite
struct TreeSitterTests {
    init() { ProjectFiles.enter() }

    private struct Verdict: Decodable {
        var error: Int?
        var plain: [String]
    }

    /// nil where tree-sitter is not at hand.
    private func verdicts(_ texts: [String]) throws -> [Verdict]? {
        guard let command = ProjectFiles.environment("MARTLET_TREE_SITTER") else {
            print("TreeSitterTests: skipped, MARTLET_TREE_SITTER is not set")
            return nil
        }
        let folder = try TemporaryFolder()
        let input = URL(filePath: folder.path + "/texts.json")
        let output = URL(filePath: folder.path + "/verdicts.json")
        try JSONEncoder().encode(texts).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: command)
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let verdicts = try JSONDecoder().decode([Verdict].self, from: Data(contentsOf: output))
        try #require(verdicts.count == texts.count)
        return verdicts
    }

    @Test func takesAndColoursWhatTheParserTakes() throws {
        guard let verdicts = try verdicts(Corpus.sound.map(\.text)) else { return }
        for (text, verdict) in zip(Corpus.sound, verdicts) {
            #expect(verdict.error == nil, "\(text.name): \(text.text.utf8.dropFirst(verdict.error ?? 0).prefix(20))")
            #expect(verdict.plain == [], "\(text.name): without a colour")
        }
    }

    /// Besides what no grammar tells, a reserved word in place of a name: tree-sitter takes a word that cannot stand for a name.
    private static let beyondGrammar = NormativeGrammarTests.beyondGrammars.union(["E0013"])

    @Test func refusesWhatTheParserRefuses() throws {
        let broken = Corpus.broken.filter { text in
            let codes = Set(text.parsed.diagnostics.map(\.code.id))
            return codes.isDisjoint(with: Self.beyondGrammar)
        }
        guard let verdicts = try verdicts(broken.map(\.text)) else { return }
        for (text, verdict) in zip(broken, verdicts) { #expect(verdict.error != nil, "\(text.name)") }
    }

    @Test func agreesAboutScriptsWithOneMistake() throws {
        var random = SplitMix(seed: 11)
        let mutants = Corpus.sound.flatMap { Mutation.mutants(of: $0.text, count: 3, using: &random) }
        guard let verdicts = try verdicts(mutants) else { return }
        for (mutant, verdict) in zip(mutants, verdicts) {
            let parsed = parse(SourceText(name: "", mutant))
            guard Lexer.tokens(of: parsed.source).diagnostics.isEmpty else { continue }
            let isSound = !parsed.diagnostics.contains { $0.severity == .error }
            let isTaken = verdict.error == nil
            let isBeyond =
                Mutation.isBeyondNotes(mutant)
                || !Self.beyondGrammar.isDisjoint(with: parsed.diagnostics.map(\.code.id))
            #expect(
                isSound == isTaken || (isTaken && isBeyond),
                "the parser \(isSound ? "takes" : "refuses") this, tree-sitter does not:\n\(mutant)")
        }
    }

    /// `src/parser.c` begins with the hash of the grammar that it was made from.
    @Test func parserIsMadeFromTheGrammar() throws {
        let folder = "\(ProjectFiles.root)/grammar/tree-sitter-martlet"
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sha256sum", "\(folder)/grammar.js"]
        process.standardOutput = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let first = (ProjectFiles.read("grammar/tree-sitter-martlet/src/parser.c") ?? "").prefix { $0 != "\n" }
        #expect(first.hasSuffix(said.prefix(64)), "run grammar/tree-sitter-martlet/generate")
    }
}
