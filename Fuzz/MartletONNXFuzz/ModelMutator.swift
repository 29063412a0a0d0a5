/// Changes an ONNX model where models lie: operators, wiring, attributes, shapes, element types, data, nesting, functions.
struct ModelMutator {
    var numbers: SeededNumbers
    let model: WireMessage

    init(_ model: WireMessage, seed: UInt64) {
        self.model = model
        numbers = SeededNumbers(seed)
    }

    /// One change; none if the model has nothing of the kind that was drawn.
    mutating func mutate() {
        switch numbers.below(27) {
        case 0, 1: swapOperator()
        case 2, 3, 4: rewire(1)
        case 5: rewire(2)
        case 6, 7, 8: changeAttribute()
        case 9, 10: addAttribute()
        case 11: addNode()
        case 12: moveNodes()
        case 13: makeCycle()
        case 14, 15: changeValueShape()
        case 16: changeElementType()
        case 17, 18: changeTensorShape()
        case 19, 20: changeTensorData()
        case 21: changeInitializers()
        case 22: addBody()
        case 23: addFunction()
        case 24: changeOperatorSet()
        case 25: changeContainers()
        default: changeOutputs()
        }
    }

    // MARK: What there is

    mutating func any(_ kind: WireMessage.Kind) -> WireMessage? {
        let all = model.all(kind)
        return all.isEmpty ? nil : numbers.pick(all)
    }

    /// Names of values that the graph or those around it might have.
    mutating func anyName(near graph: WireMessage? = nil) -> String {
        let graph = graph ?? model
        let made = graph.all(.node).flatMap { $0.texts(2) }
        let given = graph.all(.value).map { $0.text(1) } + graph.all(.tensor).map { $0.text(8) }
        let names = made + given + (numbers.chance(8) ? ["", "nobody"] : [])
        return names.isEmpty ? "x" : numbers.pick(names)
    }

    mutating func newName() -> String { "n\(numbers.below(1_000_000))" }

    mutating func anyInteger() -> UInt64 {
        UInt64(bitPattern: Int64(numbers.chance(2) ? numbers.below(6) - 1 : numbers.pick(Words.integers)))
    }

    // MARK: Nodes

    private mutating func swapOperator() {
        guard let node = any(.node) else { return }
        name(node, numbers.chance(10) ? (numbers.pick(Words.bodies), "") : numbers.pick(Words.operators))
        if numbers.chance(8) { node.set(7, numbers.pick(Words.domains)) }
    }

    private func name(_ node: WireMessage, _ op: (String, String)) {
        node.set(4, op.0)
        node.remove(7)
        if !op.1.isEmpty { node.add(7, op.1) }
    }

    /// Inputs (field 1) or outputs (field 2) of a node.
    private mutating func rewire(_ field: Int) {
        guard let node = any(.node) else { return }
        let places = node.positions(field)
        guard !places.isEmpty, !numbers.chance(4) else {
            node.add(field, field == 1 ? anyName() : newName())
            return
        }
        let place = numbers.pick(places)
        switch numbers.below(6) {
        case 0: node.fields.remove(at: place)
        case 1: node.fields.append(node.fields[place])
        case 2: node.fields.swapAt(place, numbers.pick(places))
        case 3: node.fields[place].content = .bytes([])
        default: node.fields[place].content = .bytes(Array(anyName().utf8))
        }
    }

    private mutating func addNode() {
        let graphs = model.all(.graph) + model.all(.function)
        guard !graphs.isEmpty else { return }
        let graph = numbers.pick(graphs)
        let node = WireMessage(.node)
        for _ in 0..<numbers.below(5) { node.add(1, anyName(near: graph)) }
        let output = newName()
        for index in 0...numbers.below(3) { node.add(2, index == 0 ? output : newName()) }
        name(node, numbers.pick(Words.operators))
        let known = model.all(.attribute)
        for _ in 0..<numbers.below(3) {
            if !known.isEmpty { node.add(5, .message(numbers.pick(known).copy)) }
        }
        graph.add(graph.kind == .graph ? 1 : 7, .message(node))
        guard graph.kind == .graph else { return }
        if numbers.chance(2) {
            use(output, in: graph)
        } else {
            graph.add(12, .message(WireMessage(.value, [text(1, output)])))
        }
    }

    /// Lets a node of the graph read a value.
    private mutating func use(_ name: String, in graph: WireMessage) {
        let nodes = graph.messages(1)
        guard !nodes.isEmpty else { return }
        let node = numbers.pick(nodes)
        let places = node.positions(1)
        if places.isEmpty {
            node.add(1, name)
        } else {
            node.fields[numbers.pick(places)].content = .bytes(Array(name.utf8))
        }
    }

