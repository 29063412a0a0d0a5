import MartletKernels
import MartletTensor

/// Scores of decision trees. Input: x [rows, columns] or one row [columns], float32 or float64 as the trees were packed for.
/// Output: [rows, targets], in x's type.
package struct TreeEnsembleOp: GraphOp {
    package static let name = "TreeEnsemble"
    package let forest: PackedForest

    package init(_ forest: PackedForest) { self.forest = forest }

    // Trees are compared by identity: two nodes of a file have trees of their own.
    package static func == (a: TreeEnsembleOp, b: TreeEnsembleOp) -> Bool { a.forest === b.forest }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(forest)) }

    package var attributes: String { "trees=\(forest.treeCount) targets=\(forest.targetCount)" }

    private var dtype: DType { forest.element == .double ? .float64 : .float32 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype == dtype else { throw impossible(inputs, "wants \(dtype.name), not \(x.type.dtype.name)") }
        let targets = Dim.fixed(forest.targetCount)
        guard let shape = x.type.shape else { return [ValueType(dtype, [.unknown, targets])] }
        guard shape.count == 1 || shape.count == 2 else { throw impossible(inputs, "rows must be a matrix") }
        if let columns = shape[shape.count - 1].fixedValue, columns < forest.columnCount {
            throw impossible(inputs, "the trees read \(forest.columnCount) columns, the rows have \(columns)")
        }
        return [ValueType(dtype, [shape.count == 1 ? .fixed(1) : shape[0], targets])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        (outputs.first?.first ?? 0).multipliedReportingOverflow(by: forest.workPerRow).partialValue
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.dtype == dtype, x.rank == 1 || x.rank == 2 else {
            throw context.invalid(self, inputs, "rows must be a matrix of \(dtype.name)")
        }
        let columns = x.shape[x.rank - 1]
        guard columns >= forest.columnCount else {
            throw context.invalid(
                self, inputs, "the trees read \(forest.columnCount) columns, the rows have \(columns)")
        }
        let rows = x.rank == 1 ? 1 : x.shape[0]
        let result = try context.output(0, dtype, [rows, forest.targetCount])
        context.parallelRows(rows, work: forest.workPerRow) { range in
            forest.run(x.pointer, columns: columns, rows: range, into: result.pointer)
        }
        return [result]
    }
}
