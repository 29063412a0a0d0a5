/// A profile as `explain analyze` and the demo print it.
package struct ProfileText {
    private let profile: Profile
    private let threads: Int
    /// Measured multiply-add peak of one core, FLOP/s.
    private let peakFlops: Double

    package init(_ profile: Profile, threads: Int, peakFlops: Double) {
        self.profile = profile
        self.threads = threads
        self.peakFlops = peakFlops
    }

    /// One line for each operator, and one below each that ran a model.
    package var text: String {
        let width = min(72, profile.operators.map { 2 * $0.depth + $0.title.count }.max() ?? 0)
        var lines: [String] = []
        for item in profile.operators {
            let title = String(repeating: "  ", count: item.depth) + item.title
            let padded = title + String(repeating: " ", count: max(0, width - title.count))
            lines.append("\(padded)  \(grouped(item.rowsOut)) rows  \(seconds(item.seconds))")
            if let spill = item.spill {
                lines.append(
                    String(repeating: "  ", count: item.depth + 2)
                        + "spilled \(short(Double(spill.bytes)))B, \(grouped(spill.runs)) runs, \(grouped(spill.partitions)) partitions"
                )
            }
            if let infer = item.infer {
                lines.append(String(repeating: "  ", count: item.depth + 2) + self.line(infer))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ infer: Profile.Infer) -> String {
        var parts = [
            "asked \(grouped(infer.rows))", "run \(grouped(infer.rowsRun))", "duplicates \(grouped(infer.duplicates))",
            "nulls \(grouped(infer.nulls))", "batches \(grouped(infer.batches))",
            "allocations \(grouped(infer.allocations))",
        ]
        if infer.streams > 0 {
            let mean = Double(infer.rowsRun) / Double(max(1, infer.batches))
            parts += [
                "streams \(grouped(infer.streams))", "steps \(grouped(infer.steps))", "mean batch \(decimals(mean, 1))",
            ]
        }
        if infer.tokens > 0 {
            parts += [
                "tokens \(grouped(infer.tokens))", "padding \(grouped(infer.paddingTokens))",
                "truncated \(grouped(infer.truncated))",
            ]
        }
        if infer.failures > 0 { parts.append("failed \(grouped(infer.failures))") }
        parts.append("\(short(Double(infer.flops)))FLOP")
        if infer.runSeconds > 0, peakFlops > 0, infer.flops > 0 {
            let share = Double(infer.flops) / infer.runSeconds / peakFlops
            parts.append(
                "\(Int((share * 100).rounded())) % of the measured fp32 peak (\(Int((peakFlops / 1e9).rounded())) GFLOP/s a core)"
            )
        }
        return parts.joined(separator: ", ")
    }
}

/// `23,703`
package func grouped(_ number: Int) -> String {
    var digits = Array("\(number.magnitude)")
    var index = digits.count - 3
    while index > 0 {
        digits.insert(",", at: index)
        index -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
}

/// `1.25 s`, `3.1 ms`
package func seconds(_ value: Double) -> String {
    value < 1 ? "\(decimals(value * 1000, 1)) ms" : "\(decimals(value, 2)) s"
}

/// `6.8 T`, `120 M`: three digits and the unit's prefix, with a space.
package func short(_ value: Double) -> String {
    for (limit, prefix) in [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= limit {
        let scaled = value / limit
        return "\(decimals(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0)) \(prefix)"
    }
    return "\(decimals(value, 0)) "
}

/// A number with a fixed count of decimals.
package func decimals(_ value: Double, _ count: Int) -> String {
    var scale = 1.0
    for _ in 0..<count { scale *= 10 }
    let rounded = (value * scale).rounded()
    guard rounded.isFinite, abs(rounded) < 9e15 else { return "\(value)" }
    let whole = Int(rounded)
    guard count > 0 else { return "\(whole)" }
    let digits = "\(whole.magnitude)"
    let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
    return (whole < 0 ? "-" : "") + padded.dropLast(count) + "." + padded.suffix(count)
}
