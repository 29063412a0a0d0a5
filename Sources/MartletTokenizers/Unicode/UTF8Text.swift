import MartletSupport

/// Reading and writing of UTF-8 that is known to be well formed.
enum UTF8Text {
    /// The scalar at `index`, which is moved past it. The bytes must be well formed.
    @inline(__always)
    static func next(_ bytes: UnsafePointer<UInt8>, _ index: inout Int) -> UInt32 {
        let first = UInt32(bytes[index])
        if first < 0x80 {
            index += 1
            return first
        }
        let second = UInt32(bytes[index + 1] & 0x3F)
        if first < 0xE0 {
            index += 2
            return (first & 0x1F) << 6 | second
        }
        let third = UInt32(bytes[index + 2] & 0x3F)
        if first < 0xF0 {
            index += 3
            return (first & 0x0F) << 12 | second << 6 | third
        }
        index += 4
        return (first & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[index - 1] & 0x3F)
    }

    /// The scalar that ends before `index`, which is moved to its start. The bytes must be well formed.
    static func previous(_ bytes: UnsafePointer<UInt8>, _ index: inout Int) -> UInt32 {
        index -= 1
        while bytes[index] & 0xC0 == 0x80 { index -= 1 }
        var start = index
        return next(bytes, &start)
    }

    /// Bytes of the sequence that begins with `first`.
    @inline(__always)
    static func length(first: UInt8) -> Int {
        first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    }

    static func append(_ scalar: UInt32, to output: inout [UInt8]) {
        if scalar < 0x80 {
            output.append(UInt8(scalar))
        } else if scalar < 0x800 {
            output.append(UInt8(0xC0 | scalar >> 6))
            output.append(UInt8(0x80 | scalar & 0x3F))
        } else if scalar < 0x10000 {
            output.append(UInt8(0xE0 | scalar >> 12))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        } else {
            output.append(UInt8(0xF0 | scalar >> 18))
            output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    static func scalars(_ bytes: [UInt8]) -> [UInt32] {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return [] }
            var scalars: [UInt32] = []
            scalars.reserveCapacity(buffer.count)
            var index = 0
            while index < buffer.count { scalars.append(next(base, &index)) }
            return scalars
        }
    }

    static func bytes(_ scalars: some Sequence<UInt32>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(scalars.underestimatedCount)
        for scalar in scalars { append(scalar, to: &output) }
        return output
    }

    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        bytes.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    }

    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= bytes.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { return false }
            index += 8
        }
        while index < bytes.count {
            if bytes[index] >= 0x80 { return false }
            index += 1
        }
        return true
    }

    static func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if isASCII(bytes) { return true }
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index < raw.count {
            let length = UTF8Sequence.length(in: raw, at: index, end: raw.count)
            if length == 0 { return false }
            index += length
        }
        return true
    }
}
