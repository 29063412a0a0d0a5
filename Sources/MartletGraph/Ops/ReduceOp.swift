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
}
