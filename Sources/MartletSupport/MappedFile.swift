#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A regular file mapped read-only into memory; unmapped when the last reference goes.
///
/// A file that another process shortens while it is mapped makes reads fault: as for every mapping reader,
/// model and data files must not be truncated in place while a query runs.
package final class MappedFile: @unchecked Sendable {
    package let path: String
    /// The whole file. Empty files have a nil base address.
    package let bytes: UnsafeRawBufferPointer

    package var count: Int { bytes.count }

    /// Throws `FileError` if `path` is missing, unreadable, a folder, or not a regular file.
    package init(path: String) throws {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.cannotOpen(path: path, errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError.cannotOpen(path: path, errno: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw FileError.isDirectory(path: path)
        default: throw FileError.notRegular(path: path)
        }
        let size = Int(status.st_size)
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw FileError.cannotRead(path: path, errno: errno)
        }
        bytes = UnsafeRawBufferPointer(start: base, count: size)
    }

    deinit {
        if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
    }

    /// Tells the kernel that the pages which lie wholly in `range` (byte offsets) are not needed soon.
    ///
    /// The content stays readable; pages come back from the file. Used after weights were packed.
    package func discard(_ range: Range<Int>) {
        guard let base = bytes.baseAddress else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let clamped = range.clamped(to: 0..<bytes.count)
        let first = (clamped.lowerBound + page - 1) / page * page
        let last = clamped.upperBound / page * page
        guard last > first else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, MADV_DONTNEED)
    }

    /// `discard(_:)` for a buffer that lies inside this file; ignored otherwise.
    package func discard(_ buffer: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, let start = buffer.baseAddress, start >= base,
            start + buffer.count <= base + bytes.count
        else { return }
        discard((start - base)..<(start - base + buffer.count))
    }
}
