import MartletGraph

extension ONNXOp {
    /// A graph run over the slices of tensors.
    static let scan = ONNXOp("Scan", inputs: 1...Int.max) { call in
        guard call.version >= 9 else { return try batched(call) }
        guard let source = try call.attribute("body")?.graph, let scanned = try call.int("num_scan_inputs") else {
            throw call.wrong("its graph or `num_scan_inputs` is missing")
        }
        let values = try call.allInputs()
        guard scanned > 0, scanned <= values.count, values.count - scanned <= source.outputs.count else {
            throw call.wrong("it has \(values.count) inputs, \(scanned) of them scanned")
        }
        let states = values.count - scanned
        let outputs = source.outputs.count - states
        func list(_ name: String, _ count: Int) throws -> [Int] {
            let given = try call.ints(name) ?? []
            guard given.isEmpty || given.count == count else {
                throw call.wrong("`\(name)` has \(given.count) numbers")
            }
            return given.isEmpty ? [Int](repeating: 0, count: count) : given
        }
        let axes = try list("scan_input_axes", scanned)
        let slices = try zip(values[states...], axes).map { value, axis -> ValueType in
            let type = call.type(value)
            guard var shape = type.shape else { return type }
            shape.remove(at: try call.axis(axis, rank: shape.count))
            return ValueType(type.dtype, shape)
        }
        let body = try call.stableBody(source, carried: values[..<states].map(call.type)) {
            $0 + slices
        } results: {
            $0[..<states]
        }
        let op = ScanOp(
            Subgraph(body.graph), states: states, inputAxes: axes,
            inputReversed: try list("scan_input_directions", scanned).map { $0 != 0 },
            outputAxes: try list("scan_output_axes", outputs),
            outputReversed: try list("scan_output_directions", outputs).map { $0 != 0 })
        return try call.emitAll(op, values + body.captured)
    }

    /// Opset 8: every input has a batch dimension in front, and the graph runs over each batch row for itself.
    private static func batched(_ call: ONNXCall) throws -> [ValueID?] {
        guard let source = try call.attribute("body")?.graph, let scanned = try call.int("num_scan_inputs") else {
            throw call.wrong("its graph or `num_scan_inputs` is missing")
        }
        guard call.optional(0) == nil else { throw call.wrong("`sequence_lens` is not supported") }
        let values = try call.inputs.indices.dropFirst().map(call.input)
        guard scanned > 0, scanned <= values.count, values.count - scanned <= source.outputs.count else {
            throw call.wrong("it has \(values.count) inputs, \(scanned) of them scanned")
        }
        let states = values.count - scanned
        func row(_ value: ValueID, _ axes: Int) throws -> ValueType {
            let type = call.type(value)
            guard let shape = type.shape else { return type }
            guard shape.count >= axes else { throw call.wrong("an input has \(shape.count) dimensions") }
            return ValueType(type.dtype, Array(shape.dropFirst(axes)))
        }
        let slices = try values[states...].map { try row($0, 2) }
        let body = try call.stableBody(source, carried: values[..<states].map { try row($0, 1) }) {
            $0 + slices
        } results: {
            $0[..<states]
        }
        let reversed = try call.ints("directions") ?? []
        let outputs = source.outputs.count - states
        let inner = ScanOp(
            Subgraph(body.graph), states: states, inputAxes: [Int](repeating: 0, count: scanned),
            inputReversed: (0..<scanned).map { reversed.indices.contains($0) && reversed[$0] != 0 },
            outputAxes: [Int](repeating: 0, count: outputs),
            outputReversed: [Bool](repeating: false, count: outputs))
        // The batch is a scan without states whose body is the scan itself.
        var graph = Graph()
        let rows = try values.map { try graph.addInput("", row($0, 1)) }
        let outer = body.captured.map { graph.addInput("", call.type($0)) }
        for result in try graph.add(inner, rows + outer, name: call.node.label) { graph.addOutput("", result) }
        let op = ScanOp(
            Subgraph(graph), states: 0, inputAxes: [Int](repeating: 0, count: values.count),
            inputReversed: [Bool](repeating: false, count: values.count),
            outputAxes: [Int](repeating: 0, count: source.outputs.count),
            outputReversed: [Bool](repeating: false, count: source.outputs.count))
        return try call.emitAll(op, values + body.captured)
    }
}
