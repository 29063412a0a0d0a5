import MartletKernels
import MartletPlanner

/// A physical way to run queries, which must not change what they give.
package struct Permutation: Hashable, Sendable, CustomStringConvertible {
    package var disabled: String?
    package var threads = 2
    package var morselRows = 2_048
    package var isScalar = false
    package var packs = true

    package static let standard = Permutation()

    /// Optimizer off, each rule off, threads, morsel sizes, padding, and scalar kernels.
    package static var all: [Permutation] {
        var result: [Permutation] = []
        for rule in ["all", "form_regions", "share_duplicates", "pack_sequences"] + PlanRules.names {
            result.append(Permutation(disabled: rule))
        }
        for rows in [1, 7, 2_048] {
            for threads in [1, 2] { result.append(Permutation(threads: threads, morselRows: rows)) }
        }
        result.append(Permutation(packs: false))
        result.append(Permutation(isScalar: true))
        result.append(Permutation(disabled: "all", threads: 1, morselRows: 7, isScalar: true))
        return result
    }

    package init(
        disabled: String? = nil, threads: Int = 2, morselRows: Int = 2_048, isScalar: Bool = false, packs: Bool = true
    ) {
        self.disabled = disabled
        self.threads = threads
        self.morselRows = morselRows
        self.isScalar = isScalar
        self.packs = packs
    }

    var prelude: String {
        var text = "set morsel_rows = \(morselRows);"
        if let disabled { text += "set disable = '\(disabled)';" }
        if !packs { text += "set pack = false;" }
        return text
    }

    /// Runs `body` with this permutation's kernels. The choice of kernels is the process's: no two at a time.
    func applied<R>(_ body: () -> R) -> R {
        guard isScalar else { return body() }
        let before = Kernels.isa
        Kernels.isa = .scalar
        defer { Kernels.isa = before }
        return body()
    }

    package var description: String {
        let parts = [
            disabled.map { "without \($0)" }, "\(threads) threads", "\(morselRows) rows",
            isScalar ? "scalar" : nil, packs ? nil : "padded",
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
