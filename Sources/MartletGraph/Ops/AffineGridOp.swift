import MartletTensor

/// The grid that an affine map makes of a volume's places, for `GridSampleOp`.
/// Inputs: theta [batch, n, n + 1], size (integers: batch, channels, n lengths), n = 2 or 3. Result: [batch, …lengths, n].
package struct AffineGridOp: GraphOp {
    package static let name = "AffineGrid"
    package var alignCorners: Bool

    package init(alignCorners: Bool) { self.alignCorners = alignCorners }

    package var attributes: String { alignCorners ? "align_corners" : "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let theta = try operand(inputs, 0)
        try requireFloat(inputs, theta)
        let size = try operand(inputs, 1)
        try requireInteger(inputs, size, "the size")
        if let shape = theta.type.shape, shape.count != 3 { throw impossible(inputs, "theta is no batch of matrices") }
        guard let lengths = size.integers ?? size.knownDims else { return [ValueType(theta.type.dtype, nil)] }
        guard lengths.count == 4 || lengths.count == 5 else {
            throw impossible(inputs, "a size of \(lengths.count) numbers")
        }
        let axes = lengths.count - 2
        return [ValueType(theta.type.dtype, [lengths[0]] + lengths[2...] + [.fixed(axes)])]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let theta = try operand(inputs, 0, context)
        guard let size = try operand(inputs, 1, context).integerValues(limit: 5), size.count >= 4,
            theta.dtype == .float32 || theta.dtype == .float64,
            theta.shape == [size[0], size.count - 2, size.count - 1], size.allSatisfy({ $0 >= 0 && $0 < 1 << 31 })
        else { throw context.invalid(self, inputs, "theta or the size does not fit the other") }
        let axes = size.count - 2
        let result = try context.output(0, theta.dtype, [size[0]] + size[2...] + [axes])
        guard result.count > 0 else { return [result] }
        if theta.dtype == .float32 {
            fill(theta, Array(size[2...]), result, Float.self)
        } else {
            fill(theta, Array(size[2...]), result, Double.self)
        }
        return [result]
    }

    private func fill<T: TensorElement & BinaryFloatingPoint>(
        _ theta: Tensor, _ lengths: [Int], _ result: Tensor, _ type: T.Type
    ) {
        let (matrix, to) = (theta.elements(T.self), result.mutableElements(T.self))
        let axes = lengths.count
        let places = lengths.reduce(1, *)
        /// From -1 to 1 over each axis.
        let lines = lengths.map { length in
            (0..<length).map { (place: Int) -> T in
                if alignCorners { return length > 1 ? 2 * T(place) / T(length - 1) - 1 : -1 }
                return (2 * T(place) + 1) / T(length) - 1
            }
        }
        var point = [T](repeating: 1, count: axes + 1)
        for position in 0..<result.count / axes {
            var rest = position % places
            for axis in lengths.indices.reversed() {
                // Coordinates name the last axis first.
                point[axes - 1 - axis] = lines[axis][rest % lengths[axis]]
                rest /= lengths[axis]
            }
            let base = position / places * axes * (axes + 1)
            for row in 0..<axes {
                var sum: T = 0
                for column in 0...axes { sum += matrix[base + row * (axes + 1) + column] * point[column] }
                to[position * axes + row] = sum
            }
        }
    }
}
