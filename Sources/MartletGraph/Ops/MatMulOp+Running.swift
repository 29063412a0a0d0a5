import MartletKernels
import MartletTensor

extension MatMulOp {
    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let y = try operand(inputs, 1, context)
        guard x.dtype == y.dtype, let k = x.shape.last, let other = y.rank == 1 ? y.shape[0] : y.shape.dropLast().last,
            k == other, let batch = broadcastShape([x.shape.dropLast(2), y.shape.dropLast(2)])
        else { throw context.invalid(self, inputs, "the inputs do not go together") }
        let rows = x.rank > 1 ? x.shape[x.rank - 2] : 1
        let columns = y.rank > 1 ? y.shape[y.rank - 1] : 1
        let result = try context.output(
            0, x.dtype, batch + (x.rank > 1 ? [rows] : []) + (y.rank > 1 ? [columns] : []))
        guard result.count > 0 else { return [result] }
        let product = MatrixProduct(m: rows, n: columns, k: k)
        if y.rank <= 2 {
            // One right side for all: the batch is only more rows.
            let all = MatrixProduct(m: result.count / columns, n: columns, k: k)
            guard try all.run(x, 0, y, 0, result, 0, context) else { throw unsupported(inputs, context) }
            return [result]
        }
        let loop = BroadcastLoop(
            [Array(x.shape.dropLast(2)) + [1], Array(y.shape.dropLast(2)) + [1]], output: batch + [1])
        var places: [(x: Int, y: Int, z: Int)] = []
        loop.forEachRow { output, offsets in
            for index in 0..<loop.rowLength {
                places.append(
                    (
                        (offsets[0] + index * loop.step(0)) * rows * k,
                        (offsets[1] + index * loop.step(1)) * k * columns, (output + index) * rows * columns
                    ))
            }
        }
        let all = places
        if x.dtype == .float32, all.count > 1 {
            context.parallelRows(all.count, work: 2 * rows * columns * k) { range in
                for place in all[range] { product.runFloats(x, place.x, y, place.y, result, place.z) }
            }
            return [result]
        }
        for place in all {
            guard try product.run(x, place.x, y, place.y, result, place.z, context) else {
                throw unsupported(inputs, context)
            }
        }
        return [result]
    }

    private func unsupported(_ inputs: [Tensor?], _ context: RunContext) -> GraphError {
        context.invalid(self, inputs, "there is no product of these types or sizes")
    }
}

/// One dense product [m, k] × [k, n], of any type, between places in tensors; either side may be stored transposed.
struct MatrixProduct {
    var m: Int
    var n: Int
    var k: Int
    var transposeA = false
    var transposeB = false
    var alpha: Float = 1

    /// False if the type is not known or a size is beyond BLAS.
    func run(
        _ x: Tensor, _ xPlace: Int, _ y: Tensor, _ yPlace: Int, _ z: Tensor, _ zPlace: Int, _ context: RunContext
    ) throws -> Bool {
        switch x.dtype {
        case .float32:
            let share = self
            if m >= 64, !transposeA {
                context.parallelRows(m, work: 2 * n * k) { rows in
                    var part = share
                    part.m = rows.count
                    part.runFloats(x, xPlace + rows.lowerBound * k, y, yPlace, z, zPlace + rows.lowerBound * n)
                }
            } else {
                runFloats(x, xPlace, y, yPlace, z, zPlace)
            }
            return [m, n, k].allSatisfy { $0 <= Int(Int32.max) }
        case .float64:
            return BLAS.gemm(
                m: m, n: n, k: k, alpha: Double(alpha),
                .init(doubles(x) + xPlace, stride: transposeA ? m : k, transposed: transposeA),
                .init(doubles(y) + yPlace, stride: transposeB ? k : n, transposed: transposeB),
                into: z.pointer.assumingMemoryBound(to: Double.self) + zPlace, stride: n)
        default:
            guard alpha == 1 else { return false }
            return try visitInteger(
                x.dtype, Integers(product: self, x: x, y: y, z: z, xPlace: xPlace, yPlace: yPlace, zPlace: zPlace))
                != nil
        }
    }

    private func doubles(_ x: Tensor) -> UnsafePointer<Double> {
        UnsafePointer(x.pointer.assumingMemoryBound(to: Double.self))
    }

    func runFloats(_ x: Tensor, _ xPlace: Int, _ y: Tensor, _ yPlace: Int, _ z: Tensor, _ zPlace: Int) {
        _ = BLAS.gemm(
            m: m, n: n, k: k, alpha: alpha,
            .init(x.floats + xPlace, stride: transposeA ? m : k, transposed: transposeA),
            .init(y.floats + yPlace, stride: transposeB ? k : n, transposed: transposeB),
            into: z.mutableFloats + zPlace, stride: n)
    }

    private struct Integers: IntegerVisitor {
        let product: MatrixProduct
        let x: Tensor
        let y: Tensor
        let z: Tensor
        let xPlace: Int
        let yPlace: Int
        let zPlace: Int

        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) {
            let p = product
            let (a, b, c) = (x.elements(T.self), y.elements(T.self), z.mutableElements(T.self))
            for row in 0..<p.m {
                for column in 0..<p.n {
                    var sum: T = 0
                    for index in 0..<p.k {
                        let left = p.transposeA ? index * p.m + row : row * p.k + index
                        let right = p.transposeB ? column * p.k + index : index * p.n + column
                        sum = sum &+ a[xPlace + left] &* b[yPlace + right]
                    }
                    c[zPlace + row * p.n + column] = sum
                }
            }
        }
    }
}
