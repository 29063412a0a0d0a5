import MartletData
import MartletPlanner

/// Applies a stage's `on error` policy to the rows that failed.
struct FailureHandler {
    private let policy: ErrorPolicy
    private let identity: IdentityColumn?

    init(_ policy: ErrorPolicy, columns: [PlanColumn]) {
        self.policy = policy
        identity = IdentityColumn(columns)
    }

    /// `block` with null outputs in failed rows, or without them, or with the reason; throws under `fail`.
    func settle(
        _ block: RowBlock, _ failures: [RowFailure], stage: InferStage, outputs: [PlanColumn]
    ) throws -> [RowBlock] {
        switch policy {
        case .fail:
            if let failure = failures.first {
                throw block.rowError(
                    failure.row, stage: "infer \(stage.title)", cause: failure.explanation, identity: identity)
            }
            return [block]
        case .null: return [block]
        case .drop:
            guard !failures.isEmpty else { return [block] }
            let failed = Set(failures.map(\.row))
            return [block.gather((0..<block.rowCount).filter { !failed.contains($0) })]
        case .keep(let column):
            var result = block
            let causes = Dictionary(failures.map { ($0.row, $0.explanation) }) { first, _ in first }
            var builder = ColumnBuilder(column.type)
            for row in 0..<block.rowCount {
                if let cause = causes[row] {
                    builder.append(
                        .structure([
                            .init("code", .string(cause.code)), .init("message", .string(cause.message)),
                            .init("model", .string(stage.plan.call.model.name)),
                        ]))
                } else {
                    builder.appendNull()
                }
            }
            result.columns[column.id] = builder.finish()
            return [result]
        }
    }
}
