import MartletTensor

/// start, start + delta, … before limit. Inputs: start, limit, delta: scalars of one dtype.
package struct RangeOp: GraphOp {
    package static let name = "Range"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let operands = try (0..<3).map { try operand(inputs, $0) }
        let dtype = try requireSameDType(inputs, operands)
        let start = operands[0].integers?.first
        let limit = operands[1].integers?.first
        let delta = operands[2].integers?.first
        guard let start, let limit, let delta else { return [ValueType(dtype, [.unknown])] }
        if start == .fixed(0), delta == .fixed(1) {
            if case .fixed(let value) = limit { return [ValueType(dtype, [.fixed(max(value, 0))])] }
            return [ValueType(dtype, [limit])]
        }
        guard let first = start.fixedValue, let last = limit.fixedValue, let step = delta.fixedValue else {
            return [ValueType(dtype, [.unknown])]
        }
        guard step != 0 else { throw impossible(inputs, "a step of 0") }
        return [ValueType(dtype, [Self.count(first, last, step).map(Dim.fixed) ?? .unknown])]
    }

    /// Number of elements, nil if it is beyond what a tensor can hold.
    static func count(_ start: Int, _ limit: Int, _ delta: Int) -> Int? {
        let (span, overflow) = limit.subtractingReportingOverflow(start)
        guard !overflow, delta != 0, delta != .min, span != .min else { return nil }
        if span == 0 || (span > 0) != (delta > 0) { return 0 }
        let result = (span.magnitude - 1) / delta.magnitude + 1
        return result <= UInt(Tensor.maximumByteCount) ? Int(result) : nil
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        let known = inputs.compactMap { $0?.integers?.first?.fixedValue }
        guard inputs.count == 3, known.count == 3, inputs[0]?.type.dtype.isInteger ?? false,
            let count = Self.count(known[0], known[1], known[2]), count <= 64
        else { return nil }
        return (0..<count).map { .fixed(known[0] + $0 * known[2]) }
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let parts = try (0..<3).map { try operand(inputs, $0, context) }
        guard parts.allSatisfy({ $0.count == 1 && $0.dtype == parts[0].dtype }) else {
            throw context.invalid(self, inputs, "start, limit and delta are scalars of one type")
        }
        let dtype = parts[0].dtype
        if dtype.isFloat {
            let numbers = try parts.map { try $0.converted(to: .float64).values(Double.self)[0] }
            let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
            guard count.isFinite, count <= Double(Tensor.maximumByteCount) else {
                throw context.invalid(self, inputs, "the range is endless or too large")
            }
            let result = try Tensor(.float64, shape: [Int(max(0, count))])
            let to = result.mutableElements(Double.self)
            for index in 0..<to.count { to[index] = numbers[0] + Double(index) * numbers[2] }
            return [try result.converted(to: dtype)]
        }
        let numbers = parts.compactMap { $0.integerValues()?.first }
        guard numbers.count == 3, let count = Self.count(numbers[0], numbers[1], numbers[2]) else {
            throw context.invalid(self, inputs, "the range is endless or too large")
        }
        let wide = try Tensor(.int64, shape: [count])
        let to = wide.mutableElements(Int64.self)
        for index in 0..<count { to[index] = Int64(numbers[0] &+ index &* numbers[2]) }
        let result = try context.output(0, dtype, [count])
        wide.convert(into: result)
        return [result]
    }
}
