import MartletGraph
import MartletPlanner

/// The rules that fired in one region's graph.
package struct RegionTrace: Sendable {
    package var title: String
    package var rules: [(rule: String, count: Int)]
    /// What a model asks for and does not get on this machine.
    package var notes: [String]
}

/// Compiles the regions of a query without running it, for `explain`.
package func regionTraces(_ query: OptimizedQuery, _ context: QueryContext) throws -> [RegionTrace] {
    var traces: [RegionTrace] = []
    func visit(_ root: LogicalNode) throws {
        var above: [LogicalNode] = []
        var node = root
        while true {
            switch node {
            case .infer(let infer):
                let former = RegionFormer(infer, above: above.reversed(), context)
                try trace(former.plan)
            case .cascade(let cascade):
                for tier in cascade.tiers {
                    let outputs = zip(cascade.outputs, tier.positions).map { InferPlan.Output($0, position: $1) }
                    try trace(
                        InferPlan(call: tier.call, outputs: outputs, batch: cascade.batch, columns: tier.body.columns))
                }
            default: break
            }
            for body in node.bodies { try visit(body) }
            above.append(node)
            guard node.inputs.count == 1 else {
                for input in node.inputs { try visit(input) }
                return
            }
            node = node.inputs[0]
        }
    }
    func trace(_ plan: InferPlan) throws {
        let region = try context.models.region(
            plan, disabled: context.settings.disabled, packs: context.settings.pack)
        let notes = try plan.models.compactMap { model -> String? in
            let asked = try context.models.model(model).options.precision
            guard asked.onThisCPU != asked else { return nil }
            return
                "\(model.name) asks for precision \(asked.rawValue) and runs \(asked.onThisCPU.rawValue): this CPU does not multiply bfloat16"
        }
        traces.append(RegionTrace(title: plan.title, rules: region.trace.applications, notes: notes))
    }
    for plan in query.lets { try visit(plan.root) }
    try visit(query.root)
    return traces
}
