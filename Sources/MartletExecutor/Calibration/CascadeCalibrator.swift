import MartletData
import MartletModels
import MartletPlanner
import MartletSupport

/// Learns the thresholds of a cascade from labelled rows before its first row, or finds them as they were learnt before.
final class CascadeCalibrator {
    private let node: CascadeNode
    private let calibration: CascadeCalibration
    private let context: QueryContext
    private let answers: Pipeline
    /// Read only where what was learnt is kept.
    private let labelled: Pipeline?

    /// Tokens of a row for weighing costs: what a sentence has.
    private static let tokensPerRow = 32

    init(_ node: CascadeNode, _ calibration: CascadeCalibration, builder: PipelineBuilder, depth: Int) throws {
        self.node = node
        self.calibration = calibration
        context = builder.context
        _ = context.profile.add(calibration.title, depth: depth)
        answers = try builder.pipeline(calibration.answers, depth: depth + 1)
        labelled = calibration.store == nil ? nil : try builder.pipeline(calibration.labelled, depth: depth + 1)
    }

    /// For each tier the value of its parameter, nil if the tier is to be left out. Tiers without a parameter are not there.
    func learn() throws -> [Int: Double?] {
        let learnt: LearntThresholds
        if let labelled, let path = calibration.store {
            let key = try key(labelled)
            let store = CalibrationStore(path: path)
            if let known = try store.read(key: key, calibration) {
                learnt = known
            } else {
                learnt = try search()
                try store.write(learnt, key: key, calibration)
            }
        } else {
            learnt = try search()
        }
        context.profile.note(CalibrationText(node, calibration, learnt).text)
        var values: [Int: Double?] = [:]
        for (number, tier) in calibration.tiers.enumerated() {
            guard let threshold = tier.threshold else { continue }
            let level = learnt.isProven ? learnt.levels[number] : nil
            values.updateValue(level.map { threshold.value(at: $0) }, forKey: number)
        }
        return values
    }

    func abandon() {
        answers.abandon()
        labelled?.abandon()
    }

    // MARK: Searching

    private func search() throws -> LearntThresholds {
        var tiers = try zip(calibration.tiers, node.tiers).map { calibrated, tier in
            TierAnswers(
                sureness: [], isWrong: [], cost: try cost(tier),
                isFixed: calibrated.threshold == nil && calibrated.measure != nil)
        }
        while let window = try answers.next(rows: context.settings.morselRows * 8) {
            for block in window {
                for (number, tier) in calibration.tiers.enumerated() {
                    tiers[number].isWrong += block[tier.isWrong].withBools { Array($0) }
                    guard let measure = tier.measure else { continue }
                    tiers[number].sureness += Self.sureness(block[measure], tier.threshold?.comparison)
                }
            }
        }
        return ThresholdSearch(
            tiers, target: calibration.target, delta: calibration.delta, judgesLast: calibration.hasTruth
        ).run()
    }

    /// More is surer. As in comparisons NaN is above all numbers.
    private static func sureness(_ measure: Column, _ comparison: LearntThreshold.Comparison?) -> [Double] {
        measure.withFloats { values in
            values.indices.map { row in
                if measure.isNull(row) { return .nan }
                return switch comparison {
                case nil: 0
                case .atLeast, .above: values[row].isNaN ? .infinity : values[row]
                case .atMost, .below: -values[row]
                }
            }
        }
    }

    /// FLOP of a row in a tier, what its arguments take included.
    private func cost(_ tier: CascadeTier) throws -> Double {
        var models = [tier.call.model]
        tier.body.visit { if case .infer(let infer) = $0 { models.append(infer.call.model) } }
        return try models.reduce(0) { sum, model in
            let loaded = try context.models.model(model).loaded
            let tokens = min(Self.tokensPerRow, loaded.maxTokens ?? .max)
            return sum + Double(max(1, FlopEstimate(loaded, tokens: tokens).flops))
        }
    }

    // MARK: What it was learnt from

    /// Changes with the labelled rows, the models' files and everything that was asked.
    private func key(_ labelled: Pipeline) throws -> String {
        var hash = ContentHash()
        hash.add("cascade 1")
        hash.add("\(calibration.target) \(calibration.delta) \(calibration.hasTruth)")
        hash.add(calibration.answers.dump)
        var models: [BoundModel] = []
        calibration.answers.visit { if case .infer(let infer) = $0 { models.append(infer.call.model) } }
        for model in models {
            let options = model.options.sorted { $0.key < $1.key }
            hash.add(options.map { "\($0.key)=\($0.value.text)" }.joined(separator: ","))
            for path in try context.models.model(model).loaded.files {
                let file = try MappedFile(path: path)
                withExtendedLifetime(file) { hash.add(file.bytes) }
            }
        }
        var bytes: [UInt8] = []
        while let window = try labelled.next(rows: context.settings.morselRows * 8) {
            for block in window {
                for row in 0..<block.rowCount {
                    bytes.removeAll(keepingCapacity: true)
                    for column in calibration.labelled.columns { block[column.id].appendKey(row, to: &bytes) }
                    bytes.withUnsafeBytes { hash.add($0) }
                }
            }
        }
        return hash.text
    }
}

extension LearntThreshold {
    /// The parameter's value at which rows of this sureness and above are answered.
    func value(at sureness: Double) -> Double {
        switch comparison {
        case .atLeast: sureness
        case .above: sureness.nextDown
        case .atMost: -sureness
        case .below: (-sureness).nextUp
        }
    }
}
