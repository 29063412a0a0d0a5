import MartletModels
import MartletPlanner

/// Equal for regions that compute the same, whatever their columns are called.
struct RegionKey: Hashable, Sendable {
    /// One model of the region.
    private struct Model: Hashable {
        var contentHash: String
        var options: ModelOptions
        var takesPairs: Bool

        init(_ stored: StoredModel) {
            contentHash = stored.loaded.contentHash
            options = stored.options
            takesPairs = stored.takesPairs
        }
    }

    /// An output of a model's signature, and the number of the column that it becomes.
    private struct Output: Hashable {
        var position: Int
        var number: Int
    }

    /// A model on the same arguments as the root.
    private struct Sibling: Hashable {
        var model: Model
        var outputs: [Output]
    }

    private enum Step: Hashable {
        case compute(BoundExpr, number: Int)
        case infer(Model, arguments: [BoundExpr], outputs: [Output])
    }

    /// A column that the region gives.
    private struct Given: Hashable {
        var number: Int
        var isOpenTensor: Bool
    }

    private var root: Model
    private var packs: Bool
    private var positions: [Int]
    private var links: [Recurrence.Link]
    /// Shapes of rows that the graph is made for.
    private var rowShapes: [Int: [Int]]
    /// Arguments that are constants of the graph, by place.
    private var constants: [Int: BoundExpr] = [:]
    private var disabled: Set<String>
    private var outputs: [Output]
    private var siblings: [Sibling] = []
    private var steps: [Step] = []
    private var given: [Given]

    /// Throws what `ModelStore.model` throws.
    init(_ plan: InferPlan, root: StoredModel, store: ModelStore, disabled: Set<String>, packs: Bool) throws {
        var numbers: [ColumnID: Int] = [:]
        func number(_ id: ColumnID) -> Int {
            if let known = numbers[id] { return known }
            numbers[id] = numbers.count
            return numbers.count - 1
        }
        func numbered(_ expr: BoundExpr) -> BoundExpr {
            expr.rewritten { expr in
                if case .column(let id, let type) = expr { return .column(ColumnID(number(id)), type) }
                return expr
            }
        }
        func numbered(_ outputs: [InferPlan.Output]) -> [Output] {
            outputs.map { Output(position: $0.position, number: number($0.column.id)) }
        }
        self.root = Model(root)
        self.packs = packs
        self.disabled = disabled
        positions = plan.call.positions
        links = plan.recurrence?.links ?? []
        rowShapes = root.takesText ? [:] : root.loaded.rowShapes(of: plan.call)
        for (place, argument) in zip(plan.call.positions, plan.call.arguments)
        where plan.call.model.signature.inputs[place].isConstant {
            constants[place] = argument
        }
        outputs = numbered(plan.outputs)
        for sibling in plan.siblings {
            let model = Model(try store.model(sibling.call.model))
            siblings.append(Sibling(model: model, outputs: numbered(sibling.outputs)))
        }
        for step in plan.steps {
            switch step {
            case .compute(let computed):
                steps.append(.compute(numbered(computed.expr), number: number(computed.column.id)))
            case .infer(let call, let outputs):
                let model = Model(try store.model(call.model))
                steps.append(.infer(model, arguments: call.arguments.map(numbered), outputs: numbered(outputs)))
            }
        }
        given = plan.allOutputs.map { Given(number: number($0.id), isOpenTensor: $0.type.isOpenTensor) }
    }
}
