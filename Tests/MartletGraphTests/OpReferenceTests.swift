import MartletGraph
import MartletSupport
import MartletTensor
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// One op with inputs and the outputs that the reference implementation gave; see Fixtures/ops.py.
struct OpCase: CustomTestStringConvertible, Sendable {
    var name: String
    var tag: String
    var attributes: JSONObject
    var inputs: [Tensor?]
    var outputs: [Tensor]

    var testDescription: String { "\(name) \(tag)" }

    static let all: [OpCase] = {
        guard let url = Fixture.bytes("ops.json"), let file = try? JSON.parse(url) else { return [] }
        return (file["cases"]?.array ?? []).compactMap { json in
            guard let name = json["op"]?.string, let inputs = json["inputs"]?.array,
                let outputs = json["outputs"]?.array, case .object(let attributes)? = json["attributes"]
            else { return nil }
            return OpCase(
                name: name, tag: json["tag"]?.string ?? "", attributes: attributes, inputs: inputs.map(tensor),
                outputs: outputs.compactMap(tensor))
        }
    }()

    private static func tensor(_ json: JSON) -> Tensor? {
        guard let dtype = json["dtype"]?.string, let shape = json["shape"]?.array?.compactMap(\.int),
            let values = json["values"]?.array
        else { return nil }
        func number(_ value: JSON) -> Double {
            switch value.string {
            case "nan": .nan
            case "inf": .infinity
            case "-inf": -.infinity
            default: value.double ?? 0
            }
        }
        switch dtype {
        case "float32": return Tensor(values.map { Float(number($0)) }, shape: shape)
        case "float64": return Tensor(values.map(number), shape: shape)
        case "int32": return Tensor(values.map { Int32($0.int ?? 0) }, shape: shape)
        case "int64": return Tensor(values.map { Int64($0.int ?? 0) }, shape: shape)
        case "uint8": return Tensor(values.map { UInt8($0.int ?? 0) }, shape: shape)
        case "int8": return Tensor(values.map { Int8($0.int ?? 0) }, shape: shape)
        case "bool": return Tensor(values.map { $0.bool ?? false }, shape: shape)
        default: return nil
        }
    }

    func int(_ key: String) -> Int? { attributes[key]?.int }
    func ints(_ key: String) -> [Int]? { attributes[key]?.array?.compactMap(\.int) }
    func float(_ key: String, _ fallback: Float) -> Float { attributes[key]?.double.map { Float($0) } ?? fallback }
}

@Suite struct OpReferenceTests {
    @Test func fixtureIsThere() { #expect(OpCase.all.count > 180) }

    /// Run as a graph whose inputs have unknown shapes, then as one with constants: both must give the reference's values.
    @Test(arguments: OpCase.all) func equalsReference(_ test: OpCase) throws {
        let (op, order) = try #require(try Self.op(for: test), "no op for \(test.name)")
        for asConstants in [false, true] {
            var graph = Graph()
            var given: [Tensor] = []
            let ids = test.inputs.map { tensor -> ValueID? in
                guard let tensor else { return nil }
                if asConstants { return graph.addConstant(tensor) }
                given.append(tensor)
                return graph.addInput("x\(given.count)", ValueType(tensor.dtype, nil))
            }
            let results = try graph.add(op, order.map { $0.map { place in place.flatMap { ids[$0] } } } ?? ids)
            for (index, id) in results.enumerated() { graph.addOutput("y\(index)", id) }
            let outputs = try CompiledGraph(graph).run(given, RunContext())
            try #require(outputs.count == test.outputs.count)
            for (index, (actual, expected)) in zip(outputs, test.outputs).enumerated() {
                #expect(actual.dtype == expected.dtype && actual.shape == expected.shape)
                #expect(agree(actual, expected), "\(values(actual)) but the reference has \(values(expected))")
                // What was inferred must hold for what came out.
                let type = graph.type(results[index])
                #expect(type.dtype == actual.dtype)
                if let shape = type.shape {
                    #expect(
                        shape.count == actual.rank
                            && zip(shape, actual.shape).allSatisfy { $0.fixedValue == nil || $0.fixedValue == $1 },
                        "inferred \(type), got \(actual.shape)")
                }
                if let integers = graph.values[results[index].index].integers, index == 0 {
                    let known = zip(integers, actual.integerValues() ?? [])
                    #expect(known.allSatisfy { $0.fixedValue == nil || $0.fixedValue == $1 })
                }
            }
        }
    }

