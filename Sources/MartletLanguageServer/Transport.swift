import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Messages of the base protocol over two file descriptors: headers, an empty line, then `Content-Length` bytes of JSON.
struct Transport {
    private let input: Int32
    private let output: Int32
    private var buffer: [UInt8] = []

    /// Longer messages, and longer headers, are no messages of an editor.
    private static let messageLimit = 64 << 20
    private static let headerLimit = 8 << 10

    init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    enum Failure: Error {
        case ended
        /// The stream cannot be read on from here.
        case broken(String)
    }

    /// The bytes of the next message. Waits for it.
    mutating func read() throws(Failure) -> [UInt8] {
        let separator: [UInt8] = [13, 10, 13, 10]
        while true {
            if let end = place(of: separator) {
                let length = try contentLength(buffer[..<end])
                while buffer.count < end + 4 + length { try fill() }
                let body = Array(buffer[(end + 4)..<(end + 4 + length)])
                buffer.removeFirst(end + 4 + length)
                return body
            }
            guard buffer.count <= Self.headerLimit else { throw .broken("no end of a message's headers") }
            try fill()
        }
    }

    /// Whether a message, or a part of one, can be read at once.
    var hasInput: Bool {
        guard buffer.isEmpty else { return true }
        var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    func write(_ message: JSON) throws(Failure) {
        var body: [UInt8] = []
        JSONWriter.append(message, to: &body)
        let bytes = Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { unistdWrite(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .ended }
            done += count
        }
    }

    private func contentLength(_ headers: ArraySlice<UInt8>) throws(Failure) -> Int {
        for line in headers.split(whereSeparator: { $0 == 13 || $0 == 10 }) {
            let text = String(decoding: line, as: UTF8.self)
            guard let colon = text.firstIndex(of: ":"), text[..<colon].lowercased() == "content-length" else {
                continue
            }
            let digits = text[text.index(after: colon)...].drop { $0 == " " }.prefix { $0.isNumber }
            guard let length = Int(digits), length <= Self.messageLimit else { throw .broken("`\(text)` is no length") }
            return length
        }
        throw .broken("a message has no Content-Length")
    }

    private func place(of separator: [UInt8]) -> Int? {
        guard buffer.count >= separator.count else { return nil }
        return (0...(buffer.count - separator.count)).first { start in
            buffer[start..<(start + separator.count)].elementsEqual(separator)
        }
    }

    private mutating func fill() throws(Failure) {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { unistdRead(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .ended }
            buffer += chunk[..<count]
            return
        }
    }
}

/// `write` and `read` of libc, whose names the transport has taken.
private func unistdWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
private func unistdRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, bytes, count)
}
