import MartletData

extension LogicalNode {
    /// The columns that this node passes on, in order.
    package var columns: [PlanColumn] {
        switch self {
        case .load(let node): node.columns
        case .values(let node): node.columns
        case .table(let node): node.columns
        case .shared(let node): node.columns
        case .hole(let columns): columns
        case .filter(let node): node.input.columns
        case .extend(let node): node.input.columns + node.computed.map(\.column)
        case .project(let node): node.outputs.map(\.column)
        case .limit(let node): node.input.columns
        case .sort(let node): node.input.columns
        case .infer(let node): node.input.columns + node.outputs.map(\.column) + node.onError.columns
        case .route(let node): node.columns
        case .cascade(let node):
            node.input.columns + node.outputs + (node.tierColumn.map { [$0] } ?? []) + node.onError.columns
        case .aggregate(let node): node.groups.map(\.column) + node.aggregates.map(\.column)
        case .distinct(let node): node.input.columns
        case .union(let node): node.columns
        case .unnest(let node): node.input.columns + [node.column]
        case .sample(let node): node.input.columns
        case .join(let node): node.input.columns + node.relation.columns
        case .nearest(let node): node.input.columns + node.relation.columns + [node.similarity]
        case .assert(let node): node.input.columns
        case .write, .fail, .drop: []
        }
    }

    /// The result's schema. Plans that a binder made end in columns with distinct names.
    package var schema: Schema {
        do { return try Schema(columns.map { MartletData.Field($0.name, $0.type) }) } catch {
            preconditionFailure("bug: result columns of the same name: \(columns.map(\.name))")
        }
    }
}

extension ErrorPolicy {
    package var columns: [PlanColumn] { if case .keep(let column) = self { [column] } else { [] } }
}
