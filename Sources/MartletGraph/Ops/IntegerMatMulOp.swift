import MartletKernels
import MartletTensor

/// The matrix product of 8-bit integers less their zero points, exact in int32 (which wraps), and what makes numbers of it.
///
/// Inputs: x and y (int8 or uint8, shapes as of `MatMulOp`); their zero points? (one, or one for each row of x, each column of
/// y); scale? (float: one, or one for each column); bias? (a vector: int32 is added to the sums, float to the result); the
/// result's zero point?. Results are the sums (int32), scale · sum + bias (float32), or
/// saturate(round(scale · sum) + zero) (int8, uint8).
package struct IntegerMatMulOp: GraphOp {
    package static let name = "IntegerMatMul"
    package var output: DType

    package init(_ output: DType = .int32) { self.output = output }

    package var attributes: String { "to=\(output.name)" }
    package var unalignedInputs: Range<Int> { 1..<2 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        try checkIntegerProduct(inputs, output)
        let (x, y) = (try operand(inputs, 0), try operand(inputs, 1))
        func asInt32(_ info: InputInfo) -> InputInfo { InputInfo(type: ValueType(.int32, info.type.shape)) }
        let shape = try MatMulOp().inferTypes([asInt32(x), asInt32(y)])[0].shape
        return [ValueType(output, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        2 * (outputs.first?.reduce(1, *) ?? 0) * (inputs.first??.last ?? 0)
    }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        guard let y = optional(constants, 1) ?? nil, y.rank == 2 else { return nil }
        return PackedIntegers(
            y.pointer, type: y.dtype.element, rows: y.shape[0], columns: y.shape[1], stride: y.shape[1],
            transposed: false)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let y = try operand(inputs, 1, context)
        guard let k = x.shape.last, let other = y.rank == 1 ? y.shape[0] : y.shape.dropLast().last, k == other,
            let batch = broadcastShape([x.shape.dropLast(2), y.shape.dropLast(2)])
        else { throw context.invalid(self, inputs, "the inputs do not go together") }
        let rows = x.rank > 1 ? x.shape[x.rank - 2] : 1
        let columns = y.rank > 1 ? y.shape[y.rank - 1] : 1
        let shape = batch + (x.rank > 1 ? [rows] : []) + (y.rank > 1 ? [columns] : [])
        let result = try context.output(0, output, shape)
        guard result.count > 0 else {
            _ = try integerProduct(inputs, output, rows: rows, columns: columns, context)
            return [result]
        }
        let places = y.rank <= 2 ? 1 : batch.reduce(1, *)
        let height = result.count / columns / places
        // Zero points of rows are those of one matrix, or of all.
        let zeros = (optional(inputs, 2) ?? nil)?.count ?? 1
        let total = result.count / columns
        var product = try integerProduct(
            inputs, output, rows: zeros == total ? total : rows, columns: columns, context)
        if product.leftZeros.count > 1, product.leftZeros.count < total {
            product.leftZeros = (0..<total).map { product.leftZeros[$0 % rows] }
        }
        func packed(_ place: Int) throws -> PackedIntegers {
            guard
                let matrix = PackedIntegers(
                    y.pointer + place * k * columns, type: y.dtype.element, rows: k, columns: columns, stride: columns,
                    transposed: false)
            else { throw context.invalid(self, inputs, "the right side is too large") }
            return matrix
        }
        if places == 1 {
            let prepared = context.prepared as? PackedIntegers
            product.run(
                x.pointer, x.dtype, rows: height, try prepared ?? packed(0), into: result.pointer, context)
            return [result]
        }
        let loop = BroadcastLoop(
            [Array(x.shape.dropLast(2)) + [1], Array(y.shape.dropLast(2)) + [1]], output: batch + [1])
        var offsets: [(x: Int, y: Int, z: Int)] = []
        loop.forEachRow { output, from in
            for index in 0..<loop.rowLength {
                offsets.append((from[0] + index * loop.step(0), from[1] + index * loop.step(1), output + index))
            }
        }
        try context.checkCancellation()
        func run(_ place: (x: Int, y: Int, z: Int), _ context: RunContext) throws {
            var part = product
            if product.leftZeros.count > 1 {
                part.leftZeros = Array(product.leftZeros[place.z * rows..<(place.z + 1) * rows])
            }
            part.run(
                x.pointer + place.x * rows * k, x.dtype, rows: rows, try packed(place.y),
                into: result.pointer + place.z * rows * columns * output.size, context)
        }
        let all = offsets
        let threads = context.pool?.threadCount ?? 1
        guard threads > 1, all.count >= threads else {
            for place in all { try run(place, context) }
            return [result]
        }
        // The first is packed here, so that what cannot be packed is found before others run.
        try run(all[0], context)
        context.parallelRows(all.count, work: rows * columns * k) { range in
            let alone = RunContext()
            for place in all[range] { try? run(place, alone) }
        }
        return [result]
    }
}
