import MartletTensor

/// How a result compares with an expected value: equal dtype and shape; floats within a relative and an absolute tolerance,
/// NaN equal to NaN; everything else exactly.
package struct TensorDifference {
    package var relativeTolerance = 1e-3
    package var absoluteTolerance = 1e-5

    package init() {}

    /// Nil if the two agree; else the first difference, how many elements differ and by how much at most.
    package func between(_ found: Tensor, _ expected: Tensor) -> String? {
        guard found.dtype == expected.dtype else {
            return "it is \(found.dtype.name), expected \(expected.dtype.name)"
        }
        guard found.shape == expected.shape else { return "its shape is \(found.shape), expected \(expected.shape)" }
        let (found, expected) = (found.aligned(), expected.aligned())
        return withExtendedLifetime((found, expected)) { compare(found, expected) }
    }

    private func compare(_ found: Tensor, _ expected: Tensor) -> String? {
        switch found.dtype {
        case .sequence:
            let pairs = zip(found.sequenceElements ?? [], expected.sequenceElements ?? [])
            return pairs.enumerated().lazy.compactMap { index, pair in
                between(pair.0, pair.1).map { "tensor \(index): \($0)" }
            }.first
        case .optional:
            let (mine, theirs) = (found.optionalElement ?? nil, expected.optionalElement ?? nil)
            if let mine, let theirs { return between(mine, theirs) }
            return mine == nil && theirs == nil ? nil : "one of the two is empty"
        case .string:
            return zip(found.strings, expected.strings).enumerated().first { $1.0 != $1.1 }.map {
                "element \($0.offset) is `\($0.element.0)`, expected `\($0.element.1)`"
            }
        case .float64:
            return numbers(found.elements(Double.self), expected.elements(Double.self)) { $0 }
        case .float32, .float16, .bfloat16:
            let (a, b) = (found.asFloat32(), expected.asFloat32())
            return withExtendedLifetime((a, b)) {
                numbers(a.elements(Float.self), b.elements(Float.self)) { Double($0) }
            }
        default:
            let a = UnsafeRawBufferPointer(start: found.pointer, count: found.byteCount)
            let b = UnsafeRawBufferPointer(start: expected.pointer, count: expected.byteCount)
            let differing = a.indices.filter { a[$0] != b[$0] }.map { $0 / found.dtype.size }
            guard let first = differing.first else { return nil }
            return "\(Set(differing).count) of \(found.count) elements differ, first element \(first)"
        }
    }

    private func numbers<T>(
        _ found: UnsafeBufferPointer<T>, _ expected: UnsafeBufferPointer<T>, _ double: (T) -> Double
    ) -> String? {
        var first: String?
        var count = 0
        var largest = 0.0
        for (index, pair) in zip(found, expected).enumerated() {
            let (a, b) = (double(pair.0), double(pair.1))
            if a == b || a.isNaN && b.isNaN { continue }
            let difference = (a - b).magnitude
            if difference <= absoluteTolerance + relativeTolerance * b.magnitude { continue }
            first = first ?? "element \(index) is \(a), expected \(b)"
            count += 1
            if difference > largest { largest = difference }
        }
        return first.map { "\($0); \(count) of \(found.count) differ, by up to \(Float(largest))" }
    }
}
