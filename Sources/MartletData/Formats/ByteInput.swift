import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file, pipe or standard input read in chunks: memory is bounded by the longest record, not by the file.
///
/// The unread bytes are `bytes[position..<end]`. Pointers are valid until the next `fill`. While `retains` is set nothing that
/// was read is dropped, so that `rewind` works on pipes too. Reading rather than mapping means that a file which shrinks
/// meanwhile is a short file, not a fault. One thread uses it at a time; it is handed over whole.
final class ByteInput: @unchecked Sendable {
    let name: String
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var end = 0
    var position = 0
    private(set) var isAtEnd = false
    /// Offset in the file of `bytes[0]`.
    private(set) var origin = 0
    let isSeekable: Bool
    /// Size of a regular file.
    let size: Int?
    var retains: Bool
    private var capacity: Int
    let descriptor: Int32
    private let owned: Bool
    /// False for a view of another input's bytes.
    private let ownsBytes: Bool

    static let chunk = 1 << 20
    /// Bytes behind the last one that can be read, so that kernels need not look where the end is.
    static let padding = 64

    /// Opens `path`, or standard input for `-`. Throws `FileError`.
    init(path: String) throws {
        name = path
        if path == "-" {
            descriptor = 0
            owned = false
        } else {
            // A pipe may have no writer yet: that is waited for when it is read.
            let mayWait = InputWaiting.isStopped != nil && regularFileSize(path) == nil
            descriptor = open(path, O_RDONLY | O_CLOEXEC | (mayWait ? O_NONBLOCK : 0))
            if mayWait, descriptor >= 0 { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) }
            owned = true
            guard descriptor >= 0 else { throw FileError.cannotOpen(path: path, errno: errno) }
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            if owned { close(descriptor) }
            throw FileError.cannotOpen(path: path, errno: code)
        }
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFDIR else {
            if owned { close(descriptor) }
            throw FileError.isDirectory(path: path)
        }
        isSeekable = owned && kind == S_IFREG
        size = isSeekable ? Int(status.st_size) : nil
        retains = !isSeekable
        capacity = Self.chunk
        bytes = .allocate(capacity: capacity + Self.padding)
        ownsBytes = true
    }

    /// A copy of bytes in memory.
    init(memory: [UInt8], name: String) {
        self.name = name
        descriptor = -1
        owned = false
        isSeekable = true
        size = memory.count
        retains = false
        capacity = max(1, memory.count)
        bytes = .allocate(capacity: capacity + Self.padding)
        ownsBytes = true
        memory.withUnsafeBufferPointer { if let base = $0.baseAddress { bytes.update(from: base, count: $0.count) } }
        end = memory.count
        isAtEnd = true
    }

    /// The unread bytes `range` of `input`, counted from its position, as an input of their own. `input` must stay as it is.
    init(_ range: Range<Int>, of input: ByteInput) {
        name = input.name
        descriptor = -1
        owned = false
        ownsBytes = false
        isSeekable = true
        size = nil
        retains = true
        capacity = 0
        bytes = input.bytes + input.position + range.lowerBound
        end = range.count
        origin = input.offset + range.lowerBound
        isAtEnd = true
    }

    deinit {
        if ownsBytes { bytes.deallocate() }
        if owned { close(descriptor) }
    }

    /// Offset in the file of the next byte to read.
    var offset: Int { origin + position }

    /// Reads at least `minimum` bytes more, or to the end. Indices into `bytes` shift down by the returned amount.
    @discardableResult
    func fill(minimum: Int = 1) throws -> Int {
        if isAtEnd { return 0 }
        let shift = makeRoom(for: max(minimum, Self.chunk / 4))
        let goal = end + minimum
        while end < goal, !isAtEnd {
            if !isSeekable { try InputWaiting.wait(for: descriptor) }
            let count =
                isSeekable
                ? pread(descriptor, bytes + end, capacity - end, off_t(offsetOfEnd))
                : read(descriptor, bytes + end, capacity - end)
            if count > 0 {
                end += count
            } else if count == 0 {
                isAtEnd = true
            } else if errno != EINTR {
                throw FileError.cannotRead(path: name, errno: errno)
            }
        }
        return shift
    }

    /// Offset in the file of what is read next.
    var offsetOfEnd: Int { origin + end }

    /// Room for `count` bytes behind the end. What was read is dropped if it need not be retained: returns by how much indices
    /// into `bytes` shift down.
    @discardableResult
    func makeRoom(for count: Int) -> Int {
        var shift = 0
        if !retains, position > 0 {
            shift = position
            bytes.update(from: bytes + position, count: end - position)
            end -= position
            origin += position
            position = 0
        }
        let wanted = end + count
        if wanted > capacity {
            let larger = max(capacity * 2, wanted)
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
            copy.update(from: bytes, count: end)
            bytes.deallocate()
            bytes = copy
            capacity = larger
        }
        return shift
    }

    /// `count` bytes were read behind the end, into the room made for them.
    func added(_ count: Int) { end += count }

    /// There is nothing behind the end.
    func reachedEnd() { isAtEnd = true }

    /// Back to the first byte. On pipes only while everything was retained.
    func rewind() throws {
        if origin > 0 {
            guard isSeekable else { throw FileError.cannotRead(path: name, errno: ESPIPE) }
            origin = 0
            end = 0
            isAtEnd = false
        }
        position = 0
    }
}
