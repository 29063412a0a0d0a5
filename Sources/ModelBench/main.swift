import Glibc
import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor

let usage = """
    usage: ModelBench MODEL THREADS ROUNDS SHAPES [option …]
    Runs a model again and again, and prints the median, least and greatest milliseconds, and the most memory that the process held.
    For work on operators: it builds without the language.

    SHAPES: of each input in order, 1x3x640x640 or 1x576,2x1x128,scalar. tokens:8x64 is that of all inputs, which are a pattern of
            ids in the first, ones in the others (masks).
    --input FILE     raw little-endian elements of the next input (the option may be repeated); without it a fixed pattern
    --output FILE    writes output 0
    --frames N       the first input's file holds N inputs after each other; a round runs them all, and output 0 of all is written
    --carry OUT:IN   in a round, output OUT of a run is input IN of the next; the first has what is given
    --wall           by the clock on the wall, as always with several threads; else by the thread's time
    --profile        adds the time of each kind of op and of the slowest nodes
    --dump           prints the graph after its rules
    --open           leaves dimensions open that the file leaves open; else all but rows are compiled for SHAPES, as a query does
    """

func bench() throws {
    guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
        print(usage)
        exit(2)
    }
    let model = try ModelFormats.load(options.model)
    var graph = options.leavesOpen ? model.graph : try model.graph(for: options)
    let trace = try graph.optimize()
    if options.dumps {
        print(graph.dump)
        print(trace.applications.map { "\($0.rule) \($0.count)" }.joined(separator: ", "))
    }
    let compiled = CompiledGraph(graph)
    try compiled.prepare()
    let context = RunContext(pool: options.threads > 1 ? ThreadPool(threadCount: options.threads) : nil)
    let stream = try Stream(options, graph)
    let clock = BenchClock(isWall: options.isWall)
    var outputs = try stream.run(compiled, context)
    var times: [Double] = []
    for _ in 0..<options.rounds {
        let start = clock.milliseconds
        outputs = try stream.run(compiled, context)
        times.append(clock.milliseconds - start)
    }
    times.sort()
    print(
        "median \(times[times.count / 2]) least \(times[0]) greatest \(times[times.count - 1]) peak \(peakKilobytes()) kB"
    )
    if options.profiles {
        try profile(rounds: options.rounds, clock, context) { _ = try stream.run(compiled, context) }
    }
    if let path = options.output, let file = fopen(path, "wb") {
        for output in outputs { fwrite(output.pointer, 1, output.byteCount, file) }
        fclose(file)
    }
}

extension LoadedModel {
    /// The graph for rows of the shapes that are given.
    func graph(for options: Options) throws -> Graph {
        guard !options.isText else { return graph }
        return try graph.narrowed(
            inputs.enumerated().map { place, input in
                guard let axis = input.batchAxis, let open = input.type.shape, place < options.shapes.count,
                    open.count == options.shapes[place].count
                else { return nil }
                let dims = options.shapes[place].enumerated().map { $0 == axis ? open[$0] : Dim.fixed($1) }
                return ValueType(input.type.dtype, dims)
            })
    }
}

do {
    try bench()
} catch let error as any Explainable {
    print(error.explanation.message)
    exit(1)
}