    private mutating func moveNodes() {
        guard let graph = any(.graph) else { return }
        let places = graph.positions(1)
        guard !places.isEmpty else { return }
        let place = numbers.pick(places)
        switch numbers.below(3) {
        case 0: graph.fields.swapAt(place, numbers.pick(places))
        case 1: graph.fields.remove(at: place)
        default:
            guard case .message(let node) = graph.fields[place].content else { return }
            let twin = node.copy
            for place in twin.positions(2) where !numbers.chance(10) {
                twin.fields[place].content = .bytes(Array(newName().utf8))
            }
            graph.add(1, .message(twin))
        }
    }

    private mutating func makeCycle() {
        guard let node = any(.node), let output = node.texts(2).first else { return }
        let reader = numbers.chance(3) ? node : any(.node) ?? node
        let places = reader.positions(1)
        if places.isEmpty {
            reader.add(1, output)
        } else {
            reader.fields[numbers.pick(places)].content = .bytes(Array(output.utf8))
        }
    }

    // MARK: Attributes

    private mutating func changeAttribute() {
        guard let attribute = any(.attribute) else { return }
        guard !attribute.fields.isEmpty, !numbers.chance(6) else {
            switch numbers.below(3) {
            case 0: attribute.set(1, numbers.pick(Words.attributes))
            case 1: attribute.set(20, numbers.pick(Words.attributeTypes))
            default: attribute.remove(numbers.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 20]))
            }
            return
        }
        let places = attribute.fields.indices.filter { (2...9).contains(attribute.fields[$0].number) }
        guard !places.isEmpty else { return }
        let place = numbers.pick(places)
        switch attribute.fields[place].content {
        case .varint: attribute.fields[place].content = .varint(anyInteger())
        case .fixed32: attribute.fields[place].content = .fixed32(Self.bytes(numbers.pick(Words.floats)))
        case .fixed64, .message: break
        case .bytes(let bytes):
            switch attribute.fields[place].number {
            case 7: attribute.fields[place].content = .bytes(changed(bytes, size: 4))
            case 8: attribute.fields[place].content = .bytes(changedList(bytes))
            default: attribute.fields[place].content = .bytes(Array(numbers.pick(Words.strings).utf8))
            }
        }
        if numbers.chance(3), attribute.fields[place].number >= 7 {
            if numbers.chance(2) {
                attribute.fields.append(attribute.fields[place])
            } else {
                attribute.fields.remove(at: place)
            }
        }
    }

    /// Packed varints with one changed, added or removed.
    private mutating func changedList(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        var values: [UInt64] = []
        while let value = WireMessage.varint(&rest) { values.append(value) }
        change(&values)
        var result: [UInt8] = []
        for value in values { WireMessage.append(value, to: &result) }
        return result
    }

    private mutating func change(_ values: inout [UInt64]) {
        guard !values.isEmpty, !numbers.chance(4) else { return values.append(anyInteger()) }
        let place = numbers.below(values.count)
        switch numbers.below(5) {
        case 0: values.remove(at: place)
        case 1: values.swapAt(place, numbers.below(values.count))
        default: values[place] = anyInteger()
        }
    }

    private mutating func addAttribute() {
        guard let node = any(.node) else { return }
        let known = model.all(.attribute)
        if !known.isEmpty, numbers.chance(2) { return node.add(5, .message(numbers.pick(known).copy)) }
        node.add(5, .message(newAttribute(numbers.pick(Words.attributes))))
    }

    mutating func newAttribute(_ name: String) -> WireMessage {
        let attribute = WireMessage(.attribute, [text(1, name)])
        var type = numbers.pick([1, 2, 2, 3, 4, 6, 7, 7, 8])
        switch type {
        case 1: attribute.add(2, .fixed32(Self.bytes(numbers.pick(Words.floats))))
        case 2: attribute.set(3, Int(Int64(bitPattern: anyInteger())))
        case 3: attribute.add(4, numbers.pick(Words.strings))
        case 4: attribute.add(5, .message(newTensor("")))
        case 6: for _ in 0..<numbers.below(5) { attribute.add(7, .fixed32(Self.bytes(numbers.pick(Words.floats)))) }
        case 7: for _ in 0..<numbers.below(5) { attribute.add(8, .varint(anyInteger())) }
        default: for _ in 0..<numbers.below(4) { attribute.add(9, numbers.pick(Words.strings)) }
        }
        if numbers.chance(20) { type = numbers.pick(Words.attributeTypes) }
        attribute.set(20, type)
        if numbers.chance(30) { attribute.add(21, numbers.pick(Words.attributes)) }
        return attribute
    }

    // MARK: Operator sets, functions, bodies

    private mutating func changeOperatorSet() {
        let sets = model.messages(8)
        guard !sets.isEmpty, !numbers.chance(4) else {
            let added = WireMessage(.operatorSet, [text(1, numbers.pick(Words.domains))])
            added.set(2, numbers.pick(Words.opsets))
            return model.add(8, .message(added))
        }
        let set = numbers.pick(sets)
        if numbers.chance(6) { set.set(1, numbers.pick(Words.domains)) } else { set.set(2, numbers.pick(Words.opsets)) }
    }

    /// Nodes of the graph as a function, which may call itself.
    private mutating func addFunction() {
        guard let graph = model.messages(7).first else { return }
        let function = WireMessage(.function, [text(1, "F\(numbers.below(3))"), text(10, "local")])
        for input in graph.messages(11) { function.add(4, input.text(1)) }
        for output in graph.messages(12) { function.add(5, output.text(1)) }
        for node in graph.messages(1) where !numbers.chance(4) {
            let part = node.copy
            if numbers.chance(3) { name(part, ("F\(numbers.below(3))", "local")) }
            function.add(7, .message(part))
        }
        model.add(25, .message(function))
        if let node = any(.node) { name(node, ("F\(numbers.below(3))", "local")) }
    }

    /// A node that runs the graph, or what is in another attribute, as its body.
    private mutating func addBody() {
        let graphs = model.all(.graph)
        guard let main = graphs.first, graphs.count < 12 else { return }
        let graph = numbers.pick(graphs)
        let op = numbers.pick(Words.bodies)
        func body(_ inputs: [String], _ outputs: [String]) -> WireMessage {
            let body = WireMessage(.graph)
            for field in numbers.pick(graphs).copy.fields where field.number == 1 || field.number == 5 {
                body.fields.append(field)
            }
            for name in inputs { body.add(11, .message(WireMessage(.value, [text(1, name)]))) }
            for name in outputs { body.add(12, .message(WireMessage(.value, [text(1, name)]))) }
            // Values of a body have names of their own.
            for node in body.messages(1) {
                for place in node.positions(1) + node.positions(2) where !numbers.chance(6) {
                    node.fields[place].content = .bytes(Array("b_\(node.fields[place].text ?? "")".utf8))
                }
            }
            return body
        }
        let node = WireMessage(.node, [text(4, op)])
        let carried = (0..<numbers.below(3)).map { _ in anyName(near: main) }
        let made = (0...numbers.below(3)).map { _ in newName() }
        let results = graph.messages(1).flatMap { $0.texts(2) }.map { "b_\($0)" } + carried
        let outputs = made.map { _ in results.isEmpty ? "x" : numbers.pick(results) }
        switch op {
        case "If":
            node.add(1, anyName(near: main))
            for branch in ["then_branch", "else_branch"] {
                node.add(5, .message(Self.attribute(branch, body([], outputs))))
            }
        case "Loop":
            let count = newName()
            let condition = newName()
            main.add(
                5,
                .message(
                    scalar(
                        count, 7, [UInt8(numbers.pick([0, 1, 3, 255])), 0, 0, 0, 0, 0, 0, numbers.chance(8) ? 127 : 0]))
            )
            main.add(5, .message(scalar(condition, 9, [1])))
            for name in [numbers.chance(4) ? "" : count, numbers.chance(4) ? "" : condition] + carried {
                node.add(1, name)
            }
            let inner = carried.indices.map { "b_c\($0)" }
            let inputs = ["b_i", "b_go"] + (inner.isEmpty ? [] : inner)
            let taken = inner.map { numbers.chance(2) ? $0 : outputs[0] }
            node.add(5, .message(Self.attribute("body", body(inputs, ["b_go"] + taken + outputs))))
        default:
            for name in carried { node.add(1, name) }
            node.add(5, .message(Self.attribute("body", body(carried.map { "b_\($0)" }, outputs))))
            let scans = WireMessage(.attribute, [text(1, "num_scan_inputs")])
            scans.set(3, numbers.below(carried.count + 1))
            scans.set(20, 2)
            if op == "Scan" { node.add(5, .message(scans)) }
        }
        for name in made { node.add(2, name) }
        graph.add(1, .message(node))
        graph.add(12, .message(WireMessage(.value, [text(1, made[0])])))
    }

    private func scalar(_ name: String, _ type: Int, _ bytes: [UInt8]) -> WireMessage {
        let tensor = WireMessage(.tensor, [text(8, name)])
        tensor.set(2, type)
        tensor.set(9, .bytes(bytes))
        return tensor
    }

    static func attribute(_ name: String, _ graph: WireMessage) -> WireMessage {
        let attribute = WireMessage(.attribute, [text(1, name), .init(number: 6, content: .message(graph))])
        attribute.set(20, 5)
        return attribute
    }

    static func bytes(_ value: Float) -> [UInt8] { withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
}

func text(_ number: Int, _ text: String) -> WireMessage.Field {
    WireMessage.Field(number: number, content: .bytes(Array(text.utf8)))
}
