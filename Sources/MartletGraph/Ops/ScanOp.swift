import MartletTensor

/// A graph run over the slices of its scan inputs. Inputs: first values of `states` values, the scan inputs, what the body
/// takes from outside. Body: (states, slices, outer values) → (states, scan values). Outputs: the last states, and each scan
/// value of all slices along its axis.
package struct ScanOp: SubgraphOp {
    package static let name = "Scan"
    package var body: Subgraph
    package var states: Int
    /// One for each scan input: the axis that is walked, and whether from its end.
    package var inputAxes: [Int]
    package var inputReversed: [Bool]
    /// One for each scan output: where its new axis stands, and whether it is filled from its end.
    package var outputAxes: [Int]
    package var outputReversed: [Bool]

    package init(
        _ body: Subgraph, states: Int, inputAxes: [Int], inputReversed: [Bool], outputAxes: [Int],
        outputReversed: [Bool]
    ) {
        self.body = body
        self.states = states
        self.inputAxes = inputAxes
        self.inputReversed = inputReversed
        self.outputAxes = outputAxes
        self.outputReversed = outputReversed
    }

    package var bodies: [Subgraph] { [body] }
    package func replacingBodies(_ bodies: [Subgraph]) -> ScanOp {
        var op = self
        op.body = bodies[0]
        return op
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let results = body.outputTypes
        guard inputs.count == body.graph.inputs.count, states >= 0, states + inputAxes.count <= inputs.count,
            inputReversed.count == inputAxes.count, results.count == states + outputAxes.count,
            outputReversed.count == outputAxes.count, !inputAxes.isEmpty
        else { throw impossible(inputs, "the body has other inputs or outputs") }
        var types: [ValueType] = []
        for index in 0..<states {
            let first = try operand(inputs, index).type
            guard first.goes(with: results[index]) else {
                throw impossible(
                    inputs, "state \(index) is \(first.dtype.name), the body makes \(results[index].dtype.name)")
            }
            types.append(first.union(results[index]))
        }
        var length = Dim.unknown
        for (index, axis) in inputAxes.enumerated() {
            guard let shape = try operand(inputs, states + index).type.shape else { continue }
            let dim = shape[try resolveAxis(axis, rank: shape.count, inputs)]
            if let a = dim.fixedValue, let b = length.fixedValue, a != b {
                throw impossible(inputs, "the scan inputs are \(a) and \(b) long")
            }
            if length.fixedValue == nil { length = dim }
        }
        for (result, axis) in zip(results[states...], outputAxes) {
            guard !result.dtype.isContainer else { throw impossible(inputs, "a scan value is a \(result.dtype.name)") }
            var shape = result.shape
            if let inner = shape {
                let at = try resolveAxis(axis, rank: inner.count + 1, inputs)
                shape?.insert(length, at: at)
            }
            types.append(ValueType(result.dtype, shape))
        }
        return types
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        var values = try operands(inputs, 0..<states, context)
        let scanned = try inputAxes.enumerated().map { index, axis in
            try slicesFirst(operand(inputs, states + index, context), axis: axis, inputs, context)
        }
        let outer = try operands(inputs, states + inputAxes.count..<inputs.count, context)
        let length = scanned[0].shape[0]
        guard scanned.allSatisfy({ $0.shape[0] == length }) else {
            throw context.invalid(self, inputs, "the scan inputs differ in length")
        }
        guard length <= context.limits.iterations else {
            throw GraphError.tooManyIterations(node: context.nodeName, limit: context.limits.iterations)
        }
        let compiled = try compiled(0, context)
        var scans = [[Tensor]](repeating: [], count: outputAxes.count)
        for step in 0..<length {
            try context.checkCancellation()
            let slices = zip(scanned, inputReversed).map { tensor, isReversed in
                let at = isReversed ? length - 1 - step : step
                return tensor.rows(at..<at + 1).reshaped(Array(tensor.shape.dropFirst()))
            }
            let results = try context.runBody(compiled, values + slices + outer)
            values = Array(results[..<states])
            for index in outputAxes.indices { scans[index].append(results[states + index]) }
        }
        return try context.detached(values, from: inputs)
            + scans.enumerated().map { index, parts in
                try stacked(
                    outputReversed[index] ? parts.reversed() : parts, axis: outputAxes[index],
                    body.outputTypes[states + index], inputs, context)
            }
    }

    /// x with the walked axis in front.
    private func slicesFirst(_ x: Tensor, axis: Int, _ inputs: [Tensor?], _ context: RunContext) throws -> Tensor {
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        guard at > 0 else { return x }
        let order = [at] + x.shape.indices.filter { $0 != at }
        let strides = rowMajorStrides(x.shape)
        let result = try Tensor(x.dtype, shape: order.map { x.shape[$0] })
        copyStrided(from: x, at: 0, strides: order.map { strides[$0] }, to: result)
        return result
    }
}
