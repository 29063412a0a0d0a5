import MartletGraph
import MartletSupport
import MartletTensor

/// Builds a tensor graph from an ONNX model: nodes in order, functions and decided branches inlined, constants folded.
final class ONNXImporter {
    let model: ONNXModel
    let tensors: ONNXTensorLoader
    /// The graph that nodes are added to: the model's, or that of a body inside it.
    private var frame = ONNXFrame(parent: nil)
    private(set) var functions: [String: ONNXFunction] = [:]
    /// Nodes of the file and of inlined bodies, by operator.
    private(set) var operatorCounts: [String: Int] = [:]
    /// Outputs of the model that need operators without support, with those operators.
    private(set) var unavailable: [ONNXUnavailable] = []
    /// Scores that the file calls by the names of their classes.
    var namedScores: [ValueID: ONNXCall.ClassLabels] = [:]
    /// What the file says of its outputs, where it can be understood.
    private(set) var declaredOutputs: [String: ValueType] = [:]
    private var addedNodes = 0
    /// Arena for folding constants.
    let foldingContext = RunContext(limits: .folding)

    static let maximumDepth = 64
    static let maximumAddedNodes = 2_000_000

    var path: String { tensors.file.path }
    var graph: Graph {
        get { frame.graph }
        _modify { yield &frame.graph }
    }

    init(_ model: ONNXModel, tensors: ONNXTensorLoader) {
        self.model = model
        self.tensors = tensors
        for function in model.functions {
            functions[Self.key(function.domain, function.name, function.overload)] = function
        }
    }

    static func key(_ domain: String, _ name: String, _ overload: String = "") -> String {
        "\(domain)\u{0}\(name)\u{0}\(overload)"
    }

    /// Builds `graph`. Throws `ONNXError`, `TensorError`, `FileError`, `ModelError`.
    func run() throws {
        guard let main = model.graph else { throw ONNXError.incomplete(file: path, missing: "graph") }
        let standard = model.opsets[""] ?? (model.opsets.isEmpty ? 1 : nil)
        if let version = standard, version > ONNXOpTable.latestOpset {
            throw ONNXError.opset(file: path, domain: "", version: version, limit: ONNXOpTable.latestOpset)
        }
        let scope = ONNXScope(parent: nil, attributes: [:], opsets: model.opsets, depth: 0)
        try addConstants(main, to: scope)
        for input in main.inputs where scope.lookUp(input.name) == nil {
            _ = scope.define(input.name, graph.addInput(input.name, try type(of: input)))
        }
        let missing = try addSupported(main.nodes, in: scope)
        guard !main.outputs.isEmpty else { throw ONNXError.incomplete(file: path, missing: "outputs") }
        for output in main.outputs {
            if let operators = missing[output.name] {
                unavailable.append(ONNXUnavailable(output: output.name, operators: operators))
                continue
            }
            guard case .some(.some(let value)) = scope.lookUp(output.name) else {
                throw ONNXError.unknownValue(file: path, name: output.name, node: "the list of outputs")
            }
            graph.addOutput(output.name, value)
            declaredOutputs[output.name] = try? type(of: output)
        }
        if graph.outputs.isEmpty, let first = unavailable.first {
            throw ONNXError.unsupportedOperators(file: path, operators: try unsupported(main.nodes) ?? first.operators)
        }
    }

    /// Adds all nodes but those without support, and those that need what these make.
    ///
    /// - Returns: for each value that is not made, the operators that it lacks.
    private func addSupported(
        _ nodes: [ONNXNode], in scope: ONNXScope
    ) throws -> [String: [ONNXError.OperatorUse]] {
        var missing: [String: [ONNXError.OperatorUse]] = [:]
        for index in try ONNXNodeOrder(file: path).order(nodes) {
            let node = nodes[index]
            var lacking = missing.isEmpty ? [] : node.namesUsed.compactMap { missing[$0] }.flatMap { $0 }
            if lacking.isEmpty {
                do {
                    try add(node, in: scope)
                    continue
                } catch ONNXError.unsupportedOperators(_, let operators) {
                    lacking = operators
                }
            }
            let named = Dictionary(lacking.map { ($0.name, $0) }) { first, _ in first }
            for name in node.outputs where !name.isEmpty {
                missing[name] = named.values.sorted { $0.name < $1.name }
            }
        }
        return missing
    }

