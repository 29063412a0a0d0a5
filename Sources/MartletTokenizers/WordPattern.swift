/// The regular expressions that cut text into words before byte-level BPE, coded by hand.
enum WordPattern: CaseIterable, Sendable {
    /// GPT-2, RoBERTa.
    case gpt2
    /// GPT-4, Llama 3: digits in groups of up to three.
    case threeDigits
    /// Qwen 2: each digit by itself.
    case oneDigit

    /// The expressions as they stand in tokenizer files.
    var texts: [String] {
        let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
        let rest = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
        switch self {
        case .gpt2:
            return ["'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"]
        case .threeDigits:
            return [contractions + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + rest]
        case .oneDigit:
            return [contractions + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + rest]
        }
    }

    /// Where the match that starts at `start` ends; the alternatives are tried in the expression's order.
    func end(of text: UnsafePointer<UInt8>, from start: Int, count: Int) -> Int {
        let scan = Scan(text: text, count: count)
        if let end = scan.contraction(from: start, ignoresCase: self != .gpt2) { return end }
        var afterFirst = start
        let first = scan.next(&afterFirst)
        let second = afterFirst < count ? scan.kind(at: afterFirst) : nil
        let isSpace = text[start] == UInt8(ascii: " ")
        switch self {
        case .gpt2:
            // ` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+`
            for kind in [Kind.letter, .number, .other] {
                if first == kind { return scan.run(of: kind, from: start) }
                if isSpace, second == kind { return scan.run(of: kind, from: afterFirst) }
            }
            return scan.spaces(from: start)
        case .threeDigits, .oneDigit:
            // `[^\r\n\p{L}\p{N}]?\p{L}+`
            if first == .letter { return scan.run(of: .letter, from: start) }
            if second == .letter, first != .number, first != .newline { return scan.run(of: .letter, from: afterFirst) }
            // `\p{N}{1,3}`
            if first == .number { return scan.run(of: .number, from: start, limit: self == .oneDigit ? 1 : 3) }
            // ` ?[^\s\p{L}\p{N}]+[\r\n]*`
            if first == .other || (isSpace && second == .other) {
                var end = scan.run(of: .other, from: first == .other ? start : afterFirst)
                while end < count, text[end] == 0x0A || text[end] == 0x0D { end += 1 }
                return end
            }
            // `\s*[\r\n]+`
            let end = scan.run(ofSpaceFrom: start)
            var newline = end
            while newline > start, text[newline - 1] != 0x0A, text[newline - 1] != 0x0D { newline -= 1 }
            return newline > start ? newline : scan.spaces(from: start)
        }
    }

    enum Kind {
        case letter, number, space, newline, other
    }

    /// Steps over a text that is well-formed UTF-8.
    private struct Scan {
        let text: UnsafePointer<UInt8>
        let count: Int
        let tables = ScalarTables.shared

        func next(_ index: inout Int) -> Kind {
            let scalar = UTF8Text.next(text, &index)
            if scalar == 0x0A || scalar == 0x0D { return .newline }
            let flags = tables.flags(scalar)
            if flags.contains(.letter) { return .letter }
            if flags.contains(.number) { return .number }
            return flags.contains(.whitespace) ? .space : .other
        }

        func kind(at index: Int) -> Kind {
            var index = index
            return next(&index)
        }

        func run(of kind: Kind, from start: Int, limit: Int = .max) -> Int {
            var end = start
            var length = 0
            while end < count, length < limit {
                var after = end
                guard next(&after) == kind else { break }
                end = after
                length += 1
            }
            return end
        }

        /// End of the run of `\s` at `start`.
        func run(ofSpaceFrom start: Int) -> Int {
            var end = start
            while end < count {
                var after = end
                let kind = next(&after)
                guard kind == .space || kind == .newline else { break }
                end = after
            }
            return end
        }

        /// `\s+(?!\S)|\s+`: all spaces at the end of the text, else all but the last, but at least one.
        func spaces(from start: Int) -> Int {
            let end = run(ofSpaceFrom: start)
            guard end < count, end > start else { return end }
            var last = end
            _ = UTF8Text.previous(text, &last)
            return last > start ? last : end
        }

        /// `'s|'t|'re|'ve|'m|'ll|'d`
        func contraction(from start: Int, ignoresCase: Bool) -> Int? {
            guard text[start] == UInt8(ascii: "'"), start + 1 < count else { return nil }
            func letter(_ index: Int) -> UInt8 {
                guard index < count else { return 0 }
                return ignoresCase && (0x41...0x5A).contains(text[index]) ? text[index] | 0x20 : text[index]
            }
            switch (letter(start + 1), letter(start + 2)) {
            case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
                return start + 2
            case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
                (UInt8(ascii: "l"), UInt8(ascii: "l")):
                return start + 3
            // U+017F, long s, folds to s.
            case (0xC5, 0xBF) where ignoresCase: return start + 3
            default: return nil
            }
        }
    }
}
