import MartletSupport
import MartletTensor

/// Weights by name, each checked for its shape as it is taken; remembers which were taken.
final class ModelWeights {
    private let weights: SafetensorsWeights
    private let folder: String
    /// What stands before the names of the encoder's weights: `bert.` or nothing.
    let prefix: String
    private var taken: Set<String> = []

    /// `prefixes` are those that the family's heads put before the encoder; the first that occurs counts.
    init(_ weights: SafetensorsWeights, folder: String, prefixes: [String]) {
        self.weights = weights
        self.folder = folder
        prefix = prefixes.first { prefix in weights.tensors.keys.contains { $0.hasPrefix(prefix) } } ?? ""
    }

    var files: [String] { weights.files }

    func has(_ name: String) -> Bool { weights.tensors[name] != nil }

    /// A weight under its full name, as it is stored. Throws `ArchitectureError`.
    func stored(_ name: String, _ shape: [Int]) throws -> Tensor {
        guard let (key, entry) = find(name) else {
            throw ArchitectureError.missingWeight(file: folder, name: name, shape: shape)
        }
        taken.insert(key)
        guard entry.tensor.shape == shape else {
            throw ArchitectureError.weightShape(file: entry.file, name: key, expected: shape, found: entry.tensor.shape)
        }
        switch entry.tensor.dtype {
        case .float32, .float16, .bfloat16: return entry.tensor
        default: throw ArchitectureError.weightType(file: entry.file, name: key, dtype: entry.tensor.dtype)
        }
    }

    /// A small weight as float32.
    func float(_ name: String, _ shape: [Int]) throws -> Tensor { try stored(name, shape).asFloat32() }

    /// Checkpoints converted from TensorFlow call a norm's scale and shift `gamma` and `beta`.
    private func find(_ name: String) -> (String, (tensor: Tensor, file: String))? {
        if let entry = weights.tensors[name] { return (name, entry) }
        for (new, old) in [("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")]
        where name.hasSuffix(new) {
            let alias = String(name.dropLast(new.utf8.count)) + old
            if let entry = weights.tensors[alias] { return (alias, entry) }
        }
        return nil
    }

    /// Throws if weights are left that nobody took and whose names do not begin with one of `ignored`.
    ///
    /// A checkpoint may carry heads that are not asked for. It must not carry layers that the configuration leaves out:
    /// the model would run and give other numbers.
    func requireAllTaken(ignoring ignored: [String]) throws {
        let extra = weights.tensors.keys.filter { name in
            let own = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.utf8.count)) : name
            return !taken.contains(name) && !ignored.contains { own.hasPrefix($0) || name.hasPrefix($0) }
        }.sorted()
        guard let first = extra.first else { return }
        throw ArchitectureError.extraWeights(
            file: weights.tensors[first]?.file ?? folder, names: Array(extra.prefix(4)), count: extra.count)
    }
}

extension Tensor {
    /// The same numbers as aligned float32; half-precision ones are widened exactly.
    func asFloat32() -> Tensor {
        switch dtype {
        case .float16, .bfloat16:
            let bits = UnsafeRawBufferPointer(start: pointer, count: byteCount)
            let isBrain = dtype == .bfloat16
            let values = withExtendedLifetime(self) {
                (0..<count).map { index -> Float in
                    let half = bits.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                    return isBrain ? Float(bitPattern: UInt32(half) << 16) : Float(half: half)
                }
            }
            return Tensor(values, shape: shape)
        default: return aligned()
        }
    }
}

extension Float {
    /// The value of an IEEE 754 binary16.
    init(half bits: UInt16) {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Float(bits & 0x3FF)
        switch exponent {
        case 0: self = sign * fraction * 0x1p-24
        case 31: self = fraction == 0 ? sign * .infinity : .nan
        default: self = sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}
