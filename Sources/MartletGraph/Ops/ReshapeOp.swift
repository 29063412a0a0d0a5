import MartletTensor

/// The same elements under another shape. Inputs: x, shape (int64) unless `target` is given.
///
/// A target of -1 (at most one) takes what is left, 0 copies x's dimension at that place (unless `allowZero`); symbols are
/// looked up among the run's inputs.
package struct ReshapeOp: GraphOp {
    package static let name = "Reshape"
    package var target: [Dim]?
    package var allowZero: Bool

    package init(_ target: [Dim]? = nil, allowZero: Bool = false) {
        self.target = target
        self.allowZero = allowZero
    }

    package var attributes: String { target.map { "to=[\($0.map(\.description).joined(separator: ", "))]" } ?? "" }
    package var aliasedInput: Int? { 0 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        var wanted = target
        if wanted == nil {
            let shape = try operand(inputs, 1)
            try requireInteger(inputs, shape, "the shape")
            guard let known = shape.integers ?? shape.knownDims else {
                let rank = shape.type.fixedCount.flatMap { $0 <= Tensor.maximumRank ? $0 : nil }
                return [ValueType(x.type.dtype, rank.map { [Dim](repeating: .unknown, count: $0) })]
            }
            wanted = known
        }
        return [ValueType(x.type.dtype, try resolve(wanted ?? [], x, inputs))]
    }

    private func resolve(_ wanted: [Dim], _ x: InputInfo, _ inputs: [InputInfo?]) throws -> [Dim] {
        guard wanted.count <= Tensor.maximumRank else { throw impossible(inputs, "the shape has too many dimensions") }
        var result: [Dim] = []
        var inferred: Int?
        for (position, dim) in wanted.enumerated() {
            switch dim {
            case .fixed(-1):
                guard inferred == nil else { throw impossible(inputs, "the shape has two -1") }
                inferred = position
                result.append(.unknown)
            case .fixed(0) where !allowZero:
                if let shape = x.type.shape {
                    guard position < shape.count else {
                        throw impossible(inputs, "0 at place \(position) has no dimension to copy")
                    }
                    result.append(shape[position])
                } else {
                    result.append(.unknown)
                }
            case .fixed(let value) where value < -1: throw impossible(inputs, "a dimension of \(value)")
            default: result.append(dim)
            }
        }
        guard let shape = x.type.shape else { return result }
        if let inferred {
            let others = result.enumerated().filter { $0.offset != inferred }.map(\.element)
            result[inferred] = quotient(shape, others)
            if let all = DimProduct(shape), let rest = DimProduct(others), all.symbols.isEmpty, rest.symbols.isEmpty,
                result[inferred] == .unknown, rest.coefficient != 0
            {
                throw impossible(inputs, "\(all.coefficient) elements do not fill \(wanted)")
            }
        } else if let all = DimProduct(shape), let other = DimProduct(result) {
            guard all == other || !(all.symbols.isEmpty && other.symbols.isEmpty) else {
                throw impossible(inputs, "\(all.coefficient) elements do not fill \(wanted)")
            }
        } else if result.filter({ $0 == .unknown }).count == 1, let hole = result.firstIndex(of: .unknown) {
            let others = result.enumerated().filter { $0.offset != hole }.map(\.element)
            result[hole] = quotient(shape, others)
        }
        return result
    }

    /// Product of `shape` over product of `others`, common factors (unknown ones too, if they are the same axis) left out.
    private func quotient(_ shape: [Dim], _ others: [Dim]) -> Dim {
        guard let all = DimProduct(shape), let rest = DimProduct(others), let left = all.divided(by: rest) else {
            return .unknown
        }
        return left.dim
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let x = inputs.first??.integers else { return nil }
        let rank = target?.count ?? inputs.dropFirst().first??.integers?.count
        return rank.map { $0 <= 1 } ?? false ? x : nil
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        var wanted: [Int]
        if let target {
            guard let resolved = context.resolve(target) else {
                throw context.invalid(self, inputs, "the shape is not known: \(attributes)")
            }
            wanted = resolved
        } else {
            guard let values = try operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank) else {
                throw context.invalid(self, inputs, "the shape is no short vector of integers")
            }
            wanted = values
        }
        var product = 1
        var inferred: Int?
        for (position, value) in wanted.enumerated() {
            if value == 0, !allowZero {
                guard position < x.rank else {
                    throw context.invalid(self, inputs, "0 at place \(position) has no dimension to copy")
                }
                wanted[position] = x.shape[position]
            } else if value == -1, inferred == nil {
                inferred = position
                continue
            } else if value < 0 {
                throw context.invalid(self, inputs, "a dimension of \(value)")
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: wanted[position])
            guard !overflow else { throw context.invalid(self, inputs, "the shape \(wanted) is too large") }
            product = next
        }
        let count = x.count
        if let inferred {
            guard product > 0 ? count.isMultiple(of: product) : count == 0 else {
                throw context.invalid(self, inputs, "\(count) elements do not fill \(wanted)")
            }
            wanted[inferred] = product > 0 ? count / product : lengthBesideZero(x.shape, wanted)
        } else if product != count {
            throw context.invalid(self, inputs, "\(count) elements do not fill \(wanted)")
        }
        // Dimensions beside a 0 may be too large for any tensor.
        _ = try Tensor.byteCount(x.dtype, shape: wanted)
        return [x.reshaped(wanted)]
    }

    /// What -1 stands for where there are no elements to tell: zeros cancel like any other factor, as they do when types are
    /// inferred from symbols. [2, 0, 9, 8] under [0, 0, -1] is [2, 0, 72].
    private func lengthBesideZero(_ shape: [Int], _ wanted: [Int]) -> Int {
        func isZero(_ length: Int) -> Bool { length == 0 }
        guard shape.count(where: isZero) <= wanted.count(where: isZero) else { return 0 }
        let rest = shape.reduce(1) { isZero($1) ? $0 : $0.multipliedReportingOverflow(by: $1).partialValue }
        let known = wanted.reduce(1) { $1 <= 0 ? $0 : $0.multipliedReportingOverflow(by: $1).partialValue }
        return known > 0 && rest > 0 && rest.isMultiple(of: known) ? rest / known : 0
    }
}
