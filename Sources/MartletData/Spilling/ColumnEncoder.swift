import MartletTensor

/// Types of columns in a file, by number: they stay in memory.
package struct SpilledTypes: Sendable {
    package private(set) var types: [DataType] = []
    private var numbers: [DataType: Int] = [:]

    package init() {}

    mutating func number(_ type: DataType) -> Int {
        if let known = numbers[type] { return known }
        types.append(type)
        numbers[type] = types.count - 1
        return types.count - 1
    }
}

/// Columns as bytes, in this machine's order of bytes: for files that the process reads back itself.
///
/// column = type rows validity storage; validity = 0 | 1 words; storage by the layout of `Column.Storage`, offsets from 0.
package struct ColumnEncoder {
    package private(set) var bytes: [UInt8] = []
    package var types: SpilledTypes

    package init(_ types: SpilledTypes) { self.types = types }

    package mutating func append(_ value: Int) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }

    package mutating func append(raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

    /// Throws `SpillError.unsupportedType`.
    package mutating func append(_ column: Column) throws {
        let range = column.offset..<column.offset + column.count
        append(types.number(column.type))
        append(column.count)
        if let validity = column.validity {
            append(1)
            validity.slice(range).words.withUnsafeBytes { append(raw: $0) }
        } else {
            append(0)
        }
        switch column.storage {
        case .none: append(0)
        case .bools:
            append(1)
            column.withBools { append(raw: UnsafeRawBufferPointer($0)) }
        case .ints:
            append(2)
            column.withInts { append(raw: UnsafeRawBufferPointer($0)) }
        case .floats:
            append(3)
            column.withFloats { append(raw: UnsafeRawBufferPointer($0)) }
        case .bytes(let offsets, let text):
            append(4)
            append(offsets: offsets, range)
            text.withUnsafeBytes {
                append(raw: UnsafeRawBufferPointer(rebasing: $0[offsets[range.lowerBound]..<offsets[range.upperBound]]))
            }
        case .list(let offsets, let child):
            append(5)
            append(offsets: offsets, range)
            try append(child.slice(offsets[range.lowerBound]..<offsets[range.upperBound]))
        case .structure(let children):
            append(6)
            append(children.count)
            for child in children { try append(child.slice(range)) }
        case .tensor:
            append(7)
            try append(column.tensor, column.type)
        case .tensors(let tensors):
            append(8)
            for tensor in tensors[range] { try append(tensor, column.type) }
        }
    }

    private mutating func append(offsets: [Int], _ range: Range<Int>) {
        let first = offsets[range.lowerBound]
        if first == 0 {
            offsets[range.lowerBound...range.upperBound].withUnsafeBytes { append(raw: $0) }
        } else {
            offsets[range.lowerBound...range.upperBound].map { $0 - first }.withUnsafeBytes { append(raw: $0) }
        }
    }

    private mutating func append(_ tensor: Tensor, _ type: DataType) throws {
        guard tensor.dtype.isNumeric else { throw SpillError.unsupportedType(type) }
        append(tensor.shape.count)
        for size in tensor.shape { append(size) }
        withExtendedLifetime(tensor) {
            append(raw: UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.byteCount))
        }
    }
}
