import MartletData
import MartletGraph
import MartletModels
import MartletPlanner
import MartletTensor

/// Makes one tensor graph of a root model, of the expressions on its outputs and of models on those.
///
/// This is the one place where columns and graphs are both seen.
struct RegionCompiler {
    let key: RegionKey
    private let plan: InferPlan
    private let store: ModelStore
    private let root: StoredModel
    private let siblings: [StoredModel]
    private let disabled: Set<String>
    private let packs: Bool

    init(_ plan: InferPlan, store: ModelStore, disabled: Set<String>, packs: Bool) throws {
        self.plan = plan
        self.store = store
        let own = Set((MartletGraph.graphRules + finishingRules).map { type(of: $0).name })
        let others = Set(PlanRules.names + ExecutionRule.names).subtracting([ExecutionRule.packSequences.name])
        // Of the names those that mean something to a graph.
        let graphRules = disabled.subtracting(others.subtracting(own))
        self.disabled = graphRules
        self.packs = packs
        root = try store.model(plan.call.model)
        siblings = try plan.siblings.map { try store.model($0.call.model) }
        key = try RegionKey(plan, root: root, store: store, disabled: graphRules, packs: packs)
    }

    /// A compiled region under this plan's columns.
    func renamed(_ region: CompiledRegion) -> CompiledRegion {
        var result = region
        result.outputs = zip(plan.allOutputs, region.outputs).map { (column: $0, source: $1.source) }
        return result
    }

    // MARK: Compiling

    func compile() throws -> CompiledRegion {
        var trace = RuleTrace()
        let rootGraph = try makeRootGraph(&trace)
        var lowering = GraphLowering(rootGraph.graph)
        var made: [ColumnID: Made] = [:]
        try addOutputs(plan.outputs, of: root, &lowering, &made) { rootGraph.value($0) }
        for (number, sibling) in plan.siblings.enumerated() {
            try addOutputs(sibling.outputs, of: siblings[number], &lowering, &made) {
                rootGraph.value($0, of: number + 1)
            }
        }
        for step in plan.steps { try add(step, &lowering, &made, &trace) }
        let next = stateOutputs.map { rootGraph.value($0) }
        return try finish(lowering.graph, made, next, rootGraph, trace)
    }

    /// Outputs of the model's graph that are the next row's state, in the order of the links.
    private var stateOutputs: [Int] { (plan.recurrence?.links ?? []).flatMap { graphOutputs(root, $0.output) } }

    /// A column inside the region.
    private struct Made {
        var handle: TensorHandle?
        var value: ValueID
        var labels: [String]?
    }

    private struct RootGraph {
        var graph: Graph
        /// Which outputs of the root model, then of each sibling, the graph has, in the order of `graph.outputs`.
        var graphOutputs: [[Int]]
        var layout: RegionProgram.Layout
        /// Those of `graph.outputs` that have one row for each token.
        var tokenwise: Set<ValueID> = []

        /// The value of one of a model's graph outputs.
        func value(_ output: Int, of model: Int = 0) -> ValueID {
            let before = graphOutputs[..<model].reduce(0) { $0 + $1.count }
            return graph.outputs[before + (graphOutputs[model].firstIndex(of: output) ?? 0)].value
        }
    }

    /// The model's graph with only the outputs that are wanted, and its siblings', packed if that can be proven.
    private func makeRootGraph(_ trace: inout RuleTrace) throws -> RootGraph {
        let loaded = root.loaded
        var wanted = [Set(plan.outputs.flatMap { graphOutputs(root, $0.position) } + stateOutputs).sorted()]
        let isText = root.takesText || loaded.form == .packedSequences
        var graph = loaded.graph
        if isText {
            graph.outputs = wanted[0].map { graph.outputs[$0] }
        } else {
            graph = try loaded.rowsFirst(outputs: wanted[0], rootInputs())
        }
        for (sibling, model) in zip(plan.siblings, siblings) {
            let own = Set(sibling.outputs.flatMap { graphOutputs(model, $0.position) }).sorted()
            try append(model, own, to: &graph, &trace)
            wanted.append(own)
        }
        if loaded.form == .packedSequences {
            let roles = zip([root] + siblings, wanted).flatMap { model, own in
                own.map { model.loaded.outputs[$0].role }
            }
            try reducePrecision(&graph, root, &trace)
            let tokenwise = zip(graph.outputs, roles).filter { $0.1 == .tokens }
            return RootGraph(
                graph: graph, graphOutputs: wanted, layout: .packed, tokenwise: Set(tokenwise.map(\.0.value)))
        }
        guard root.takesText, let text = loaded.text else {
            try reducePrecision(&graph, root, &trace)
            return RootGraph(graph: graph, graphOutputs: wanted, layout: .tensors)
        }
        merge(try graph.optimize(disabled: disabled, finishing: false), into: &trace)
        try reducePrecision(&graph, root, &trace)
        guard packs, !disabled.contains("pack_sequences"), !disabled.contains("all"),
            let packed = try packSequences(
                graph, ids: text.ids, mask: text.mask, types: text.types, positions: text.positions)
        else { return RootGraph(graph: graph, graphOutputs: wanted, layout: .rectangle) }
        trace.record("pack_sequences", 1)
        let tokenwise = zip(packed.graph.outputs, packed.outputs).filter { $0.1 == .tokenwise }
        return RootGraph(
            graph: packed.graph, graphOutputs: wanted, layout: .packed, tokenwise: Set(tokenwise.map(\.0.value)))
    }

