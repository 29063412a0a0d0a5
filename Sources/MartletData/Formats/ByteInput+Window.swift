import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension ByteInput {
    /// Bytes that one thread reads at a time.
    private static let slice = 1 << 18

    /// Reads until `count` bytes are unread, or to the end; a regular file in slices on `pool`. Indices into `bytes` shift.
    func fillWindow(_ count: Int, pool: ThreadPool?) throws {
        let missing = count - (end - position)
        guard missing > 0, !isAtEnd else { return }
        guard let pool, isSeekable, missing > Self.slice else {
            try fill(minimum: missing)
            return
        }
        makeRoom(for: missing)
        let slices = (missing + Self.slice - 1) / Self.slice
        let target = Slices(
            descriptor: descriptor, output: bytes + end, offset: offsetOfEnd, count: missing, slice: Self.slice,
            lengths: .allocate(capacity: slices))
        defer { target.lengths.deallocate() }
        pool.parallelFor(slices) { target.read($0) }
        for index in 0..<slices {
            let length = target.lengths[index]
            guard length >= 0 else { throw FileError.cannotRead(path: name, errno: Int32(-length)) }
            added(length)
            guard length == target.range(index).count else {
                reachedEnd()
                return
            }
        }
    }

    private struct Slices: @unchecked Sendable {
        let descriptor: Int32
        let output: UnsafeMutablePointer<UInt8>
        let offset: Int
        let count: Int
        let slice: Int
        /// Bytes read of each; an error number below zero.
        let lengths: UnsafeMutablePointer<Int>

        func range(_ index: Int) -> Range<Int> { index * slice..<min(count, (index + 1) * slice) }

        func read(_ index: Int) {
            var left = range(index)
            var length = 0
            while !left.isEmpty {
                let count = pread(descriptor, output + left.lowerBound, left.count, off_t(offset + left.lowerBound))
                if count > 0 {
                    length += count
                    left = left.lowerBound + count..<left.upperBound
                } else if count == 0 {
                    break
                } else if errno != EINTR {
                    length = -Int(errno)
                    break
                }
            }
            lengths[index] = length
        }
    }
}
