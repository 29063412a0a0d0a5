import Glibc
import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor

// usage: ModelBench MODEL THREADS ROUNDS DIMS [--wall] [--profile] [--dump] [--input FILE] [--output FILE]
// Runs a model of one float input of shape DIMS (1x3x640x640), and prints the median, least and greatest milliseconds. With DIMS as
// tokens:8x64 the inputs are integers: a pattern of ids in the first, ones in the others (masks).
// FILEs are raw little-endian floats; without an input file the input is a fixed pattern. --profile adds the time of each
// kind of op and of the slowest nodes. For work on operators: it builds without the language.

/// Of the calling thread, which others on a shared machine disturb little; with several threads, of the clock on the wall.
nonisolated(unsafe) var clockID = CLOCK_THREAD_CPUTIME_ID

func milliseconds() -> Double {
    var t = timespec()
    clock_gettime(clockID, &t)
    return Double(t.tv_sec) * 1e3 + Double(t.tv_nsec) * 1e-6
}

func option(_ name: String) -> String? {
    guard let index = CommandLine.arguments.firstIndex(of: name), index + 1 < CommandLine.arguments.count else {
        return nil
    }
    return CommandLine.arguments[index + 1]
}

func bench() throws {
    let words = CommandLine.arguments
    let isText = words.count > 4 && words[4].hasPrefix("tokens:")
    let shape = words.count > 4 ? words[4].drop { !$0.isNumber }.split(separator: "x").compactMap { Int($0) } : []
    guard let threads = Int(words[2]), let rounds = Int(words[3]), rounds > 0, !shape.isEmpty else {
        print(
            "usage: ModelBench MODEL THREADS ROUNDS DIMS [--wall] [--profile] [--dump] [--input FILE] [--output FILE]")
        exit(2)
    }
    if threads > 1 || words.contains("--wall") { clockID = CLOCK_MONOTONIC }
    let model = try ModelFormats.load(words[1])
    var graph = model.graph
    let trace = try graph.optimize()
    if words.contains("--dump") {
        print(graph.dump)
        print(trace.applications.map { "\($0.rule) \($0.count)" }.joined(separator: ", "))
    }
    let compiled = CompiledGraph(graph)
    try compiled.prepare()
    let context = RunContext(pool: threads > 1 ? ThreadPool(threadCount: threads) : nil)
    let input = try Tensor(.float32, shape: shape)
    var inputs = [input]
    if isText {
        inputs = graph.inputs.indices.map { place in
            Tensor((0..<input.count).map { Int64(place == 0 ? 1000 + $0 &* 7919 % 20_000 : 1) }, shape: shape)
        }
    } else if let path = option("--input"), let file = fopen(path, "rb") {
        guard fread(input.pointer, 1, input.byteCount, file) == input.byteCount else { exit(1) }
        fclose(file)
    } else {
        let numbers = input.mutableElements(Float.self)
        for index in 0..<input.count { numbers[index] = Float(index &* 7919 % 2001 - 1000) / 1000 }
    }
    var outputs = try compiled.run(inputs, context)
    var times: [Double] = []
    for _ in 0..<rounds {
        let start = milliseconds()
        outputs = try compiled.run(inputs, context)
        times.append(milliseconds() - start)
    }
    times.sort()
    print("median \(times[rounds / 2]) least \(times[0]) greatest \(times[rounds - 1])")
    if words.contains("--profile") { try profile(compiled, inputs, context, rounds) }
    if let path = option("--output"), let file = fopen(path, "wb") {
        fwrite(outputs[0].pointer, 1, outputs[0].byteCount, file)
        fclose(file)
    }
}

/// Mean milliseconds of each kind of op, and of the slowest nodes.
func profile(_ graph: CompiledGraph, _ inputs: [Tensor], _ context: RunContext, _ rounds: Int) throws {
    var kinds: [String: Double] = [:]
    var nodes: [String: Double] = [:]
    var last = 0.0
    context.onStep = { node, results in
        let now = milliseconds()
        let op = type(of: node.op).name
        kinds[op, default: 0] += now - last
        nodes["\(op) \(node.op.attributes) \(results.map(\.shape)) \(node.outputs[0].index)", default: 0] += now - last
        last = milliseconds()
    }
    for _ in 0..<rounds {
        last = milliseconds()
        _ = try graph.run(inputs, context)
    }
    for (name, time) in kinds.sorted(by: { $0.value > $1.value }) { print(time / Double(rounds), name) }
    print("")
    for (name, time) in nodes.sorted(by: { $0.value > $1.value }).prefix(25) { print(time / Double(rounds), name) }
}

do {
    try bench()
} catch let error as any Explainable {
    print(error.explanation.message)
    exit(1)
}
