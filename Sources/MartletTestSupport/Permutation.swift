import MartletGraph
import MartletKernels
import MartletPlanner

/// A physical way to run queries, which must not change what they give.
package struct Permutation: Hashable, Sendable, CustomStringConvertible {
    package var disabled: String?
    package var threads = 2
    package var morselRows = 2_048
    /// Nil for the best that the CPU has.
    package var kernels: Kernels.ISA?
    package var packs = true

    package static let standard = Permutation()

    /// Optimizer off, each rule off, threads, morsel sizes, padding, and the kernels of other CPUs.
    package static var all: [Permutation] {
        var result: [Permutation] = []
        for rule in ["all"] + ExecutionRule.names + PlanRules.names {
            result.append(Permutation(disabled: rule))
        }
        for rows in [1, 7, 2_048] {
            for threads in [1, 2] { result.append(Permutation(threads: threads, morselRows: rows)) }
        }
        result.append(Permutation(packs: false))
        for kernels in [Kernels.ISA.scalar, .avx2] { result.append(Permutation(kernels: kernels)) }
        result.append(Permutation(disabled: "all", threads: 1, morselRows: 7, kernels: .scalar))
        return result
    }

    /// Every rule of graphs off together; with MARTLET_LONG each of them off by itself.
    package static var graphRules: [Permutation] {
        let names = Set((MartletGraph.graphRules + finishingRules).map { type(of: $0).name }).sorted()
        let lists = ProjectFiles.environment("MARTLET_LONG") == nil ? [names.joined(separator: ", ")] : names
        return lists.map { Permutation(disabled: $0) }
    }

    package init(
        disabled: String? = nil, threads: Int = 2, morselRows: Int = 2_048, kernels: Kernels.ISA? = nil,
        packs: Bool = true
    ) {
        self.disabled = disabled
        self.threads = threads
        self.morselRows = morselRows
        self.kernels = kernels
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
        guard let kernels else { return body() }
        let before = Kernels.isa
        Kernels.isa = kernels
        defer { Kernels.isa = before }
        return body()
    }

    package var description: String {
        let parts = [
            disabled.map { "without \($0)" }, "\(threads) threads", "\(morselRows) rows",
            kernels.map { "\($0)" }, packs ? nil : "padded",
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
