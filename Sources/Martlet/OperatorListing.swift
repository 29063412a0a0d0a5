import MartletModels
import MartletSupport

/// What `martlet model operators` shows: every ONNX operator that models may use.
package struct OperatorListing: Sendable {
    package init() {}

    /// Operators by domain, the standard one first, named as in files.
    private var domains: [(name: String, operators: [String])] {
        let byDomain = Dictionary(grouping: ONNXOpTable.entries, by: \.domain)
        return byDomain.sorted { $0.key < $1.key }.map { domain, entries in
            (domain.isEmpty ? "ai.onnx" : domain, entries.map(\.name).sorted())
        }
    }

    /// For people, ended by a line end.
    package var text: String {
        domains.map { domain, operators in
            "\(domain), \(operators.count) operators\n" + Self.lines(operators).map { "  \($0)\n" }.joined()
        }.joined(separator: "\n")
    }

    /// Names separated by commas, in lines of at most 100 columns.
    private static func lines(_ names: [String]) -> [String] {
        var lines: [String] = []
        var line = ""
        for (index, name) in names.enumerated() {
            let word = index == names.count - 1 ? name : name + ","
            if !line.isEmpty, line.utf8.count + 1 + word.utf8.count > 100 {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? word : " " + word
        }
        return lines + [line]
    }

    /// One JSON object, domain to names, and a line end.
    package var json: String {
        let members = domains.map { ($0.name, JSON.array($0.operators.map { .string($0) })) }
        var bytes: [UInt8] = []
        JSONWriter.append(.object(JSONObject(members)), to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
