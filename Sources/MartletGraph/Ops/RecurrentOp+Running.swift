import MartletKernels
import MartletTensor

extension RecurrentOp {
    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let given = try operand(inputs, 0, context)
        guard given.dtype.isFloat, given.rank == 3 else { throw context.invalid(self, inputs, "wants x of rank 3") }
        let known = context.prepared as? RecurrentWeights
        guard
            let weights = try known
                ?? RecurrentWeights(self, operand(inputs, 1, context), operand(inputs, 2, context)),
            weights.inputs == given.shape[2], hidden ?? weights.hidden == weights.hidden,
            functions.count == direction.count * kind.functions
        else { throw context.invalid(self, inputs, "the weights do not go with x, the gates and the directions") }
        let layer = try layer(given.converted(to: .float32), weights, inputs, context)

        let directions = direction.count
        let stateShape =
            isBatchFirst ? [layer.batch, directions, layer.hidden] : [directions, layer.batch, layer.hidden]
        let yShape =
            isBatchFirst
            ? [layer.batch, layer.steps, directions, layer.hidden]
            : [layer.steps, directions, layer.batch, layer.hidden]
        let shapes = [yShape] + [[Int]](repeating: stateShape, count: kind.outputs - 1)
        let isNarrow = given.dtype == .float32
        let results = try shapes.enumerated().map { index, shape in
            try isNarrow ? context.output(index, .float32, shape) : Tensor(.float32, shape: shape)
        }
        if layer.lengths.contains(where: { $0 < layer.steps }) { ScalarValue(Float(0)).fill(results[0]) }
        for index in 0..<directions { try run(layer, weights, index, results, context) }
        guard !isNarrow else { return results }
        return try results.enumerated().map { index, wide in
            let result = try context.output(index, given.dtype, wide.shape)
            wide.convert(into: result)
            return result
        }
    }

    /// Everything that the directions share, checked, in float32.
    private struct Layer {
        let x: Tensor
        let steps: Int
        let batch: Int
        let hidden: Int
        let lengths: [Int]
        let biases: Tensor?
        let h: Tensor?
        let c: Tensor?
        let peepholes: Tensor?
    }

    private func layer(
        _ x: Tensor, _ weights: RecurrentWeights, _ inputs: [Tensor?], _ context: RunContext
    ) throws -> Layer {
        let (steps, batch) = isBatchFirst ? (x.shape[1], x.shape[0]) : (x.shape[0], x.shape[1])
        let (hidden, directions) = (weights.hidden, direction.count)
        func float(_ index: Int, _ shape: [Int]) throws -> Tensor? {
            guard optional(inputs, index) != nil else { return nil }
            let tensor = try operand(inputs, index, context)
            guard tensor.shape == shape, tensor.dtype.isFloat else {
                throw context.invalid(self, inputs, "input \(index) is not of the shape \(shape)")
            }
            return try tensor.converted(to: .float32)
        }
        var lengths = [Int](repeating: steps, count: batch)
        if optional(inputs, 4) != nil {
            guard let given = try operand(inputs, 4, context).integerValues(), given.count == batch,
                given.allSatisfy({ $0 >= 0 && $0 <= steps })
            else { throw context.invalid(self, inputs, "the lengths do not go with the sequences") }
            lengths = given
        }
        let state = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
        let isLSTM = kind == .lstm
        return Layer(
            x: x, steps: steps, batch: batch, hidden: hidden, lengths: lengths,
            biases: try float(3, [directions, 2 * kind.gates * hidden]), h: try float(5, state),
            c: isLSTM ? try float(6, state) : nil, peepholes: isLSTM ? try float(7, [directions, 3 * hidden]) : nil)
    }

    private func run(
        _ layer: Layer, _ weights: RecurrentWeights, _ index: Int, _ results: [Tensor], _ context: RunContext
    ) throws {
        let (steps, batch, hidden, directions) = (layer.steps, layer.batch, layer.hidden, direction.count)
        let columns = kind.gates * hidden
        let packed = weights.directions[index]
        // Biases of both sides go to the inputs' gates, but one that the reset gate scales stays with the recurrent ones.
        let bias = try Tensor(.float32, shape: [2, columns])
        ScalarValue(Float(0)).fill(bias)
        let (inputBias, recurrentBias) = (bias.mutableFloats, bias.mutableFloats + columns)
        let isSplit = kind == .gru && resetsAfterProduct
        if let biases = layer.biases {
            let from = biases.floats + index * 2 * columns
            for gate in 0..<columns {
                let isReset = isSplit && gate >= 2 * hidden
                inputBias[gate] = from[gate] + (isReset ? 0 : from[columns + gate])
                recurrentBias[gate] = isReset ? from[columns + gate] : 0
            }
        }
        // The inputs' part of all gates of all steps, as one product.
        let gates = try Tensor(.float32, shape: [steps * batch, columns])
        let product = Kernels.Gemm(a: layer.x.floats, b: packed.input, c: gates.mutableFloats, bias: bias.floats)
        context.parallelRows(steps * batch, work: 2 * columns * weights.inputs) { Kernels.gemm(product, rows: $0) }

        let cell = RecurrentCell(
            self, direction: index, hidden: hidden, peephole: layer.peepholes.map { $0.floats + index * 3 * hidden })
        let isBackward = direction == .reverse || index == 1
        let stateStride = isBatchFirst ? directions * hidden : hidden
        let stateStart = isBatchFirst ? index * hidden : index * batch * hidden
        let lengths = layer.lengths
        let (batchFirst, h0, c0) = (isBatchFirst, layer.h, layer.c)
        // Rows do not meet: each range runs through all steps on its own.
        context.parallelRows(batch, work: 2 * steps * columns * hidden) { rows in
            let count = rows.count
            let state = RecurrentState(count, hidden, gates: columns)
            for (place, row) in rows.enumerated() {
                state.start(place, h: h0?.floats, c: c0?.floats, at: stateStart + row * stateStride)
            }
            let longest = lengths[rows].max() ?? 0
            for step in 0..<longest {
                cell.step(packed, state, count, bias: isSplit ? UnsafePointer(recurrentBias) : nil) { place in
                    let row = rows.lowerBound + place
                    guard step < lengths[row] else { return nil }
                    let time = isBackward ? lengths[row] - 1 - step : step
                    return gates.floats + (batchFirst ? row * steps + time : time * batch + row) * columns
                }
                for (place, row) in rows.enumerated() where step < lengths[row] {
                    let time = isBackward ? lengths[row] - 1 - step : step
                    let at =
                        batchFirst
                        ? (row * steps + time) * directions + index : (time * directions + index) * batch + row
                    (results[0].mutableFloats + at * hidden).update(from: state.h + place * hidden, count: hidden)
                }
            }
            for (place, row) in rows.enumerated() {
                let at = stateStart + row * stateStride
                (results[1].mutableFloats + at).update(from: state.h + place * hidden, count: hidden)
                if results.count > 2 {
                    (results[2].mutableFloats + at).update(from: state.c + place * hidden, count: hidden)
                }
            }
        }
    }
}
