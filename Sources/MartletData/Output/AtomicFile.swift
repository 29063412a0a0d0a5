import MartletSupport
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that appears whole or not at all: bytes go to a hidden file in the same folder, which takes the name on `commit`.
///
/// What is not committed is removed, at the latest when the last reference goes. A target that is a device or a pipe
/// (`/dev/stdout`) is written directly. A link is followed, so that it stays a link. Permissions of an existing file are kept.
package final class AtomicFile: ByteSink {
    /// As the user wrote it.
    package let path: String
    private let target: String
    private let temporary: String?
    private var descriptor: Int32
    private let sink: DescriptorSink
    /// Name in `open` while this file is being written.
    private var key: String?
    private static let open = Mutex<Set<String>>([])
    private static let serial = Atomic<Int>(0)
    /// Hidden files that are being written.
    private static let uncommitted = Mutex<Set<String>>([])

    package var written: Int { sink.written }

    /// Throws `WriteError`.
    package init(path: String) throws {
        self.path = path
        guard !path.isEmpty, !path.utf8.contains(0) else { throw WriteError.cannotCreate(path: path, errno: ENOENT) }
        guard !path.hasSuffix("/") else { throw WriteError.isDirectory(path: path) }
        let kind = fileKind(path)
        guard kind != S_IFDIR else { throw WriteError.isDirectory(path: path) }
        if let kind, kind != S_IFREG {
            target = path
            temporary = nil
            descriptor = openFile(path, O_WRONLY | O_CLOEXEC, 0)
            guard descriptor >= 0 else { throw WriteError.cannotCreate(path: path, errno: errno) }
            sink = DescriptorSink(descriptor: descriptor, path: path)
            return
        }
        let target = kind == nil ? path : resolved(path) ?? path
        self.target = target
        // Writing into a file that forbids it is refused, though replacing it would work.
        if kind != nil, access(target, W_OK) != 0 { throw WriteError.cannotCreate(path: path, errno: errno) }
        let (folder, name) = folderAndName(target)
        let mine = resolved(folder.isEmpty ? "." : folder).map { $0 + "/" + name } ?? target
        guard Self.open.withLock({ $0.insert(mine).inserted }) else { throw WriteError.alreadyOpen(path: path) }
        key = mine
        let number = Self.serial.wrappingAdd(1, ordering: .relaxed).newValue
        // A long name plus the marks could pass the limit of 255 bytes.
        let short = String(decoding: Array(name.utf8.prefix(200)), as: UTF8.self)
        let hidden = "\(folder).\(short).\(getpid()).\(number).partial"
        descriptor = openFile(hidden, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        let code = errno
        guard descriptor >= 0 else {
            Self.open.withLock { _ = $0.remove(mine) }
            throw WriteError.cannotCreate(path: path, errno: code)
        }
        temporary = hidden
        Self.uncommitted.withLock { _ = $0.insert(hidden) }
        sink = DescriptorSink(descriptor: descriptor, path: path)
        var status = stat()
        if kind != nil, stat(target, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
    }

    deinit { abort() }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        precondition(descriptor >= 0, "bug: write after commit or abort")
        try sink.write(bytes)
    }

    /// Makes the file appear, durably. Throws `WriteError`; then nothing has changed and the bytes are gone.
    package func commit() throws {
        precondition(descriptor >= 0, "bug: commit after commit or abort")
        do {
            try sink.flush()
            guard let temporary else { return abort() }
            // Some file systems report a full disk no earlier than here.
            while fsync(descriptor) != 0 {
                switch errno {
                case EINTR: continue
                case ENOSPC, EDQUOT: throw WriteError.diskFull(path: path, written: written)
                default: throw WriteError.cannotWrite(path: path, errno: errno, written: written)
                }
            }
            guard rename(temporary, target) == 0 else { throw WriteError.cannotCommit(path: path, errno: errno) }
        } catch {
            abort()
            throw error
        }
        release()
        syncFolder()
    }

    /// Removes what was written; harmless after `commit`.
    package func abort() {
        guard descriptor >= 0 else { return }
        if let temporary { unlink(temporary) }
        release()
    }

    /// Removes what all files of the process have written so far, from any thread: for a process that must end now.
    package static func abortAll() { uncommitted.withLock { for path in $0 { unlink(path) } } }

    private func release() {
        close(descriptor)
        descriptor = -1
        if let key { Self.open.withLock { _ = $0.remove(key) } }
        if let temporary { Self.uncommitted.withLock { _ = $0.remove(temporary) } }
        key = nil
    }

    /// Makes the new name durable. A file system that cannot is no reason to fail.
    private func syncFolder() {
        let name = folderAndName(target).folder
        let folder = openFile(name.isEmpty ? "." : name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}

/// The folder with its slash, or nothing, and the name in it.
private func folderAndName(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    return (String(path[...slash]), String(path[path.utf8.index(after: slash)...]))
}

/// The real path of what exists, links followed.
private func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
}

private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
    var descriptor: Int32
    repeat { descriptor = open(path, flags, mode) } while descriptor < 0 && errno == EINTR
    return descriptor
}
