import MartletGraph
import MartletTensor

/// What the classifiers and regressors of ai.onnx.ml share: scores to probabilities, places of classes to labels.
extension ONNXCall {
    enum PostTransform: Int {
        case none, softmax, logistic, softmaxZero, probit
    }

    func postTransform() throws -> PostTransform {
        try choice(
            "post_transform", default: "NONE",
            [
                "NONE": .none, "SOFTMAX": .softmax, "LOGISTIC": .logistic, "SOFTMAX_ZERO": .softmaxZero,
                "PROBIT": .probit,
            ])
    }

    /// Float32 or float64 rows [rows, columns] of an input of numbers: other types become float32, a vector one row.
    func rows(_ index: Int) throws -> ValueID {
        let x = try input(index)
        guard dtype(x).isNumeric else { throw wrong("it wants numbers, not \(dtype(x).name)") }
        let numbers = dtype(x) == .float64 ? x : try cast(x, to: .float32)
        return type(x).rank == 1 ? try emit(UnsqueezeOp(axes: [0]), numbers) : numbers
    }

    /// The transform of scores [rows, classes].
    func transformed(_ scores: ValueID, _ transform: PostTransform) throws -> ValueID {
        switch transform {
        case .none: scores
        case .softmax: try emit(SoftmaxOp(axis: -1), scores)
        case .logistic: try emit(UnaryOp(.sigmoid), scores)
        case .softmaxZero: try softmaxZero(scores)
        case .probit: try probit(scores)
        }
    }

    /// Softmax in which scores of zero keep out: they are scaled as the others, but stay zero.
    private func softmaxZero(_ x: ValueID) throws -> ValueID {
        let type = dtype(x)
        let highest = try emit(ReduceOp(.max, axes: [-1]), x)
        let isScore = try emit(CompareOp(.gt), emit(UnaryOp(.abs), x), constant(1e-7, type))
        let shifted = try emit(UnaryOp(.exp), emit(BinaryOp(.sub), x, highest))
        let scaled = try emit(BinaryOp(.mul), x, emit(UnaryOp(.exp), emit(UnaryOp(.neg), highest)))
        let terms = try emit(WhereOp(), isScore, shifted, scaled)
        let sum = try emit(ReduceOp(.sum, axes: [-1]), terms)
        let isEmpty = try emit(CompareOp(.eq), sum, constant(0, type))
        let divisor = try emit(WhereOp(), isEmpty, constant(1, type), sum)
        return try emit(WhereOp(), isEmpty, constant(0.5, type), emit(BinaryOp(.div), terms, divisor))
    }

    /// √2 · erf⁻¹(2x - 1), with the inverse as S. Winitzki approximates it, which is what runtimes compute.
    private func probit(_ x: ValueID) throws -> ValueID {
        let type = dtype(x)
        func scaled(_ value: ValueID, _ factor: Double, _ offset: Double = 0) throws -> ValueID {
            try emit(BinaryOp(.add), emit(BinaryOp(.mul), value, constant(factor, type)), constant(offset, type))
        }
        let y = try scaled(x, 2, -1)
        let inner = try emit(BinaryOp(.sub), constant(1, type), emit(UnaryOp(.square), y))
        let logarithm = try emit(UnaryOp(.log), inner)
        let first = try scaled(logarithm, 0.5, 2 / (Double.pi * 0.147))
        let second = try scaled(logarithm, 1 / 0.147)
        let root = try emit(
            UnaryOp(.sqrt), emit(BinaryOp(.sub), emit(UnaryOp(.square), first), second))
        let size = try emit(UnaryOp(.sqrt), emit(BinaryOp(.sub), root, first))
        return try scaled(emit(BinaryOp(.mul), emit(UnaryOp(.sign), y), size), 1.41421356)
    }

    // MARK: Classes

    enum ClassLabels {
        case ints([Int])
        case strings([String])

        var count: Int {
            switch self {
            case .ints(let list): list.count
            case .strings(let list): list.count
            }
        }
    }

    /// The names of the classes from a list of integers or one of strings; nil if there is none.
    func classLabels(ints: String = "classlabels_int64s", strings: String = "classlabels_strings") throws
        -> ClassLabels?
    {
        if let names = try self.strings(strings), !names.isEmpty { return .strings(names) }
        if let numbers = try self.ints(ints), !numbers.isEmpty { return .ints(numbers) }
        return nil
    }

    /// Labels [rows] of places [rows] among the classes.
    func labels(_ places: ValueID, _ labels: ClassLabels) throws -> ValueID {
        let table: ValueID
        switch labels {
        case .ints(let list):
            if list == Array(list.indices) { return places }
            table = constant(ints: list)
        case .strings(let list): table = constant(Tensor(strings: list, shape: [list.count]))
        }
        return try emit(GatherOp(), table, places)
    }

    /// The place of the largest of scores [rows, classes], the first among equals.
    func largest(_ scores: ValueID) throws -> ValueID {
        try emit(ArgReduceOp(.max, axis: -1, keepDims: false), scores)
    }

    /// Labels and the float32 scores of two classes from the score [rows, 1] of the second one.
    ///
    /// - Parameters:
    ///   - threshold: what a score must exceed for the second class.
    ///   - isProbability: whether the first class has 1 - score instead of -score, before the transform.
    func binary(
        _ score: ValueID, _ labels: ClassLabels, threshold: Double, isProbability: Bool, _ transform: PostTransform
    ) throws -> [ValueID?] {
        let type = dtype(score)
        let isSecond = try emit(CompareOp(.gt), score, constant(threshold, type))
        let place = try emit(SqueezeOp(axes: [1]), cast(isSecond, to: .int64))
        let other =
            isProbability
            ? try emit(BinaryOp(.sub), constant(1, type), score) : try emit(UnaryOp(.neg), score)
        let both = try emit(ConcatOp(axis: 1), other, score)
        let scores = try isProbability && transform != .probit ? both : transformed(both, transform)
        return [try self.labels(place, labels), try cast(scores, to: .float32)]
    }
}
