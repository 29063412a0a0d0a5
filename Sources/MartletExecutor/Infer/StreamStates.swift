import MartletGraph
import MartletPlanner
import MartletSupport
import MartletTensor

/// The states of all streams of one recurrent call: what each stream's last row handed on, zeros before its first.
///
/// Threads may read and write the rows of different streams at once; growing is for one thread alone.
final class StreamStates: @unchecked Sendable {
    /// Bytes that all streams may take unless `memory_limit` says otherwise.
    static let defaultByteLimit = 1 << 30
    /// What a stream takes beside its state: its key and the table's entry.
    private static let keyBytes = 128

    private let byteLimit: Int
    private let dtypes: [DType]
    private let shapes: [[Int]]
    private let sizes: [Int]
    /// Streams × shape, one for each state.
    private var slabs: [Tensor]
    private var capacity = 0

    init(_ types: [(dtype: DType, shape: [Int])], byteLimit: Int) throws {
        self.byteLimit = byteLimit
        dtypes = types.map(\.dtype)
        shapes = types.map(\.shape)
        sizes = try types.map { try Tensor.byteCount($0.dtype, shape: $0.shape) }
        slabs = try types.map { try Tensor($0.dtype, shape: [0] + $0.shape) }
    }

    /// Bytes of one stream.
    private var streamBytes: Int { sizes.reduce(Self.keyBytes, +) }

    /// Makes room for streams up to number `count`. Throws `StateError` when they would take more than the limit.
    func reserve(_ count: Int) throws {
        guard count > capacity else { return }
        let most = byteLimit / streamBytes
        guard count <= most else {
            throw StateError.tooManyStreams(streams: count, bytesEach: streamBytes, limit: byteLimit)
        }
        let grown = min(most, max(count, 2 * capacity))
        slabs = try zip(slabs, zip(dtypes, shapes)).map { old, type in
            let new = try Tensor(type.0, shape: [grown] + type.1)
            new.pointer.copyMemory(from: old.pointer, byteCount: old.byteCount)
            (new.pointer + old.byteCount).initializeMemory(
                as: UInt8.self, repeating: 0, count: new.byteCount - old.byteCount)
            return new
        }
        capacity = grown
    }

    /// State `number` of some streams: streams × shape.
    func gather(_ number: Int, _ streams: [Int]) throws -> Tensor {
        try RegionProgram.gatherRows(slabs[number], streams)
    }

    /// Throws `StateError` unless `outputs` are states of so many streams.
    func check(_ outputs: ArraySlice<Tensor>, streams: Int) throws {
        for (number, output) in outputs.enumerated()
        where output.dtype != dtypes[number] || output.shape != [streams] + shapes[number] {
            throw StateError.shape(expected: [streams] + shapes[number], found: output.shape)
        }
    }

    /// Row `i` of each output becomes the state of stream `streams[i]`. The outputs were checked.
    func scatter(_ outputs: ArraySlice<Tensor>, to streams: [Int]) {
        for (number, output) in outputs.enumerated() {
            let size = sizes[number]
            for (row, stream) in streams.enumerated() {
                (slabs[number].pointer + stream * size).copyMemory(from: output.pointer + row * size, byteCount: size)
            }
        }
    }
}

/// State that cannot be kept.
enum StateError: Error, Explainable {
    case tooManyStreams(streams: Int, bytesEach: Int, limit: Int)
    /// A value for all rows that the input does not take.
    case constant(input: String, type: String, value: String)
    case shape(expected: [Int], found: [Int])

    var explanation: Explanation {
        switch self {
        case .tooManyStreams(let streams, let bytesEach, let limit):
            Explanation(
                code: "E0524",
                message:
                    "the states of \(streams) streams, \(bytesEach) bytes each, are over the limit of \(limit) bytes",
                notes: ["a stream is kept until the query ends, as more of its rows may come"],
                help: "raise it with `set memory_limit = '4GiB'`, or run some streams at a time")
        case .constant(let input, let type, let value):
            Explanation(code: "E0526", message: "input `\(input)` is \(type) and does not take \(value)")
        case .shape(let expected, let found):
            Explanation(
                code: "E0525", message: "an output that is the next row's state has shape \(found), not \(expected)")
        }
    }
}

extension RegionProgram {
    /// Element type and shape of each state.
    func states(_ recurrence: Recurrence) -> [(dtype: DType, shape: [Int])] {
        recurrence.links.enumerated().map { number, link in
            let dtype = feeds.firstIndex(of: .state(number)).map {
                graph.graph.type(graph.graph.inputs[$0].value).dtype
            }
            return (dtype ?? .float32, link.type.fixedShape ?? [])
        }
    }
}
