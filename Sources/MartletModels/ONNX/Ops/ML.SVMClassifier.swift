import MartletGraph

extension ONNXOp {
    /// The class that wins most comparisons with another one, and either the comparisons' scores or probabilities of the classes.
    static let mlSVMClassifier = ONNXOp("SVMClassifier", domain: "ai.onnx.ml", inputs: 1...1) { call -> [ValueID?] in
        let x = try call.rows(0)
        guard let labels = try call.classLabels(ints: "classlabels_ints") else {
            throw call.wrong("it has no class labels")
        }
        let coefficients = try call.numbers("coefficients") ?? []
        let rho = try call.numbers("rho") ?? []
        let transform = try call.postTransform()
        let perClass = try call.ints("vectors_per_class") ?? []
        let classes = labels.count
        guard !perClass.isEmpty else {
            let scores = try call.linear(
                x, coefficients, [Double](repeating: rho.first ?? 0, count: classes), targets: classes)
            return [
                try call.labels(call.largest(scores), labels),
                try call.cast(call.transformed(scores, transform), to: .float32),
            ]
        }
        let pairs = classes * (classes - 1) / 2
        let (vectors, overflow) = perClass.reduce((0, false)) { sum, next in
            let (value, overflow) = sum.0.addingReportingOverflow(next)
            return (value, sum.1 || overflow || next < 0)
        }
        guard classes >= 2, classes <= 1 << 10, perClass.count == classes, !overflow, vectors > 0,
            coefficients.count / vectors == classes - 1, coefficients.count % vectors == 0, rho.count >= pairs
        else { throw call.wrong("its lists do not fit \(classes) classes of \(vectors) support vectors") }
        // Terms are large beside their sum: in float32 its error would show in the probabilities.
        let kernels = try call.cast(
            call.kernel(x, call.numbers("support_vectors") ?? [], count: vectors), to: .float64)
        let comparisons = PairComparisons(
            classes: classes, perClass: perClass, vectors: vectors, coefficients: coefficients)
        let scores = try call.linear(kernels, comparisons.weights, Array(rho.prefix(pairs)), targets: pairs)
        let zero = try call.constant(0, call.dtype(scores))
        let wins = try call.cast(call.emit(CompareOp(.gt), scores, zero), to: .float32)
        let votes = try call.linear(wins, comparisons.votes, comparisons.lostVotes, targets: classes)
        let label = try call.labels(call.largest(votes), labels)

        guard let a = try call.numbers("prob_a"), let b = try call.numbers("prob_b") else {
            guard classes == 2 else {
                return [label, try call.cast(call.transformed(scores, transform), to: .float32)]
            }
            let other =
                transform == .none
                ? try call.emit(UnaryOp(.neg), scores)
                : try call.emit(BinaryOp(.sub), call.constant(1, call.dtype(scores)), scores)
            // As runtimes have it: the score of the first class stands second.
            return [label, try call.cast(call.emit(ConcatOp(axis: 1), other, scores), to: .float32)]
        }
        guard a.count >= pairs, b.count >= pairs else {
            throw call.wrong("there are not \(pairs) of prob_a and prob_b")
        }
        let type = call.dtype(scores)
        let scaled = try call.emit(
            BinaryOp(.add),
            call.emit(BinaryOp(.mul), scores, call.constant(Array(a.prefix(pairs)), type)),
            call.constant(Array(b.prefix(pairs)), type))
        let pairwise = try call.emit(
            ClipOp(), call.emit(UnaryOp(.sigmoid), call.emit(UnaryOp(.neg), scaled)),
            call.constant(1e-7, type), call.constant(1 - 1e-7, type))
        let probabilities = try call.emit(PairwiseCouplingOp(classes: classes), pairwise)
        return [label, try call.cast(call.transformed(probabilities, transform), to: .float32)]
    }
}

/// All comparisons of two classes i < j as one matrix over the support vectors' kernels, and as votes.
private struct PairComparisons {
    /// [pairs, vectors]
    private(set) var weights: [Double] = []
    /// [classes, pairs]: what a comparison that its first class wins adds to the votes.
    private(set) var votes: [Double]
    /// [classes]: the votes if every comparison is lost by its first class.
    private(set) var lostVotes: [Double]

    /// Coefficients are [classes - 1, vectors]: a class's vectors have one for each other class, in order.
    init(classes: Int, perClass: [Int], vectors: Int, coefficients: [Double]) {
        let pairs = classes * (classes - 1) / 2
        votes = [Double](repeating: 0, count: classes * pairs)
        lostVotes = [Double](repeating: 0, count: classes)
        var starts = [0]
        for count in perClass { starts.append(starts[starts.count - 1] + count) }
        var pair = 0
        for i in 0..<classes {
            for j in i + 1..<max(classes, i + 1) {
                var row = [Double](repeating: 0, count: vectors)
                for place in starts[i]..<starts[i + 1] { row[place] = coefficients[(j - 1) * vectors + place] }
                for place in starts[j]..<starts[j + 1] { row[place] = coefficients[i * vectors + place] }
                weights += row
                votes[i * pairs + pair] = 1
                votes[j * pairs + pair] = -1
                lostVotes[j] += 1
                pair += 1
            }
        }
    }
}
