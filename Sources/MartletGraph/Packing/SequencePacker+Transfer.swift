import MartletTensor

extension SequencePacker {
    /// Forms of a node's outputs; nil if they are not understood.
    mutating func transfer(_ node: Graph.Node) throws -> [PackedForm]? {
        let result = node.outputs[0]
        // Everything known: the same computation.
        if node.inputs.allSatisfy({ id in id == nil || isFixed(id) }) {
            if let form = try fixed(node) { return form }
        }
        if let form = try uniform(node) { return [form] }
        if let form = try place(node) { return [form] }
        switch node.op {
        case is UnaryOp, is BinaryOp, is CompareOp, is LogicalOp, is WhereOp, is CastOp, is ClipOp, is IsNaNOp,
            is IsInfOp,
            is FusedElementwiseOp:
            return try elementwise(node).map { [$0] }
        case is IdentityOp: return form(node.inputs[0]).map { [$0] }
        case is ReshapeOp, is SqueezeOp, is UnsqueezeOp, is FlattenOp, is ExpandOp:
            return try reshape(node.inputs[0], result).map { [$0] }
        case is LinearOp, is EmbeddingOp: return try rowByRow(node).map { [$0] }
        case let op as MatMulOp where old.constant(node.inputs[1] ?? result)?.rank == 2:
            return try sameOp(op, node, main: node.inputs[0])
        case let op as AttentionOp: return try attention(op, node).map { [$0] }
        case let op as GatherOp: return try gather(op, node).map { [$0] }
        case let op as SliceOp: return try slice(op, node).map { [$0] }
        case let op as ReduceOp: return try reduce(op, node).map { [$0] }
        case let op as TransposeOp: return try transpose(op, node).map { [$0] }
        default: return try alongRest(node)
        }
    }

    private func isFixed(_ id: ValueID?) -> Bool {
        if case .fixed = form(id) { return true }
        return false
    }

    /// A node that depends neither on batch nor on sequence, copied.
    private mutating func fixed(_ node: Graph.Node) throws -> [PackedForm]? {
        guard !(node.op is DimsOp), node.outputs.allSatisfy({ shape($0).map { !$0.contains(where: varies) } ?? false })
        else { return nil }
        if let op = node.op as? ConstantOfShapeOp, op.target?.contains(where: varies) ?? false { return nil }
        return try new.add(node.op, node.inputs.map(newValue), name: node.name).map { .fixed($0) }
    }

    /// The new value of a fixed, tokenwise or rowwise one.
    private func newValue(_ id: ValueID?) -> ValueID? {
        switch form(id) {
        case .fixed(let value), .tokenwise(let value), .rowwise(let value): value
        default: nil
        }
    }

    // MARK: The same number everywhere

