import MartletData
import MartletGraph
import MartletPlanner
import MartletTensor

/// Decides which steps above a model call go into its region's graph: strict tensor expressions on its outputs, models that
/// take nothing but those, and models on the same arguments whose graphs begin alike.
///
/// extend f(m(x).y) over infer m(x) → one graph f ∘ m. Rows with a null input have null outputs on both sides, because
/// only strict functions are taken.
struct RegionFormer {
    private(set) var plan: InferPlan
    /// The steps that stay outside, in order.
    private(set) var remaining: [LogicalNode] = []
    /// Columns inside the region that have a value in the graph, by type.
    private var inside: [ColumnID: DataType] = [:]

    private let sharesTrunk: (BoundModel, BoundModel) -> Bool

    /// - Parameter above: the nodes over the infer node, nearest first.
    init(_ node: InferNode, above: [LogicalNode], _ context: QueryContext) {
        let isEnabled = context.settings.allows(.formRegions)
        sharesTrunk = { root, other in
            context.settings.allows(.shareTrunks) && (try? context.models.sharesTrunk(root, other)) ?? false
        }
        plan = InferPlan(
            call: node.call, outputs: node.outputs.map { InferPlan.Output($0) }, batch: node.batch,
            columns: node.input.columns, recurrence: node.recurrence)
        enter(node)
        var rest = above[...]
        if isEnabled {
            while let step = rest.first, take(step, root: node) { rest = rest.dropFirst() }
        }
        remaining += rest
        let top = remaining.last?.columns ?? above.last?.columns ?? LogicalNode.infer(node).columns
        var needed = Set(top.map(\.id))
        for step in remaining { needed.formUnion(step.references) }
        plan.needed = needed
    }

    /// Takes what it can of a step; false where the region ends.
    private mutating func take(_ step: LogicalNode, root: InferNode) -> Bool {
        switch step {
        case .extend(var extend):
            extend.computed = extend.computed.filter { !takeColumn($0) }
            if !extend.computed.isEmpty { remaining.append(.extend(extend)) }
            return true
        case .project(var project):
            project.outputs = project.outputs.map { output in
                guard !output.isPassedOn, takeColumn(output) else { return output }
                return ComputedColumn(output.column, .column(output.column.id, output.column.type))
            }
            remaining.append(.project(project))
            return true
        case .infer(let infer): return takeModel(infer) || takeSibling(infer, root: root)
        default: return false
        }
    }

    private mutating func takeColumn(_ computed: ComputedColumn) -> Bool {
        guard canLower(computed.expr) || isTensorInside(computed.expr) else { return false }
        plan.steps.append(.compute(computed))
        inside[computed.column.id] = computed.column.type
        passOn([computed.column])
        return true
    }

    /// Lets columns that the region now makes through the projections that stay between it and the step that made them.
    private mutating func passOn(_ columns: [PlanColumn]) {
        for (place, step) in remaining.enumerated() {
            guard case .project(var project) = step else { continue }
            project.outputs += columns.map(ComputedColumn.init(passing:))
            remaining[place] = .project(project)
        }
    }

    private mutating func takeModel(_ infer: InferNode) -> Bool {
        let inputs = infer.call.model.signature.inputs
        guard infer.onError == .fail, infer.recurrence == nil, infer.call.positions.count == inputs.count,
            !inputs.contains(where: \.isConstant), !inputs.contains(where: \.isText),
            infer.call.arguments.allSatisfy({ isInside($0) || canLower($0) })
        else { return false }
        plan.steps.append(.infer(infer.call, infer.outputs.map { InferPlan.Output($0) }))
        passOn(infer.outputs.map(\.column))
        for output in infer.outputs where output.column.type.members == nil {
            inside[output.column.id] = output.column.type
        }
        return true
    }

    /// Rows that fail fail all models of a region, so only where that ends the query.
    private mutating func takeSibling(_ infer: InferNode, root: InferNode) -> Bool {
        guard root.recurrence == nil, infer.recurrence == nil, root.onError == .fail, infer.onError == .fail,
            infer.call.arguments == root.call.arguments, infer.call.positions == root.call.positions,
            infer.batch == root.batch, sharesTrunk(root.call.model, infer.call.model)
        else { return false }
        let outputs = infer.outputs.map { InferPlan.Output($0) }
        plan.siblings.append(InferPlan.Sibling(call: infer.call, outputs: outputs))
        passOn(infer.outputs.map(\.column))
        enter(infer)
        return true
    }

    /// Columns of a model that takes texts or columns have values in the graph.
    private mutating func enter(_ infer: InferNode) {
        // What a text model gives for each token lies in the graph as the batch has it, not as rows.
        let isText = infer.call.model.signature.inputs.contains(where: \.isText)
        for output in infer.outputs
        where output.column.type.members == nil && !(isText && output.column.type.isOpenTensor) {
            inside[output.column.id] = output.column.type
        }
    }

    /// Whether it is another name for a tensor of the region.
    private func isTensorInside(_ expr: BoundExpr) -> Bool {
        guard case .column(let id, _) = expr, case .tensor = inside[id] else { return false }
        return true
    }

    private func isInside(_ expr: BoundExpr) -> Bool {
        if case .column(let id, _) = expr { inside[id] != nil } else { false }
    }

    /// Whether the expression is made of functions that have a tensor form, on the region's columns, with a tensor among
    /// them. (Arithmetic of single numbers keeps its 64 bits outside.) Tried on a graph that is thrown away.
    private func canLower(_ expr: BoundExpr) -> Bool {
        guard case .call = expr else { return false }
        let columns = expr.columns
        guard !columns.isEmpty, columns.allSatisfy({ inside[$0] != nil }),
            columns.contains(where: { if case .tensor = inside[$0] { true } else { false } })
        else { return false }
        var lowering = GraphLowering(Graph())
        var handles: [ColumnID: TensorHandle] = [:]
        for id in columns {
            guard let type = inside[id], let valueType = Self.valueType(type) else { return false }
            let value = lowering.building { $0.addInput("c\(id.number)", valueType) }
            handles[id] = lowering.handle(value, type)
        }
        guard let result = try? lower(expr, &lowering, handles) else { return false }
        return Self.isSame(lowering.type(of: result), expr.type)
    }

    private func lower(
        _ expr: BoundExpr, _ lowering: inout GraphLowering, _ handles: [ColumnID: TensorHandle]
    ) throws -> TensorHandle? {
        switch expr {
        case .column(let id, _): return handles[id]
        case .call(let call):
            guard call.function.isStrict else { return nil }
            return try lowering.apply(call) { try lower($0, &$1, handles) }
        default: return nil
        }
    }

    private static func valueType(_ type: DataType) -> ValueType? {
        switch type {
        case .float: return ValueType(.float32, [.symbol("rows")])
        case .tensor(.float32, let dims):
            return ValueType(.float32, [.symbol("rows")] + dims.map { $0.size.map { .fixed($0) } ?? .unknown })
        default: return nil
        }
    }

    /// Types that the graph and the evaluator give agree, open dimensions aside.
    private static func isSame(_ a: DataType, _ b: DataType) -> Bool {
        if case .tensor(let x, let p) = a, case .tensor(let y, let q) = b { return x == y && p.count == q.count }
        return a == b
    }
}

extension DataType {
    /// Whether it is a tensor with a dimension that may differ from row to row.
    var isOpenTensor: Bool { if case .tensor = self { fixedShape == nil } else { false } }
}
