import MartletKernels
import MartletTensor

/// exp(x) divided by its sum along an axis, or the logarithm of that. Input: x (floats).
package struct SoftmaxOp: GraphOp {
    package static let name = "Softmax"
    package var axis: Int
    package var logarithm: Bool

    package init(axis: Int = -1, logarithm: Bool = false) {
        self.axis = axis
        self.logarithm = logarithm
    }

    package var attributes: String { "axis=\(axis)\(logarithm ? " log" : "")" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        if let rank = x.type.rank { _ = try resolveAxis(axis, rank: rank, inputs) }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 5 * (outputs.first?.reduce(1, *) ?? 0) }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let operand = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: operand.rank, inputs, context)
        if !logarithm, operand.dtype == .float16 || operand.dtype == .bfloat16, operand.count > 0 {
            return [try softmaxRounded(operand, at, context)]
        }
        if let results = try runWidened(inputs, context) { return results }
        let result = try context.output(0, operand.dtype, operand.shape)
        let x = try detached(operand, from: result)
        guard x.count > 0 else { return [result] }
        let (outer, length) = (x.shape[..<at].reduce(1, *), x.shape[at])
        let inner = x.shape[(at + 1)...].reduce(1, *)
        if x.dtype == .float32, inner == 1 {
            context.parallelRows(outer, work: length * 8) { rows in
                Kernels.softmax(
                    x.floats + rows.lowerBound * length, into: result.mutableFloats + rows.lowerBound * length,
                    rows: rows.count, columns: length, logarithm: logarithm)
            }
        } else if x.dtype == .float32 {
            softmaxAlong(x, result, outer, length, inner, Float.self)
        } else {
            softmaxAlong(x, result, outer, length, inner, Double.self)
        }
        return [result]
    }

    /// In half precision powers and their sum are rounded too, as if each step were an op of its own: models are exported
    /// and tested with such steps.
    private func softmaxRounded(_ x: Tensor, _ at: Int, _ context: RunContext) throws -> Tensor {
        let result = try context.output(0, x.dtype, x.shape)
        let inner = RunContext(pool: context.pool)
        let wide = try x.converted(to: .float32)
        let powers = try Tensor(.float32, shape: x.shape)
        try BinaryOp(.sub).apply(wide, ReduceOp(.max, axes: [at]).run([wide], inner)[0], into: powers)
        _ = Kernels.unary(.exp, type: .f32, powers.pointer, into: powers.pointer, count: powers.count)
        powers.convert(into: result)
        result.convert(into: powers)
        let exact = try ReduceOp(.sum, axes: [at]).run([powers], inner)[0]
        let sums = try exact.converted(to: x.dtype).converted(to: .float32)
        // A sum beyond the type's range stays as it is.
        let (from, to) = (exact.elements(Float.self), sums.mutableElements(Float.self))
        for index in to.indices where to[index].isInfinite { to[index] = from[index] }
        try BinaryOp(.div).apply(powers, sums, into: powers)
        powers.convert(into: result)
        return result
    }

    private func softmaxAlong<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ result: Tensor, _ outer: Int, _ length: Int, _ inner: Int, _ type: T.Type
    ) {
        let element = x.dtype.element
        let from = x.elements(T.self)
        let to = result.mutableElements(T.self)
        for row in 0..<(outer * inner) {
            let start = row / inner * length * inner + row % inner
            var top = -T.infinity
            for index in 0..<length {
                let value = from[start + index * inner]
                if value > top || value.isNaN { top = value }
            }
            for index in 0..<length { to[start + index * inner] = from[start + index * inner] - top }
        }
        if !logarithm {
            _ = Kernels.unary(.exp, type: element, result.pointer, into: result.pointer, count: result.count)
        }
        for row in 0..<(outer * inner) {
            let start = row / inner * length * inner + row % inner
            var sum: T = 0
            for index in 0..<length {
                let value = to[start + index * inner]
                sum += logarithm ? T(exponential(Double(value))) : value
            }
            let shift = logarithm ? T(naturalLogarithm(Double(sum))) : 0
            for index in 0..<length {
                let place = start + index * inner
                to[place] = logarithm ? to[place] - shift : to[place] / sum
            }
        }
    }
}

/// One number at a time, by the same kernels as whole tensors.
private func exponential(_ x: Double) -> Double {
    var value = x
    _ = withUnsafeMutablePointer(to: &value) { Kernels.unary(.exp, type: .f64, $0, into: $0, count: 1) }
    return value
}

private func naturalLogarithm(_ x: Double) -> Double {
    var value = x
    _ = withUnsafeMutablePointer(to: &value) { Kernels.unary(.log, type: .f64, $0, into: $0, count: 1) }
    return value
}
