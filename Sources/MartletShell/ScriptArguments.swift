/// A script's parameter as the command line gives it.
package struct ScriptParameter: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What is left of a command line after the options of the command: files, and parameters of the script.
package struct ScriptArguments: Equatable {
    package var files: [String] = []
    package var parameters: [ScriptParameter] = []

    /// The options that a parameter may have been meant to be.
    static let optionNames = [
        "format", "threads", "color", "no-header", "no-progress", "timer", "watch", "help", "version",
    ]

    /// `--name value` and `--name=value` are parameters, everything else is a file. A value may begin with a dash. After `--` the
    /// names of options are names of parameters.
    package init(_ rest: [String]) throws(CommandError) {
        var index = 0
        while index < rest.count {
            let word = rest[index]
            index += 1
            if word == "--" { continue }
            guard word.hasPrefix("--") else {
                if word.hasPrefix("-"), word != "-" {
                    throw CommandError(
                        message: "unknown option `\(word)`", help: "parameters have two dashes: `-\(word) value`")
                }
                files.append(word)
                continue
            }
            let body = word.dropFirst(2)
            if let equals = body.firstIndex(of: "=") {
                try add(String(body[..<equals]), String(body[body.index(after: equals)...]))
            } else {
                guard index < rest.count else { throw Self.missingValue(String(body)) }
                try add(String(body), rest[index])
                index += 1
            }
        }
    }

    private mutating func add(_ name: String, _ value: String) throws(CommandError) {
        guard !parameters.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw CommandError(message: "parameter `--\(name)` is given twice")
        }
        parameters.append(ScriptParameter(name: name, value: value))
    }

    private static func missingValue(_ name: String) -> CommandError {
        CommandError(message: "`--\(name)` has no value", help: "write `--\(name) value`")
    }
}
