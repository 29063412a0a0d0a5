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
}
