import MartletData
import MartletSupport

/// A setting: how `set` reads it and `show settings` prints it. To add one: a property of `Settings` and a line here.
package struct SettingEntry: Sendable {
    package let name: String
    /// What a value is, for messages: `a number from 1 to 256`.
    package let wants: String
    package let doc: String
    let text: @Sendable (Settings) -> String
    /// False if the value is none.
    let assign: @Sendable (inout Settings, Value) -> Bool
}

package enum SettingTable {
    package static var names: [String] { all.entries.map(\.name) }

    /// Words that a setting may be set to, where it takes words; without quotes, which are not needed.
    package static func values(of name: String) -> [String] {
        guard let wants = all[name.lowercased()]?.wants else { return [] }
        if wants == "true or false" { return ["true", "false"] }
        let quoted = wants.split(separator: "'", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 && !$0.element.isEmpty && $0.element.allSatisfy(\.isLetter) }
            .map { String($0.element) }
        return name.lowercased() == "disable" ? PlanRules.names + quoted : quoted
    }

    package static let all = NameTable(
        [
            SettingEntry(
                name: "threads", wants: "a number from 1 to 256, or 'auto'", doc: "threads that run queries",
                text: { $0.threads.map { "\($0)" } ?? "auto" },
                assign: { settings, value in
                    if case .string("auto") = value {
                        settings.threads = nil
                        return true
                    }
                    guard case .int(let number) = value, (1...256).contains(number) else { return false }
                    settings.threads = Int(number)
                    return true
                }),
            SettingEntry(
                name: "batch", wants: "'auto', a number of rows, or 'tokens 8192'",
                doc: "advice on the size of batches",
                text: { settings in
                    switch settings.batch {
                    case .auto: "auto"
                    case .rows(let count): "\(count)"
                    case .tokens(let count): "tokens \(count)"
                    }
                },
                assign: { settings, value in
                    switch value {
                    case .string("auto"): settings.batch = .auto
                    case .int(let count) where (1...(1 << 24)).contains(count): settings.batch = .rows(Int(count))
                    case .string(let text):
                        let words = text.split(separator: " ")
                        guard words.count == 2, let count = Int(words[1]), (1...(1 << 24)).contains(count) else {
                            return false
                        }
                        switch words[0] {
                        case "tokens": settings.batch = .tokens(count)
                        case "rows": settings.batch = .rows(count)
                        default: return false
                        }
                    default: return false
                    }
                    return true
                }),
            SettingEntry(
                name: "disable", wants: "names of rules with commas between, 'all', or ''",
                doc: "rules that are switched off",
                text: { $0.disabled.sorted().joined(separator: ", ") },
                assign: { settings, value in
                    guard case .string(let text) = value else { return false }
                    settings.disabled = Set(
                        text.split(separator: ",").map { String(trimmed(String($0))) }.filter { !$0.isEmpty })
                    return true
                }),
            SettingEntry(
                name: "morsel_rows", wants: "a number from 1 to 1048576",
                doc: "rows that go through a pipeline at a time",
                text: { "\($0.morselRows)" },
                assign: { settings, value in
                    guard case .int(let count) = value, (1...1_048_576).contains(count) else { return false }
                    settings.morselRows = Int(count)
                    return true
                }),
            SettingEntry(
                name: "pack", wants: "true or false",
                doc: "whether texts of different length share a batch without padding",
                text: { "\($0.pack)" },
                assign: { settings, value in
                    guard case .bool(let isOn) = value else { return false }
                    settings.pack = isOn
                    return true
                }),
            SettingEntry(
                name: "memory_limit", wants: "bytes from 4096 on, such as 2000000000 or '2GB', or 'auto'",
                doc: "memory that a query may use; rows beyond it go to temporary files",
                text: { $0.memoryLimit.map { "\($0)" } ?? "auto" },
                assign: { settings, value in
                    switch value {
                    case .string("auto"):
                        settings.memoryLimit = nil
                        return true
                    case .int(let bytes) where bytes >= 4_096:
                        settings.memoryLimit = Int(bytes)
                        return true
                    case .string(let text):
                        guard let bytes = byteCount(text), bytes >= 4_096 else { return false }
                        settings.memoryLimit = bytes
                        return true
                    default: return false
                    }
                }),
            SettingEntry(
                name: "memo", wants: "bytes, such as 64000000 or '64MB', or 'off'",
                doc: "memory for models' answers, which later queries of the session use again",
                text: { $0.memo.map { "\($0)" } ?? "off" },
                assign: { settings, value in
                    switch value {
                    case .string("off"):
                        settings.memo = nil
                        return true
                    case .int(let bytes) where bytes >= 1:
                        settings.memo = Int(bytes)
                        return true
                    case .string(let text):
                        guard let bytes = byteCount(text), bytes >= 1 else { return false }
                        settings.memo = bytes
                        return true
                    default: return false
                    }
                }),
            SettingEntry(
                name: "temp_directory", wants: "a folder, or 'auto'", doc: "where temporary files are made",
                text: { $0.temporaryFolder ?? "auto" },
                assign: { settings, value in
                    guard case .string(let path) = value, !path.isEmpty, !path.utf8.contains(0) else { return false }
                    settings.temporaryFolder = path == "auto" ? nil : path
                    return true
                }),
            SettingEntry(
                name: "max_iterations", wants: "a number from 1 to 1000000000000, or 'auto'",
                doc: "rounds that a model's loop may take",
                text: { $0.maxIterations.map { "\($0)" } ?? "auto" },
                assign: { settings, value in
                    if case .string("auto") = value {
                        settings.maxIterations = nil
                        return true
                    }
                    guard case .int(let count) = value, (1...1_000_000_000_000).contains(count) else { return false }
                    settings.maxIterations = Int(count)
                    return true
                }),
            SettingEntry(
                name: "seed", wants: "an int", doc: "what `sample` chooses by",
                text: { "\($0.seed)" },
                assign: { settings, value in
                    guard case .int(let seed) = value else { return false }
                    settings.seed = Int(seed)
                    return true
                }),
            SettingEntry(
                name: "format", wants: "'box', 'csv', 'json', 'jsonl', 'markdown', or 'auto'",
                doc: "how results are printed",
                text: { $0.format ?? "auto" },
                assign: { settings, value in
                    guard case .string(let name) = value else { return false }
                    guard ["auto", "box", "csv", "json", "jsonl", "markdown"].contains(name) else { return false }
                    settings.format = name == "auto" ? nil : name
                    return true
                }),
            SettingEntry(
                name: "progress", wants: "true or false", doc: "whether long work shows a progress line",
                text: { "\($0.progress)" },
                assign: { settings, value in
                    guard case .bool(let isOn) = value else { return false }
                    settings.progress = isOn
                    return true
                }),
        ]) { [$0.name] }
}

/// `512MB`, `2 GB`, `1GiB`; units of 1000 or, with an i, of 1024.
private func byteCount(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits) else { return nil }
    let units: [String: Int] = [
        "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "kib": 1 << 10, "mib": 1 << 20,
        "gib": 1 << 30,
    ]
    guard let unit = units[trimmed(String(text.dropFirst(digits.count))).lowercased()] else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : bytes
}
