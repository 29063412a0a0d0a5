import MartletGraph
import MartletTensor

extension RuleTests {
    static let convolutions: [RuleCase] = [
        RuleCase(
            rule: RecognizeActivations(), name: "hard swish spelled with clip, the shape unknown", applies: 1,
            left: ["Conv", "Unary"], shapes: [[1, 2, 5, 5]]
        ) { g, x in
            let conv = try g.add(ConvOp(Window(strides: [2, 2])), x[0], weight(&g, [3, 2, 2, 2]))
            let shifted = try g.add(BinaryOp(.add), conv, scalar(&g, 3))
            let clipped = try g.add(UnaryOp(.clip, a: 0, b: 6), shifted)
            return [try g.add(BinaryOp(.div), try g.add(BinaryOp(.mul), conv, clipped), scalar(&g, 6))]
        },
        RuleCase(
            rule: RecognizeActivations(), name: "clip by constants", applies: 1, left: ["Unary"], shapes: [[3, 5]]
        ) { g, x in [try g.add(ClipOp(), x[0], nil, scalar(&g, 0.5))] },
        RuleCase(
            rule: FoldBatchNorm(), name: "batch norm after a convolution", applies: 1, left: ["Conv"],
            shapes: [[2, 4, 5, 5]]
        ) { g, x in
            let conv = try g.add(ConvOp(groups: 2), x[0], weight(&g, [6, 2, 3, 3]), weight(&g, [6]))
            return [try norm(&g, conv, 6)]
        },
        RuleCase(
            rule: FoldBatchNorm(), name: "batch norm after a transposed convolution in groups", applies: 1,
            left: ["ConvTranspose"], shapes: [[2, 4, 5, 5]]
        ) { g, x in
            let conv = try g.add(ConvTransposeOp(Window(strides: [2, 2]), groups: 2), x[0], weight(&g, [4, 3, 2, 2]))
            return [try norm(&g, conv, 6)]
        },
        RuleCase(
            rule: FoldBatchNorm(), name: "factor and shift of each channel", applies: 2, left: ["Conv"],
            shapes: [[2, 4, 5]]
        ) { g, x in
            let conv = try g.add(ConvOp(), x[0], weight(&g, [6, 4, 3]))
            let scaled = try g.add(BinaryOp(.mul), weight(&g, [6, 1]), conv)
            return [try g.add(BinaryOp(.sub), scaled, weight(&g, [1, 6, 1]))]
        },
        RuleCase(
            rule: FoldBatchNorm(), name: "a factor along another axis", applies: 0, left: ["Conv", "Binary"],
            shapes: [[2, 4, 8]]
        ) { g, x in
            let conv = try g.add(ConvOp(), x[0], weight(&g, [6, 4, 3]))
            return [try g.add(BinaryOp(.mul), conv, weight(&g, [6]))]
        },
        RuleCase(
            rule: FactorSum(), name: "a gate for each channel", applies: 1, left: ["Binary", "Binary"],
            shapes: [[2, 3, 4, 5], [2, 3, 1, 1]]
        ) { g, x in
            [try g.add(BinaryOp(.add), x[0], try g.add(BinaryOp(.mul), x[1], x[0]))]
        },
        RuleCase(
            rule: FactorSum(), name: "a factor as large as the value", applies: 0, left: ["Binary", "Binary"],
            shapes: [[2, 3, 4, 5], [2, 3, 4, 5]]
        ) { g, x in
            [try g.add(BinaryOp(.add), x[0], try g.add(BinaryOp(.mul), x[0], x[1]))]
        },
        RuleCase(
            rule: FuseConv(), name: "residual, then activation", applies: 2, left: ["Conv"],
            shapes: [[1, 2, 5, 5], [1, 3, 5, 5]]
        ) { g, x in
            let conv = try g.add(ConvOp(Window(padding: .sameUpper)), x[0], weight(&g, [3, 2, 3, 3]), weight(&g, [3]))
            return [try g.add(UnaryOp(.relu), try g.add(BinaryOp(.add), x[1], conv))]
        },
        RuleCase(
            rule: FuseConv(), name: "a factor and a shift after an activation", applies: 3, left: ["Conv"],
            shapes: [[1, 2, 5, 5]]
        ) { g, x in
            let conv = try g.add(ConvOp(), x[0], weight(&g, [3, 2, 3, 3]))
            let scaled = try g.add(BinaryOp(.mul), scalar(&g, 0.75), try g.add(UnaryOp(.hardSwish), conv))
            return [try g.add(BinaryOp(.sub), scaled, scalar(&g, 2))]
        },
        RuleCase(
            rule: FuseConv(), name: "an activation before the sum", applies: 1, left: ["Conv", "Binary"],
            shapes: [[1, 2, 5, 5], [1, 3, 5, 5]]
        ) { g, x in
            let conv = try g.add(ConvOp(Window(padding: .sameUpper)), x[0], weight(&g, [3, 2, 3, 3]))
            return [try g.add(BinaryOp(.add), x[1], try g.add(UnaryOp(.hardSwish), conv))]
        },
        RuleCase(
            rule: FuseConv(), name: "a result that is read twice", applies: 0, left: ["Conv", "Unary", "Binary"],
            shapes: [[1, 2, 5, 5]]
        ) { g, x in
            let conv = try g.add(ConvOp(), x[0], weight(&g, [3, 2, 3, 3]))
            return [try g.add(BinaryOp(.mul), conv, try g.add(UnaryOp(.relu), conv))]
        },
    ]

    /// Batch normalization by constants, the variance positive.
    private static func norm(_ g: inout Graph, _ x: ValueID, _ channels: Int) throws -> ValueID {
        let variance = g.addConstant(Tensor(vector: (0..<channels).map { 0.5 + Float($0) / 4 }))
        let inputs = [x] + (0..<3).map { weight(&g, [channels], seed: UInt64(20 + $0)) } + [variance]
        return try g.add(BatchNormOp(), inputs)[0]
    }
}
