import MartletSupport
import MartletTensor

extension ONNXDecoder {
    /// A TensorProto, SequenceProto or OptionalProto, as `containers` (outermost first) tell.
    ///
    /// Throws `ONNXError`, `TensorError`, `FileError`.
    func value(
        _ message: WireReader, _ containers: ArraySlice<ONNXValueInfo.Container>, _ loader: ONNXTensorLoader
    ) throws -> Tensor {
        guard let container = containers.first else { return try loader.tensor(tensor(message)) }
        var message = message
        var elements: [Tensor] = []
        while let field = try message.next() {
            // Both messages: 3 tensors, 5 sequences, 7 optionals.
            guard field.number == 3 || field.number == 5 || field.number == 7 else { continue }
            elements.append(try value(field.message(path), containers.dropFirst(), loader))
            try check(elements.count, "tensors in a sequence", offset: field.offset)
        }
        return container == .sequence ? Tensor(sequence: elements) : Tensor(optional: elements.first)
    }
}