    /// The declared type of an input or output.
    func type(of input: ONNXValueInfo) throws -> ValueType {
        func wrong(_ reason: String) -> ONNXError { .value(file: path, name: input.name, reason: reason) }
        switch input.kind {
        case .tensor: break
        case .none: throw wrong("the input has no type")
        case .other(let kind): throw wrong("the input is \(kind), which is not supported")
        }
        guard let dtype = ONNXDataType.dtype(input.elementType) else {
            throw wrong("the input's type \(ONNXDataType.name(input.elementType)) is not supported")
        }
        // A `*` would read as a product of two dimensions.
        let shape = input.dims?.map { dim in
            if case .symbol(let name) = dim { return Dim.symbol(name.split(separator: "*").joined(separator: "_")) }
            return dim
        }
        return input.containers.reversed().reduce(ValueType(dtype, shape)) { type, container in
            container == .sequence ? .sequence(of: type) : .optional(of: type)
        }
    }

    func addConstants(_ source: ONNXGraph, to scope: ONNXScope) throws {
        func define(_ name: String, _ tensor: Tensor) throws {
            guard scope.define(name, graph.addConstant(tensor, name: name)) else {
                throw ONNXError.duplicateName(file: path, name: name, node: "the list of weights")
            }
        }
        for proto in source.initializers { try define(proto.name, tensors.tensor(proto)) }
        for proto in source.sparse { try define(proto.values.name, tensors.tensor(proto)) }
    }

    func add(_ nodes: [ONNXNode], in scope: ONNXScope) throws {
        for index in try ONNXNodeOrder(file: path).order(nodes) { try add(nodes[index], in: scope) }
    }

    private func add(_ node: ONNXNode, in scope: ONNXScope) throws {
        addedNodes += 1
        guard addedNodes <= Self.maximumAddedNodes, scope.depth < Self.maximumDepth else {
            throw ONNXError.node(
                file: path, node: node.label, op: node.qualifiedOp, reason: "functions or graphs are nested without end"
            )
        }
        let inputs = try node.inputs.map { name -> ValueID? in
            guard !name.isEmpty else { return nil }
            guard let value = scope.lookUp(name) else {
                throw ONNXError.unknownValue(file: path, name: name, node: node.place)
            }
            return value
        }
        let call = ONNXCall(importer: self, node: node, scope: scope, inputs: inputs)
        let results: [ValueID?]
        if let known = ONNXOpTable.find(node) {
            operatorCounts[node.qualifiedOp, default: 0] += 1
            try known.checkArity(call)
            results = try call.located { try known.build(call) }
        } else if let function = functions[Self.key(node.domain, node.op, node.overload)] {
            results = try inline(function, call)
        } else {
            throw ONNXError.unsupportedOperators(
                file: path, operators: [ONNXError.OperatorUse(name: node.qualifiedOp, count: 1)])
        }
        for (position, name) in node.outputs.enumerated() where !name.isEmpty {
            guard position < results.count, let value = results[position] else {
                throw call.wrong("its output \(position) (`\(name)`) is not supported")
            }
            guard scope.define(name, value) else {
                throw ONNXError.duplicateName(file: path, name: name, node: node.place)
            }
        }
    }

    // MARK: Bodies