    private func values(_ tensor: Tensor) -> [Double] {
        switch tensor.dtype {
        case .float32: tensor.elements(Float.self).map(Double.init)
        case .float64: Array(tensor.elements(Double.self))
        case .bool: tensor.elements(Bool.self).map { $0 ? 1 : 0 }
        default: (tensor.integerValues() ?? []).map(Double.init)
        }
    }

    private func agree(_ a: Tensor, _ b: Tensor) -> Bool {
        zip(values(a), values(b)).allSatisfy { x, y in
            x == y || x.isNaN && y.isNaN || abs(x - y) <= 2e-5 * max(1, abs(y))
        }
    }

    private static let unary: [String: UnaryOp.Kind] = [
        "Neg": .neg, "Abs": .abs, "Exp": .exp, "Sqrt": .sqrt, "Reciprocal": .reciprocal, "Erf": .erf, "Tanh": .tanh,
        "Sigmoid": .sigmoid, "Relu": .relu, "Ceil": .ceil, "Floor": .floor, "Round": .round, "Sign": .sign, "Log": .log,
        "Sin": .sin, "Cos": .cos, "Softplus": .softplus, "Softsign": .softsign,
    ]
    private static let binary: [String: BinaryOp.Kind] = [
        "Add": .add, "Sub": .sub, "Mul": .mul, "Div": .div, "Pow": .pow, "Min": .min, "Max": .max,
    ]
    private static let compare: [String: CompareOp.Kind] = [
        "Equal": .eq, "Less": .lt, "Greater": .gt, "LessOrEqual": .le, "GreaterOrEqual": .ge,
    ]
    private static let reduce: [String: ReduceOp.Kind] = [
        "ReduceSum": .sum, "ReduceMean": .mean, "ReduceMax": .max, "ReduceMin": .min, "ReduceProd": .prod,
        "ReduceL1": .l1, "ReduceL2": .l2, "ReduceSumSquare": .sumSquare, "ReduceLogSumExp": .logSumExp,
        "ReduceLogSum": .logSum,
    ]
    private static let types: [Int: DType] = [1: .float32, 6: .int32, 7: .int64, 9: .bool, 11: .float64]

