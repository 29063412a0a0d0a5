import MartletTensor

/// A graph run again and again. Inputs: most rounds (int64)?, condition (bool)?, first values of the `carried` values, what
/// the body takes from outside. Body: (round, condition, carried values, outer values) → (condition, carried values, scan
/// values). Outputs: the last carried values, and each scan value of all rounds stacked [rounds, …].
package struct LoopOp: SubgraphOp {
    package static let name = "Loop"
    package var body: Subgraph
    package var carried: Int

    package init(_ body: Subgraph, carried: Int) {
        self.body = body
        self.carried = carried
    }

    package var bodies: [Subgraph] { [body] }
    package func replacingBodies(_ bodies: [Subgraph]) -> LoopOp { LoopOp(bodies[0], carried: carried) }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let results = body.outputTypes
        guard inputs.count == body.graph.inputs.count, carried >= 0, results.count > carried else {
            throw impossible(inputs, "the body has other inputs or outputs")
        }
        if let rounds = optional(inputs, 0) { try requireInteger(inputs, rounds, "the number of rounds") }
        guard optional(inputs, 1).map({ $0.type.dtype == .bool }) ?? true, results[0].dtype == .bool else {
            throw impossible(inputs, "a condition is not bool")
        }
        var types: [ValueType] = []
        for index in 0..<carried {
            let first = try operand(inputs, 2 + index).type
            guard first.goes(with: results[1 + index]) else {
                throw impossible(
                    inputs,
                    "carried value \(index) is \(first.dtype.name), the body makes \(results[1 + index].dtype.name)")
            }
            types.append(first.union(results[1 + index]))
        }
        let rounds = optional(inputs, 0).flatMap { $0.knownIntegers?.first }
        let isSure = optional(inputs, 1) == nil && body.graph.constant(body.graph.outputs[0].value) != nil
        for scan in results[(1 + carried)...] {
            guard scan.dtype.isNumeric || scan.dtype == .string else {
                throw impossible(inputs, "a scan value is a \(scan.dtype.name)")
            }
            let first: Dim = isSure ? rounds.map { .fixed(max($0, 0)) } ?? .unknown : .unknown
            types.append(ValueType(scan.dtype, scan.shape.map { [first] + $0 }))
        }
        return types
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let rounds =
            try optional(inputs, 0).map { try wholeNumber($0, "the number of rounds", inputs, context) } ?? .max
        var goesOn = try optional(inputs, 1).map { try truth($0, inputs, context) } ?? true
        var values = try operands(inputs, 2..<2 + carried, context)
        let outer = try operands(inputs, 2 + carried..<inputs.count, context)
        let compiled = try compiled(0, context)
        let scanned = body.outputTypes.count - 1 - carried
        var scans = [[Tensor]](repeating: [], count: scanned)
        var round = 0
        while goesOn, round < rounds {
            guard round < context.limits.iterations else {
                throw GraphError.tooManyIterations(node: context.nodeName, limit: context.limits.iterations)
            }
            try context.checkCancellation()
            let start = [Tensor(scalar: Int64(round)), Tensor(scalar: true)]
            let results = try context.runBody(compiled, start + values + outer)
            goesOn = try truth(results[0], inputs, context)
            values = Array(results[1..<1 + carried])
            for index in 0..<scanned { scans[index].append(results[1 + carried + index]) }
            round += 1
        }
        return try context.detached(values, from: inputs)
            + scans.enumerated().map { index, parts in
                try stacked(parts, axis: 0, body.outputTypes[1 + carried + index], inputs, context)
            }
    }

    private func truth(_ tensor: Tensor, _ inputs: [Tensor?], _ context: RunContext) throws -> Bool {
        guard tensor.dtype == .bool, tensor.count == 1 else {
            throw context.invalid(self, inputs, "the condition is not one bool")
        }
        return tensor.aligned().elements(Bool.self)[0]
    }

    private func wholeNumber(_ tensor: Tensor, _ what: String, _ inputs: [Tensor?], _ context: RunContext) throws -> Int
    {
        guard tensor.count == 1, let value = tensor.integerValues(limit: 1)?.first else {
            throw context.invalid(self, inputs, "\(what) is not one integer")
        }
        return value
    }
}

extension GraphOp {
    /// Tensors of equal shape one after the other along a new axis. With none of them, the shape that the type tells, and 0
    /// where it does not.
    func stacked(
        _ parts: [Tensor], axis: Int, _ type: ValueType, _ inputs: [Tensor?], _ context: RunContext
    ) throws -> Tensor {
        let shape = parts.first?.shape ?? (type.shape ?? []).map { $0.fixedValue ?? 0 }
        guard parts.allSatisfy({ $0.shape == shape && $0.dtype == type.dtype }) else {
            throw context.invalid(self, inputs, "the body's results differ in shape from round to round")
        }
        let at = axis < 0 ? axis + shape.count + 1 : axis
        guard at >= 0, at <= shape.count else {
            throw context.invalid(self, inputs, "axis \(axis) is outside a result of rank \(shape.count + 1)")
        }
        let result = try Tensor(type.dtype, shape: Array(shape[..<at]) + [parts.count] + Array(shape[at...]))
        if !parts.isEmpty { copySideBySide(parts, outer: shape[..<at].reduce(1, *), to: result) }
        return result.owningHandles()
    }
}
