extension ModelDescription {
    /// Lines of `name  value`, ends of the model first.
    package var text: String {
        var rows: [(String, String)] = [("model", path), ("format", "\(format): \(architecture)")]
        for (title, ports) in [("input", inputs), ("output", outputs)] {
            for port in ports {
                rows.append((title, "\(port.name) \(port.type)" + (port.meaning.isEmpty ? "" : "  (\(port.meaning))")))
            }
        }
        if let labels {
            let shown = labels.prefix(12).joined(separator: ", ")
            rows.append(("labels", labels.count > 12 ? "\(shown), … (\(labels.count))" : shown))
        }
        if let pooling { rows.append(("pooling", isNormalized ? "\(pooling), normalized" : pooling)) }
        if let maxTokens { rows.append(("max tokens", "\(maxTokens)")) }
        if let tokenizer { rows.append(("tokenizer", tokenizer)) }
        rows.append(("parameters", "\(Self.grouped(parameters)), \(Self.scaled(weightBytes, "B")) of weights"))
        let bound = isLowerBound ? "at least " : ""
        if let flopsPerToken, let tokensPerRow {
            rows.append(
                (
                    "FLOP",
                    "\(bound)\(Self.scaled(flopsPerToken, "")) per token, \(Self.scaled(flopsPerRow, "")) per text of \(tokensPerRow) tokens"
                ))
        } else {
            rows.append(("FLOP", "\(bound)\(Self.scaled(flopsPerRow, "")) per row"))
        }
        rows.append(("operators", operators.map { "\($0.name) \($0.count)" }.joined(separator: ", ")))
        for output in unavailable { rows.append(("unsupported", output.text)) }
        for layer in layers ?? [] {
            let lost = layer.precision == .exact ? "" : ", weights rounded by \(Self.percent(layer.error))"
            rows.append(
                ("product", "\(layer.name) \(layer.rows)×\(layer.columns): \(layer.precision.rawValue)\(lost)"))
        }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
        }.joined()
    }

    /// 0.00412 as `0.41 %`
    private static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
    }

    /// 22713216 as `22,713,216`
    private static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in "\(number)".reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// 22713216 as `22.7 M`
    private static func scaled(_ number: Int, _ unit: String) -> String {
        let prefixes = ["", "k", "M", "G", "T", "P"]
        var value = Double(number)
        var index = 0
        while value >= 1000, index < prefixes.count - 1 {
            value /= 1000
            index += 1
        }
        let suffix = prefixes[index] + unit
        let tenths = Int((value * 10).rounded())
        let figure = index == 0 ? "\(number)" : "\(tenths / 10).\(tenths % 10)"
        return suffix.isEmpty ? figure : "\(figure) \(suffix)"
    }
}
