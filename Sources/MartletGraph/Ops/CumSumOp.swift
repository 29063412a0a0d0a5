import MartletTensor

/// Running sums (or products) along an axis. Inputs: x, axis (int32/int64 scalar).
package struct CumSumOp: GraphOp {
    package static let name = "CumSum"
    package var exclusive: Bool
    package var reverse: Bool
    package var isProduct: Bool

    package init(exclusive: Bool = false, reverse: Bool = false, isProduct: Bool = false) {
        self.exclusive = exclusive
        self.reverse = reverse
        self.isProduct = isProduct
    }

    package var attributes: String {
        [isProduct ? "product" : nil, exclusive ? "exclusive" : nil, reverse ? "reverse" : nil].compactMap { $0 }
            .joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let axis = try operand(inputs, 1)
        try requireInteger(inputs, axis, "the axis")
        guard x.type.dtype != .bool else { throw impossible(inputs, "bool cannot be summed") }
        if let at = axis.knownIntegers?.first, let rank = x.type.rank { _ = try resolveAxis(at, rank: rank, inputs) }
        return [x.type]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        guard let wanted = try operand(inputs, 1, context).integerValues(limit: 1)?.first else {
            throw context.invalid(self, inputs, "the axis is no integer")
        }
        let at = try resolveAxis(wanted, rank: x.rank, inputs, context)
        let result = try context.output(0, x.dtype, x.shape)
        guard x.count > 0 else { return [result] }
        guard try visitNumber(x.dtype, Numbers(op: self, x: x, result: result, axis: at)) != nil else {
            throw context.invalid(self, inputs, "cannot sum \(x.dtype.name)")
        }
        return [result]
    }

    private struct Numbers: NumberVisitor {
        let op: CumSumOp
        let x: Tensor
        let result: Tensor
        let axis: Int

        func visit<T: ElementArithmetic>(_ type: T.Type) {
            if op.isProduct { accumulate(T.one, T.times) } else { accumulate(T.zero, T.plus) }
        }

        /// Step by step along the axis, all places inside the axis together.
        @inline(__always)
        private func accumulate<T: ElementArithmetic>(_ neutral: T, _ combine: (T, T) -> T) {
            let inner = x.shape[(axis + 1)...].reduce(1, *)
            let length = x.shape[axis]
            let along = op.reverse ? -inner : inner
            for block in 0..<(x.count / (length * inner)) {
                let first = block * length * inner + (op.reverse ? (length - 1) * inner : 0)
                var from = x.elements(T.self).baseAddress.unsafelyUnwrapped + first
                var to = result.mutableElements(T.self).baseAddress.unsafelyUnwrapped + first
                for place in 0..<inner { to[place] = op.exclusive ? neutral : from[place] }
                for _ in 1..<length {
                    let before = to
                    let operand = op.exclusive ? from : from + along
                    to += along
                    from += along
                    for place in 0..<inner { to[place] = combine(before[place], operand[place]) }
                }
            }
        }
    }
}
