#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file without a name: its space is free again when it is closed, however the process ends.
package final class TemporaryFile {
    package let folder: String
    package let descriptor: Int32
    package private(set) var byteCount = 0

    /// Throws `SpillError`.
    package init(in folder: String) throws {
        self.folder = folder
        var template = Array("\(folder)/martlet-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SpillError.cannotCreate(folder: folder, errno: errno) }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    /// `temp_directory`, unless the user names one.
    package static var defaultFolder: String {
        guard let folder = getenv("TMPDIR"), folder.pointee != 0 else { return "/tmp" }
        return String(cString: folder)
    }

    /// Writes at the end; gives where. Throws `SpillError`.
    package func append(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        let start = byteCount
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let written = pwrite(descriptor, base + done, bytes.count - done, off_t(start + done))
            if written < 0 {
                switch errno {
                case EINTR: continue
                case ENOSPC, EDQUOT, EFBIG: throw SpillError.diskFull(folder: folder, written: start + done)
                default: throw SpillError.cannotWrite(folder: folder, errno: errno)
                }
            }
            done += written
        }
        byteCount += bytes.count
        return start
    }

    /// Throws `SpillError`.
    package func read(_ range: Range<Int>) throws -> [UInt8] {
        var failure: SpillError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count, let base = buffer.baseAddress {
                let found = pread(
                    descriptor, base + count, range.count - count, off_t(range.lowerBound + count))
                if found < 0, errno == EINTR { continue }
                if found <= 0 {
                    failure = found < 0 ? .cannotRead(folder: folder, errno: errno) : .damaged(folder: folder)
                    return
                }
                count += found
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
