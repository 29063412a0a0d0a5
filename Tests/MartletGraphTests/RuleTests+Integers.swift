import MartletGraph
import MartletTensor

/// Scales are powers of two, so that no rounding differs.
extension RuleTests {
    static let integers: [RuleCase] = [
        RuleCase(
            rule: FuseIntegers(), name: "product of levels, scales of columns", applies: 1,
            left: ["Quantize", "IntegerMatMul"], shapes: [[3, 2, 4]]
        ) { g, x in
            let scales = g.addConstant(Tensor(vector: [Float(0.5), 0.25, 2]))
            return [try g.add(MatMulOp(), levels(&g, x[0]), g.add(DequantizeOp(axis: 1), bytes(&g, [4, 3]), scales))]
        },
        RuleCase(
            rule: FuseIntegers(), name: "quantized product of levels with zero points", applies: 2,
            left: ["Quantize", "IntegerMatMul", "Dequantize"], shapes: [[3, 4]]
        ) { g, x in
            let zero = g.addConstant(Tensor(scalar: Int8(-3)))
            let weight = try g.add(DequantizeOp(), bytes(&g, [4, 5]), scalar(&g, 0.5), zero)
            let product = try g.add(MatMulOp(), levels(&g, x[0]), weight)
            let point = g.addConstant(Tensor(scalar: UInt8(90)))
            let again = try g.add(QuantizeOp(.uint8), product, scalar(&g, 4), point)
            return [try g.add(DequantizeOp(), again, scalar(&g, 4), point)]
        },
        RuleCase(
            rule: FuseIntegers(), name: "scaled sums and their bias", applies: 2,
            left: ["DynamicQuantize", "Binary", "IntegerMatMul"], shapes: [[3, 4]]
        ) { g, x in
            let made = try g.add(DynamicQuantizeOp(), [x[0]])
            let scale = try g.add(BinaryOp(.mul), made[1], scalar(&g, 0.125))
            let sums = try g.add(IntegerMatMulOp(), made[0], bytes(&g, [4, 5]), made[2])
            let floats = try g.add(BinaryOp(.mul), scale, g.add(CastOp(.float32), sums))
            return [try g.add(BinaryOp(.add), weight(&g, [5]), floats)]
        },
        RuleCase(
            rule: FuseIntegers(), name: "rows of a table", applies: 1, left: ["Cast", "Gather", "Dequantize"],
            shapes: [[3, 4]]
        ) { g, x in
            let table = try g.add(DequantizeOp(), bytes(&g, [9, 2]), scalar(&g, 0.5))
            return [try g.add(GatherOp(), table, g.add(CastOp(.int64), x[0]))]
        },
        RuleCase(
            rule: FuseIntegers(), name: "one side of floats, and sums used twice", applies: 0,
            left: ["Quantize", "Dequantize", "MatMul", "Quantize", "IntegerMatMul", "Cast", "Binary"], shapes: [[3, 4]]
        ) { g, x in
            let product = try g.add(MatMulOp(), levels(&g, x[0]), weight(&g, [4, 5]))
            let a = try g.add(QuantizeOp(.uint8), x[0], scalar(&g, 1))
            let floats = try g.add(CastOp(.float32), g.add(IntegerMatMulOp(), a, bytes(&g, [4, 5])))
            return [product, try g.add(BinaryOp(.mul), floats, scalar(&g, 2)), floats]
        },
    ]

    private static func bytes(_ graph: inout Graph, _ shape: [Int]) -> ValueID {
        let count = shape.reduce(1, *)
        return graph.addConstant(Tensor((0..<count).map { Int8(truncatingIfNeeded: $0 * 37 - 50) }, shape: shape))
    }

    private static func levels(_ graph: inout Graph, _ x: ValueID) throws -> ValueID {
        let (scale, zero) = (scalar(&graph, 0x1p-6), graph.addConstant(Tensor(scalar: UInt8(128))))
        return try graph.add(DequantizeOp(), graph.add(QuantizeOp(.uint8), x, scale, zero), scale, zero)
    }
}
