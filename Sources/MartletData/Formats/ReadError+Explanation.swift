import MartletSupport

extension ReadError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .empty, .foreign, .noMatch, .badPattern, .inputTaken, .changed, .schemaMismatch: fileExplanation
        case .nul, .invalidUTF8, .lineTooLong: textExplanation
        case .strayQuote, .textAfterQuote, .unterminatedQuote, .fieldCount, .duplicateHeader, .headerLooksLikeData,
            .badValue:
            csvExplanation
        case .json, .notAnObject, .typeMismatch, .mixedTypes, .unknownKey, .duplicateKey, .tooManyColumns, .tooDeep:
            jsonExplanation
        case .unknownOption, .badOption, .unknownFormat: optionExplanation
        }
    }

    private var fileExplanation: Explanation {
        switch self {
        case .empty(let file):
            Explanation(
                code: "E0730", message: "`\(file)` is empty, so its columns are not known",
                place: InputPlace(file: file),
                help: "name them: with (columns = {id: 'int', text: 'string'})")
        case .foreign(let file, let what, let remedy):
            Explanation(
                code: "E0731", message: "`\(file)` is \(what)", place: InputPlace(file: file), help: remedy)
        case .noMatch(let pattern):
            Explanation(
                code: "E0732", message: "no file matches `\(pattern)`", place: InputPlace(file: pattern),
                help:
                    "check the pattern; it is relative to the working directory, `*` stays within a folder, `**` does not"
            )
        case .badPattern(let pattern, let reason):
            Explanation(code: "E0732", message: "the pattern `\(pattern)` is refused: \(reason)")
        case .inputTaken(let file):
            Explanation(
                code: "E0733", message: "`\(file)` can be read only once", place: InputPlace(file: file),
                help: "keep its rows by `let`, or save it to a file and load that")
        case .changed(let file):
            Explanation(
                code: "E0734", message: "`\(file)` has other columns than when the query was prepared",
                place: InputPlace(file: file), help: "prepare the query again")
        case .schemaMismatch(let first, let second, let column, let reason):
            Explanation(
                code: "E0735", message: "`\(second)` does not fit `\(first)`: column `\(column)` \(reason)",
                place: InputPlace(file: second), notes: ["all files of one `load` have the same columns"],
                help: "load them apart, or say the type: with (types = {\(quotedIfNeeded(column)): 'string'})")
        default: Explanation(code: "E0730", message: "\(self)")
        }
    }

    private var textExplanation: Explanation {
        switch self {
        case .nul(let place):
            Explanation(
                code: "E0736", message: "a NUL byte\(at(place)) in what should be text", place: place,
                help: "the file may be binary or UTF-16; convert it to UTF-8")
        case .invalidUTF8(let place):
            Explanation(
                code: "E0737", message: "the bytes\(at(place)) are not UTF-8", place: place,
                help: "convert the file: iconv -f LATIN1 -t UTF-8; or skip such rows: with (ignore_errors = true)")
        case .lineTooLong(let place, let limit, let openQuote):
            Explanation(
                code: "E0738", message: "a row is longer than \(limit) bytes", place: place,
                notes: openQuote ? ["it begins with, or contains, a quote that may not be closed"] : [],
                help: "if it is meant to be: with (max_line_size = \(limit &* 8))")
        default: Explanation(code: "E0736", message: "\(self)")
        }
    }

    private var csvExplanation: Explanation {
        switch self {
        case .strayQuote(let place):
            Explanation(
                code: "E0740", message: "a quote in the middle of a field that is not quoted", place: place,
                help:
                    "quote the field and double the quote inside (\"5\"\" disk\"), or take quotes as they are: with (quote = '')"
            )
        case .textAfterQuote(let place):
            Explanation(
                code: "E0741", message: "text follows the closing quote of a field", place: place,
                help: "double each quote inside a quoted field, or be lenient: with (strict = false)")
        case .unterminatedQuote(let place):
            Explanation(
                code: "E0742", message: "the quote opened here is not closed by the end of the file", place: place,
                help: "close it, or take quotes as they are: with (quote = '')")
        case .fieldCount(let place, let expected, let found):
            Explanation(
                code: "E0743", message: "a row of \(fields(found)) where \(expected) are expected", place: place,
                help: found < expected
                    ? "fill it up, or: with (null_padding = true), or skip such rows: with (ignore_errors = true)"
                    : "quote fields that contain the separator, or skip such rows: with (ignore_errors = true)")
        case .duplicateHeader(let place, let name, let first, let second):
            Explanation(
                code: "E0744", message: "columns \(first) and \(second) are both called `\(name)`", place: place,
                notes: ["names are compared without case"],
                help: "give all names: with (names = ['a', 'b', …], skip = 1, header = false)")
        case .headerLooksLikeData(let place, let sample):
            Explanation(
                code: "E0745", message: "the first row looks like data, not like names of columns: \(sample)",
                place: place,
                help: "say which: with (header = false) or with (header = true)")
        case .badValue(let place, let column, let value, let type, let inferredFrom):
            Explanation(
                code: "E0746", message: "`\(value)` in column `\(column)` is no \(type.text)", place: place,
                notes: inferred(inferredFrom),
                help:
                    "with (types = {\(quotedIfNeeded(column)): '\(Double(value) == nil ? "string" : wider(than: type))'}), with (all_varchar = true), "
                    + "or skip such rows: with (ignore_errors = true)")
        default: Explanation(code: "E0740", message: "\(self)")
        }
    }

    private var jsonExplanation: Explanation {
        switch self {
        case .json(let place, let reason):
            return Explanation(
                code: "E0750", message: "broken JSON in line \(place.line ?? 0)\(at(place)): \(words(reason))",
                place: place,
                help: "repair the line, or skip such rows: with (ignore_errors = true)")
        case .notAnObject(let place, let found):
            return Explanation(
                code: "E0751", message: "a row must be an object {…}, this is \(article(found.rawValue))", place: place,
                help: found == .array ? "JSON Lines has one object in each line" : nil)
        case .typeMismatch(let place, let path, let found, let type, let inferredFrom):
            return Explanation(
                code: "E0752", message: "`\(path)` is \(found), not \(article(type.text))", place: place,
                notes: inferred(inferredFrom),
                help:
                    "with (types = {\(quotedIfNeeded(top(path))): '\(path == top(path) ? wider(than: type) : "string")'}), "
                    + "or skip such rows: with (ignore_errors = true)")
        case .mixedTypes(let place, let path, let first, let found):
            return Explanation(
                code: "E0753", message: "`\(path)` is \(article(first.text)) before, and \(article(found.text)) here",
                place: place,
                help: "read it as JSON text: with (types = {\(quotedIfNeeded(top(path))): 'string'})")
        case .unknownKey(let place, let path, let inferredFrom):
            return Explanation(
                code: "E0754", message: "the key `\(path)` is not in the first \(inferredFrom) rows", place: place,
                help: "look at all rows first: with (sample_size = -1), or name the columns: with (columns = {…})")
        case .duplicateKey(let place, let path):
            return Explanation(code: "E0755", message: "the key `\(path)` stands twice in one object", place: place)
        case .tooManyColumns(let place, let limit):
            return Explanation(
                code: "E0756", message: "more than \(limit) different keys", place: place,
                help: "read keys that are data as JSON text: with (columns = {…: 'string'})")
        case .tooDeep(let place, let limit):
            return Explanation(
                code: "E0757", message: "nested more than \(limit) levels deep", place: place)
        default: return Explanation(code: "E0750", message: "\(self)")
        }
    }

    private var optionExplanation: Explanation {
        switch self {
        case .unknownOption(let name, let format, let suggestion):
            Explanation(
                code: "E0760", message: "\(format) has no option `\(name)`",
                help: suggestion.map { "did you mean `\($0)`?" })
        case .badOption(let name, let value, let wanted):
            Explanation(code: "E0761", message: "option `\(name)` cannot be `\(value)`", help: "it takes \(wanted)")
        case .unknownFormat(let name, let suggestion):
            Explanation(
                code: "E0762", message: "there is no data format `\(name)`",
                help: suggestion.map { "did you mean `\($0)`?" }
                    ?? "formats are \(DataFormats.table.entries.map(\.name).joined(separator: ", "))")
        default: Explanation(code: "E0760", message: "\(self)")
        }
    }

    private func at(_ place: InputPlace) -> String { place.offset.map { " at offset \($0)" } ?? "" }

    private func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }

    private func inferred(_ rows: Int?) -> [String] {
        rows.map { ["the type was taken from the first \($0) rows"] } ?? []
    }

    private func wider(than type: DataType) -> String { type == .int ? "float" : "string" }

    private func top(_ path: String) -> String { String(path.prefix { $0 != "." && $0 != "[" }) }

    private func article(_ word: String) -> String {
        "aeiou".contains(word.first ?? "x") ? "an \(word)" : "a \(word)"
    }

    private func words(_ reason: JSONError.Reason) -> String {
        switch reason {
        case .unexpectedEnd: "it ends in the middle of a value"
        case .unexpectedByte(let byte, let expected):
            byte > 0x20 && byte < 0x7f
                ? "found `\(Unicode.Scalar(byte))` where \(expected) should be"
                : "found byte 0x\(hexadecimal([byte])) where \(expected) should be"
        case .unexpectedValue(let expected): "\(expected) should be here"
        case .unterminatedString: "it ends inside a string"
        case .controlCharacter: "a control character stands unescaped in a string"
        case .invalidEscape: "unknown escape in a string"
        case .loneSurrogate: "a `\\u` escape is half of a surrogate pair"
        case .invalidUTF8: "the bytes are not UTF-8"
        case .leadingZero: "a number begins with a needless zero"
        case .numberOutOfRange: "a number is beyond the range of a 64-bit float"
        case .trailingBytes: "something follows the end of the value"
        case .tooDeep(let limit): "nested more than \(limit) levels deep"
        }
    }
}
