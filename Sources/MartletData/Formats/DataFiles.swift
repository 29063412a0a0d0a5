import MartletSupport
import Synchronization

/// The files behind one `load`, in reading order. Pipes and standard input stay open from the sample to the reader.
package final class DataFiles: Sendable {
    /// As the user wrote it.
    package let name: String
    package let paths: [String]
    /// The content, if it is in memory.
    private let memory: [UInt8]?
    /// What the files were like before anything was read of them; nil for one that is no regular file.
    private let stamps: [FileStamp?]
    /// Inputs that cannot be opened twice; nil once a reader took one.
    private let pipes = Mutex<[String: ByteInput?]>([:])

    /// Expands `pattern` if it is one. Throws `ReadError.noMatch`, `ReadError.badPattern` or `FileError`.
    package init(_ pattern: String) throws {
        name = pattern
        paths = try expandPattern(pattern)
        stamps = paths.map { FileStamp($0) }
        memory = nil
    }

    /// One file that is in memory; `name` stands in messages.
    package init(memory: [UInt8], name: String) {
        self.name = name
        paths = [name]
        stamps = []
        self.memory = memory
    }

    /// Whether the name still means the same regular files, and none was written to meanwhile.
    var areUnchanged: Bool {
        guard memory == nil else { return true }
        guard let now = try? expandPattern(name), now == paths else { return false }
        return zip(paths, stamps).allSatisfy { path, stamp in stamp != nil && FileStamp(path) == stamp }
    }

    private func open(_ path: String) throws -> ByteInput {
        if let memory { return ByteInput(memory: memory, name: path) }
        return try ByteInput(path: path)
    }

    /// Lets `body` read `path` from its first byte. Nothing is lost: the reader starts at the first byte again.
    func sample<R>(_ path: String, _ body: (ByteInput) throws -> R) throws -> R {
        let kept = pipes.withLock { $0[path] }
        let input: ByteInput
        switch kept {
        case .some(.some(let pipe)): input = pipe
        case .some(.none): throw ReadError.inputTaken(file: path)
        case .none: input = try open(path)
        }
        let result = try body(input)
        if !input.isSeekable {
            try input.rewind()
            pipes.withLock { $0[path] = .some(input) }
        }
        return result
    }

    /// For a reader: the input at its first byte; nothing is retained from here on.
    func take(_ path: String) throws -> ByteInput {
        let kept = pipes.withLock { pipes -> ByteInput?? in
            let kept = pipes[path]
            if kept != nil { pipes[path] = .some(nil) }
            return kept
        }
        switch kept {
        case .some(.some(let pipe)):
            pipe.retains = false
            return pipe
        case .some(.none): throw ReadError.inputTaken(file: path)
        case .none: return try open(path)
        }
    }

    /// Bytes of all files, nil if one is a pipe.
    var byteCount: Int? {
        if let memory { return memory.count }
        var total = 0
        for path in paths {
            guard path != "-", let size = regularFileSize(path) else { return nil }
            total += size
        }
        return total
    }
}
