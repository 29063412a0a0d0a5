import MartletData
import MartletPlanner

/// Turns a plan into pipelines of operators, and runs of infer and extend nodes into regions.
struct PipelineBuilder {
    let context: QueryContext
    let lets: [SharedRows]
    /// Rows of the largest window that is read.
    let largestWindow: Int
    /// How many routes and cascades the current node is inside of.
    var routeLevel = 0

    /// The pipeline of a whole plan.
    func pipeline(_ root: LogicalNode, depth: Int = 0) throws -> Pipeline {
        let spine = Self.spine(root)
        let (source, index) = try source(spine.bottom, depth: depth)
        let chain = try chain(spine.steps, depth: depth)
        let firstWindow = context.settings.allows(.startSmall) ? Pipeline.firstWindow(spine.steps) : nil
        return Pipeline(
            source: source, chain: chain, profileIndex: index, context: context, largestWindow: largestWindow,
            firstWindow: firstWindow)
    }

    /// The operators of an arm or tier, over its hole.
    func chain(_ body: LogicalNode, depth: Int) throws -> Chain {
        try chain(Self.spine(body).steps, depth: depth)
    }

    /// The nodes of a plan from its source to its root.
    private static func spine(_ root: LogicalNode) -> (bottom: LogicalNode, steps: [LogicalNode]) {
        var steps: [LogicalNode] = []
        var node = root
        while node.inputs.count == 1 {
            if node.isSource { break }
            steps.append(node)
            node = node.inputs[0]
        }
        return (node, steps.reversed())
    }

    private func chain(_ steps: [LogicalNode], depth: Int) throws -> Chain {
        let chain = Chain(context)
        var rest = steps[...]
        while let step = rest.first {
            let filters = context.settings.allows(.orderModels) ? ModelFilters.count(rest) : 0
            if filters > 1 {
                try appendModelFilters(filters, to: chain, &rest, depth: depth)
            } else {
                rest = rest.dropFirst()
                try append(step, to: chain, &rest, depth: depth)
            }
        }
        return chain
    }

    /// Models whose answers filter rows, in whatever order is best.
    private func appendModelFilters(
        _ count: Int, to chain: Chain, _ rest: inout ArraySlice<LogicalNode>, depth: Int
    ) throws {
        let columns = ModelFilters.columns(rest, count)
        var filters: [ModelFilters.Filter] = []
        for _ in 0..<count {
            let steps = Chain(context)
            let first = context.profile.entries.count
            let cost = ModelFilters.estimatedCost(rest)
            while let step = rest.popFirst() {
                try append(step, to: steps, &rest, depth: depth)
                if case .filter = step { break }
            }
            filters.append(
                ModelFilters.Filter(chain: steps, entries: first..<context.profile.entries.count, cost: cost))
        }
        chain.append(ModelFilters(filters, columns: columns, context), profileIndex: nil)
    }

    /// Appends the operator of a step, which takes what it can of the steps after it.
    private func append(
        _ step: LogicalNode, to chain: Chain, _ rest: inout ArraySlice<LogicalNode>, depth: Int
    ) throws {
        if case .infer(let node) = step {
            let region = RegionFormer(node, above: Array(rest), context)
            context.profile.note(.formRegions, region.plan.steps.count)
            context.profile.note(.shareTrunks, region.plan.siblings.count)
            rest = region.remaining[...]
            let index = context.profile.add("infer \(region.plan.title)", depth: depth)
            chain.append(
                try InferOperator(region.plan, onError: node.onError, context: context, profileIndex: index),
                profileIndex: index)
            return
        }
        let index = context.profile.add(step.title, depth: depth)
        if case .sort(let sort) = step, case .limit(let limit)? = rest.first {
            let (wanted, overflow) = limit.count.addingReportingOverflow(limit.offset)
            chain.append(
                SortOperator(sort, context, wanted: overflow ? nil : wanted, profileIndex: index), profileIndex: index)
            return
        }
        chain.append(try makeOperator(step, depth: depth, profileIndex: index), profileIndex: index)
    }

    private func makeOperator(_ node: LogicalNode, depth: Int, profileIndex: Int) throws -> any Operator {
        switch node {
        case .filter(let node): FilterOperator(node, context)
        case .extend(let node): ExtendOperator(node, context)
        case .project(let node): ExtendOperator(node, context)
        case .limit(let node): LimitOperator(count: node.count, offset: node.offset)
        case .sort(let node): SortOperator(node, context, profileIndex: profileIndex)
        case .route(let node): try RouteOperator(node, builder: self, depth: depth)
        case .cascade(let node): try CascadeOperator(node, builder: self, depth: depth)
        case .aggregate(let node): AggregateOperator(node, context, profileIndex: profileIndex)
        case .distinct(let node): DistinctOperator(node, context, profileIndex: profileIndex)
        case .assert(let node): AssertOperator(node, context)
        case .write(let node): try WriteOperator(node, context)
        case .fail(let node): FailOperator(node)
        case .drop: DropOperator()
        case .sample(let node): SampleOperator(node, context)
        case .load, .values, .table, .shared, .hole, .union, .unnest, .join, .nearest,
            .infer:
            preconditionFailure("bug: a source in the middle of a pipeline")
        }
    }

    /// Rows for a chain, and the place of their entry in the profile.
    private func source(_ node: LogicalNode, depth: Int) throws -> (any RowSource, Int) {
        func entry() -> Int { context.profile.add(node.title, depth: depth) }
        switch node {
        case .unnest(let unnest):
            let input = try pipeline(unnest.input, depth: depth)
            return (unnestSource(unnest, input, context), entry())
        case .join(let join):
            let input = try pipeline(join.input, depth: depth)
            let index = entry()
            let relation = try pipeline(join.relation, depth: depth + 1)
            return (JoinSource(join, input, relation, context, profileIndex: index), index)
        case .nearest(let nearest):
            let input = try pipeline(nearest.input, depth: depth)
            let index = entry()
            let relation = try pipeline(nearest.relation, depth: depth + 1)
            return (NearestSource(nearest, relation, context).source(input), index)
        default:
            let index = entry()
            return (try leaf(node, depth: depth), index)
        }
    }

    private func leaf(_ node: LogicalNode, depth: Int) throws -> any RowSource {
        switch node {
        case .load(let node): return try LoadSource(node, context)
        case .values(let node): return try ValuesSource(node, context)
        case .table(let node): return try TableSource(node, context)
        case .shared(let node): return SharedSource(node, lets[node.number], context)
        case .union(let node):
            return UnionSource(node, try node.inputs.map { try pipeline($0, depth: depth + 1) })
        default: preconditionFailure("bug: a plan without a source")
        }
    }
}

extension LogicalNode {
    /// Whether its rows are pulled: those that come of one window have no bound.
    fileprivate var isSource: Bool {
        switch self {
        case .union, .unnest, .join, .nearest: true
        default: inputs.isEmpty
        }
    }
}
