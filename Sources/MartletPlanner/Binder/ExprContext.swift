import MartletData
import MartletSyntax

/// Where an expression is bound: what it may name, and what it left to be done before it.
final class ExprContext {
    let scope: Scope
    let models: ModelUse
    /// Parameters of the definition in use, by name in lower case.
    var locals: [String: BoundExpr]
    /// Model calls found, in the order in which they must run.
    var hoisted: [InferNode] = []
    /// True where not even columns may be named.
    var isConstant = false
    /// Set while items of `aggregate` are bound.
    var aggregation: Aggregation?
    var batch: BatchAdvice

    enum ModelUse {
        case allowed
        /// With the name of the place: "`until`".
        case forbidden(String)
    }

    init(scope: Scope, models: ModelUse = .allowed, locals: [String: BoundExpr] = [:], batch: BatchAdvice = .auto) {
        self.scope = scope
        self.models = models
        self.locals = locals
        self.batch = batch
    }
}

/// The aggregates found in the items of one `aggregate`.
final class Aggregation {
    var columns: [AggregateColumn] = []
    /// Columns that groups are made by, which items may name.
    let groups: Scope
    let groupExprs: [ComputedColumn]
    /// True while an aggregate's arguments are bound.
    var isInside = false

    init(groups: Scope, groupExprs: [ComputedColumn]) {
        self.groups = groups
        self.groupExprs = groupExprs
    }
}
