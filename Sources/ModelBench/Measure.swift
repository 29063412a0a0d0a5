import Glibc
import MartletGraph
import MartletTensor

/// Of the calling thread, which others on a shared machine disturb little; or of the clock on the wall.
struct BenchClock {
    var isWall: Bool

    var milliseconds: Double {
        var t = timespec()
        clock_gettime(isWall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t)
        return Double(t.tv_sec) * 1e3 + Double(t.tv_nsec) * 1e-6
    }
}

/// The most memory that this process held, as Linux counts it; 0 elsewhere. Not `getrusage`: its number includes what the program
/// held that started this one.
func peakKilobytes() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if text.hasPrefix("VmHWM:") { return Int(text.filter(\.isNumber)) ?? 0 }
    }
    return 0
}

/// Prints the mean milliseconds of each kind of op in a round, and of the slowest nodes.
func profile(rounds: Int, _ clock: BenchClock, _ context: RunContext, _ round: () throws -> Void) throws {
    var kinds: [String: Double] = [:]
    var nodes: [String: Double] = [:]
    var last = 0.0
    context.onStep = { node, results in
        let now = clock.milliseconds
        let op = type(of: node.op).name
        kinds[op, default: 0] += now - last
        nodes["\(op) \(node.op.attributes) \(results.map(\.shape)) \(node.outputs[0].index)", default: 0] += now - last
        last = clock.milliseconds
    }
    for _ in 0..<rounds {
        last = clock.milliseconds
        try round()
    }
    for (name, time) in kinds.sorted(by: { $0.value > $1.value }) { print(time / Double(rounds), name) }
    print("")
    for (name, time) in nodes.sorted(by: { $0.value > $1.value }).prefix(25) { print(time / Double(rounds), name) }
}
