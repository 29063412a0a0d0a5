import MartletData

extension Column {
    /// Adds bytes that are equal for two rows exactly if the rows are equal for grouping (null equals null, NaN equals
    /// NaN, -0 equals 0). Prefix-free, so that several columns' keys can stand one after the other.
    func appendKey(_ row: Int, to bytes: inout [UInt8]) {
        guard !isNull(row) else {
            bytes.append(0)
            return
        }
        bytes.append(1)
        switch storage {
        case .none: break
        case .bools: bytes.append(bool(row) ? 1 : 0)
        case .ints: Self.append(UInt64(bitPattern: int(row)), to: &bytes)
        case .floats: Self.append(Self.bits(float(row)), to: &bytes)
        case .bytes:
            withUTF8(row) { text in
                Self.append(UInt64(text.count), to: &bytes)
                bytes.append(contentsOf: text)
            }
        case .list:
            let elements = list(row)
            Self.append(UInt64(elements.count), to: &bytes)
            for element in 0..<elements.count { elements.appendKey(element, to: &bytes) }
        case .structure(let children): for position in children.indices { child(position).appendKey(row, to: &bytes) }
        case .tensor, .tensors:
            let cell = rowTensor(row).aligned()
            for size in cell.shape { Self.append(UInt64(size), to: &bytes) }
            withExtendedLifetime(cell) {
                if cell.dtype == .float32 {
                    for value in cell.elements(Float.self) { Self.append(Self.bits(Double(value)), to: &bytes) }
                } else {
                    bytes.append(contentsOf: UnsafeRawBufferPointer(start: cell.pointer, count: cell.byteCount))
                }
            }
        }
    }

    private static func bits(_ value: Double) -> UInt64 { value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }
}

extension Column {
    /// For each row its key as bytes; null for null.
    func encodedKeys() -> Column {
        var builder = ColumnBuilder(.bytes)
        builder.reserve(rows: count)
        var bytes: [UInt8] = []
        for row in 0..<count {
            if isNull(row) {
                builder.appendNull()
                continue
            }
            bytes.removeAll(keepingCapacity: true)
            appendKey(row, to: &bytes)
            bytes.withUnsafeBufferPointer { builder.append(utf8: $0) }
        }
        return builder.finish()
    }
}
