import Glibc
import MartletKernels

/// Seconds that the calling thread has run: what others do on a shared machine counts little. `wall` for several threads.
func now(wall: Bool = false) -> Double {
    var t = timespec()
    clock_gettime(wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t)
    return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
}

/// Runs the bodies in turn, `rounds` times, each for about `seconds`; returns the median seconds per call of each, and the
/// median peak of one core measured between them.
func inTurn(rounds: Int = 9, seconds: Double = 0.02, wall: Bool = false, _ bodies: [() -> Void]) -> (
    times: [Double], peak: Double
) {
    let counts = bodies.map { body in
        body()
        let start = now(wall: wall)
        body()
        return max(1, Int(seconds / max(now(wall: wall) - start, 1e-9)))
    }
    var times = [[Double]](repeating: [], count: bodies.count)
    var peaks: [Double] = []
    for _ in 0..<rounds {
        peaks.append(CPU.measurePeakFlops())
        for (i, body) in bodies.enumerated() {
            let start = now(wall: wall)
            for _ in 0..<counts[i] { body() }
            times[i].append((now(wall: wall) - start) / Double(counts[i]))
        }
    }
    return (times.map { $0.sorted()[rounds / 2] }, peaks.sorted()[rounds / 2])
}

/// Aligned floats with small varied values, never freed: the process is short.
func numbers(_ count: Int) -> UnsafeMutablePointer<Float> {
    let p = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 4), alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
    for i in 0..<count { p[i] = Float(i &* 7919 % 2001 - 1000) / 4000 }
    return p
}

/// Right-aligned in `width` characters, with `digits` decimals.
func fixed(_ x: Double, _ digits: Int, _ width: Int) -> String {
    let scale = pow(10, Double(digits))
    let units = Int((x * scale).rounded())
    let whole = String(units / Int(scale))
    let rest = String(units % Int(scale))
    let text = digits == 0 ? whole : whole + "." + String(repeating: "0", count: digits - rest.count) + rest
    return String(repeating: " ", count: max(0, width - text.count)) + text
}