    private mutating func uniform(_ node: Graph.Node) throws -> PackedForm? {
        let result = node.outputs[0]
        guard node.outputs.count == 1 else { return nil }
        let dtype = old.type(result).dtype
        if isPaddingTest(result), let op = node.op as? CompareOp, op.kind == .eq || op.kind == .ne {
            return .uniform(ScalarValue(op.kind == .ne))
        }
        if let op = node.op as? ConstantOfShapeOp { return .uniform(op.value) }
        switch node.op {
        case is UnaryOp, is BinaryOp, is CompareOp, is LogicalOp, is WhereOp, is CastOp, is ClipOp, is IsNaNOp,
            is IsInfOp:
            if node.op is WhereOp, let condition = scalar(of: node.inputs[0]) {
                // The arm that is not taken need not be known.
                let taken = node.inputs[condition.isZero ? 2 : 1]
                if let value = scalar(of: taken) { return .uniform(value) }
                return try taken.flatMap { try sameLayout($0, as: result) }
            }
            if let op = node.op as? LogicalOp, op.kind == .and,
                node.inputs.contains(where: { scalar(of: $0)?.isZero ?? false })
            {
                return .uniform(ScalarValue(false))
            }
            var tensors: [Tensor?] = []
            for id in node.inputs {
                guard id == nil || scalar(of: id) != nil else { return nil }
                tensors.append(try scalar(of: id)?.filled([]))
            }
            let context = RunContext()
            guard let value = try node.op.run(tensors, context).first else { return nil }
            return ScalarValue(value).map { .uniform($0) }
        case is IdentityOp, is ReshapeOp, is SqueezeOp, is UnsqueezeOp, is FlattenOp, is ExpandOp, is TransposeOp,
            is SliceOp,
            is GatherOp, is TileOp:
            return scalar(of: node.inputs[0]).map { .uniform($0) }
        case is ConcatOp:
            let values = Set(node.inputs.map { scalar(of: $0) })
            return values.count == 1 ? values.first.flatMap { $0.map { .uniform($0) } } : nil
        case let op as ReduceOp:
            guard let value = scalar(of: node.inputs[0]), let x = node.inputs[0], let shape = shape(x),
                let axes = try op.reducedAxes(node.inputs.map { $0.map(old.info) }, rank: shape.count)
            else { return nil }
            if [.mean, .max, .min].contains(op.kind) { return .uniform(value) }
            guard op.kind == .sum, dtype.isInteger || dtype == .float32,
                axes.filter({ shape[$0] != .fixed(1) }).map({ shape[$0] }) == [seq]
            else { return nil }
            return try tokenCounts(value, as: result)
        default: return nil
        }
    }

    /// A value under another type with the same layout, for what passes values on.
    private mutating func sameLayout(_ id: ValueID, as result: ValueID) throws -> PackedForm? {
        guard let from = shape(id), let to = shape(result) else { return nil }
        if from == to { return forms[id.index] }
        if let a = tokenRest(from), let b = tokenRest(to), a == b { return forms[id.index] }
        return nil
    }

    // MARK: Places in the sequence

    private mutating func place(_ node: Graph.Node) throws -> PackedForm? {
        func start(_ id: ValueID?) -> Int? {
            if case .place(let start) = form(id) { return start }
            return nil
        }
        let result = node.outputs[0]
        switch node.op {
        case is RangeOp:
            let parts = node.inputs.map { $0.flatMap { old.values[$0.index].integers?.first } }
            guard parts.count == 3, parts[0] == .fixed(0), parts[1] == seq, parts[2] == .fixed(1) else { return nil }
            return .place(start: 0)
        case let op as SliceOp:
            // Of a table 0, 1, 2, … as long as the longest sequence.
            guard let x = node.inputs[0], let table = old.constant(x), let ranges = op.ranges, ranges.count == 1,
                ranges[0].step == 1, ranges[0].start == .fixed(0), ranges[0].end == seq,
                let values = table.integerValues(limit: 1 << 20), let first = values.first,
                values.enumerated().allSatisfy({ $0.element == first + $0.offset }), table.shape.last == values.count,
                ranges[0].axis == -1 || ranges[0].axis == table.rank - 1
            else { return nil }
            return .place(start: first)
        case let op as CumSumOp:
            guard let one = scalar(of: node.inputs[0]), one.integer ?? one.double.flatMap(Int.init(exactly:)) == 1,
                !op.reverse, !op.isProduct, let axis = scalar(of: node.inputs[1])?.integer, let shape = shape(result),
                shape.indices.contains(axis < 0 ? axis + shape.count : axis),
                shape[axis < 0 ? axis + shape.count : axis] == seq
            else { return nil }
            return .place(start: op.exclusive ? 0 : 1)
        case is CastOp:
            return old.type(result).dtype == .bool ? nil : start(node.inputs[0]).map { .place(start: $0) }
        case is ReshapeOp, is SqueezeOp, is UnsqueezeOp, is ExpandOp, is IdentityOp:
            guard let start = start(node.inputs[0]), let to = shape(result), tokenRest(to) == [] else { return nil }
            return .place(start: start)
        case let op as BinaryOp:
            guard old.type(result).dtype.isInteger, let to = shape(result), tokenRest(to) == [] else { return nil }
            let (a, b) = (node.inputs[0], node.inputs[1])
            if let start = start(a), let number = scalar(of: b)?.integer {
                switch op.kind {
                case .add where abs(number) < 1 << 30: return .place(start: start + number)
                case .sub where abs(number) < 1 << 30: return .place(start: start - number)
                case .mul where number == 1: return .place(start: start)
                default: return nil
                }
            }
            if let start = start(b), let number = scalar(of: a)?.integer {
                switch op.kind {
                case .add where abs(number) < 1 << 30: return .place(start: start + number)
                case .mul where number == 1: return .place(start: start)
                default: return nil
                }
            }
            return nil
        default: return nil
        }
    }

