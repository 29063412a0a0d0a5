import MartletData
import MartletPlanner
import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that keeps what a cascade learnt, as JSON.
struct CalibrationStore {
    let path: String
    private static let mark = "martlet cascade calibration"

    /// What was learnt from exactly the same; nil if there is no file yet, or it was learnt from something else.
    func read(key: String, _ calibration: CascadeCalibration) throws -> LearntThresholds? {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch FileError.cannotOpen(_, ENOENT) { return nil }
        guard let object = withExtendedLifetime(file, { try? JSON.parse(file.bytes) }),
            object["kind"]?.string == Self.mark
        else {
            throw ExecutionError.notACalibration(path: path)
        }
        guard object["key"]?.string == key, let levels = object["levels"]?.array,
            levels.count == calibration.tiers.count, let rows = object["rows"]?.int, let wrong = object["wrong"]?.int,
            let answered = object["answered"]?.array?.compactMap(\.int), answered.count == levels.count,
            let isProven = object["proven"]?.bool
        else { return nil }
        return LearntThresholds(
            levels: levels.map(\.double), tally: Tally(rows: rows, wrong: wrong, answered: answered),
            isProven: isProven, rowsNeeded: object["rows_needed"]?.int)
    }

    func write(_ learnt: LearntThresholds, key: String, _ calibration: CascadeCalibration) throws {
        let thresholds = calibration.tiers.enumerated().compactMap { number, tier in
            tier.threshold.map { threshold in
                (threshold.name, learnt.levels[number].map { JSON.number(threshold.value(at: $0)) } ?? .null)
            }
        }
        let object = JSONObject([
            ("kind", .string(Self.mark)), ("key", .string(key)), ("target", .number(calibration.target)),
            ("delta", .number(calibration.delta)), ("thresholds", .object(JSONObject(thresholds))),
            ("rows", .int(Int64(learnt.tally.rows))), ("wrong", .int(Int64(learnt.tally.wrong))),
            ("answered", .array(learnt.tally.answered.map { .int(Int64($0)) })), ("proven", .bool(learnt.isProven)),
            ("rows_needed", learnt.rowsNeeded.map { .int(Int64($0)) } ?? .null),
            ("levels", .array(learnt.levels.map { level in level.map { .number($0) } ?? .null })),
        ])
        let file = try AtomicFile(path: path)
        let bytes = Array((JSON.object(object).text + "\n").utf8)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.commit()
    }
}
