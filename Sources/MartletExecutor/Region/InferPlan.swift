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

    /// Another model on the root's arguments, whose graph begins as the root's does.
    struct Sibling: Hashable, Sendable {
        var call: ModelCall
        var outputs: [Output]
    }

    var call: ModelCall
    var outputs: [Output]
    var batch: BatchAdvice
    /// Columns of the rows that come in.
    var columns: [PlanColumn]
    var siblings: [Sibling] = []
    var steps: [Step] = []
    /// Outputs of the root model that feed its inputs in the next row.
    var recurrence: Recurrence?
    /// Columns that somebody above reads; nil: all.
    var needed: Set<ColumnID>?

    /// The columns that the region gives.
    var allOutputs: [PlanColumn] {
        let made =
            (outputs + siblings.flatMap(\.outputs)).map(\.column)
            + steps.flatMap { step in
                switch step {
                case .compute(let computed): [computed.column]
                case .infer(_, let outputs): outputs.map(\.column)
                }
            }
        guard let needed else { return made }
        return made.filter { needed.contains($0.id) }
    }

    /// The models on the arguments, and those on their outputs.
    var models: [BoundModel] { [call.model] + siblings.map(\.call.model) + later }

    private var later: [BoundModel] {
        steps.compactMap { step in
            if case .infer(let call, _) = step { call.model } else { nil }
        }
    }

    /// Names of the models, for plans and profiles: `enc(text)`, `enc(text) → head`, `mood(text) & topic(text)`.
    var title: String {
        let names = Dictionary(columns.map { ($0.id, $0.name) }) { first, _ in first }
        let first = ([call] + siblings.map(\.call)).map { $0.text(names) }.joined(separator: " & ")
        return ([first] + later.map(\.name)).joined(separator: " → ")
    }
}
