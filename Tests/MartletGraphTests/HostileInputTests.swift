import MartletGraph
import MartletTensor
import Testing

/// Every op on inputs of random types and shapes, with random attributes: an error or a result, never a trap.
@Suite struct HostileInputTests {
    private static func randomTensor(_ numbers: inout TestNumbers) -> Tensor {
        let shape = (0..<numbers.int(0..<5)).map { _ in [0, 1, 1, 2, 3][numbers.int(0..<5)] }
        let count = shape.reduce(1, *)
        let ints = (0..<count).map { _ in [0, 1, -1, 2, 3, 5, -7, Int.max, Int.min, 1 << 40][numbers.int(0..<10)] }
        switch numbers.int(0..<10) {
        case 0, 1, 2: return Tensor((0..<count).map { _ in numbers.next() * 3 }, shape: shape)
        case 3: return Tensor(ints.map { Double($0) }, shape: shape)
        case 4: return Tensor(ints.map { Int32(truncatingIfNeeded: $0) }, shape: shape)
        case 5: return Tensor(ints.map { Int8(truncatingIfNeeded: $0) }, shape: shape)
        case 6: return Tensor(ints.map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
        case 7: return Tensor(ints.map { $0 > 0 }, shape: shape)
        case 8: return Tensor(strings: ints.map { $0 > 1 ? "a b" : String($0) }, shape: shape)
        default: return Tensor(ints.map { Int64($0) }, shape: shape)
        }
    }

    private static func randomOp(_ numbers: inout TestNumbers) -> any GraphOp {
        let number = [0, 1, -1, 2, -3, 7, 1 << 40, Int.max, Int.min][numbers.int(0..<9)]
        let other = [0, 1, -1, 2, 3][numbers.int(0..<5)]
        let flag = numbers.int(0..<2) == 0
        func list(_ numbers: inout TestNumbers) -> [Int] {
            (0..<numbers.int(0..<4)).map { _ in [0, 1, -1, 2, -2, 3, Int.max, Int.min][numbers.int(0..<8)] }
        }
        func pick<T>(_ items: [T], _ numbers: inout TestNumbers) -> T { items[numbers.int(0..<items.count)] }
        let window = Window(
            strides: list(&numbers), dilations: list(&numbers),
            padding: pick([.explicit(list(&numbers)), .sameUpper, .sameLower, .valid, .explicit([])], &numbers),
            ceilMode: flag)
        let dims = list(&numbers).map { $0 == 3 ? Dim.symbol("s") : ($0 == -2 ? .unknown : .fixed($0)) }
        let weights = [
            BlockWeights(.blocks(pick(StoredFormat.allCases, &numbers)), columns: number),
            BlockWeights(.blocks(.f32), columns: pick([1, 2, 3], &numbers)),
            BlockWeights(
                .packed(bits: pick([2, 4, 8, other], &numbers), group: pick([8, 16, number], &numbers)), columns: number
            ),
            BlockWeights(.packed(bits: 8, group: 8), columns: pick([1, 3, 8], &numbers)),
        ]
        let ops: [any GraphOp] = [
            UnaryOp(pick(UnaryOp.Kind.allCases, &numbers), a: numbers.next(), b: numbers.next()),
            BinaryOp(pick(BinaryOp.Kind.allCases, &numbers)), BinaryOp(.div), BinaryOp(.mod), BinaryOp(.pow),
            CompareOp(pick(CompareOp.Kind.allCases, &numbers)), LogicalOp(pick(LogicalOp.Kind.allCases, &numbers)),
            WhereOp(), CastOp(pick(DType.allCases, &numbers)), ClipOp(), IsNaNOp(), IsInfOp(), IdentityOp(),
            TransposeOp(flag ? nil : list(&numbers)), ReshapeOp(flag ? nil : dims), ReshapeOp(allowZero: true),
            SqueezeOp(axes: flag ? nil : list(&numbers)), UnsqueezeOp(axes: flag ? nil : list(&numbers)),
            FlattenOp(axis: number), ExpandOp(flag ? nil : dims), SliceOp(),
            SliceOp([
                .init(
                    axis: other, start: .fixed(number), end: .fixed(other), step: pick([1, -1, 2, 0, .min], &numbers))
            ]),
            GatherOp(axis: other), GatherElementsOp(axis: other), GatherNDOp(batchDims: other), ConcatOp(axis: other),
            StackOp(axis: other), SplitOp(axis: other, count: pick([1, 2, 3, 0, -1], &numbers)),
            SplitOp(axis: other, count: 2, sizes: list(&numbers)), TileOp(repeats: flag ? nil : list(&numbers)),
            PadOp(pick([.constant, .reflect, .edge, .wrap], &numbers), pads: flag ? nil : list(&numbers)),
            ShapeOp(start: number, end: flag ? nil : other), SizeOp(), ConstantOfShapeOp(target: flag ? nil : dims),
            RangeOp(), TriluOp(upper: flag), NonZeroOp(), StringConcatOp(),
            TokenizeOp(
                pick([.scalars, .matches("\\w*"), .separated([" ", "b*"]), .matches("[")], &numbers), shortest: number,
                padding: "#", marksEnds: flag),
            StringSplitOp(delimiter: flag ? "a" : nil, limit: number), RegexMatchOp(flag ? "(a|b)*" : "("),
            StringNormalizeOp(pick(StringNormalizeOp.Case.allCases, &numbers), stopWords: ["a"], isCaseSensitive: flag),
            NGramCountOp(
                pick(NGramCountOp.Weighting.allCases, &numbers), lengths: 1...2, maxSkip: max(0, number),
                table: NGramTable(
                    Tensor(vector: [1, 2] as [Int64]), [(0..<1, 0), (0..<2, 3)], columnCount: 4, weights: [])),
            OneHotOp(axis: other), NumberedRowsOp(),
            CumSumOp(exclusive: flag, reverse: other == 1, isProduct: flag),
            ScatterElementsOp(axis: other, reduction: pick(ScatterReduction.allCases, &numbers)),
            ScatterNDOp(reduction: pick(ScatterReduction.allCases, &numbers)),
            TensorScatterOp(axis: other, isCircular: flag), HardmaxOp(axis: other),
            UniqueOp(axis: flag ? nil : other, isSorted: other == 1),
            NonMaxSuppressionOp(isCentred: flag), ReverseSequenceOp(timeAxis: other), DeterminantOp(),
            DFTOp(axis: flag ? nil : other, isInverse: other == 1, isOneSided: flag), STFTOp(isOneSided: flag),
            MelWeightMatrixOp(), BitCastOp(pick(DType.allCases, &numbers)),
            RandomOp(.normal(mean: 0, deviation: 1), dtype: .float32, seed: 1, target: flag ? nil : list(&numbers)),
            EinsumOp(pick(["ij,jk->ik", "...i,i...->...", "ii", "i,j", "ab,ab->", "->", "a..b", "ij->ji"], &numbers)),
            LinearAttentionOp(queryHeads: pick([1, 2, 0], &numbers), heads: pick([1, 2, -1], &numbers)),
            BlockLinearOp(pick(weights, &numbers)), BlockEmbeddingOp(pick(weights, &numbers)),
            BlockLikelihoodOp(pick(weights, &numbers), softcap: numbers.next()),
            RotaryTableOp(pairs: number, base: pick([10_000, 0, -1, .infinity], &numbers)),
            RotaryOp(heads: pick([1, 2, number], &numbers), isInterleaved: flag),
            AppendKeysOp(heads: pick([1, 2, number], &numbers)),
            AttentionOp(
                heads: pick([1, 2, number], &numbers), scale: 1, isCausal: flag, kvHeads: pick([1, other], &numbers),
                window: number, softcap: 2),
            RecurrentOp(
                pick([.rnn, .lstm, .gru], &numbers), direction: pick([.forward, .reverse, .bidirectional], &numbers),
                isBatchFirst: flag, resetsAfterProduct: other == 1),
            ReduceOp(pick(ReduceOp.Kind.allCases, &numbers), axes: flag ? nil : list(&numbers), keepDims: other == 1),
            ArgReduceOp(.max, axis: other, keepDims: flag), TopKOp(axis: other, largest: flag, k: flag ? nil : number),
            SoftmaxOp(axis: other, logarithm: flag), LayerNormOp(axis: other), RMSNormOp(axis: other), BatchNormOp(),
            NormalizeOp(p: pick([1, 2, 3], &numbers), axis: other),
            RowPairsOp(pick(RowPairsOp.Kind.allCases, &numbers)),
            MatMulOp(), GemmOp(alpha: pick([1, 0.5], &numbers), transposeA: flag, transposeB: other == 1),
            IntegerMatMulOp(pick([.int32, .float32, .uint8, .int8, .int64], &numbers)), IntegerMatMulOp(),
            IntegerConvOp(window, groups: other, pick([.int32, .float32, .uint8, .bool], &numbers)), IntegerConvOp(),
            QuantizeOp(pick([.int8, .uint8, .float32], &numbers)), DynamicQuantizeOp(),
            DequantizeOp(axis: flag ? nil : other),
            ConvOp(window, groups: other), ConvOp(), PoolOp(flag ? .max : .average, kernel: list(&numbers), window),
            PoolOp(.average, kernel: [1], countsPadding: flag),
            PoolOp(.max, kernel: list(&numbers), window, indices: flag ? .rowMajor : .columnMajor),
            ConvTransposeOp(
                window, groups: other, outputPadding: list(&numbers), outputShape: flag ? nil : list(&numbers)),
            ConvTransposeOp(), DeformConvOp(window, groups: other, offsetGroups: number), DeformConvOp(Window()),
            ResizeOp(
                pick([.nearest, .linear, .cubic], &numbers),
                coordinates: pick([.halfPixel, .alignCorners, .asymmetric, .cropAndResize], &numbers),
                axes: flag ? nil : list(&numbers)),
            GridSampleOp(
                pick([.nearest, .linear, .cubic], &numbers), padding: pick([.zeros, .border, .reflection], &numbers),
                alignCorners: flag),
            AffineGridOp(alignCorners: flag), Col2ImOp(window), CenterCropPadOp(axes: flag ? nil : list(&numbers)),
            RoiAlignOp(.average, height: 2, width: other, samplingRatio: number, scale: 1, halfPixel: flag),
            RoiPoolOp(height: 2, width: other, scale: 1),
            UnpoolOp(kernel: list(&numbers), strides: list(&numbers), pads: list(&numbers)),
            GlobalPoolOp(flag ? .max : .average),
            LinearOp(weightCount: pick([1, 2, 0, -1], &numbers), isTransposed: flag),
            EmbeddingOp(tableCount: pick([1, 2, 0, -1], &numbers), epsilon: flag ? nil : 1e-5),
            AttentionOp(heads: other, scale: 1, isPacked: flag),
            SegmentReduceOp(pick(SegmentReduceOp.Kind.allCases, &numbers)),
            RelativePositionBiasOp(maximumDistance: number), DimsOp(dims), DimsOp(dims, isScalar: true, dtype: .int32),
            FusedElementwiseOp(inputCount: 2, steps: [.binary(.add, 0, pick([1, 7, -1], &numbers))]),
        ]
        return pick(ops, &numbers)
    }

    @Test(arguments: 0..<24) func opsNeverTrap(_ seed: Int) throws {
        var numbers = TestNumbers(seed: UInt64(seed) + 1000)
        var ran = 0
        for _ in 0..<600 {
            let op = Self.randomOp(&numbers)
            let tensors = (0..<numbers.int(0..<5)).map { _ -> Tensor? in
                numbers.int(0..<8) == 0 ? nil : Self.randomTensor(&numbers)
            }
            let style = numbers.int(0..<3)
            var graph = Graph()
            var given: [Tensor] = []
            let ids = tensors.enumerated().map { index, tensor -> ValueID? in
                guard let tensor else { return nil }
                if style == 0 || style == 2 && index > 0 { return graph.addConstant(tensor) }
                given.append(tensor)
                return graph.addInput(
                    "x\(index)", ValueType(tensor.dtype, style == 1 ? nil : tensor.shape.map { .fixed($0) }))
            }
            do {
                let results = try graph.add(op, ids)
                for (index, id) in results.enumerated() { graph.addOutput("y\(index)", id) }
                let outputs = try CompiledGraph(graph).run(given, RunContext())
                ran += 1
                for (id, tensor) in zip(results, outputs) {
                    let type = graph.type(id)
                    #expect(type.dtype == tensor.dtype)
                    if let shape = type.shape {
                        #expect(
                            shape.count == tensor.rank
                                && zip(shape, tensor.shape).allSatisfy { $0.fixedValue == nil || $0.fixedValue == $1 },
                            "\(op): inferred \(type), got \(tensor.shape)")
                    }
                }
                var optimized = graph
                _ = try optimized.optimize(validating: true)
                let again = try CompiledGraph(optimized).run(given, RunContext())
                for (a, b) in zip(outputs, again) { #expect(a.shape == b.shape && a.dtype == b.dtype) }
            } catch is GraphError {
            } catch is TensorError {}
        }
        #expect(ran > 20)
    }

    @Test func errorsNameOpNodeAndReason() throws {
        var graph = Graph()
        let table = graph.addConstant(Tensor([Float](repeating: 0, count: 6), shape: [3, 2]))
        let ids = graph.addInput("ids", ValueType(.int64, [.symbol("n")]))
        graph.addOutput("y", try graph.add(EmbeddingOp(), table, ids, name: "/embeddings/word"))
        let compiled = CompiledGraph(graph)
        #expect {
            try compiled.run([Tensor(vector: [Int64(1), 3])], RunContext())
        } throws: { error in
            guard case GraphError.invalidInput("Embedding", "/embeddings/word", _, let reason) = error else {
                return false
            }
            return reason == "id 3 is outside a table of 3 rows"
        }
        #expect {
            try graph.add(MatMulOp(), table, table, name: "/product")
        } throws: { error in
            guard case GraphError.invalidInput("MatMul", "/product", _, let reason) = error else { return false }
            return reason == "2 columns meet 3 rows"
        }
    }
}
