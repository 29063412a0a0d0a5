import Glibc
import Martlet

// usage: LatencyBench SCRIPT TEXTS COUNT THREADS [OUTPUT]
// The latency of one text at a time: SCRIPT is prepared once; then its parameter $text takes COUNT lines of TEXTS, one after the
// other (from the beginning again where there are fewer), each a query of its own. Prints median, 99th percentile and mean in
// microseconds. OUTPUT takes the vectors of the last column, one line of numbers for each text.

func microseconds() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) * 1e6 + Double(t.tv_nsec) * 1e-3
}

func contents(_ path: String) -> String {
    guard let file = fopen(path, "r") else {
        print("cannot read \(path)")
        exit(1)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}

func bench() throws {
    let words = CommandLine.arguments
    guard words.count >= 5, let count = Int(words[3]), count > 0, let threads = Int(words[4]) else {
        print("usage: LatencyBench SCRIPT TEXTS COUNT THREADS [OUTPUT]")
        exit(2)
    }
    let texts = contents(words[2]).split(separator: "\n").map(String.init)
    let prepared = try Session(threads: threads).prepare(contents(words[1]))
    func ask(_ text: String) throws -> Results {
        try prepared.bind("text", .string(text))
        return try prepared.run()
    }
    for text in texts.suffix(20) { _ = try ask(text) }
    var times: [Double] = []
    var vectors: [Value] = []
    for index in 0..<count {
        let text = texts[index % texts.count]
        let start = microseconds()
        let results = try ask(text)
        times.append(microseconds() - start)
        if let row = results.rows.first, let vector = row.values.last { vectors.append(vector) }
    }
    times.sort()
    let mean = times.reduce(0, +) / Double(count)
    print("median \(times[count / 2]) p99 \(times[count * 99 / 100]) mean \(mean)")
    guard words.count > 5, let file = fopen(words[5], "w") else { return }
    defer { fclose(file) }
    for vector in vectors { fputs("\(vector)\n", file) }
}

do { try bench() } catch {
    print(error)
    exit(1)
}
