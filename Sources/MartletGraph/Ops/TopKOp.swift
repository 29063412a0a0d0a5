import MartletTensor

/// The k largest (or smallest) elements along an axis, best first, equal ones in order of place.
/// Inputs: x, k (int64, one element) unless an attribute. Outputs: values, places (int64).
package struct TopKOp: GraphOp {
    package static let name = "TopK"
    package var axis: Int
    package var largest: Bool
    package var k: Int?

    package init(axis: Int = -1, largest: Bool = true, k: Int? = nil) {
        self.axis = axis
        self.largest = largest
        self.k = k
    }

    package var attributes: String { "axis=\(axis)\(largest ? "" : " smallest")\(k.map { " k=\($0)" } ?? "")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard var shape = x.type.shape else { return [ValueType(x.type.dtype, nil), ValueType(.int64, nil)] }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        let wanted: Dim
        if let k { wanted = .fixed(k) } else { wanted = try operand(inputs, 1).integers?.first ?? .unknown }
        if let count = wanted.fixedValue {
            guard count >= 0 else { throw impossible(inputs, "k is \(count)") }
            if let length = shape[at].fixedValue, count > length {
                throw impossible(inputs, "k is \(count), of \(length) elements")
            }
        }
        shape[at] = wanted
        return [ValueType(x.type.dtype, shape), ValueType(.int64, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { inputs.first??.reduce(1, *) ?? 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        let length = x.shape[at]
        guard let count = try k ?? operand(inputs, 1, context).integerValues(limit: 1)?.first, count >= 0,
            count <= length
        else { throw context.invalid(self, inputs, "k is not among 0 to \(length)") }
        var shape = x.shape
        shape[at] = count
        let values = try context.output(0, x.dtype, shape)
        let places = try context.output(1, .int64, shape)
        guard values.count > 0 else { return [values, places] }
        // float64 orders every type that goes into one exactly; 64-bit integers have an order of their own.
        if x.dtype.isInteger {
            guard x.dtype != .uint64 else { throw context.invalid(self, inputs, "does not take uint64") }
            select(from: try x.converted(to: .int64).values(Int64.self), x, at, count, values, places)
        } else {
            select(from: try x.converted(to: .float64).values(Double.self), x, at, count, values, places)
        }
        return [values, places]
    }

    private func select<T: Comparable>(
        from keys: [T], _ x: Tensor, _ axis: Int, _ count: Int, _ values: Tensor, _ places: Tensor
    ) {
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let length = x.shape[axis]
        let size = x.dtype.size
        let to = places.mutableElements(Int64.self)
        for row in 0..<(x.count / length) {
            let start = row / inner * length * inner + row % inner
            let order = (0..<length).sorted { a, b in
                let (left, right) = (keys[start + a * inner], keys[start + b * inner])
                // NaN counts as the largest, as in numpy.
                let (leftIsNaN, rightIsNaN) = (left != left, right != right)
                if leftIsNaN || rightIsNaN {
                    return leftIsNaN == rightIsNaN ? a < b : leftIsNaN == largest
                }
                if left == right { return a < b }
                return largest ? left > right : left < right
            }
            let target = row / inner * count * inner + row % inner
            for (rank, place) in order.prefix(count).enumerated() {
                to[target + rank * inner] = Int64(place)
                (values.pointer + (target + rank * inner) * size).copyMemory(
                    from: x.pointer + (start + place * inner) * size, byteCount: size)
            }
        }
    }
}
