import MartletTensor
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files that tests read and write, without Foundation.
enum Fixtures {
    /// The folder of this source file.
    static let testFolder = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex))

    static func path(_ name: String) -> String { "\(testFolder)/Fixtures/\(name)" }

    /// The folder with downloaded data and models; nil where it is not set.
    static let data = getenv("MARTLET_DATA").map { String(cString: $0) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Failure(description: "cannot open \(path)") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        var bytes = [UInt8](repeating: 0, count: size)
        guard fread(&bytes, 1, size, file) == size else { throw Failure(description: "cannot read \(path)") }
        return bytes
    }

    static func lines(besideTests name: String) throws -> [String] {
        try String(decoding: bytes("\(testFolder)/\(name)"), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "wb") else { throw Failure(description: "cannot write \(path)") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw Failure(description: "cannot write \(path)")
        }
    }

    static func write(_ lines: [String], to path: String) throws {
        try write(Array(lines.map { $0 + "\n" }.joined().utf8), to: path)
    }

    /// Names in a folder, sorted.
    static func folders(in path: String) throws -> [String] {
        guard let directory = opendir(path) else { throw Failure(description: "cannot open \(path)") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Runs `body` with a new folder that is removed afterwards.
    static func withFolder<T>(_ body: (String) throws -> T) throws -> T {
        var template = Array("/tmp/martlet-models-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(description: "cannot make a folder") }
        let path = String(cString: made)
        defer {
            for name in (try? folders(in: path)) ?? [] { unlink("\(path)/\(name)") }
            rmdir(path)
        }
        return try body(path)
    }
}

extension Fixtures {
    /// A matrix of raw little-endian elements.
    static func tensor<T: TensorElement>(_ path: String, _ type: T.Type, columns: Int) throws -> Tensor {
        let bytes = try bytes(path)
        let rows = bytes.count / T.dtype.size / columns
        let tensor = try Tensor(T.dtype, shape: [rows, columns])
        bytes.withUnsafeBytes { source in
            tensor.pointer.copyMemory(from: source.baseAddress!, byteCount: tensor.byteCount)
        }
        return tensor
    }

    /// Largest absolute difference of two float32 tensors; infinity if a number is missing.
    static func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
        guard a.shape == b.shape else { return .infinity }
        return withExtendedLifetime((a, b)) {
            var largest: Float = 0
            for (x, y) in zip(a.elements(Float.self), b.elements(Float.self)) {
                guard x.isFinite, y.isFinite else { return .infinity }
                largest = max(largest, (x - y).magnitude)
            }
            return largest
        }
    }
}
