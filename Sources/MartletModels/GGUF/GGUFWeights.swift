import MartletGraph
import MartletTensor

/// A decoder's weights in a GGUF file; remembers which were taken.
struct GGUFWeights: DecoderWeights {
    private let file: GGUFFile
    private var taken: Set<String> = []

    init(_ file: GGUFFile) { self.file = file }

    func has(_ name: String) -> Bool { file.tensors[name] != nil }

    private mutating func tensor(_ name: String, _ shape: [Int]) throws -> GGUFTensor {
        guard let tensor = file.tensors[name] else {
            throw ArchitectureError.missingWeight(file: file.path, name: name, shape: shape)
        }
        guard tensor.shape == shape else {
            throw ArchitectureError.weightShape(file: file.path, name: name, expected: shape, found: tensor.shape)
        }
        taken.insert(name)
        return tensor
    }

    mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> StoredMatrix {
        let tensor = try tensor("\(name).weight", [rows, columns])
        guard let (format, bytes) = tensor.stored else {
            throw GGUFError.tensorType(file: file.path, tensor: "\(name).weight", type: tensor.typeName)
        }
        return StoredMatrix(weights: BlockWeights(format, columns: columns), bytes: bytes)
    }

    mutating func vector(_ name: String, _ count: Int) throws -> Tensor {
        let tensor = try tensor(name, [count])
        guard let numbers = tensor.numbers, numbers.dtype.isFloat else {
            throw GGUFError.tensorType(file: file.path, tensor: name, type: tensor.typeName)
        }
        return try numbers.converted(to: .float32).aligned()
    }

    /// Throws if weights are left that nobody took: the model would run and give other numbers.
    func requireAllTaken() throws {
        let extra = file.tensors.keys.filter { !taken.contains($0) }.sorted()
        guard !extra.isEmpty else { return }
        throw ArchitectureError.extraWeights(file: file.path, names: Array(extra.prefix(4)), count: extra.count)
    }
}