    // MARK: Rows of numbers

    /// Element by element: all operands in one layout, or the same for all rows.
    private mutating func elementwise(_ node: Graph.Node) throws -> PackedForm? {
        let result = node.outputs[0]
        guard let to = shape(result) else { return nil }
        let operands = node.inputs.compactMap { $0 }
        if operands.contains(where: isTokenwise), let rest = tokenRest(to) {
            let inputs = try node.inputs.map { id -> ValueID?? in
                guard let id else { return .some(nil) }
                if isTokenwise(id) {
                    guard let from = shape(id).flatMap(tokenRest), from.count == rest.count else { return .none }
                    return try tokenValue(id).map { .some($0) } ?? .none
                }
                return try spread(id, rank: rest.count).map { .some($0) } ?? .none
            }
            guard inputs.allSatisfy({ $0 != nil }) else { return nil }
            return .tokenwise(try new.add(node.op, inputs.map { $0 ?? nil }, name: node.name)[0])
        }
        guard let rest = rowRest(to) else { return nil }
        let inputs = try node.inputs.map { id -> ValueID?? in
            guard let id else { return .some(nil) }
            if case .rowwise(let value) = form(id) {
                guard let from = shape(id).flatMap(rowRest), from.count == rest.count else { return .none }
                return .some(value)
            }
            return try spread(id, rank: rest.count).map { .some($0) } ?? .none
        }
        guard inputs.allSatisfy({ $0 != nil }) else { return nil }
        return .rowwise(try new.add(node.op, inputs.map { $0 ?? nil }, name: node.name)[0])
    }

    /// A value that is the same for all rows, with at most `rank` dimensions.
    private mutating func spread(_ id: ValueID, rank: Int) throws -> ValueID? {
        if case .fixed(let value) = forms[id.index], let shape = new.type(value).fixedShape {
            let extra = shape.count - rank
            guard extra > 0 else { return value }
            if shape[..<extra].allSatisfy({ $0 == 1 }) {
                return try new.add(ReshapeOp(shape[extra...].map { .fixed($0) }), value)
            }
        }
        guard let number = scalar(of: id) else { return nil }
        return new.addConstant(try number.filled([]))
    }

    /// Another arrangement of the dimensions after the token's or row's.
    private mutating func reshape(_ input: ValueID?, _ result: ValueID) throws -> PackedForm? {
        guard let input, let from = shape(input), let to = shape(result) else { return nil }
        switch forms[input.index] {
        case .tokenwise(let value):
            guard let rest = tokenRest(to), let before = tokenRest(from) else { return nil }
            guard Dim.product(rest) == Dim.product(before) else { return nil }
            if rest == before { return .tokenwise(value) }
            return .tokenwise(try new.add(ReshapeOp([tokens] + rest, allowZero: true), value))
        case .rowwise(let value):
            guard let rest = rowRest(to), let before = rowRest(from), Dim.product(rest) == Dim.product(before) else {
                return nil
            }
            return .rowwise(try new.add(ReshapeOp([rows] + rest, allowZero: true), value))
        default: return nil
        }
    }

