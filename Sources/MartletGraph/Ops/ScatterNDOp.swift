import MartletKernels
import MartletTensor

/// x with some slices replaced, at places given by index tuples in the last dimension of the indices; of several updates to
/// one place the last wins, or all are combined in order. Inputs: x, indices (int64), updates.
package struct ScatterNDOp: GraphOp {
    package static let name = "ScatterND"
    package var reduction: ScatterReduction

    package init(reduction: ScatterReduction = .none) { self.reduction = reduction }

    package var attributes: String { reduction == .none ? "" : reduction.rawValue }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let indices = try operand(inputs, 1)
        _ = try requireSameDType(inputs, [x, try operand(inputs, 2)])
        try requireInteger(inputs, indices, "indices")
        guard let places = indices.type.shape else { return [x.type] }
        guard let depth = places.last else { throw impossible(inputs, "the indices are a scalar") }
        if let depth = depth.fixedValue, let rank = x.type.rank, depth > rank {
            throw impossible(inputs, "index tuples of \(depth) are longer than the rank")
        }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if reduction != .none, let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let indices = try operand(inputs, 1, context)
        let updates = try operand(inputs, 2, context)
        guard let depth = indices.shape.last, depth <= x.rank, x.dtype == updates.dtype,
            updates.shape == Array(indices.shape.dropLast() + x.shape[depth...]), let values = indices.integerValues()
        else { throw context.invalid(self, inputs, "index tuples and updates do not go with these shapes") }
        let result = try writableCopy(of: x, context)
        guard updates.count > 0 else { return [result] }
        let slice = x.shape[depth...].reduce(1, *)
        let dims = x.shape[..<depth]
        var places = [Int](repeating: 0, count: indices.shape.dropLast().reduce(1, *))
        for tuple in places.indices {
            var place = 0
            for (axis, dim) in dims.enumerated() {
                let value = values[tuple * depth + axis]
                guard value >= -dim, value < dim else {
                    throw context.invalid(self, inputs, "index \(value) is outside \(dim) elements")
                }
                place = place * dim + (value < 0 ? value + dim : value)
            }
            places[tuple] = place * slice
        }
        let scatter = Scatter(
            reduction: x.dtype == .bool ? reduction.onBool : reduction, places: places, slice: slice, updates: updates,
            result: result)
        if reduction == .none {
            scatter.copy()
        } else if x.dtype == .bool {
            scatter.visit(UInt8.self)
        } else if x.dtype == .float32, slice >= 16 {
            scatter.combineFloats()
        } else if try visitNumber(x.dtype, scatter) == nil {
            throw context.invalid(self, inputs, "cannot combine \(x.dtype.name)")
        }
        return [result]
    }

    private struct Scatter: NumberVisitor {
        let reduction: ScatterReduction
        let places: [Int]
        let slice: Int
        let updates: Tensor
        let result: Tensor

        func copy() {
            let size = result.dtype.size
            let block = slice * size
            if slice == 1 {
                switch size {
                case 1: return each(UInt8.self) { $1 }
                case 2: return each(UInt16.self) { $1 }
                case 4: return each(UInt32.self) { $1 }
                default: return each(UInt64.self) { $1 }
                }
            }
            for (tuple, place) in places.enumerated() {
                (result.pointer + place * size).copyMemory(from: updates.pointer + tuple * block, byteCount: block)
            }
        }

        func combineFloats() {
            let kernel: Kernels.BinaryOp =
                switch reduction {
                case .add, .none: .add
                case .mul: .mul
                case .min: .min
                case .max: .max
                }
            for (tuple, place) in places.enumerated() {
                let target = result.mutableFloats + place
                _ = Kernels.binary(
                    kernel, type: .f32, target, xStep: 1, updates.floats + tuple * slice, yStep: 1, into: target,
                    count: slice)
            }
        }

        func visit<T: ElementArithmetic>(_ type: T.Type) {
            switch reduction {
            case .none: each(type) { $1 }
            case .add: each(type) { T.plus($0, $1) }
            case .mul: each(type) { T.times($0, $1) }
            case .min: each(type) { $1 < $0 ? $1 : $0 }
            case .max: each(type) { $1 > $0 ? $1 : $0 }
            }
        }

        @inline(__always)
        private func each<T: ElementArithmetic>(_ type: T.Type, _ combine: (T, T) -> T) {
            let to = result.pointer.assumingMemoryBound(to: T.self)
            var from = UnsafePointer(updates.pointer.assumingMemoryBound(to: T.self))
            for place in places {
                for index in 0..<slice { to[place + index] = combine(to[place + index], from[index]) }
                from += slice
            }
        }
    }
}
