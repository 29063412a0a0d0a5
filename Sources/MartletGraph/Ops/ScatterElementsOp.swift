import MartletTensor

/// x with some elements replaced: each update goes to its own place, but along `axis` to where the index says; of several
/// updates to one place the last wins, or all are combined in order. Inputs: x, indices, updates, all of one rank.
package struct ScatterElementsOp: GraphOp {
    package static let name = "ScatterElements"
    package var axis: Int
    package var reduction: ScatterReduction

    package init(axis: Int = 0, reduction: ScatterReduction = .none) {
        self.axis = axis
        self.reduction = reduction
    }

    package var attributes: String { "axis=\(axis)" + (reduction == .none ? "" : " \(reduction.rawValue)") }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let indices = try operand(inputs, 1)
        let updates = try operand(inputs, 2)
        _ = try requireSameDType(inputs, [x, updates])
        try requireInteger(inputs, indices, "indices")
        if let rank = x.type.rank {
            _ = try resolveAxis(axis, rank: rank, inputs)
            for other in [indices, updates] where other.type.rank ?? rank != rank {
                throw impossible(inputs, "x, indices and updates differ in rank")
            }
        }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if reduction != .none, let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let indices = try operand(inputs, 1, context)
        let updates = try operand(inputs, 2, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        guard x.dtype == updates.dtype, indices.shape == updates.shape, indices.rank == x.rank,
            x.shape.indices.allSatisfy({ $0 == at || indices.shape[$0] <= x.shape[$0] })
        else { throw context.invalid(self, inputs, "indices and updates do not fit inside the input's shape") }
        let places = try places(indices, in: x.shape[at], inputs, context)
        let result = try writableCopy(of: x, context)
        guard !places.isEmpty else { return [result] }
        let scatter = Scatter(
            reduction: x.dtype == .bool ? reduction.onBool : reduction, places: places, shape: indices.shape,
            strides: rowMajorStrides(x.shape), axis: at, updates: updates, result: result)
        if reduction == .none {
            switch x.dtype.size {
            case 1: scatter.visit(UInt8.self)
            case 2: scatter.visit(UInt16.self)
            case 4: scatter.visit(UInt32.self)
            default: scatter.visit(UInt64.self)
            }
        } else if x.dtype == .bool {
            scatter.visit(UInt8.self)
        } else if try visitNumber(x.dtype, scatter) == nil {
            throw context.invalid(self, inputs, "cannot combine \(x.dtype.name)")
        }
        return [result]
    }

    private struct Scatter: NumberVisitor {
        let reduction: ScatterReduction
        let places: [Int]
        let shape: [Int]
        let strides: [Int]
        let axis: Int
        let updates: Tensor
        let result: Tensor

        func visit<T: ElementArithmetic>(_ type: T.Type) {
            switch reduction {
            case .none: rows(type) { $1 }
            case .add: rows(type) { T.plus($0, $1) }
            case .mul: rows(type) { T.times($0, $1) }
            case .min: rows(type) { $1 < $0 ? $1 : $0 }
            case .max: rows(type) { $1 > $0 ? $1 : $0 }
            }
        }

        /// Row by row of the indices: within one, the place moves by the index, by one, or by both.
        @inline(__always)
        private func rows<T: ElementArithmetic>(_ type: T.Type, _ combine: (T, T) -> T) {
            let to = result.pointer.assumingMemoryBound(to: T.self)
            let from = UnsafePointer(updates.pointer.assumingMemoryBound(to: T.self))
            let last = shape.count - 1
            let length = shape[last]
            let along = strides[axis]
            let step = axis == last ? 0 : strides[last]
            var index = [Int](repeating: 0, count: shape.count)
            var offset = 0
            places.withUnsafeBufferPointer { places in
                var row = 0
                while row < places.count {
                    for column in 0..<length {
                        let place = offset + places[row + column] * along + column * step
                        to[place] = combine(to[place], from[row + column])
                    }
                    row += length
                    var outer = last - 1
                    while outer >= 0 {
                        let stride = outer == axis ? 0 : strides[outer]
                        index[outer] += 1
                        offset += stride
                        if index[outer] < shape[outer] { break }
                        offset -= stride * shape[outer]
                        index[outer] = 0
                        outer -= 1
                    }
                }
            }
        }
    }
}
