/// numpy's broadcast of shapes; nil if they do not go together.
package func broadcastShape(_ shapes: [[Int]]) -> [Int]? {
    let rank = shapes.map(\.count).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
        let lead = rank - shape.count
        for (index, dim) in shape.enumerated() where dim != 1 {
            guard result[lead + index] == 1 || result[lead + index] == dim else { return nil }
            result[lead + index] = dim
        }
    }
    return result
}

/// Strides of a row-major tensor, in elements.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var stride = 1
    for index in shape.indices.reversed() {
        strides[index] = stride
        stride *= max(shape[index], 1)
    }
    return strides
}

/// Strides of a row-major tensor along the axes of a shape that it broadcasts to: 0 where it repeats.
func broadcastStrides(_ shape: [Int], to output: [Int]) -> [Int] {
    let dense = rowMajorStrides(shape)
    let lead = output.count - shape.count
    return output.indices.map { axis in axis < lead || shape[axis - lead] == 1 ? 0 : dense[axis - lead] }
}

/// How to walk over an output and the operands that are broadcast to it: as few, as long inner rows as possible.
///
/// Operands are dense, so that along the inner row each has step 0 or 1.
struct BroadcastLoop {
    /// Outer dimensions, then the inner row's length.
    private(set) var dims: [Int]
    /// For each operand its strides along `dims`.
    private(set) var strides: [[Int]]

    /// `shapes` must broadcast to `output`.
    init(_ shapes: [[Int]], output: [Int]) {
        let operandStrides = shapes.map { broadcastStrides($0, to: output) }
        var dims: [Int] = []
        var strides = [[Int]](repeating: [], count: shapes.count)
        for axis in output.indices where output[axis] != 1 {
            let joins =
                !dims.isEmpty
                && shapes.indices.allSatisfy { operand in
                    strides[operand][dims.count - 1] == operandStrides[operand][axis] * output[axis]
                }
            if joins {
                dims[dims.count - 1] *= output[axis]
                for operand in shapes.indices { strides[operand][dims.count - 1] = operandStrides[operand][axis] }
            } else {
                dims.append(output[axis])
                for operand in shapes.indices { strides[operand].append(operandStrides[operand][axis]) }
            }
        }
        if dims.isEmpty {
            dims = [1]
            strides = strides.map { _ in [1] }
        }
        self.dims = dims
        self.strides = strides
    }

    var rowLength: Int { dims[dims.count - 1] }
    func step(_ operand: Int) -> Int { strides[operand][dims.count - 1] }

    /// Calls `body` for each inner row with the output's offset and each operand's.
    func forEachRow(_ body: (_ output: Int, _ operands: [Int]) throws -> Void) rethrows {
        let outer = dims.dropLast()
        guard !dims.contains(0) else { return }
        var index = [Int](repeating: 0, count: outer.count)
        var offsets = [Int](repeating: 0, count: strides.count)
        var output = 0
        while true {
            try body(output, offsets)
            output += rowLength
            var axis = outer.count - 1
            while axis >= 0 {
                index[axis] += 1
                for operand in offsets.indices { offsets[operand] += strides[operand][axis] }
                if index[axis] < outer[axis] { break }
                for operand in offsets.indices { offsets[operand] -= strides[operand][axis] * outer[axis] }
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
