import MartletKernels
import MartletTensor

/// Linear attention: a matrix for each key head that every step decays, corrects, adds to and is read from; see
/// `Kernels.linearAttention`.
///
/// Inputs: q [batch, steps, queryHeads · keys], k [batch, steps, heads · keys], v [batch, steps, heads · values], state [batch,
/// heads, keys, values]?, decay [batch, steps, heads or heads · keys]?, beta [batch, steps, heads or 1]?. Outputs: y [batch,
/// steps, queryHeads · values], the last state. Computes in float32.
package struct LinearAttentionOp: GraphOp {
    package static let name = "LinearAttention"
    package var queryHeads: Int
    package var heads: Int
    /// 1 / √keys if nil
    package var scale: Float?

    package init(queryHeads: Int, heads: Int, scale: Float? = nil) {
        self.queryHeads = queryHeads
        self.heads = heads
        self.scale = scale
    }

    package var attributes: String { "heads=\(queryHeads)/\(heads)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let given = try (0..<3).map { try operand(inputs, $0) }
        guard heads > 0, queryHeads > 0, queryHeads.isMultiple(of: heads) else {
            throw impossible(inputs, "\(queryHeads) heads do not divide among \(heads)")
        }
        for input in given + [4, 5].compactMap({ optional(inputs, $0) }) {
            try requireFloat(inputs, input)
            guard input.type.rank ?? 3 == 3 else { throw impossible(inputs, "wants inputs of rank 3") }
        }
        let dtype = given[0].type.dtype
        let stateType = optional(inputs, 3)?.type.dtype ?? dtype
        let batch = given[0].type.shape?[0] ?? .unknown
        let steps = given[0].type.shape?[1] ?? .unknown
        let keys = given[1].type.shape.map { $0[2] / .fixed(heads) } ?? .unknown
        let values = given[2].type.shape.map { $0[2] / .fixed(heads) } ?? .unknown
        return [
            ValueType(dtype, [batch, steps, values * .fixed(queryHeads)]),
            ValueType(stateType, [batch, .fixed(heads), keys, values]),
        ]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard outputs.count == 2, outputs[1].count == 4, outputs[0].count == 3 else { return 0 }
        return 6 * outputs[1].reduce(1, *) * outputs[0][1]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        func float(_ index: Int) throws -> Tensor? {
            guard optional(inputs, index) != nil else { return nil }
            let tensor = try operand(inputs, index, context)
            guard tensor.dtype.isFloat else { throw context.invalid(self, inputs, "wants floats") }
            return try tensor.converted(to: .float32)
        }
        let dtype = try operand(inputs, 0, context).dtype
        let stateType = try optional(inputs, 3).map { _ in try operand(inputs, 3, context).dtype } ?? dtype
        guard let q = try float(0), let k = try float(1), let v = try float(2), q.rank == 3, k.rank == 3, v.rank == 3,
            heads > 0, queryHeads > 0, queryHeads.isMultiple(of: heads), k.shape[2].isMultiple(of: heads),
            v.shape[2].isMultiple(of: heads), q.shape[..<2] == k.shape[..<2], q.shape[..<2] == v.shape[..<2]
        else { throw context.invalid(self, inputs, "q, k and v do not go together") }
        let (batch, steps, keys, values) = (q.shape[0], q.shape[1], k.shape[2] / heads, v.shape[2] / heads)
        let past = try float(3)
        let decay = try float(4)
        let beta = try float(5)
        let (widthOfY, overflow) = values.multipliedReportingOverflow(by: queryHeads)
        let (widthOfQ, overflowOfQ) = keys.multipliedReportingOverflow(by: queryHeads)
        guard !overflow, !overflowOfQ, q.shape[2] == widthOfQ,
            past?.shape ?? [batch, heads, keys, values] == [batch, heads, keys, values],
            decay.map({ $0.shape == [batch, steps, heads] || $0.shape == [batch, steps, heads * keys] }) ?? true,
            beta.map({ $0.shape == [batch, steps, heads] || $0.shape == [batch, steps, 1] }) ?? true
        else { throw context.invalid(self, inputs, "state, decay or beta do not go with q, k and v") }

        let y = try Tensor(.float32, shape: [batch, steps, widthOfY])
        let state = try Tensor(.float32, shape: [batch, heads, keys, values])
        if let past {
            state.pointer.copyMemory(from: past.pointer, byteCount: past.byteCount)
        } else {
            ScalarValue(Float(0)).fill(state)
        }
        let group = queryHeads / heads
        let factor = scale ?? 1 / Float(Swift.max(keys, 1)).squareRoot()
        context.parallelRows(batch * heads, work: 6 * steps * keys * values) { range in
            for row in range {
                let (item, head) = (row / heads, row % heads)
                func start(_ x: Tensor, _ place: Int) -> UnsafePointer<Float> {
                    x.floats + item * steps * x.shape[2] + place
                }
                let decayWidth = decay?.shape[2] ?? 0
                let perKey = decayWidth == heads * keys && keys != 1
                let call = Kernels.LinearAttention(
                    q: start(q, head * group * keys), k: start(k, head * keys), v: start(v, head * values),
                    decay: decay.map { start($0, perKey ? head * keys : head) }, decayPerKey: perKey,
                    beta: beta.map { start($0, $0.shape[2] == 1 ? 0 : head) },
                    y: y.mutableFloats + item * steps * widthOfY + head * group * values,
                    strides: (q.shape[2], k.shape[2], v.shape[2], decayWidth, beta?.shape[2] ?? 0, widthOfY),
                    queries: group, keys: keys, values: values, scale: factor)
                Kernels.linearAttention(call, state: state.mutableFloats + row * keys * values, steps: steps)
            }
        }
        return [try y.converted(to: dtype), try state.converted(to: stateType)]
    }
}
