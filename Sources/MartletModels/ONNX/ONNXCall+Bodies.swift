import MartletGraph

extension ONNXCall {
    /// The body of a loop whose carried values have types that hold in every round: what they are at first, joined with what
    /// a round makes of them.
    ///
    /// - Parameters:
    ///   - carried: types of the first values.
    ///   - inputs: types of all inputs of the body, from those of the carried values.
    ///   - results: the carried values among the types of the body's outputs.
    func stableBody(
        _ source: ONNXGraph, carried: [ValueType], inputs: ([ValueType]) -> [ValueType],
        results: ([ValueType]) -> ArraySlice<ValueType>
    ) throws -> ONNXBody {
        var types = carried
        // Each round makes a dimension or a rank unknown, or ends; more rounds than this are not needed by any real model.
        for _ in 0..<4 {
            let body = try importer.body(source, inputs: inputs(types), self)
            let made = Array(results(body.graph.outputs.map { body.graph.type($0.value) }))
            let joined = zip(types, made).map { $0.union($1) }
            if joined == types { return body }
            types = joined
        }
        return try importer.body(source, inputs: inputs(types.map(\.withoutShape)), self)
    }
}

extension ValueType {
    /// Nothing but the element type is known.
    fileprivate var withoutShape: ValueType {
        switch dtype {
        case .sequence: .sequence(of: ValueType(element?.dtype ?? .float32, nil))
        case .optional: .optional(of: ValueType(element?.dtype ?? .float32, nil))
        default: ValueType(dtype, nil)
        }
    }
}
