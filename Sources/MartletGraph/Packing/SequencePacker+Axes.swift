import MartletTensor

/// Ops that name an axis: along the sequence they become segment ops, along the rest they stay.
extension SequencePacker {
    mutating func gather(_ op: GatherOp, _ node: Graph.Node) throws -> PackedForm? {
        guard let x = node.inputs[0], let indices = node.inputs[1], let to = shape(node.outputs[0]) else { return nil }
        // Rows of a table, one for each token.
        if case .fixed(let table) = forms[x.index], isTokenwise(indices) {
            guard op.axis == 0, shape(indices).flatMap(tokenRest) == [], tokenRest(to) != nil,
                let ids = try tokenValue(indices, asIndex: true)
            else { return nil }
            return .tokenwise(try new.add(op, table, ids, name: node.name))
        }
        if case .fixed(let table) = forms[x.index], let number = scalar(of: indices), op.axis == 0,
            let rest = tokenRest(to), old.type(x).rank == rest.count + 1
        {
            // One row for all tokens: fixed, without the token's dimension.
            let place = new.addConstant(try number.filled([]))
            return .fixed(try new.add(op, table, place, name: node.name))
        }
        guard let from = shape(x) else { return nil }
        let axis = op.axis < 0 ? op.axis + from.count : op.axis
        guard from.indices.contains(axis) else { return nil }
        switch forms[x.index] {
        case .tokenwise(let value):
            guard let rest = tokenRest(from) else { return nil }
            if from[axis] == seq, from.count == rest.count + 2, from[0] == batch {
                guard let place = old.constant(indices)?.integerValues(limit: 1)?.first, place == 0 || place == -1,
                    let kept = rowRest(to)
                else { return nil }
                return try ofSegment(place == 0 ? .first : .last, value, kept)
            }
            guard axis >= from.count - rest.count, case .fixed(let places) = forms[indices.index] else { return nil }
            return .tokenwise(try new.add(GatherOp(axis: axis - from.count), value, places, name: node.name))
        case .rowwise(let value):
            guard axis > 0, case .fixed(let places) = forms[indices.index] else { return nil }
            return .rowwise(try new.add(op, value, places, name: node.name))
        default: return nil
        }
    }

    mutating func slice(_ op: SliceOp, _ node: Graph.Node) throws -> PackedForm? {
        guard let x = node.inputs[0], let from = shape(x), let ranges = op.ranges, let to = shape(node.outputs[0])
        else {
            return nil
        }
        let places = ranges.map { $0.axis < 0 ? $0.axis + from.count : $0.axis }
        switch forms[x.index] {
        case .fixed(let table):
            // The first `seq` rows of a table: its rows by place.
            guard ranges.count == 1, ranges[0].start == .fixed(0), ranges[0].end == seq, ranges[0].step == 1,
                let rest = tokenRest(to), places[0] == from.count - rest.count - 1,
                from[..<places[0]].allSatisfy({ $0 == .fixed(1) })
            else { return nil }
            let flat = try new.add(ReshapeOp([from[places[0]]] + rest, allowZero: true), table)
            return .tokenwise(try new.add(GatherOp(axis: 0), flat, positions))
        case .tokenwise(let value):
            guard let rest = tokenRest(from) else { return nil }
            let first = from.count - rest.count
            if ranges.count == 1, from[places[0]] == seq, from.count == rest.count + 2, from[0] == batch {
                guard ranges[0].step == 1, let kept = rowRest(to), kept.first == .fixed(1) else { return nil }
                if ranges[0].start == .fixed(0), ranges[0].end == .fixed(1) {
                    return try ofSegment(.first, value, kept)
                }
                guard ranges[0].start == .fixed(-1), ranges[0].end.fixedValue ?? 0 >= Int(Int32.max) else { return nil }
                return try ofSegment(.last, value, kept)
            }
            guard places.allSatisfy({ $0 >= first }) else { return nil }
            let moved = ranges.enumerated().map { index, range in
                SliceOp.Range(
                    axis: places[index] - from.count, start: range.start, end: range.end, step: range.step)
            }
            return .tokenwise(try new.add(SliceOp(moved), value, name: node.name))
        case .rowwise(let value):
            guard places.allSatisfy({ $0 > 0 }) else { return nil }
            return .rowwise(try new.add(op, value, name: node.name))
        default: return nil
        }
    }

