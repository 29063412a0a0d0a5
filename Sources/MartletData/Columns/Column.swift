import MartletTensor

/// A typed sequence of values with nulls, laid out as Arrow does. A value: storage is immutable and shared, `slice` is O(1).
///
/// Physical layout by type: bool one byte each; int and timestamp `Int64`; float `Double`; string, label set and bytes
/// offsets + bytes; list offsets + child; struct one child per field; tensor one contiguous rows × shape `Tensor`,
/// or a tensor for each row where shapes differ. The value under a null is zero or empty, and means nothing. A materialised
/// tensor column has fixed dimensions, but for those in which its rows differ.
package struct Column: Sendable {
    package let type: DataType
    package let count: Int
    /// First row within `storage` and `validity`; accessors below take rows relative to it.
    package let offset: Int
    /// nil: no row is null. Bit `offset + row` is 0 for a null.
    package let validity: Bitmap?
    package let storage: Storage

    package enum Storage: Sendable {
        case none
        case bools([Bool])
        case ints([Int64])
        case floats([Double])
        /// Row `i` is `bytes[offsets[i]..<offsets[i + 1]]`; there is one offset more than rows.
        case bytes(offsets: [Int], bytes: [UInt8])
        /// Row `i` is `child[offsets[i]..<offsets[i + 1]]`.
        indirect case list(offsets: [Int], child: Column)
        /// Row `i` is row `i` of every child.
        case structure([Column])
        /// Row `i` is `tensor.rows(i..<i + 1)`.
        case tensor(Tensor)
        /// Row `i` is `tensors[i]`, of one dtype and rank, each of a shape of its own; an empty one under a null.
        case tensors([Tensor])
    }

    package init(type: DataType, count: Int, offset: Int = 0, validity: Bitmap? = nil, storage: Storage) {
        self.type = type
        self.count = count
        self.offset = offset
        self.validity = validity
        self.storage = storage
    }

    // MARK: Nulls

    @inline(__always)
    package func isNull(_ row: Int) -> Bool {
        guard let validity else { return type == .null }
        return !validity[offset + row]
    }

    /// True if it is known without counting that no row is null.
    package var hasNoNulls: Bool { validity == nil && type != .null }

    /// O(rows / 64).
    package var nullCount: Int {
        guard let validity else { return type == .null ? count : 0 }
        return count - validity.setBits(in: offset..<offset + count)
    }

    // MARK: Bulk access. Buffers hold exactly this column's rows and live as long as the closure runs.

    package func withBools<R>(_ body: (UnsafeBufferPointer<Bool>) throws -> R) rethrows -> R {
        guard case .bools(let values) = storage else { preconditionFailure("bug: \(type.text) column read as bool") }
        return try values.withUnsafeBufferPointer { try body(.init(rebasing: $0[offset..<offset + count])) }
    }

    /// Ints, or microseconds of timestamps.
    package func withInts<R>(_ body: (UnsafeBufferPointer<Int64>) throws -> R) rethrows -> R {
        guard case .ints(let values) = storage else { preconditionFailure("bug: \(type.text) column read as int") }
        return try values.withUnsafeBufferPointer { try body(.init(rebasing: $0[offset..<offset + count])) }
    }

    package func withFloats<R>(_ body: (UnsafeBufferPointer<Double>) throws -> R) rethrows -> R {
        guard case .floats(let values) = storage else { preconditionFailure("bug: \(type.text) column read as float") }
        return try values.withUnsafeBufferPointer { try body(.init(rebasing: $0[offset..<offset + count])) }
    }

    /// Strings, label sets and bytes.
    package func withStrings<R>(_ body: (StringRows) throws -> R) rethrows -> R {
        guard case .bytes(let offsets, let bytes) = storage else {
            preconditionFailure("bug: \(type.text) column read as string")
        }
        return try offsets.withUnsafeBufferPointer { offsets in
            try bytes.withUnsafeBufferPointer { bytes in
                try body(
                    StringRows(offsets: .init(rebasing: offsets[offset..<offset + count + 1]), bytes: bytes))
            }
        }
    }

    /// Rows of text, valid inside `withStrings` only.
    package struct StringRows {
        let offsets: UnsafeBufferPointer<Int>
        let bytes: UnsafeBufferPointer<UInt8>

        package var count: Int { offsets.count - 1 }

        @inline(__always)
        package subscript(row: Int) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(rebasing: bytes[offsets[row]..<offsets[row + 1]])
        }

        /// Bytes of a row.
        @inline(__always)
        package func length(_ row: Int) -> Int { offsets[row + 1] - offsets[row] }
    }

    /// The rows × shape tensor of this column's rows, which have one shape; shares storage.
    package var tensor: Tensor {
        if case .tensors = storage { return Column.shaped(tensorRows, type: type).tensor }
        guard case .tensor(let tensor) = storage else { preconditionFailure("bug: \(type.text) column read as tensor") }
        return offset == 0 && tensor.shape[0] == count ? tensor : tensor.rows(offset..<offset + count)
    }

    /// The rows of field `position` of a struct column. A null struct's parts are null or empty: check `isNull` first.
    package func child(_ position: Int) -> Column {
        guard case .structure(let children) = storage else {
            preconditionFailure("bug: \(type.text) column read as struct")
        }
        return children[position].slice(offset..<offset + count)
    }

    /// The elements of a list row.
    package func list(_ row: Int) -> Column {
        guard case .list(let offsets, let child) = storage else {
            preconditionFailure("bug: \(type.text) column read as list")
        }
        return child.slice(offsets[offset + row]..<offsets[offset + row + 1])
    }

    // MARK: One row. For loops prefer the bulk accessors.

    package func bool(_ row: Int) -> Bool { withBools { $0[row] } }
    package func int(_ row: Int) -> Int64 { withInts { $0[row] } }
    package func float(_ row: Int) -> Double { withFloats { $0[row] } }
    package func string(_ row: Int) -> String { withUTF8(row) { String(decoding: $0, as: UTF8.self) } }

    /// The bytes of a string or bytes row.
    package func withUTF8<R>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try withStrings { try body($0[row]) }
    }

    /// The cell, of any type.
    package func value(_ row: Int) -> Value {
        precondition(row >= 0 && row < count, "bug: row \(row) of \(count)")
        if isNull(row) { return .null }
        switch storage {
        case .none: return .null
        case .bools: return .bool(bool(row))
        case .ints: return type == .timestamp ? .timestamp(int(row)) : .int(int(row))
        case .floats: return .float(float(row))
        case .bytes: return type == .bytes ? .bytes(withUTF8(row) { Array($0) }) : .string(string(row))
        case .list:
            let elements = list(row)
            return .list((0..<elements.count).map { elements.value($0) })
        case .structure(let children):
            guard case .structure(let fields) = type else { preconditionFailure("bug: struct storage of \(type.text)") }
            return .structure(
                zip(fields, children).map { field, child in .init(field.name, child.value(offset + row)) })
        case .tensor, .tensors: return .tensor(rowTensor(row))
        }
    }
}