    /// The body of a local function in place of a call.
    private func inline(_ function: ONNXFunction, _ call: ONNXCall) throws -> [ValueID?] {
        guard call.inputs.count <= function.inputs.count else { throw call.wrong("it has too many inputs") }
        var attributes = function.defaults
        for (name, value) in call.node.attributes { attributes[name] = try call.resolved(value) }
        let scope = ONNXScope(
            parent: nil, attributes: attributes,
            opsets: function.opsets.isEmpty ? call.scope.opsets : function.opsets, depth: call.scope.depth + 1)
        for (position, name) in function.inputs.enumerated() {
            _ = scope.define(name, position < call.inputs.count ? call.inputs[position] : nil)
        }
        try add(function.nodes, in: scope)
        return try function.outputs.map { name in
            guard let value = scope.lookUp(name) else {
                throw ONNXError.unknownValue(file: path, name: name, node: "function `\(function.name)`")
            }
            return value
        }
    }

    /// A graph of a node's attribute in place of the node; `inputs` are what its own inputs stand for.
    func inline(_ body: ONNXGraph, _ inputs: [ValueID], _ call: ONNXCall) throws -> [ValueID?] {
        guard body.inputs.count == inputs.count else {
            throw call.wrong("its graph has \(body.inputs.count) inputs, not \(inputs.count)")
        }
        try checkSupport(body.nodes)
        let scope = call.scope.inner()
        for (port, value) in zip(body.inputs, inputs) where !scope.define(port.name, value) {
            throw ONNXError.duplicateName(file: path, name: port.name, node: call.node.place)
        }
        try addConstants(body, to: scope)
        try add(body.nodes, in: scope)
        return try body.outputs.map { port in
            guard let value = scope.lookUp(port.name) else {
                throw ONNXError.unknownValue(file: path, name: port.name, node: call.node.place)
            }
            return value
        }
    }

    /// The graph of a node's attribute as a graph of its own, for ops that run it.
    ///
    /// - Parameter types: of its inputs, in order; their number is checked.
    /// - Returns: the graph, with one more input for each value that it takes from outside, and those values.
    func body(_ source: ONNXGraph, inputs types: [ValueType], _ call: ONNXCall) throws -> ONNXBody {
        guard source.inputs.count == types.count else {
            throw call.wrong("its graph has \(source.inputs.count) inputs, not \(types.count)")
        }
        try checkSupport(source.nodes)
        let inner = ONNXFrame(parent: frame)
        let scope = ONNXScope(
            parent: call.scope, attributes: call.scope.attributes, opsets: call.scope.opsets,
            depth: call.scope.depth + 1,
            frame: inner)
        let outer = frame
        frame = inner
        defer { frame = outer }
        for (port, type) in zip(source.inputs, types) {
            guard scope.define(port.name, graph.addInput(port.name, type)) else {
                throw ONNXError.duplicateName(file: path, name: port.name, node: call.node.place)
            }
        }
        try addConstants(source, to: scope)
        try add(source.nodes, in: scope)
        for port in source.outputs {
            guard case .some(.some(let value)) = scope.lookUp(port.name) else {
                throw ONNXError.unknownValue(file: path, name: port.name, node: call.node.place)
            }
            graph.addOutput(port.name, value)
        }
        return ONNXBody(graph: inner.graph, captured: inner.captured)
    }

    /// Throws one error that lists all operators without support, those in functions that are called included.
    private func checkSupport(_ nodes: [ONNXNode]) throws {
        if let operators = try unsupported(nodes) {
            throw ONNXError.unsupportedOperators(file: path, operators: operators)
        }
    }

    private func unsupported(_ nodes: [ONNXNode]) throws -> [ONNXError.OperatorUse]? {
        var missing: [String: Int] = [:]
        var visited: Set<String> = []
        var pending = [nodes]
        while let list = pending.popLast() {
            for node in list where ONNXOpTable.find(node) == nil {
                let key = Self.key(node.domain, node.op, node.overload)
                if let function = functions[key] {
                    if visited.insert(key).inserted { pending.append(function.nodes) }
                } else {
                    missing[node.qualifiedOp, default: 0] += 1
                }
            }
        }
        let uses = missing.map { ONNXError.OperatorUse(name: $0.key, count: $0.value) }
        return uses.isEmpty ? nil : uses.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