    /// The same op on the packed value of `main`, other inputs fixed.
    private mutating func sameOp(_ op: any GraphOp, _ node: Graph.Node, main: ValueID?) throws -> [PackedForm]? {
        guard let main, isTokenwise(main) || newValue(main) != nil else { return nil }
        var isToken = false
        let inputs = try node.inputs.map { id -> ValueID?? in
            guard let id else { return .some(nil) }
            if isTokenwise(id) {
                isToken = true
                return try tokenValue(id).map { .some($0) } ?? .none
            }
            return newValue(id).map { .some($0) } ?? .none
        }
        guard inputs.allSatisfy({ $0 != nil }) else { return nil }
        let results = try new.add(op, inputs.map { $0 ?? nil }, name: node.name)
        return results.map { isToken ? .tokenwise($0) : .rowwise($0) }
    }

    private mutating func rowByRow(_ node: Graph.Node) throws -> PackedForm? {
        let result = node.outputs[0]
        guard let to = shape(result) else { return nil }
        if let op = node.op as? EmbeddingOp { return try embedding(op, node) }
        let isToken = node.inputs[0].map(isTokenwise) ?? false
        guard isToken ? tokenRest(to) != nil : rowRest(to) != nil else { return nil }
        // A residual in another layout than x cannot be.
        for id in node.inputs.dropFirst() {
            guard let id, !isFixed(id) else { continue }
            guard isTokenwise(id) == isToken, newValue(id) != nil || isToken else { return nil }
        }
        return try sameOp(node.op, node, main: node.inputs[0])?.first
    }

    private mutating func embedding(_ op: EmbeddingOp, _ node: Graph.Node) throws -> PackedForm? {
        guard let to = shape(node.outputs[0]), tokenRest(to)?.count == 1 else { return nil }
        var tables: [(table: ValueID?, ids: ValueID?, isFirst: Bool)] = []
        for table in 0..<op.tableCount {
            let ids = node.inputs[2 * table + 1]
            var value: ValueID?
            if let ids, isTokenwise(ids) {
                guard shape(ids).flatMap(tokenRest) == [], let made = try tokenValue(ids, asIndex: true) else {
                    return nil
                }
                value = made
            } else if ids != nil {
                guard let number = scalar(of: ids)?.integer else { return nil }
                if number != 0 { value = new.addConstant(Tensor(vector: [Int64(number)])) }
            }
            tables.append((newValue(node.inputs[2 * table]), value, ids.map(isTokenwise) ?? false))
        }
        tables.sort { $0.isFirst && !$1.isFirst }
        guard tables[0].isFirst else { return nil }
        let rest = node.inputs.dropFirst(2 * op.tableCount).map(newValue)
        return .tokenwise(try new.add(op, tables.flatMap { [$0.table, $0.ids] } + rest, name: node.name)[0])
    }

    private mutating func attention(_ op: AttentionOp, _ node: Graph.Node) throws -> PackedForm? {
        let inputs = node.inputs + [ValueID?](repeating: nil, count: max(0, 6 - node.inputs.count))
        guard inputs[AttentionOp.offsetsInput] == nil, inputs[AttentionOp.lengthsInput] == nil else { return nil }
        var parts: [ValueID?] = []
        for id in inputs[..<3] {
            guard let id else {
                parts.append(nil)
                continue
            }
            guard let from = shape(id), from.count == 3, from[0] == batch, from[1] == seq,
                let value = try tokenValue(id)
            else { return nil }
            parts.append(value)
        }
        if let bias = inputs[AttentionOp.biasInput] {
            // The same number on all scores of a query leaves softmax as it is.
            guard let number = scalar(of: bias)?.double, number.isFinite else { return nil }
        }
        return .tokenwise(try new.add(op, parts + [nil] + sequenceInputs(), name: node.name)[0])
    }
}
