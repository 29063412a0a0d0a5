import MartletData

/// f(c₁, c₂, …) = c, for constants c₁, c₂, … and their value c; true and p = p; false or p = p; where true = all rows.
///
/// What fails to evaluate stays as it is: it fails when, and only if, a row gets there.
struct FoldConstants: PlanRule {
    static let name = "fold_constants"
    static let summary = "computes what does not depend on rows once, while planning"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        switch node {
        case .filter(var filter):
            let folded = fold(filter.predicate)
            if case .constant(.bool(true), _) = folded { return filter.input }
            guard folded != filter.predicate else { return nil }
            filter.predicate = folded
            return .filter(filter)
        case .extend(var extend):
            guard foldAll(&extend.computed) else { return nil }
            return .extend(extend)
        case .project(var project):
            guard foldAll(&project.outputs) else { return nil }
            return .project(project)
        case .infer(var infer):
            let folded = infer.call.arguments.map(fold)
            guard folded != infer.call.arguments else { return nil }
            infer.call.arguments = folded
            return .infer(infer)
        case .unnest(var unnest):
            let folded = fold(unnest.value)
            guard folded != unnest.value else { return nil }
            unnest.value = folded
            return .unnest(unnest)
        case .route(var route):
            let before = route.arms
            for index in route.arms.indices { route.arms[index].condition = route.arms[index].condition.map(fold) }
            return route.arms == before ? nil : .route(route)
        default: return nil
        }
    }

    private func foldAll(_ columns: inout [ComputedColumn]) -> Bool {
        let folded = columns.map { ComputedColumn($0.column, fold($0.expr)) }
        defer { columns = folded }
        return folded != columns
    }

    func fold(_ expr: BoundExpr) -> BoundExpr { expr.rewritten(step) }

    private func step(_ expr: BoundExpr) -> BoundExpr {
        switch expr {
        case .constant, .column, .parameter, .tokenCount: return expr
        case .and(let parts): return junction(parts, neutral: true) { .and($0) } ?? expr
        case .or(let parts): return junction(parts, neutral: false) { .or($0) } ?? expr
        case .conditional(let arms, let otherwise, let type):
            return conditional(arms, otherwise, type) ?? evaluated(expr)
        default: return evaluated(expr)
        }
    }

    private func evaluated(_ expr: BoundExpr) -> BoundExpr {
        guard expr.children.allSatisfy(\.isConstant),
            let column = try? Evaluator(columns: []).evaluate(expr, [], rowCount: 1), column.count == 1
        else { return expr }
        return .constant(column.value(0), expr.type)
    }

    /// Without neutral constants; a dominating constant ends it. nil if nothing changes.
    private func junction(_ parts: [BoundExpr], neutral: Bool, _ make: ([BoundExpr]) -> BoundExpr) -> BoundExpr? {
        var kept: [BoundExpr] = []
        for part in parts {
            if case .constant(.bool(neutral), _) = part { continue }
            kept.append(part)
            if case .constant(.bool(!neutral), _) = part { break }
        }
        guard kept.count < parts.count || kept.count == 1 else { return nil }
        if case .constant(.bool(!neutral), _) = kept.first { return kept[0] }
        switch kept.count {
        case 0: return .constant(.bool(neutral), .bool)
        case 1: return kept[0].type == .bool ? kept[0] : make(kept)
        default: return make(kept)
        }
    }

    /// Without arms that are never taken.
    private func conditional(_ arms: [ConditionalArm], _ otherwise: BoundExpr?, _ type: DataType) -> BoundExpr? {
        var kept: [ConditionalArm] = []
        for arm in arms {
            switch arm.condition.constantValue {
            case .some(.bool(true)):
                if kept.isEmpty, arm.result.type == type { return arm.result }
                let isSame = kept.count == arms.count - 1 && otherwise == nil
                return isSame ? nil : .conditional(kept + [arm], otherwise: nil, type)
            case .some: continue
            case nil: kept.append(arm)
            }
        }
        guard kept.count < arms.count else { return nil }
        if kept.isEmpty { return otherwise?.type == type ? otherwise : .constant(.null, type) }
        return .conditional(kept, otherwise: otherwise, type)
    }
}
