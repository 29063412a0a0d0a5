import MartletData
import MartletSyntax

/// What a script reads, and whether that has changed: for running it again when it does.
package struct ScriptInputs: Sendable {
    /// Paths and patterns behind `load`, in order, each once; without those that the script writes itself.
    package let paths: [String]

    /// Reads the text's words only, so that it serves a script with mistakes too. Paths that are computed are not found.
    package init(_ script: String) {
        let source = SourceText(name: "", script)
        let tokens = Lexer.tokens(of: source).tokens.filter { !$0.kind.isTrivia }
        func strings(after word: Word) -> [String] {
            zip(tokens, tokens.dropFirst()).compactMap { first, second in
                let literal = source[second.span]
                guard first.word == word, second.kind == .string, literal.utf8.count > 1, literal.hasSuffix("'") else {
                    return nil
                }
                return Self.unquoted(String(literal.dropFirst().dropLast()))
            }
        }
        let written = Set(strings(after: .write))
        var seen: Set<String> = ["-", ""]
        paths = strings(after: .load).filter { !written.contains($0) && seen.insert($0).inserted }
    }

    private static func unquoted(_ text: String) -> String {
        var result = ""
        var isSecond = false
        for character in text {
            isSecond = character == "'" && !isSecond
            if !isSecond { result.append(character) }
        }
        return result
    }
}

/// Files as they were at one time.
package struct FileSnapshot: Sendable, Equatable {
    /// nil for one that is not there.
    private var stamps: [String: FileStamp?] = [:]

    /// Of `paths`, which may be files, folders (with the files in them) and patterns.
    ///
    /// - Parameter list: the names in a folder.
    package init(_ paths: [String], list: (String) -> [String]) {
        for path in paths {
            let found = (try? expandPattern(path)) ?? []
            for file in found.isEmpty ? [path] : found {
                let stamp = FileStamp(file)
                stamps[file] = .some(stamp)
                guard stamp == nil else { continue }
                for name in list(file) { stamps["\(file)/\(name)"] = .some(FileStamp("\(file)/\(name)")) }
            }
        }
    }

    /// Files that are new, gone or different, by name.
    package func changes(since earlier: FileSnapshot) -> [String] {
        Set(stamps.keys).union(earlier.stamps.keys).filter { stamps[$0] != earlier.stamps[$0] }.sorted()
    }
}
