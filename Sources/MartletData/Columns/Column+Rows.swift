import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Equality, hashes and order of rows. Equality is SQL's for grouping: null equals null, NaN equals NaN, -0 equals 0.
extension Column {
    /// Whether row `row` of this column equals row `other` of a column of the same type.
    package func rowEquals(_ row: Int, _ column: Column, _ other: Int) -> Bool {
        let null = isNull(row)
        if null || column.isNull(other) { return null && column.isNull(other) }
        switch (storage, column.storage) {
        case (.none, .none): return true
        case (.bools(let a), .bools(let b)): return a[offset + row] == b[column.offset + other]
        case (.ints(let a), .ints(let b)): return a[offset + row] == b[column.offset + other]
        case (.floats(let a), .floats(let b)):
            let x = a[offset + row]
            let y = b[column.offset + other]
            return x == y || (x.isNaN && y.isNaN)
        case (.bytes, .bytes):
            return withUTF8(row) { a in column.withUTF8(other) { b in compareBytes(a, b) == 0 } }
        case (.list, .list):
            let a = list(row)
            let b = column.list(other)
            return a.count == b.count && (0..<a.count).allSatisfy { a.rowEquals($0, b, $0) }
        case (.structure(let a), .structure(let b)):
            return a.count == b.count
                && zip(a, b).allSatisfy { $0.rowEquals(offset + row, $1, column.offset + other) }
        case (.tensor, _), (.tensors, _): return Value.tensor(rowTensor(row)) == Value.tensor(column.rowTensor(other))
        default: return false
        }
    }

    /// Order of two rows of the same ordered type: negative, zero or positive. Strings and bytes go byte by byte (code point
    /// order for UTF-8), false before true, NaN after all numbers, null after everything.
    package func rowOrder(_ row: Int, _ column: Column, _ other: Int) -> Int {
        let null = isNull(row)
        let otherNull = column.isNull(other)
        if null || otherNull { return (null ? 1 : 0) - (otherNull ? 1 : 0) }
        switch (storage, column.storage) {
        case (.bools(let a), .bools(let b)):
            return (a[offset + row] ? 1 : 0) - (b[column.offset + other] ? 1 : 0)
        case (.ints(let a), .ints(let b)):
            let x = a[offset + row]
            let y = b[column.offset + other]
            return x < y ? -1 : x > y ? 1 : 0
        case (.floats(let a), .floats(let b)):
            let x = a[offset + row]
            let y = b[column.offset + other]
            if x.isNaN || y.isNaN { return (x.isNaN ? 1 : 0) - (y.isNaN ? 1 : 0) }
            return x < y ? -1 : x > y ? 1 : 0
        case (.bytes, .bytes): return withUTF8(row) { a in column.withUTF8(other) { b in compareBytes(a, b) } }
        default: return 0
        }
    }

    /// Mixes each row into its entry of `hashes`, which has one entry per row. Equal rows mix equally, in every process.
    ///
    /// Start from zeros, mix every key column in turn. Not for adversarial input: equal hashes must be checked with `rowEquals`.
    package func mixHashes(into hashes: inout [UInt64]) {
        precondition(hashes.count == count, "bug: \(hashes.count) hashes for \(count) rows")
        switch storage {
        case .none: for row in 0..<count { mix(&hashes[row], RowHash.null) }
        case .bools: withBools { rows in for row in 0..<count { mix(&hashes[row], rows[row] ? 1 : 0, row) } }
        case .ints:
            withInts { rows in for row in 0..<count { mix(&hashes[row], UInt64(bitPattern: rows[row]), row) } }
        case .floats: withFloats { rows in for row in 0..<count { mix(&hashes[row], RowHash.bits(rows[row]), row) } }
        case .bytes: withStrings { rows in for row in 0..<count { mix(&hashes[row], RowHash.bytes(rows[row]), row) } }
        case .list:
            for row in 0..<count {
                let elements = list(row)
                var parts = [UInt64](repeating: 0, count: elements.count)
                elements.mixHashes(into: &parts)
                mix(&hashes[row], parts.reduce(UInt64(elements.count)) { RowHash.mix($0, $1) }, row)
            }
        case .structure(let children):
            var parts = [UInt64](repeating: 0, count: count)
            for child in children { child.slice(offset..<offset + count).mixHashes(into: &parts) }
            for row in 0..<count { mix(&hashes[row], parts[row], row) }
        case .tensor, .tensors:
            for row in 0..<count {
                let tensor = rowTensor(row)
                var hash: UInt64 = 0
                for index in 0..<tensor.count { hash = RowHash.mix(hash, RowHash.scalar(tensor.element(at: index))) }
                mix(&hashes[row], hash, row)
            }
        }
    }

    private func mix(_ hash: inout UInt64, _ value: UInt64, _ row: Int) {
        hash = RowHash.mix(hash, isNull(row) ? RowHash.null : value)
    }

    private func mix(_ hash: inout UInt64, _ value: UInt64) { hash = RowHash.mix(hash, value) }
}

/// The hash of rows: the same in every process, so that samples and splits are stable.
package enum RowHash {
    static let null: UInt64 = 0x9ae1_6a3b_2f90_404f

    /// Multiply and fold, 64 × 64 → 128 bits.
    @inline(__always)
    package static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
        let product = (hash ^ 0xe703_7ed1_a0b4_28db).multipliedFullWidth(by: value ^ 0xa076_1d64_78bd_642f)
        return product.high ^ product.low &+ value &* 0x9e37_79b9_7f4a_7c15
    }

    @inline(__always)
    static func bits(_ value: Double) -> UInt64 { value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern }

    static func scalar(_ value: Value) -> UInt64 {
        switch value {
        case .bool(let x): x ? 1 : 0
        case .int(let x): UInt64(bitPattern: x)
        case .float(let x): bits(x)
        default: null
        }
    }

    /// Of a string's bytes.
    @inline(__always)
    package static func bytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: bytes.count)
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index &+ 8 <= raw.count {
            hash = mix(hash, UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index &+= 8
        }
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        while index < raw.count {
            rest |= UInt64(raw[index]) &<< shift
            shift &+= 8
            index &+= 1
        }
        return mix(hash, rest)
    }
}

/// Order of two byte strings: negative, zero or positive.
@inline(__always)
package func compareBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
    let common = min(a.count, b.count)
    if common > 0, let x = a.baseAddress, let y = b.baseAddress {
        let order = memcmp(x, y, common)
        if order != 0 { return Int(order) }
    }
    return a.count - b.count
}
