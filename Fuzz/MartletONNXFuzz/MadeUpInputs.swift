import MartletGraph
import MartletTensor

/// Small tensors of the types that a graph's inputs want.
struct MadeUpInputs {
    private var numbers: SeededNumbers
    private var sizes: [String: Int] = [:]

    init(seed: UInt64) { numbers = SeededNumbers(seed) }

    /// Elements of one input at most; declared shapes with more have no tensor.
    static let maximumCount = 1 << 20

    mutating func tensors(_ graph: Graph) throws -> [Tensor]? {
        var result: [Tensor] = []
        for port in graph.inputs {
            guard let tensor = try tensor(graph.type(port.value), depth: 0) else { return nil }
            result.append(tensor)
        }
        return result
    }

    private mutating func tensor(_ type: ValueType, depth: Int) throws -> Tensor? {
        switch type.dtype {
        case .sequence:
            var elements: [Tensor] = []
            for _ in 0..<(depth > 2 ? 0 : numbers.below(4)) {
                guard let element = try type.element.flatMap({ try tensor($0, depth: depth + 1) }) else { return nil }
                elements.append(element)
            }
            return Tensor(sequence: elements)
        case .optional:
            guard depth <= 2, !numbers.chance(3) else { return Tensor(optional: nil) }
            return try type.element.flatMap { try tensor($0, depth: depth + 1) }.map { Tensor(optional: $0) }
        default: break
        }
        let shape = (type.shape ?? (0..<numbers.below(4)).map { _ in .unknown }).map { size($0) }
        guard let bytes = try? Tensor.byteCount(type.dtype, shape: shape), bytes <= Self.maximumCount else {
            return nil
        }
        let count = shape.reduce(1, *)
        if type.dtype == .string {
            let texts = (0..<count).map { _ in numbers.pick(["", "a", "12", "-1.5", "naïve", "nan", "x y"]) }
            return Tensor(strings: texts, shape: shape)
        }
        let result = try Tensor(type.dtype, shape: shape)
        fill(result)
        return result
    }

    private mutating func size(_ dim: Dim) -> Int {
        switch dim {
        case .fixed(let value): return value
        case .unknown: return numbers.pick([0, 1, 1, 2, 3])
        case .symbol(let name):
            if let known = sizes[name] { return known }
            let made = numbers.pick([0, 1, 1, 2, 3, 4])
            sizes[name] = made
            return made
        }
    }

    private mutating func fill(_ tensor: Tensor) {
        let isWild = numbers.chance(4)
        switch tensor.dtype {
        case .float32:
            let target = tensor.mutableElements(Float.self)
            for index in target.indices {
                target[index] = isWild ? numbers.pick(Words.floats) : Float(numbers.below(64)) / 8 - 4
            }
        case .float64:
            let target = tensor.mutableElements(Double.self)
            for index in target.indices {
                target[index] = isWild ? Double(numbers.pick(Words.floats)) : Double(numbers.below(64)) / 8 - 4
            }
        case .int64:
            let target = tensor.mutableElements(Int64.self)
            for index in target.indices {
                target[index] = Int64(isWild ? numbers.pick(Words.integers) : numbers.below(6) - 1)
            }
        case .bool:
            let target = tensor.mutableElements(Bool.self)
            for index in target.indices { target[index] = numbers.chance(2) }
        default:
            // Codes of 4 and 2 bits stay within their range.
            let bytes = UnsafeMutableRawBufferPointer(start: tensor.pointer, count: tensor.byteCount)
            let isLittle = tensor.dtype.packedBits != nil
            let small = tensor.dtype == .int4 || tensor.dtype == .int2 || tensor.dtype == .uint2 ? 2 : 16
            for index in bytes.indices {
                bytes[index] =
                    isLittle
                    ? UInt8(numbers.below(small))
                    : isWild
                        ? UInt8(numbers.below(256)) : index % tensor.dtype.size == 0 ? UInt8(numbers.below(4)) : 0
            }
        }
    }
}
