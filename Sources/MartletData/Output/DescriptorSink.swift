import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes to an open descriptor: standard output, a pipe, a device. Buffers; `flush` empties the buffer.
///
/// A gone reader is `WriteError.closedPipe`, whatever the host process does about SIGPIPE: the signal is held back for the
/// writing thread and taken away. Nothing else in the process is changed.
package final class DescriptorSink: ByteSink {
    package let path: String
    /// Bytes the system has taken.
    package private(set) var written = 0
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 16

    /// Does not own `descriptor`. `path` is for messages.
    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        buffer.reserveCapacity(Self.bufferSize)
    }

    package static func standardOutput() -> DescriptorSink { DescriptorSink(descriptor: 1, path: "standard output") }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize {
            try writeAll(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Hands buffered bytes to the system.
    package func flush() throws {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        try buffer.withUnsafeBytes { try writeAll($0) }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let count = writeWithoutSignal(descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]))
            if count >= 0 {
                done += count
                written += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&poller, 1, -1)
            case EPIPE: throw WriteError.closedPipe(path: path)
            case ENOSPC, EDQUOT: throw WriteError.diskFull(path: path, written: written)
            default: throw WriteError.cannotWrite(path: path, errno: errno, written: written)
            }
        }
    }
}

/// `write(2)` that never raises SIGPIPE in this process; `errno` is kept.
private func writeWithoutSignal(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    var pipe = sigset_t()
    var before = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    // One that is pending already is not ours to take away.
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let count = write(descriptor, bytes.baseAddress, bytes.count)
    let code = errno
    if count < 0, code == EPIPE, !wasPending {
        var now = timespec()
        while sigtimedwait(&pipe, nil, &now) < 0, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = code
    return count
}