    /// The op, and the order of its inputs where it differs from ONNX's.
    static func op(for test: OpCase) throws -> (any GraphOp, [Int?]?)? {
        if let kind = unary[test.name] { return (UnaryOp(kind), nil) }
        if let kind = binary[test.name] { return (BinaryOp(kind), nil) }
        if let kind = compare[test.name] { return (CompareOp(kind), nil) }
        let keepDims = test.int("keepdims") != 0
        if let kind = reduce[test.name] {
            return (ReduceOp(kind, keepDims: keepDims, noopWithEmptyAxes: test.int("noop_with_empty_axes") == 1), nil)
        }
        let axis = test.int("axis")
        let op: (any GraphOp)? =
            switch test.name {
            case "Mod": BinaryOp(test.int("fmod") == 1 ? .fmod : .mod)
            case "And": LogicalOp(.and)
            case "Or": LogicalOp(.or)
            case "Xor": LogicalOp(.xor)
            case "Not": LogicalOp(.not)
            case "Where": WhereOp()
            case "Cast": test.int("to").flatMap { types[$0] }.map { CastOp($0) }
            case "Clip": ClipOp()
            case "IsNaN": IsNaNOp()
            case "IsInf": IsInfOp(detectNegative: test.int("detect_negative") != 0)
            case "Transpose": TransposeOp(test.ints("perm"))
            case "Reshape": ReshapeOp(allowZero: test.int("allowzero") == 1)
            case "Expand": ExpandOp()
            case "Squeeze": SqueezeOp()
            case "Unsqueeze": UnsqueezeOp()
            case "Flatten": FlattenOp(axis: axis ?? 1)
            case "Slice": SliceOp()
            case "Gather": GatherOp(axis: axis ?? 0)
            case "GatherElements": GatherElementsOp(axis: axis ?? 0)
            case "GatherND": GatherNDOp(batchDims: test.int("batch_dims") ?? 0)
            case "Concat": ConcatOp(axis: axis ?? 0)
            case "Split": SplitOp(axis: axis ?? 0, count: test.outputs.count)
            case "Tile": TileOp()
            case "Pad": PadOp(test.attributes["mode"]?.string.flatMap(PadOp.Mode.init) ?? .constant)
            case "Shape": ShapeOp(start: test.int("start") ?? 0)
            case "Size": SizeOp()
            case "ConstantOfShape": ConstantOfShapeOp(ScalarValue(Int64(test.int("value") ?? 0)))
            case "Range": RangeOp()
            case "Trilu": TriluOp(upper: test.int("upper") != 0)
            case "NonZero": NonZeroOp()
            case "OneHot": OneHotOp(axis: axis ?? -1)
            case "CumSum": CumSumOp(exclusive: test.int("exclusive") == 1, reverse: test.int("reverse") == 1)
            case "ArgMax", "ArgMin":
                ArgReduceOp(
                    test.name == "ArgMax" ? .max : .min, axis: axis ?? 0, keepDims: keepDims,
                    selectLast: test.int("select_last_index") == 1)
            case "TopK": TopKOp(axis: axis ?? -1, largest: test.int("largest") != 0)
            case "Softmax": SoftmaxOp(axis: axis ?? -1)
            case "LogSoftmax": SoftmaxOp(axis: axis ?? -1, logarithm: true)
            case "LayerNormalization": LayerNormOp(axis: axis ?? -1, epsilon: test.float("epsilon", 1e-5))
            case "BatchNormalization": BatchNormOp()
            case "LpNormalization": NormalizeOp(p: test.int("p") ?? 2, axis: axis ?? -1)
            case "MatMul": MatMulOp()
            case "Gemm":
                GemmOp(
                    alpha: test.float("alpha", 1), beta: test.float("beta", 1), transposeA: test.int("transA") == 1,
                    transposeB: test.int("transB") == 1)
            case "Conv": ConvOp(window(test), groups: test.int("group") ?? 1)
            case "MaxPool": PoolOp(.max, kernel: test.ints("kernel_shape") ?? [], window(test))
            case "AveragePool":
                PoolOp(
                    .average, kernel: test.ints("kernel_shape") ?? [], window(test),
                    countsPadding: test.int("count_include_pad") == 1)
            case "GlobalAveragePool": GlobalPoolOp(.average)
            case "GlobalMaxPool": GlobalPoolOp(.max)
            default: nil
            }
        return op.map { ($0, nil) }
    }

    private static func window(_ test: OpCase) -> Window {
        Window(
            strides: test.ints("strides") ?? [], dilations: test.ints("dilations") ?? [],
            padding: test.attributes["auto_pad"]?.string == "SAME_UPPER"
                ? .sameUpper : .explicit(test.ints("pads") ?? []),
            ceilMode: test.int("ceil_mode") == 1)
    }
}

/// Files beside the tests.
enum Fixture {
    static func bytes(_ name: String) -> [UInt8]? {
        let path = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
        guard let file = try? MappedFile(path: "/\(path)/Fixtures/\(name)") else { return nil }
        return Array(file.bytes)
    }
}
