import MartletKernels
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
        if x.dtype == .string, kind == .eq || kind == .ne {
            zipElements(x, y, result) { (a: StringElement, b: StringElement) -> Bool in
                StringElement.isEqual(a, b) == (kind == .eq)
            }
            return [result]
        }
        let loop = BroadcastLoop([x.shape, y.shape], output: shape)
        let size = x.dtype.size
        var isDone = true
        loop.forEachRow { output, offsets in
            isDone =
                Kernels.compare(
                    kind.kernel, type: x.dtype.element, x.pointer + offsets[0] * size, xStep: loop.step(0),
                    y.pointer + offsets[1] * size, yStep: loop.step(1),
                    into: result.pointer.assumingMemoryBound(to: UInt8.self) + output, count: loop.rowLength)
                && isDone
        }
        guard isDone else { throw context.invalid(self, inputs, "cannot compare \(x.dtype.name)") }
        return [result]
    }
}

extension CompareOp.Kind {
    fileprivate var kernel: Kernels.CompareOp {
        switch self {
        case .eq: .eq
        case .ne: .ne
        case .lt: .lt
        case .le: .le
        case .gt: .gt
        case .ge: .ge
        }
    }
}
