/// Whether looking for equal rows still pays, by what it found so far.
struct SharingTrial {
    /// Rows that are looked at before a judgement.
    static let leastRows = 4_096

    private var rows = 0
    private var shared = 0
    /// True once it has been given up.
    private(set) var isOver = false

    /// What comparing a row costs, in floating-point operations that could be done meanwhile: about 0.2 µs, and 0.3 ns for each
    /// byte that is hashed and kept, at some 100 GFLOP/s.
    static func cost(bytes: Double) -> Double { 20_000 + 30 * bytes }

    /// A window was looked at.
    /// - Parameters:
    ///   - bytes: of its questions.
    ///   - flops: of a row that is run.
    mutating func note(rows count: Int, shared found: Int, bytes: Int, flops: Double) {
        rows += count
        shared += found
        guard rows >= Self.leastRows, count > 0 else { return }
        let spared = Double(shared + 1) / Double(rows) * flops
        isOver = spared < Self.cost(bytes: Double(bytes) / Double(count))
    }
}
