import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What stands at a model's path: a folder's file names, or a mapped file.
package struct ModelSource: Sendable {
    package let path: String
    /// Names in the folder, sorted; nil for a file.
    package let entries: [String]?
    /// The file itself, or the single `.onnx` or `.gguf` of a folder without safetensors.
    package let file: MappedFile?

    package static let maximumEntries = 10_000

    /// Throws `FileError`.
    package init(_ path: String) throws {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        do {
            file = try MappedFile(path: path)
            entries = nil
        } catch FileError.isDirectory {
            let names = try Self.list(path)
            entries = names
            let single = names.filter { $0.hasSuffix(".onnx") || $0.hasSuffix(".gguf") }
            let hasWeights = names.contains { $0.hasSuffix(".safetensors") || $0.hasSuffix(".safetensors.index.json") }
            file = single.count == 1 && !hasWeights ? try MappedFile(path: "\(path)/\(single[0])") : nil
        }
    }

    /// The folder that other files of the model are looked up in.
    package var folder: String {
        if entries != nil { return path }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// File or folder name without extension.
    package var name: String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        guard entries == nil, let dot = last.lastIndex(of: "."), dot != last.startIndex else { return last }
        return String(last[..<dot])
    }

    /// A file beside the model, if there is one.
    package func sibling(_ name: String) -> String? {
        let path = "\(folder)/\(name)"
        return access(path, R_OK) == 0 ? path : nil
    }

    func has(_ name: String) -> Bool { entries?.contains(name) ?? false }

    /// The JSON file of a name, if there is one. Throws `FileError` and `JSONError`.
    func json(_ name: String) throws -> (path: String, value: JSON)? {
        guard let path = sibling(name) else { return nil }
        return (path, try readJSON(path))
    }

    /// Why no format wants this path.
    var unrecognized: ModelError {
        if let entries { return unrecognizedFolder(entries) }
        guard let file else { return .unknownFormat(path: path, found: "it cannot be read") }
        if file.count == 0 { return .unknownFormat(path: path, found: "the file is empty") }
        for (magic, format, remedy) in Self.knownMagic where file.bytes.starts(with: magic) {
            return .unsupportedFormat(path: path, format: format, remedy: remedy)
        }
        if path.hasSuffix(".safetensors") {
            return .unsupportedFormat(
                path: path, format: "a weights file alone",
                remedy: "load its folder, which also holds config.json and tokenizer.json")
        }
        return .unknownFormat(path: path, found: "the first bytes are those of no known format")
    }

    private func unrecognizedFolder(_ entries: [String]) -> ModelError {
        let single = entries.filter { $0.hasSuffix(".onnx") || $0.hasSuffix(".gguf") }
        if single.count > 1 {
            return .unknownFormat(
                path: path, found: "the folder holds \(single.count) models, \(single[0]) among them; load one of them")
        }
        if entries.contains(where: { $0.hasPrefix("pytorch_model") && $0.hasSuffix(".bin") }) {
            return .unsupportedFormat(
                path: path, format: "a folder with PyTorch's pickled weights (pytorch_model.bin)",
                remedy: "convert to safetensors: `model.save_pretrained(folder, safe_serialization=True)`")
        }
        if entries.contains("tf_model.h5") || entries.contains("flax_model.msgpack") {
            return .unsupportedFormat(
                path: path, format: "a folder with TensorFlow or Flax weights", remedy: "convert to safetensors")
        }
        if entries.contains("config.json") {
            return .missingFile(
                folder: path, name: "model.safetensors", remedy: "fetch the weights as well as config.json")
        }
        if entries.contains(where: { $0.hasSuffix(".safetensors") }) {
            return .missingFile(folder: path, name: "config.json", remedy: "fetch it from where the weights are from")
        }
        let shown = entries.prefix(6).joined(separator: ", ")
        return .unknownFormat(
            path: path, found: entries.isEmpty ? "the folder is empty" : "the folder holds \(shown)")
    }

    private static let knownMagic: [(magic: [UInt8], format: String, remedy: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "a zip archive (PyTorch saves so)", "convert to safetensors or ONNX"),
        ([0x80, 0x02], "a Python pickle", "convert to safetensors or ONNX"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file (Keras saves so)", "convert to ONNX"),
        ([0x1F, 0x8B], "a gzip file", "unpack it first"),
        (Array("version https://git-lfs".utf8), "a Git LFS pointer, not the file itself", "run `git lfs pull`"),
    ]

    private static func list(_ path: String) throws -> [String] {
        guard let directory = opendir(path) else { throw FileError.cannotOpen(path: path, errno: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count < maximumEntries, let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// The JSON file at `path`. Throws `FileError`, and `JSONError` with the path in it.
func readJSON(_ path: String) throws -> JSON {
    let file = try MappedFile(path: path)
    do {
        return try JSON.parse(file.bytes)
    } catch {
        throw error.inFile(path)
    }
}
