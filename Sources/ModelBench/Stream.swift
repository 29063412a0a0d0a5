import Glibc
import MartletGraph
import MartletTensor

/// The inputs of a round: of one run, or of several after each other.
struct Stream {
    private let frames: [Tensor]
    private let others: [Tensor]
    private let carried: [(output: Int, input: Int)]

    init(_ options: Options, _ graph: Graph) throws {
        let ports = options.isText ? graph.inputs[...] : graph.inputs.prefix(options.shapes.count)
        var inputs: [Tensor] = []
        for (place, port) in ports.enumerated() {
            let shape = options.isText ? options.shapes[0] : options.shapes[place]
            let isStream = place == 0 && options.frames > 1
            let tensor = try Tensor(
                options.isText ? .int64 : graph.type(port.value).dtype,
                shape: isStream ? [options.frames] + shape : shape)
            if place < options.inputs.count {
                guard let file = fopen(options.inputs[place], "rb"),
                    fread(tensor.pointer, 1, tensor.byteCount, file) == tensor.byteCount
                else {
                    print("\(options.inputs[place]) does not hold an input of \(tensor.byteCount) bytes")
                    exit(1)
                }
                fclose(file)
            } else if options.isText {
                let ids = tensor.mutableElements(Int64.self)
                for index in ids.indices { ids[index] = Int64(place == 0 ? 1000 + index &* 7919 % 20_000 : 1) }
            } else {
                Self.fill(tensor)
            }
            inputs.append(tensor)
        }
        frames =
            options.frames == 1
            ? [inputs[0]] : (0..<options.frames).map { inputs[0].rows($0..<$0 + 1).reshaped(options.shapes[0]) }
        others = Array(inputs.dropFirst())
        carried = options.carried
    }

    /// A fixed pattern of floats; other types get zeros.
    private static func fill(_ tensor: Tensor) {
        guard tensor.dtype == .float32 else {
            memset(tensor.pointer, 0, tensor.byteCount)
            return
        }
        let numbers = tensor.mutableElements(Float.self)
        for index in numbers.indices { numbers[index] = Float(index &* 7919 % 2001 - 1000) / 1000 }
    }

    /// Output 0 of each run.
    func run(_ graph: CompiledGraph, _ context: RunContext) throws -> [Tensor] {
        var rest = others
        var results: [Tensor] = []
        results.reserveCapacity(frames.count)
        for frame in frames {
            let outputs = try graph.run([frame] + rest, context)
            for (output, input) in carried { rest[input - 1] = outputs[output] }
            results.append(outputs[0])
        }
        return results
    }
}
