import CFuzzDriver
import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The input is an ONNX file. It becomes a valid graph that can be described, optimized and run, or one explained error; within
/// limits of memory, rounds and work that are set.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let path = "/tmp/martlet-fuzz-\(getpid()).onnx"
    guard let file = fopen(path, "wb") else { return 0 }
    fwrite(data, 1, size, file)
    fclose(file)
    defer { unlink(path) }
    let before = peakMemory()
    let bytes = UnsafeBufferPointer(start: data, count: size)
    let seed = bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    explained {
        let model = try ModelFormats.load(path)
        precondition(model.graph.validate() == nil, "the graph is not valid")
        precondition(!describe(model).text.isEmpty, "a model without description")
        var optimized = model.graph
        _ = try optimized.optimize(validating: true)
        var inputs = MadeUpInputs(seed: seed)
        guard let tensors = try inputs.tensors(model.graph) else { return }
        let plain = explained { try run(model.graph, tensors) }
        let fast = explained { try run(optimized, tensors) }
        if let plain, let fast {
            for (a, b) in zip(plain, fast) {
                precondition(a.dtype == b.dtype && a.shape == b.shape, "rules changed \(a.shape) to \(b.shape)")
            }
        }
    }
    let peak = peakMemory()
    precondition(
        peak == before || peak < Limits.peak,
        "\(peak >> 20) MiB were in use, of which tensors may take \(Limits.memory >> 20)")
    return 0
}

private enum Limits {
    static let memory = 256 << 20
    /// Of the process: limited memory, the corpus, and what the code and libFuzzer take.
    static let peak = 1 << 30
    static let run = RunLimits(iterations: 200, memory: memory, work: 1 << 28)
}

private func run(_ graph: Graph, _ inputs: [Tensor]) throws -> [Tensor] {
    let results = try CompiledGraph(graph).run(inputs, RunContext(limits: Limits.run))
    for (port, result) in zip(graph.outputs, results) {
        let type = graph.type(port.value)
        // A value where an optional may be is one that holds it.
        if type.dtype == .optional, result.dtype != .optional { continue }
        precondition(type.dtype == result.dtype, "\(result.dtype) where \(type) was inferred")
        let fits = type.shape.map {
            $0.count == result.rank && zip($0, result.shape).allSatisfy { $0.fixedValue ?? $1 == $1 }
        }
        precondition(fits ?? true, "\(result.shape) where \(type) was inferred")
    }
    return results
}

/// What `body` makes; nil if it threw an error that has words.
@discardableResult
private func explained<T>(_ body: () throws -> T) -> T? {
    do {
        return try body()
    } catch let error as any Explainable {
        precondition(!error.explanation.message.isEmpty, "an error without words")
    } catch {
        preconditionFailure("an error that cannot be explained: \(error)")
    }
    return nil
}

/// The most bytes that the process ever had in memory.
private func peakMemory() -> Int {
    var usage = rusage()
    #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) << 10
    #else
    getrusage(RUSAGE_SELF, &usage)
    return Int(usage.ru_maxrss)
    #endif
}
