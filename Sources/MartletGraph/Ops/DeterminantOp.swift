import MartletTensor

/// Determinants of the square matrices in the last two axes, by elimination with partial pivoting in float64. Input: x.
package struct DeterminantOp: GraphOp {
    package static let name = "Determinant"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard shape.count >= 2 else { throw impossible(inputs, "wants matrices") }
        if let rows = shape[shape.count - 2].fixedValue, let columns = shape[shape.count - 1].fixedValue,
            rows != columns
        {
            throw impossible(inputs, "the matrices are not square")
        }
        return [ValueType(x.type.dtype, Array(shape.dropLast(2)))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let shape = inputs.first ?? nil, let n = shape.last else { return 0 }
        return shape.reduce(1, *) * n * 2 / 3
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.rank >= 2, x.shape[x.rank - 1] == x.shape[x.rank - 2], x.dtype.isFloat else {
            throw context.invalid(self, inputs, "the matrices are not square")
        }
        let n = x.shape[x.rank - 1]
        let result = try context.output(0, x.dtype, Array(x.shape.dropLast(2)))
        var values = try x.converted(to: .float64).values(Double.self)
        let found = try Tensor(.float64, shape: result.shape)
        let to = found.mutableElements(Double.self)
        values.withUnsafeMutableBufferPointer { all in
            for index in to.indices {
                to[index] = Self.determinant(
                    UnsafeMutableBufferPointer(rebasing: all[(index * n * n)..<((index + 1) * n * n)]), n)
            }
        }
        found.convert(into: result)
        return [result]
    }

    /// Destroys the matrix.
    private static func determinant(_ a: UnsafeMutableBufferPointer<Double>, _ n: Int) -> Double {
        var product = 1.0
        for column in 0..<n {
            var pivot = column
            for row in column..<n where abs(a[row * n + column]) > abs(a[pivot * n + column]) { pivot = row }
            let top = a[pivot * n + column]
            product *= top
            guard top != 0 else { return product }
            if pivot != column {
                product = -product
                for place in column..<n { a.swapAt(pivot * n + place, column * n + place) }
            }
            for row in (column + 1)..<max(n, column + 1) {
                let factor = a[row * n + column] / top
                for place in column..<n { a[row * n + place] -= factor * a[column * n + place] }
            }
        }
        return product
    }
}
