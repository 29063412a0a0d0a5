import Martlet

/// What a query did beside its rows, in one line: nothing that was cut, left out or failed goes unsaid.
struct RunSummary {
    let profile: Profile

    /// `labelled.csv: 400 rows, 31 kB`, a line for each file.
    var files: [String] {
        profile.files.map { file in
            "\(file.path): \(Self.counted(file.rows, "row")), \(Self.size(file.bytes))"
        }
    }

    /// nil if there is nothing to tell.
    var remarks: String? {
        let infers = profile.operators.compactMap(\.infer)
        let nulls = infers.reduce(0) { $0 + $1.nulls }
        let failures = infers.reduce(0) { $0 + $1.failures }
        var parts: [String] = []
        if profile.truncated > 0 {
            parts.append("\(Self.counted(profile.truncated, "text")) cut to what the model takes")
        }
        if nulls > 0 { parts.append("\(Self.counted(nulls, "null input")) gave null") }
        if failures > 0 { parts.append("\(Self.counted(failures, "row")) failed") }
        if profile.skippedRows > 0 { parts.append("\(Self.counted(profile.skippedRows, "row")) of input skipped") }
        if profile.duplicates > 0 {
            parts.append("\(Self.counted(profile.duplicates, "duplicate")) answered without running the model")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    static func counted(_ count: Int, _ noun: String) -> String {
        "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// `812 bytes`, `31 kB`, `1.25 MB`
    static func size(_ bytes: Int) -> String {
        bytes < 1_000 ? counted(bytes, "byte") : short(Double(bytes)) + "B"
    }
}
