import MartletData
import MartletModels
import MartletPlanner

/// Candidates by what is known of the place: types of arguments, names of options.
extension Session {
    // MARK: Arguments

    /// Types that a function takes at a place, as its signature writes them; nil where it takes any.
    static func wantedTypes(_ argument: CompletionPlace.Argument) -> [String]? {
        guard let function = FunctionTable.function(argument.function) else { return nil }
        return SignatureText(function.signature).parameter(argument.number)
    }

    /// Functions whose results are of one of the types, as far as signatures tell.
    static func functions(giving wanted: [String]?) -> [String] {
        FunctionTable.all.entries.filter { function in
            guard function.name.first?.isLetter ?? false else { return false }
            guard let wanted, let results = SignatureText(function.signature).results else { return true }
            return results.contains { result in wanted.contains { SignatureText.isUsable(result, as: $0) } }
        }.map(\.name)
    }

    // MARK: Options

    func options(of owner: CompletionPlace.OptionOwner) -> [String] {
        switch owner {
        case .data(let path, let named):
            let format =
                named.flatMap { DataFormats.table[$0.lowercased()] } ?? DataFormats.byExtension(path) ?? .csv
            return ["format"] + format.readOptions.map(\.name)
        case .write(let path): return (try? catalog.writeOptions(path: path)) ?? []
        case .model: return ModelOptions.table.entries.map(\.name) + ["pair"]
        case .stage(let word):
            let entry = StageTable.all.entries.first { $0.name == word || $0.name.hasPrefix(word + " ") }
            return entry.map { SignatureText.options($0.form) } ?? []
        }
    }
}

/// What can be read from texts such as `(text string, start int [, count int]) -> string`.
struct SignatureText {
    /// For each parameter the types that it takes; nil for any.
    private var parameters: [[String]?] = []
    private var isOpen = false
    private var names: [String] = []
    /// Types that the result may have, as far as can be said; nil if it may have any.
    private(set) var results: [String]?

    init(_ text: String) {
        guard let arrow = text.firstRange(of: " -> ") else { return }
        let given = String(text[arrow.upperBound...])
        let inner = text[..<arrow.lowerBound].filter { !"[]".contains($0) }.dropFirst().dropLast()
        for part in inner.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            if words == ["…"] {
                isOpen = true
            } else {
                let types = words.dropFirst().filter { $0 != "|" }
                parameters.append(types.isEmpty ? nil : Array(types))
                names.append(words.first ?? "")
            }
        }
        // `as x`: what parameter `x` takes.
        results =
            given.hasPrefix("as ")
            ? names.firstIndex(of: String(given.dropFirst(3))).flatMap { parameters[$0] } : [given]
    }

    /// The types that parameter `number` takes; nil for any.
    func parameter(_ number: Int) -> [String]? {
        if number < parameters.count { return parameters[number] }
        return isOpen ? parameters.last ?? nil : nil
    }

    /// Whether a value of the type `given` may stand where `wanted` is taken.
    static func isUsable(_ given: String, as wanted: String) -> Bool {
        let (given, wanted) = (kind(given), kind(wanted))
        if given == wanted { return true }
        switch wanted {
        case "float": return given == "int"
        case "vector": return given == "tensor" || given == "list"
        case "tensor": return given == "vector"
        default: return false
        }
    }

    /// Names before `=` directly within `with (…)`.
    static func options(_ form: String) -> [String] {
        guard let start = form.firstRange(of: "with (")?.upperBound else { return [] }
        var names: [String] = []
        var depth = 0
        var part = ""
        for character in form[start...] {
            if character == ")", depth == 0 { break }
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character == ",", depth == 0 { part = "" }
            if character == "=", depth == 0 {
                names.append(part.filter { $0.isLetter || $0 == "_" })
                part = ""
            }
            part.append(character)
        }
        return names
    }

    /// A type without its parts: `list(string)` and `float[384]` are a list and a tensor.
    private static func kind(_ type: String) -> String {
        if type.hasSuffix("]") { return "tensor" }
        return String(type.prefix { $0 != "(" })
    }
}
