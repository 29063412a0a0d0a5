import MartletTensor

extension CompareOp {
    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let y = try operand(inputs, 1, context)
        guard x.dtype == y.dtype, let shape = broadcastShape([x.shape, y.shape]) else {
            throw context.invalid(self, inputs, "the inputs differ in type, or do not go together")
        }
        let result = try context.output(0, .bool, shape)
        switch x.dtype {
        case .float32: compare(x, y, result, Float.self)
        case .float64: compare(x, y, result, Double.self)
        case .bool:
            zipElements(x, y, result) { (a: Bool, b: Bool) in
                let (left, right) = (a ? 1 : 0, b ? 1 : 0)
                switch kind {
                case .eq: return left == right
                case .ne: return left != right
                case .lt: return left < right
                case .le: return left <= right
                case .gt: return left > right
                case .ge: return left >= right
                }
            }
        default:
            guard try visitInteger(x.dtype, Integers(op: self, x: x, y: y, result: result)) != nil else {
                throw context.invalid(self, inputs, "cannot compare \(x.dtype.name)")
            }
        }
        return [result]
    }

    private func compare<T: TensorElement & Comparable>(_ x: Tensor, _ y: Tensor, _ result: Tensor, _ type: T.Type) {
        switch kind {
        case .eq: zipElements(x, y, result) { (a: T, b: T) in a == b }
        case .ne: zipElements(x, y, result) { (a: T, b: T) in a != b }
        case .lt: zipElements(x, y, result) { (a: T, b: T) in a < b }
        case .le: zipElements(x, y, result) { (a: T, b: T) in a <= b }
        case .gt: zipElements(x, y, result) { (a: T, b: T) in a > b }
        case .ge: zipElements(x, y, result) { (a: T, b: T) in a >= b }
        }
    }

    private struct Integers: IntegerVisitor {
        let op: CompareOp
        let x: Tensor
        let y: Tensor
        let result: Tensor
        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) { op.compare(x, y, result, type) }
    }
}
