import MartletKernels
import MartletTensor

/// x where the condition holds, else y, with broadcasting. Inputs: condition (bool), x, y of one dtype.
package struct WhereOp: GraphOp {
    package static let name = "Where"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let condition = try operand(inputs, 0)
        let x = try operand(inputs, 1)
        let y = try operand(inputs, 2)
        guard condition.type.dtype == .bool else { throw impossible(inputs, "the condition is not bool") }
        let dtype = try requireSameDType(inputs, [x, y])
        return [ValueType(dtype, try broadcastType(inputs, of: [condition, x, y]))]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard inputs.count == 3, let x = inputs[1], let y = inputs[2], let (left, right) = alignedIntegers(x, y)
        else { return nil }
        guard let condition = inputs[0]?.integers ?? inputs[0]?.constant.flatMap(boolDims) else {
            return zip(left, right).map { $0.isSame(as: $1) ? $0 : .unknown }
        }
        guard condition.count == left.count || condition.count == 1 else { return nil }
        return left.indices.map { index in
            switch condition[condition.count == 1 ? 0 : index].fixedValue {
            case 1: left[index]
            case 0: right[index]
            default: left[index].isSame(as: right[index]) ? left[index] : .unknown
            }
        }
    }

    private func boolDims(_ tensor: Tensor) -> [Dim]? {
        guard tensor.dtype == .bool, tensor.rank <= 1, tensor.count <= 64 else { return nil }
        return tensor.elements(Bool.self).map { .fixed($0 ? 1 : 0) }
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let condition = try operand(inputs, 0, context)
        let x = try operand(inputs, 1, context)
        let y = try operand(inputs, 2, context)
        guard condition.dtype == .bool, x.dtype == y.dtype,
            let shape = broadcastShape([condition.shape, x.shape, y.shape])
        else { throw context.invalid(self, inputs, "the types differ, or the shapes do not go together") }
        let result = try context.output(0, x.dtype, shape)
        let loop = BroadcastLoop([condition.shape, x.shape, y.shape], output: shape)
        let size = x.dtype.size
        loop.forEachRow { output, offsets in
            Kernels.select(
                elementSize: size, condition.pointer.assumingMemoryBound(to: UInt8.self) + offsets[0],
                conditionStep: loop.step(0), x.pointer + offsets[1] * size, xStep: loop.step(1),
                y.pointer + offsets[2] * size, yStep: loop.step(2), into: result.pointer + output * size,
                count: loop.rowLength)
        }
        return [result]
    }
}
