import MartletTensor

/// Tensor columns whose rows differ in shape.
extension Column {
    /// Whether rows of this tensor column may differ in shape: `tensor` is not for it then.
    package var hasOwnShapes: Bool { if case .tensors = storage { true } else { false } }

    /// Row `row` of a tensor column, without a dimension of rows; shares storage.
    package func rowTensor(_ row: Int) -> Tensor {
        switch storage {
        case .tensor(let tensor):
            return tensor.rows(offset + row..<offset + row + 1).reshaped(Array(tensor.shape.dropFirst()))
        case .tensors(let tensors): return tensors[offset + row]
        default: preconditionFailure("bug: \(type.text) column read as tensor")
        }
    }

    /// The rows of a tensor column; nil for nulls.
    package var tensorRows: [Tensor?] { (0..<count).map { isNull($0) ? nil : rowTensor($0) } }

    /// A column of tensor type `type` with these rows, nil for null: one tensor if they agree in shape.
    package static func shaped(_ rows: [Tensor?], type: DataType) -> Column {
        guard case .tensor(let dtype, let dims) = type else { preconditionFailure("bug: tensors as \(type.text)") }
        let present = rows.compactMap { $0 }
        guard let first = present.first else { return .nulls(type, count: rows.count) }
        let validity = present.count == rows.count ? nil : Bitmap(rows.map { $0 != nil })
        guard present.allSatisfy({ $0.shape == first.shape }) else {
            let none = Tensor(
                dtype, shape: [Int](repeating: 0, count: dims.count), storage: TensorStorage(byteCount: 0))
            let shared = first.shape.indices.map { axis -> Dimension in
                present.allSatisfy { $0.shape[axis] == first.shape[axis] } ? .fixed(first.shape[axis]) : .unknown
            }
            return Column(
                type: .tensor(dtype, shared), count: rows.count, validity: validity,
                storage: .tensors(rows.map { $0 ?? none }))
        }
        let tensor = Tensor.zeros(dtype, shape: [rows.count] + first.shape)
        let size = first.byteCount
        for (row, source) in rows.enumerated() {
            if let source { (tensor.pointer + row * size).copyMemory(from: source.pointer, byteCount: size) }
        }
        return Column(tensor: tensor, validity: validity)
    }
}
