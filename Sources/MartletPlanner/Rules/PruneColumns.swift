/// select a (extend …, f as b rows) = select a (extend … rows), if nothing reads b; likewise for columns of files, outputs of
/// models, and columns of routes. A model none of whose outputs is read is not run at all.
///
/// Starts at the nodes that end columns' lives (select, aggregate) and walks down with the set of columns that are read.
struct PruneColumns: PlanRule {
    static let name = "prune_columns"
    static let summary = "neither reads nor computes columns and model outputs that nobody uses"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        switch node {
        case .project, .aggregate: break
        default: return nil
        }
        let pruned = node.mapInput { prune($0, node.references) }
        return pruned == node ? nil : pruned
    }

    private func prune(_ node: LogicalNode, _ needed: Set<ColumnID>) -> LogicalNode {
        switch node {
        case .load(var load):
            let kept = load.columns.indices.filter { needed.contains(load.columns[$0].id) }
            load.positions = kept.map { load.positions[$0] }
            load.columns = kept.map { load.columns[$0] }
            return .load(load)
        case .table(var table):
            let kept = table.columns.indices.filter { needed.contains(table.columns[$0].id) }
            table.positions = kept.map { table.positions[$0] }
            table.columns = kept.map { table.columns[$0] }
            return .table(table)
        case .shared(var shared):
            let kept = shared.columns.indices.filter { needed.contains(shared.columns[$0].id) }
            shared.positions = kept.map { shared.positions[$0] }
            shared.columns = kept.map { shared.columns[$0] }
            return .shared(shared)
        case .extend(var extend):
            extend.computed = extend.computed.filter { needed.contains($0.column.id) }
            guard !extend.computed.isEmpty else { return prune(extend.input, needed) }
            let below = needed.union(LogicalNode.extend(extend).references)
            extend.input = prune(extend.input, below)
            return .extend(extend)
        case .project(var project):
            project.outputs = project.outputs.filter { needed.contains($0.column.id) }
            project.input = prune(project.input, LogicalNode.project(project).references)
            return .project(project)
        case .infer(var infer):
            infer.outputs = infer.outputs.filter { needed.contains($0.column.id) }
            if infer.outputs.isEmpty, infer.onError == .fail || infer.onError == .null {
                return prune(infer.input, needed)
            }
            infer.input = prune(infer.input, needed.union(LogicalNode.infer(infer).references))
            return .infer(infer)
        case .route(var route):
            let kept = route.columns.indices.filter { needed.contains(route.columns[$0].id) }
            route.columns = kept.map { route.columns[$0] }
            var below: Set<ColumnID> = []
            for arm in route.arms.indices {
                let rejoins = route.arms[arm].rejoins.map { all in kept.map { all[$0] } }
                route.arms[arm].rejoins = rejoins
                let body = prune(route.arms[arm].body, Set((rejoins ?? []).compactMap { $0 }))
                route.arms[arm].body = body
                below.formUnion(route.arms[arm].condition?.columns ?? [])
                below.formUnion(body.wanted(Set((rejoins ?? []).compactMap { $0 })))
            }
            route.input = prune(route.input, below)
            for arm in route.arms.indices { route.arms[arm].body = route.arms[arm].body.overHole(route.input.columns) }
            return .route(route)
        case .cascade(var cascade):
            var below = needed.union(node.references)
            for tier in cascade.tiers {
                below.formUnion(tier.body.wanted(Set(tier.call.arguments.flatMap(\.columns))))
            }
            cascade.input = prune(cascade.input, below)
            for tier in cascade.tiers.indices {
                cascade.tiers[tier].body = cascade.tiers[tier].body.overHole(cascade.input.columns)
            }
            return .cascade(cascade)
        // Rows of an unnest count even where nobody reads its column.
        case .filter, .sort, .limit, .assert, .sample, .unnest:
            return node.mapInput { prune($0, needed.union(node.references)) }
        case .join(var join):
            let below = needed.union(node.references)
            join.input = prune(join.input, below)
            join.relation = prune(join.relation, below)
            return .join(join)
        case .nearest(var nearest):
            let below = needed.union(node.references)
            nearest.input = prune(nearest.input, below)
            nearest.relation = prune(nearest.relation, below)
            return .nearest(nearest)
        case .distinct(var distinct):
            let below = needed.union(node.references)
            distinct.input = prune(distinct.input, below)
            return .distinct(distinct)
        case .values, .hole, .aggregate, .union, .write, .fail, .drop:
            return node
        }
    }
}

extension LogicalNode {
    /// What an arm must find in its hole to give `outputs`: those that it passes on, and what it reads on the way.
    func wanted(_ outputs: Set<ColumnID>) -> Set<ColumnID> {
        var result = outputs
        visit { node in
            result.formUnion(node.references)
            // The columns of a write or a union are all of its input's.
            if case .union(let union) = node { result.formUnion(union.inputs.flatMap { $0.columns.map(\.id) }) }
        }
        return result
    }
}
