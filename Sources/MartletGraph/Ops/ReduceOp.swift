import MartletKernels
import MartletTensor

/// One number for all elements along some axes. Inputs: x, axes (int64, if not an attribute)?
///
/// No axes means all of them, or none if `noopWithEmptyAxes`. `all` and `any` take bool.
package struct ReduceOp: GraphOp {
    package enum Kind: String, CaseIterable, Sendable {
        case sum, mean, max, min, prod, l1, l2, sumSquare, logSum, logSumExp, all, any
    }

    package static let name = "Reduce"
    package var kind: Kind
    package var axes: [Int]?
    package var keepDims: Bool
    package var noopWithEmptyAxes: Bool

    package init(_ kind: Kind, axes: [Int]? = nil, keepDims: Bool = true, noopWithEmptyAxes: Bool = false) {
        self.kind = kind
        self.axes = axes
        self.keepDims = keepDims
        self.noopWithEmptyAxes = noopWithEmptyAxes
    }

    package var attributes: String {
        "\(kind.rawValue)" + (axes.map { " axes=\($0)" } ?? "") + (keepDims ? "" : " keepdims=0")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let wantsBool = kind == .all || kind == .any
        guard (x.type.dtype == .bool) == wantsBool || x.type.dtype == .bool && (kind == .max || kind == .min) else {
            throw impossible(inputs, "\(kind.rawValue) does not take \(x.type.dtype.name)")
        }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard let reduced = try reducedAxes(inputs, rank: shape.count) else {
            return [
                ValueType(x.type.dtype, keepDims ? [Dim](repeating: .unknown, count: shape.count) : nil)
            ]
        }
        return [ValueType(x.type.dtype, Self.reduce(shape, reduced, keepDims: keepDims, one: .fixed(1)))]
    }

    /// Which axes go, for a known rank; nil if that is only known when it is run.
    package func reducedAxes(_ inputs: [InputInfo?], rank: Int) throws -> Set<Int>? {
        var wanted = axes
        if wanted == nil, let input = optional(inputs, 1) {
            guard let known = input.knownIntegers ?? (input.type.fixedShape == [0] ? [] : nil) else { return nil }
            wanted = known
        }
        guard let wanted, !wanted.isEmpty else { return noopWithEmptyAxes ? [] : Set(0..<rank) }
        return Set(try wanted.map { try resolveAxis($0, rank: rank, inputs) })
    }

    static func reduce<T>(_ shape: [T], _ axes: Set<Int>, keepDims: Bool, one: T) -> [T] {
        shape.enumerated().compactMap { axes.contains($0.offset) ? (keepDims ? one : nil) : $0.element }
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard kind == .prod, let x = inputs.first??.integers,
            let axes = try? reducedAxes(inputs, rank: inputs.first??.type.rank ?? 1), axes == [0]
        else { return nil }
        return [Dim.product(x)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { inputs.first??.reduce(1, *) ?? 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        var wanted = axes
        if wanted == nil, optional(inputs, 1) != nil {
            wanted = try operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank)
            guard wanted != nil else { throw context.invalid(self, inputs, "axes are no short vector of integers") }
        }
        let reduced: Set<Int>
        if let wanted, !wanted.isEmpty {
            reduced = Set(try wanted.map { try resolveAxis($0, rank: x.rank, inputs, context) })
        } else {
            reduced = noopWithEmptyAxes ? [] : Set(0..<x.rank)
        }
        let result = try context.output(
            0, x.dtype, Self.reduce(x.shape, reduced, keepDims: keepDims, one: 1))
        // Without axes each element is reduced by itself: l1 is the absolute value, and so on.
        let (block, outer, n, inner) = try Self.block(x, reduced)
        guard try reduce(block, result, outer, n, inner) else {
            throw context.invalid(self, inputs, "\(kind.rawValue) does not take \(x.dtype.name)")
        }
        return [result]
    }

    /// x seen as [outer, n, inner] with n to be reduced; transposed first if the reduced axes do not lie together.
    private static func block(_ x: Tensor, _ reduced: Set<Int>) throws -> (Tensor, outer: Int, n: Int, inner: Int) {
        let axes = reduced.sorted()
        guard let first = axes.first, let last = axes.last else { return (x, x.count, 1, 1) }
        if last - first + 1 == axes.count {
            return (
                x, x.shape[..<first].reduce(1, *), x.shape[first...last].reduce(1, *),
                x.shape[(last + 1)...].reduce(1, *)
            )
        }
        let kept = (0..<x.rank).filter { !reduced.contains($0) }
        let order = kept + axes
        let strides = rowMajorStrides(x.shape)
        let turned = try Tensor(x.dtype, shape: order.map { x.shape[$0] })
        copyStrided(from: x, at: 0, strides: order.map { strides[$0] }, to: turned)
        return (turned, kept.reduce(1) { $0 * x.shape[$1] }, axes.reduce(1) { $0 * x.shape[$1] }, 1)
    }

    /// False if the type cannot be reduced in this way.
    private func reduce(_ x: Tensor, _ y: Tensor, _ outer: Int, _ n: Int, _ inner: Int) throws -> Bool {
        switch x.dtype {
        case .float32, .float64: return try reduceFloats(x, y, outer, n, inner)
        case .int32, .int64:
            let kernel: Kernels.Reduction? =
                switch kind {
                case .sum: .sum
                case .mean: .mean
                case .max: n > 0 ? .max : nil
                case .min: n > 0 ? .min : nil
                case .prod: .prod
                case .l1: .sumAbs
                case .sumSquare: .sumSquare
                default: nil
                }
            if let kernel {
                return Kernels.reduce(
                    kernel, type: x.dtype.element, x.pointer, into: y.pointer, outer: outer, n: n, inner: inner)
            }
        case .bool:
            let from = x.elements(Bool.self)
            let to = y.mutableElements(Bool.self)
            let isAll = kind == .all || kind == .min
            for place in 0..<(outer * inner) {
                let start = place / inner * n * inner + place % inner
                to[place] =
                    isAll
                    ? (0..<n).allSatisfy { from[start + $0 * inner] } : (0..<n).contains { from[start + $0 * inner] }
            }
            return true
        default: break
        }
        // Other integers, and what integers have no kernel for, through float64 or int64.
        guard x.dtype.isInteger else { return false }
        if kind == .max || kind == .min {
            return try visitInteger(
                x.dtype, Extremes(isMax: kind == .max, x: x, y: y, outer: outer, n: n, inner: inner)) != nil
        }
        let isWide = x.dtype == .int32 || x.dtype == .int64
        let through: DType = isWide ? .float64 : .int64
        let wide = try Tensor(through, shape: y.shape)
        guard try reduce(x.converted(to: through), wide, outer, n, inner) else { return false }
        wide.convert(into: y)
        return true
    }

    /// Of nothing, the largest is the type's least number, and the smallest its greatest.
    private struct Extremes: IntegerVisitor {
        let isMax: Bool
        let x: Tensor
        let y: Tensor
        let outer: Int
        let n: Int
        let inner: Int

        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) {
            let (from, to) = (x.elements(T.self), y.mutableElements(T.self))
            for block in 0..<outer {
                for place in 0..<inner {
                    var best: T = isMax ? .min : .max
                    for step in 0..<n {
                        let value = from[(block * n + step) * inner + place]
                        best = isMax ? Swift.max(best, value) : Swift.min(best, value)
                    }
                    to[block * inner + place] = best
                }
            }
        }
    }

    private func reduceFloats(_ x: Tensor, _ y: Tensor, _ outer: Int, _ n: Int, _ inner: Int) throws -> Bool {
        let type = x.dtype.element
        func apply(_ reduction: Kernels.Reduction, _ from: Tensor) -> Bool {
            Kernels.reduce(reduction, type: type, from.pointer, into: y.pointer, outer: outer, n: n, inner: inner)
        }
        func logarithm() -> Bool { Kernels.unary(.log, type: type, y.pointer, into: y.pointer, count: y.count) }
        switch kind {
        case .sum: return apply(.sum, x)
        case .mean: return apply(.mean, x)
        case .max: return apply(.max, x)
        case .min: return apply(.min, x)
        case .prod: return apply(.prod, x)
        case .l1: return apply(.sumAbs, x)
        case .l2: return apply(.l2, x)
        case .sumSquare: return apply(.sumSquare, x)
        case .logSum: return apply(.sum, x) && logarithm()
        case .logSumExp:
            return try x.dtype == .float32
                ? logSumExp(x, y, outer, n, inner, Float.self)
                : logSumExp(x, y, outer, n, inner, Double.self)
        case .all, .any: return false
        }
    }

    /// max + log Σ exp(x - max): finite wherever the result is.
    private func logSumExp<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ y: Tensor, _ outer: Int, _ n: Int, _ inner: Int, _ type: T.Type
    ) throws -> Bool {
        let shifted = try Tensor(x.dtype, shape: x.shape)
        let top = try Tensor(x.dtype, shape: y.shape)
        guard
            Kernels.reduce(.max, type: x.dtype.element, x.pointer, into: top.pointer, outer: outer, n: n, inner: inner)
        else { return false }
        let (from, to, peaks) = (x.elements(T.self), shifted.mutableElements(T.self), top.mutableElements(T.self))
        for index in peaks.indices where !peaks[index].isFinite { peaks[index] = peaks[index].isNaN ? .nan : 0 }
        for index in from.indices {
            to[index] = from[index] - peaks[index / (n * inner) * inner + index % inner]
        }
        let element = x.dtype.element
        guard Kernels.unary(.exp, type: element, shifted.pointer, into: shifted.pointer, count: shifted.count),
            Kernels.reduce(
                .sum, type: element, shifted.pointer, into: y.pointer, outer: outer, n: n, inner: inner),
            Kernels.unary(.log, type: element, y.pointer, into: y.pointer, count: y.count)
        else { return false }
        let sums = y.mutableElements(T.self)
        for index in sums.indices { sums[index] += peaks[index] }
        return true
    }
}
