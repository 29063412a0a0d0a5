import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

// usage: DecoderBench MODEL.gguf [THREADS]
// Load time, tokens per second of one sequence and of many short ones, latency of one token, and the process's peak memory,
// for a model of token ids in packed sequences. CPU time is of all threads: what is left of a measurement on a busy machine.
func seconds(_ clock: clockid_t, _ body: () throws -> Void) rethrows -> Double {
    var from = timespec()
    var to = timespec()
    clock_gettime(clock, &from)
    try body()
    clock_gettime(clock, &to)
    return Double(to.tv_sec - from.tv_sec) + 1e-9 * Double(to.tv_nsec - from.tv_nsec)
}

func peakMegabytes() -> Int {
    var usage = rusage()
    // RUSAGE_SELF, whose type differs between systems.
    getrusage(0, &usage)
    return usage.ru_maxrss / 1024
}

/// Sequences of token ids that begin at 1 and step by 7, laid end to end.
func batch(_ model: LoadedModel, _ lengths: [Int]) -> [Tensor] {
    var offsets: [Int32] = [0]
    for length in lengths { offsets.append((offsets.last ?? 0) + Int32(length)) }
    let positions = lengths.flatMap { (0..<Int32($0)) }
    return model.inputs.map { input in
        switch input.role {
        case .tokenIDs: Tensor(vector: positions.map { 1 + 7 * $0 })
        case .tokenPositions: Tensor(vector: positions)
        case .sequenceOffsets: Tensor(vector: offsets)
        default: Tensor(vector: lengths.map(Int32.init))
        }
    }
}

let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first else {
    print("usage: DecoderBench MODEL.gguf [THREADS]")
    exit(2)
}
let threads = arguments.dropFirst().first.flatMap { Int($0) } ?? 2
var loaded: LoadedModel?
let loading = try seconds(CLOCK_MONOTONIC) { loaded = try ModelFormats.load(path) }
guard let model = loaded else { exit(1) }
print("\(model.architecture): \(model.parameterCount) parameters, \(model.weightBytes >> 20) MB of weights")
print("load \(Int(loading * 1e3)) ms, peak memory \(peakMegabytes()) MB")
let context = RunContext(pool: ThreadPool(threadCount: threads))
for name in ["logits", "score"] {
    guard let output = model.output(named: name) else { continue }
    var graph = model.graph(for: [output])
    _ = try optimize(&graph, rules: graphRules + finishingRules)
    let compiled = CompiledGraph(graph)
    for lengths in [[1], [16], [128], [512], [Int](repeating: 24, count: 64)] {
        let inputs = batch(model, lengths)
        let tokens = lengths.reduce(0, +)
        var wall: [Double] = []
        var work: [Double] = []
        for _ in 0..<(tokens > 200 ? 3 : 7) {
            wall.append(
                try seconds(CLOCK_MONOTONIC) {
                    work.append(try seconds(CLOCK_PROCESS_CPUTIME_ID) { _ = try compiled.run(inputs, context) })
                })
        }
        let median = wall.sorted()[wall.count / 2]
        let cpu = work.sorted()[work.count / 2]
        print(
            "\(name) of \(lengths.count) × \(lengths[0]) tokens: \(Int(median * 1e6)) µs, "
                + "\(Int(Double(tokens) / median)) tokens/s; CPU time \(Int(cpu * 1e6)) µs, "
                + "\(Int(Double(tokens) / cpu)) tokens/s; peak memory \(peakMegabytes()) MB")
    }
}
