/// Values that hold tensors: a sequence (a list, of any shapes) and an optional (one or none).
///
/// They are tensors of a dtype of their own, of shape [count] and [], so that they flow through graphs as everything else
/// does. What they hold is memory of its own: see `copied()`.
extension Tensor {
    /// Copies the tensors.
    package init(sequence tensors: [Tensor]) { self.init(ownedSequence: tensors.map { $0.copied() }) }

    /// Of tensors that nobody will write to: elements of other sequences, and copies.
    package init(ownedSequence tensors: [Tensor]) {
        self.init(.sequence, shape: [tensors.count], storage: TensorStorage(tensors: tensors))
    }

    /// Copies the tensor.
    package init(optional tensor: Tensor?) {
        self.init(.optional, shape: [], storage: TensorStorage(tensors: [tensor?.copied()]))
    }

    /// The tensors of a sequence; nil for anything else.
    package var sequenceElements: [Tensor]? {
        guard dtype == .sequence, let tensors = storage.tensors else { return nil }
        return tensors.compactMap { $0 }
    }

    /// The tensor of an optional, nil within if it is empty; nil for anything that is no optional.
    package var optionalElement: Tensor?? {
        guard dtype == .optional, let tensors = storage.tensors, let first = tensors.first else { return nil }
        return .some(first)
    }
}
