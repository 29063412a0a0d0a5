import MartletTensor

/// The weights of a graph by their content.
package struct ConstantIndex {
    /// What is compared at first; whole weights are only where this is equal.
    private struct Key: Hashable {
        var dtype: DType
        var shape: [Int]
        var head: [UInt8]

        init?(_ tensor: Tensor) {
            guard !tensor.dtype.isContainer, tensor.dtype != .string else { return nil }
            dtype = tensor.dtype
            shape = tensor.shape
            head = Array(UnsafeRawBufferPointer(start: tensor.pointer, count: min(256, tensor.byteCount)))
        }
    }

    private var places: [Key: [(value: ValueID, tensor: Tensor)]] = [:]

    package init(_ graph: Graph) {
        for (index, value) in graph.values.enumerated() {
            guard let tensor = value.constant, let key = Key(tensor) else { continue }
            places[key, default: []].append((ValueID(index), tensor))
        }
    }

    /// The value of an equal constant.
    package func equal(to tensor: Tensor) -> ValueID? {
        guard let key = Key(tensor) else { return nil }
        return places[key]?.first { Self.isEqual($0.tensor, tensor) }?.value
    }

    /// Bytes of `graph`'s constants that seem to be here too, by their beginnings.
    package func likelyShared(with graph: Graph) -> Int {
        graph.values.reduce(0) { sum, value in
            guard let tensor = value.constant, let key = Key(tensor), places[key] != nil else { return sum }
            return sum + tensor.byteCount
        }
    }

    private static func isEqual(_ a: Tensor, _ b: Tensor) -> Bool {
        withExtendedLifetime((a, b)) {
            UnsafeRawBufferPointer(start: a.pointer, count: a.byteCount)
                .elementsEqual(UnsafeRawBufferPointer(start: b.pointer, count: b.byteCount))
        }
    }
}
