import MartletData

/// How well predictions fit the truth. Rows where either is null are left out.
///
/// Without a positive class `precision`, `recall` and `f1` are macro averages: the unweighted mean over the classes that
/// occur in the predictions or in the truth, a class without predictions (or without truth) counting 0, as scikit-learn
/// does. With one, they are those of that class. `auroc` counts ties as one half.
let evaluationAggregates: [Aggregate] = [
    Aggregate(
        "accuracy", "(predicted, truth) -> float", doc: "share of rows where the prediction is the truth",
        example: AggregateExample("values ('a', 'a'), ('b', 'a') as t(a, b)", "accuracy(a, b)", gives: "0.5"),
        resolve: { arguments throws(TypeMismatch) in try resolvePair(arguments, 2...2) },
        makeState: { _, type in GroupedState(Confusion(metric: .accuracy, positive: nil), type: type) }),
    classMetric("precision", "share of right ones among predictions of a class", .precision, "0.25"),
    classMetric("recall", "share of a class's rows that were found", .recall, "0.5"),
    classMetric("f1", "harmonic mean of precision and recall", .f1, "0.3333333333333333"),
    Aggregate(
        "auroc", "(score float, truth bool) -> float",
        doc: "chance that a true row scores higher than one that is not",
        example: AggregateExample("values (0.9, true), (0.1, false) as t(a, b)", "auroc(a, b)", gives: "1.0"),
        keepsValues: true,
        resolve: takes([.float, .bool], gives: .float), makeState: { _, type in GroupedState(Ranking(), type: type) }),
]

private func classMetric(_ name: String, _ doc: String, _ metric: Confusion.Metric, _ result: String) -> Aggregate {
    Aggregate(
        name, "(predicted, truth [, positive]) -> float", doc: doc + "; the mean over classes, or of one class",
        example: AggregateExample("values ('a', 'a'), ('a', 'b') as t(a, b)", "\(name)(a, b)", gives: result),
        resolve: { arguments throws(TypeMismatch) in try resolvePair(arguments, 2...3) },
        makeState: { arguments, type in
            GroupedState(
                Confusion(metric: metric, positive: arguments.count > 2 ? arguments.constants[2] : nil), type: type)
        })
}

private func resolvePair(_ arguments: FunctionArguments, _ counts: ClosedRange<Int>) throws(TypeMismatch) -> Resolution
{
    try checkCount(arguments, counts)
    var type = arguments.types[0]
    for (position, next) in arguments.types.enumerated() {
        guard let both = type.unified(with: next) else {
            throw TypeMismatch(
                argument: position, "wants \(arguments.types[0].text) as the predictions are, got \(next.text)",
                wanted: arguments.types[0])
        }
        type = both
    }
    if arguments.count > 2, arguments.constants[2] == nil { throw TypeMismatch(argument: 2, "wants a constant class") }
    return Resolution(arguments.types.map { _ in type }, .float)
}

private struct Confusion: GroupState {
    enum Metric: Sendable { case accuracy, precision, recall, f1 }

    private struct Cell: Hashable, Sendable {
        var predicted: Value
        var truth: Value
    }

    let metric: Metric
    let positive: Value?
    private var cells: [Cell: Int] = [:]
    private var classes: [Value] = []
    private var known: Set<Value> = []

    init(metric: Metric, positive: Value?) {
        self.metric = metric
        self.positive = positive
    }

    mutating func add(_ columns: [Column], _ row: Int) {
        guard !columns[0].isNull(row), !columns[1].isNull(row) else { return }
        count(Cell(predicted: columns[0].value(row), truth: columns[1].value(row)), 1)
    }

    mutating func merge(_ other: Self) {
        for value in other.classes { see(value) }
        for (cell, times) in other.cells { count(cell, times) }
    }

    private mutating func count(_ cell: Cell, _ times: Int) {
        see(cell.truth)
        see(cell.predicted)
        cells[cell, default: 0] += times
    }

    private mutating func see(_ value: Value) { if known.insert(value).inserted { classes.append(value) } }

    func value() -> Value {
        let total = cells.values.reduce(0, +)
        guard total > 0 else { return .null }
        if metric == .accuracy {
            return .float(
                Double(cells.reduce(0) { $0 + ($1.key.predicted == $1.key.truth ? $1.value : 0) }) / Double(total))
        }
        if let positive { return .float(score(positive)) }
        return .float(classes.map(score).sorted().reduce(0, +) / Double(classes.count))
    }

    private func score(_ wanted: Value) -> Double {
        var hits = 0
        var predicted = 0
        var truths = 0
        for (cell, times) in cells {
            if cell.predicted == wanted { predicted += times }
            if cell.truth == wanted { truths += times }
            if cell.predicted == wanted, cell.truth == wanted { hits += times }
        }
        let precision = predicted == 0 ? 0 : Double(hits) / Double(predicted)
        let recall = truths == 0 ? 0 : Double(hits) / Double(truths)
        switch metric {
        case .precision: return precision
        case .recall: return recall
        case .f1, .accuracy: return predicted + truths == 0 ? 0 : 2 * Double(hits) / Double(predicted + truths)
        }
    }
}

/// Mann–Whitney U over the mean ranks of ties.
private struct Ranking: GroupState {
    private var scores: [(score: Double, truth: Bool)] = []

    mutating func add(_ columns: [Column], _ row: Int) {
        guard !columns[0].isNull(row), !columns[1].isNull(row) else { return }
        scores.append((columns[0].float(row), columns[1].bool(row)))
    }

    mutating func merge(_ other: Self) { scores += other.scores }

    func value() -> Value {
        let sorted = scores.sorted { order($0.score, $1.score) < 0 }
        let positives = Double(sorted.count { $0.truth })
        let negatives = Double(sorted.count) - positives
        guard positives > 0, negatives > 0 else { return .null }
        var wins = 0.0
        var negativesBelow = 0.0
        var start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, order(sorted[end].score, sorted[start].score) == 0 { end += 1 }
            let tiedPositives = Double(sorted[start..<end].count { $0.truth })
            let tiedNegatives = Double(end - start) - tiedPositives
            wins += tiedPositives * (negativesBelow + tiedNegatives / 2)
            negativesBelow += tiedNegatives
            start = end
        }
        return .float(wins / (positives * negatives))
    }
}