    mutating func reduce(_ op: ReduceOp, _ node: Graph.Node) throws -> PackedForm? {
        guard let x = node.inputs[0], let from = shape(x), let to = shape(node.outputs[0]),
            let axes = try op.reducedAxes(node.inputs.map { $0.map(old.info) }, rank: from.count)
        else { return nil }
        func moved() -> ReduceOp {
            ReduceOp(op.kind, axes: axes.sorted().map { $0 - from.count }, keepDims: op.keepDims)
        }
        switch forms[x.index] {
        case .tokenwise(let value):
            guard let rest = tokenRest(from) else { return nil }
            if axes == [1], from.count == rest.count + 2, from[0] == batch {
                let kind: SegmentReduceOp.Kind? =
                    switch op.kind {
                    case .sum: .sum
                    case .mean: .mean
                    case .max: .max
                    default: nil
                    }
                guard let kind, let kept = rowRest(to), old.type(x).dtype == .float32 else { return nil }
                return try ofSegment(kind, value, kept)
            }
            guard !axes.isEmpty, axes.allSatisfy({ $0 >= from.count - rest.count }) else { return nil }
            return .tokenwise(try new.add(moved(), value, name: node.name))
        case .rowwise(let value):
            guard !axes.isEmpty, !axes.contains(0) else { return nil }
            return .rowwise(try new.add(moved(), value, name: node.name))
        default: return nil
        }
    }

    mutating func transpose(_ op: TransposeOp, _ node: Graph.Node) throws -> PackedForm? {
        guard let x = node.inputs[0], let from = shape(x), let order = op.permutation, order.count == from.count else {
            return nil
        }
        switch forms[x.index] {
        case .tokenwise(let value):
            guard let rest = tokenRest(from) else { return nil }
            let lead = from.count - rest.count
            guard Array(order[..<lead]) == Array(0..<lead) else { return nil }
            return .tokenwise(
                try new.add(TransposeOp([0] + order[lead...].map { $0 - lead + 1 }), value, name: node.name))
        case .rowwise(let value):
            return order.first == 0 ? .rowwise(try new.add(op, value, name: node.name)) : nil
        default: return nil
        }
    }

    /// Ops along axes after the token's or row's.
    mutating func alongRest(_ node: Graph.Node) throws -> [PackedForm]? {
        guard let x = node.inputs.first ?? nil, let from = shape(x) else { return nil }
        func fromBack(_ axis: Int) -> Int { axis < 0 ? axis : axis - from.count }
        let moved: (op: any GraphOp, axis: Int)?
        switch node.op {
        case var op as SoftmaxOp:
            op.axis = fromBack(op.axis)
            moved = (op, op.axis)
        case var op as LayerNormOp:
            op.axis = fromBack(op.axis)
            moved = (op, op.axis)
        case var op as RMSNormOp:
            op.axis = fromBack(op.axis)
            moved = (op, op.axis)
        case var op as NormalizeOp:
            op.axis = fromBack(op.axis)
            moved = (op, op.axis)
        case var op as ArgReduceOp:
            op.axis = fromBack(op.axis)
            moved = (op, op.axis)
        case var op as TopKOp:
            op.axis = fromBack(op.axis)
            moved = op.k == nil ? nil : (op, op.axis)
        case var op as SplitOp:
            op.axis = fromBack(op.axis)
            moved = node.inputs.count > 1 ? nil : (op, op.axis)
        case var op as ConcatOp:
            op.axis = fromBack(op.axis)
            moved = (op, op.axis)
        default: moved = nil
        }
        guard let moved else { return nil }
        let isToken = isTokenwise(x)
        guard let rest = isToken ? tokenRest(from) : rowRest(from), moved.axis >= -rest.count else { return nil }
        var inputs: [ValueID?] = []
        for id in node.inputs {
            guard let id else {
                inputs.append(nil)
                continue
            }
            switch forms[id.index] {
            case .tokenwise, .place:
                guard isToken, shape(id).flatMap(tokenRest)?.count == rest.count else { return nil }
                inputs.append(try tokenValue(id))
            case .rowwise(let value):
                guard !isToken, shape(id).flatMap(rowRest)?.count == rest.count else { return nil }
                inputs.append(value)
            case .fixed(let value):
                // Parameters of norms; a fixed piece of a concatenation would have to be repeated.
                guard !(node.op is ConcatOp) else { return nil }
                inputs.append(value)
            default: return nil
            }
        }
        guard isToken || newValueIsRowwise(x) else { return nil }
        return try new.add(moved.op, inputs, name: node.name).map { isToken ? .tokenwise($0) : .rowwise($0) }
    }

    private func newValueIsRowwise(_ id: ValueID) -> Bool {
        if case .rowwise = forms[id.index] { return true }
        return false
    }

    /// One row for each sequence, under the dimensions `rest` that the old value had after the batch's.
    private mutating func ofSegment(
        _ kind: SegmentReduceOp.Kind, _ value: ValueID, _ rest: [Dim]
    ) throws -> PackedForm {
        let reduced = try new.add(SegmentReduceOp(kind), [value] + sequenceInputs())[0]
        guard new.type(reduced).shape != [rows] + rest else { return .rowwise(reduced) }
        return .rowwise(try new.add(ReshapeOp([rows] + rest, allowZero: true), reduced))
    }

}
