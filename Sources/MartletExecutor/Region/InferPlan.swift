import MartletData
import MartletPlanner

/// A region before it is compiled: a root model call on columns, and steps that depend on nothing but its outputs.
struct InferPlan: Sendable {
    /// A step that was lowered into the region's graph.
    enum Step: Hashable, Sendable {
        case compute(ComputedColumn)
        case infer(ModelCall, [Output])
    }

    /// A column made of one of the signature's outputs.
    struct Output: Hashable, Sendable {
        var column: PlanColumn
        /// Position in the signature's outputs.
        var position: Int

        init(_ column: PlanColumn, position: Int) {
            self.column = column
            self.position = position
        }

        init(_ output: InferOutput) { self.init(output.column, position: output.position) }
    }

    var call: ModelCall
    var outputs: [Output]
    var batch: BatchAdvice
    /// Columns of the rows that come in.
    var columns: [PlanColumn]
    var steps: [Step] = []
    /// Outputs of the root model that feed its inputs in the next row.
    var recurrence: Recurrence?
    /// Columns that somebody above reads; nil: all.
    var needed: Set<ColumnID>?

    /// The columns that the region gives.
    var allOutputs: [PlanColumn] {
        let made =
            outputs.map(\.column)
            + steps.flatMap { step in
                switch step {
                case .compute(let computed): [computed.column]
                case .infer(_, let outputs): outputs.map(\.column)
                }
            }
        guard let needed else { return made }
        return made.filter { needed.contains($0.id) }
    }

    /// The root model, and those on its outputs.
    var models: [BoundModel] {
        [call.model]
            + steps.compactMap { step in
                if case .infer(let call, _) = step { call.model } else { nil }
            }
    }

    /// Names of the models, for plans and profiles: `enc(text)`, `enc(text) → head`.
    var title: String {
        let later = models.dropFirst().map(\.name)
        let names = Dictionary(columns.map { ($0.id, $0.name) }) { first, _ in first }
        return ([call.text(names)] + later).joined(separator: " → ")
    }
}