    /// Puts a sibling's graph on the root's inputs; what both compute is computed once.
    private func append(
        _ model: StoredModel, _ wanted: [Int], to graph: inout Graph, _ trace: inout RuleTrace
    ) throws {
        _ = try ShareSubgraphs().apply(to: &graph)
        var other = model.loaded.graph
        other.outputs = wanted.map { other.outputs[$0] }
        let inputs = other.inputs.compactMap { port in graph.inputs.first { $0.name == port.name }?.value }
        let values = try graph.append(other, inputs: inputs, known: ConstantIndex(graph))
        for (port, value) in zip(other.outputs, values) { graph.addOutput(port.name, value) }
        trace.record(ExecutionRule.shareTrunks.name, try ShareSubgraphs().apply(to: &graph))
    }

    /// Marks the products of a model's graph that its `precision` asks for, before it becomes part of another.
    private func reducePrecision(_ graph: inout Graph, _ model: StoredModel, _ trace: inout RuleTrace) throws {
        guard model.options.precision != .exact, disabled.isDisjoint(with: [ReducePrecision.name, "all"]) else {
            return
        }
        merge(try graph.optimize(disabled: disabled, finishing: false), into: &trace)
        let rule = ReducePrecision(to: model.options.precision, exactLayers: model.options.exactLayers)
        trace.record(ReducePrecision.name, try rule.apply(to: &graph))
    }

    /// What the root's call says about its inputs.
    private func rootInputs() throws -> LoadedModel.Inputs {
        var result = LoadedModel.Inputs(rowShapes: root.loaded.rowShapes(of: plan.call))
        for (place, argument) in zip(plan.call.positions, plan.call.arguments) {
            let input = root.loaded.inputs[place]
            guard input.batchAxis == nil, let value = argument.constantValue else { continue }
            guard let tensor = Tensor(constant: value, for: input.type) else {
                throw StateError.constant(input: input.name, type: input.type.description, value: value.text)
            }
            result.constants[place] = tensor
        }
        for (place, input) in root.loaded.inputs.enumerated()
        where input.type.dtype == .optional && !plan.call.positions.contains(place) {
            result.constants[place] = Tensor(optional: nil)
        }
        for link in plan.recurrence?.links ?? [] {
            result.rowShapes[link.input] = link.type.fixedShape ?? []
            for output in graphOutputs(root, link.output) { result.links[output] = link.input }
        }
        return result
    }

    private func graphOutputs(_ model: StoredModel, _ position: Int) -> [Int] {
        switch model.sources[position] {
        case .graph(let index), .next(let index): [index]
        case .label, .score: model.loaded.classification.map { [$0.probabilities] } ?? []
        }
    }

    /// Makes columns of a model's outputs; `value` gives the graph value of one of the model's graph outputs.
    private func addOutputs(
        _ outputs: [InferPlan.Output], of model: StoredModel, _ lowering: inout GraphLowering,
        _ made: inout [ColumnID: Made], value: (Int) -> ValueID
    ) throws {
        for output in outputs {
            switch model.sources[output.position] {
            case .graph(let index):
                let id = value(index)
                made[output.column.id] = Made(handle: lowering.handle(id, output.column.type), value: id)
            case .label:
                guard let classification = model.loaded.classification else {
                    preconditionFailure("bug: a label without classes")
                }
                let id = try lowering.building {
                    try $0.add(ArgReduceOp(.max, axis: 1, keepDims: false), value(classification.probabilities))
                }
                made[output.column.id] = Made(handle: nil, value: id, labels: classification.labels)
            case .next(let index):
                let id = try lowering.building {
                    try $0.add(ArgReduceOp(.max, axis: 1, keepDims: false), value(index))
                }
                made[output.column.id] = Made(handle: nil, value: id, labels: try model.pieces())
            case .score:
                guard let classification = model.loaded.classification else {
                    preconditionFailure("bug: a score without classes")
                }
                let id = try lowering.building {
                    try $0.add(ReduceOp(.max, axes: [1], keepDims: false), value(classification.probabilities))
                }
                made[output.column.id] = Made(handle: lowering.handle(id, .float), value: id)
            }
        }
    }

