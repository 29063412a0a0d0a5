import CMartletKernels

/// Decision trees laid out for the kernel: small trees as masks of leaves, large ones as nodes to walk. Immutable, shared by
/// all threads.
package final class PackedForest: Sendable {
    /// The type of the rows that the thresholds are compared with.
    package enum Element: Sendable { case float, double }

    package let element: Element
    package let targetCount: Int
    package let treeCount: Int
    /// Least number of columns that rows must have.
    package let columnCount: Int
    /// Tests that one row meets, or as many comparisons by masks as cost the same: for estimates of work.
    package let workPerRow: Int
    private let parts: ForestParts
    private let base: [Double]
    private let divisor: Double

    /// Throws `DecisionForest.Fault`.
    package init(_ forest: DecisionForest, element: Element) throws {
        var packer = try ForestPacker(forest, element: element)
        try packer.pack()
        parts = packer.parts
        self.element = element
        targetCount = forest.targetCount
        treeCount = forest.roots.count
        columnCount = Int(parts.features.last.map { $0 + 1 } ?? 0)
        workPerRow = max(packer.work, 1)
        base = forest.base
        divisor = forest.aggregate == .average ? Double(max(forest.roots.count, 1)) : 1
    }

    /// Scores of rows: `result[row * targetCount + target]`, in the type of the rows.
    ///
    /// - Parameter x: rows of `element`, `columns` of them apart, at least `columnCount`.
    package func run(
        _ x: UnsafeRawPointer, columns: Int, rows: Range<Int>, into result: UnsafeMutableRawPointer
    ) {
        let used = parts.features.count
        let chunk = min(
            max(Self.columnBytes / 4 / max(used, 1) / 64 * 64, 64),
            (rows.count + Self.rowStep - 1) / Self.rowStep * Self.rowStep)
        guard chunk > 0 else { return }
        let values = UnsafeMutablePointer<Float>.allocate(capacity: max(used * chunk, 1))
        let sums = UnsafeMutablePointer<Double>.allocate(capacity: targetCount * chunk)
        defer {
            values.deallocate()
            sums.deallocate()
        }
        let isSum = parts.aggregate == MK_TREES_SUM
        parts.withForest { forest in
            var start = rows.lowerBound
            while start < rows.upperBound {
                let count = min(chunk, rows.upperBound - start)
                let padded = (count + Self.rowStep - 1) / Self.rowStep * Self.rowStep
                switch element {
                case .float:
                    mk_columns_f32(
                        x.assumingMemoryBound(to: Float.self) + start * columns, columns, parts.features, used, count,
                        values, padded)
                case .double:
                    mk_columns_ranked(
                        x.assumingMemoryBound(to: Double.self) + start * columns, columns, parts.features,
                        parts.thresholdStart, parts.thresholds, used, count, values, padded)
                }
                sums.initialize(repeating: isSum ? 0 : .nan, count: targetCount * padded)
                withUnsafePointer(to: forest) { mk_forest_run($0, values, padded, padded, sums) }
                write(sums, padded, rows: start..<start + count, into: result)
                start += count
            }
        }
    }

    /// Bytes of columns that are held at once: what the first cache takes, beside the trees.
    private static let columnBytes = 1 << 15
    private static let rowStep = Int(MK_FOREST_ROWS)

    private func write(
        _ sums: UnsafePointer<Double>, _ stride: Int, rows: Range<Int>, into result: UnsafeMutableRawPointer
    ) {
        for target in 0..<targetCount {
            let offset = target < base.count ? base[target] : 0
            let column = sums + target * stride
            switch element {
            case .float:
                let to = result.assumingMemoryBound(to: Float.self) + rows.lowerBound * targetCount + target
                for row in 0..<rows.count { to[row * targetCount] = Float(finished(column[row], offset)) }
            case .double:
                let to = result.assumingMemoryBound(to: Double.self) + rows.lowerBound * targetCount + target
                for row in 0..<rows.count { to[row * targetCount] = finished(column[row], offset) }
            }
        }
    }

    /// NaN: no leaf of the row had a weight.
    private func finished(_ sum: Double, _ offset: Double) -> Double {
        (sum.isNaN && parts.aggregate != MK_TREES_SUM ? 0 : sum / divisor) + offset
    }
}

/// The arrays behind an `mk_forest`.
struct ForestParts: Sendable {
    var trees: [mk_tree] = []
    var runs: [mk_tree_run] = []
    var tests: [mk_tree_test] = []
    var nodes: [mk_tree_node] = []
    var leafOfNode: [Int32] = []
    var weightStart: [Int32] = [0]
    var targets: [Int32] = []
    var weights: [Float] = []
    /// The weights, if floats do not hold them exactly.
    var wide: [Double] = []
    var targetCount: Int32 = 0
    var aggregate = MK_TREES_SUM
    /// Columns of the input that are read, in rising order; trees name them by their places here.
    var features: [Int32] = []
    /// For doubles: the thresholds of each of `features`, sorted.
    var thresholdStart: [Int32] = [0]
    var thresholds: [Double] = []

    func withForest<R>(_ body: (mk_forest) -> R) -> R {
        trees.withUnsafeBufferPointer { trees in
            runs.withUnsafeBufferPointer { runs in
                tests.withUnsafeBufferPointer { tests in
                    nodes.withUnsafeBufferPointer { nodes in
                        leafOfNode.withUnsafeBufferPointer { leafOfNode in
                            withWeights { starts, targets, weights, wide in
                                body(
                                    mk_forest(
                                        trees: trees.baseAddress, tree_count: trees.count, runs: runs.baseAddress,
                                        tests: tests.baseAddress, nodes: nodes.baseAddress,
                                        leaf_of_node: leafOfNode.baseAddress, weight_start: starts.baseAddress,
                                        targets: targets.baseAddress, weights: weights.baseAddress,
                                        wide: wide.isEmpty ? nil : wide.baseAddress, target_count: targetCount,
                                        aggregate: Int32(aggregate)))
                            }
                        }
                    }
                }
            }
        }
    }

    private func withWeights<R>(
        _ body: (
            UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Float>,
            UnsafeBufferPointer<Double>
        ) -> R
    ) -> R {
        weightStart.withUnsafeBufferPointer { starts in
            targets.withUnsafeBufferPointer { targets in
                weights.withUnsafeBufferPointer { weights in
                    wide.withUnsafeBufferPointer { wide in body(starts, targets, weights, wide) }
                }
            }
        }
    }
}