    private func add(
        _ step: InferPlan.Step, _ lowering: inout GraphLowering, _ made: inout [ColumnID: Made],
        _ trace: inout RuleTrace
    ) throws {
        switch step {
        case .compute(let computed):
            guard let handle = try lower(computed.expr, &lowering, made) else {
                preconditionFailure("bug: `\(computed.column.name)` was taken into a region but cannot be lowered")
            }
            made[computed.column.id] = Made(handle: handle, value: lowering.value(handle))
        case .infer(let call, let outputs):
            let model = try store.model(call.model)
            let wanted = Set(outputs.flatMap { graphOutputs(model, $0.position) }).sorted()
            var graph = try model.loaded.rowsFirst(outputs: wanted)
            try reducePrecision(&graph, model, &trace)
            let arguments = try call.arguments.map { argument -> ValueID in
                guard let handle = try lower(argument, &lowering, made) else {
                    preconditionFailure("bug: an argument of \(call.model.name) cannot be lowered")
                }
                return lowering.value(handle)
            }
            let values = try lowering.building { try $0.append(graph, inputs: arguments) }
            try addOutputs(outputs, of: model, &lowering, &made) { values[wanted.firstIndex(of: $0) ?? 0] }
        }
    }

    /// The expression in tensor ops; nil if it cannot be lowered.
    private func lower(
        _ expr: BoundExpr, _ lowering: inout GraphLowering, _ made: [ColumnID: Made]
    ) throws -> TensorHandle? {
        switch expr {
        case .column(let id, _): return made[id]?.handle
        case .call(let call): return try lowering.apply(call) { try lower($0, &$1, made) }
        default: return nil
        }
    }

    // MARK: Finishing

    private func finish(
        _ built: Graph, _ made: [ColumnID: Made], _ states: [ValueID], _ rootGraph: RootGraph, _ before: RuleTrace
    ) throws -> CompiledRegion {
        var graph = built
        var trace = before
        graph.outputs = []
        var sources: [(column: PlanColumn, source: AnswerSource)] = []
        var kinds: [OutputKind] = []
        for column in plan.allOutputs {
            guard let item = made[column.id] else { preconditionFailure("bug: no value for `\(column.name)`") }
            let index = graph.outputs.count
            graph.addOutput(column.name, item.value)
            kinds.append(
                rootGraph.tokenwise.contains(item.value) ? .tokenwise : column.type.isOpenTensor ? .shaped : .uniform)
            sources.append((column, item.labels.map { .label(index, labels: $0) } ?? .tensor(index)))
        }
        for (number, value) in states.enumerated() { graph.addOutput("state \(number)", value) }
        merge(try graph.optimize(disabled: disabled), into: &trace)
        let program = RegionProgram(
            graph: CompiledGraph(graph), layout: rootGraph.layout, feeds: try feeds(graph, rootGraph.layout),
            text: try root.textEncoding(), fixedBatch: root.loaded.fixedBatch, stateCount: states.count,
            kinds: kinds)
        return CompiledRegion(key: key, program: program, outputs: sources, trace: trace)
    }

    private func feeds(_ graph: Graph, _ layout: RegionProgram.Layout) throws -> [RegionProgram.Feed] {
        graph.inputs.map { port in
            if layout == .tensors {
                let place = root.loaded.inputs.firstIndex { $0.name == port.name } ?? 0
                if let link = plan.recurrence?.links.firstIndex(where: { $0.input == place }) { return .state(link) }
                return .argument(plan.call.positions.firstIndex(of: place) ?? 0)
            }
            switch port.name {
            case PackedInputs.positions: return .positions
            case PackedInputs.offsets: return .offsets
            case PackedInputs.lengths: return .lengths
            case root.loaded.text?.mask: return .attentionMask
            case root.loaded.text?.types: return .typeIDs
            case root.loaded.text?.positions: return .positions
            default: return .tokenIDs
            }
        }
    }

    private func merge(_ part: RuleTrace, into trace: inout RuleTrace) {
        for (rule, count) in part.applications { trace.record(rule, count) }
    }
}
