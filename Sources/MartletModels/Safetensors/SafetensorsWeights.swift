import MartletSupport
import MartletTensor

/// All weights of a folder: `model.safetensors`, or the parts that `model.safetensors.index.json` lists.
package struct SafetensorsWeights: Sendable {
    /// Every file that was read, the index included.
    package let files: [String]
    /// Each tensor with the file that it stands in.
    package let tensors: [String: (tensor: Tensor, file: String)]

    package static let maximumShards = 1_000

    /// Throws `FileError`, `SafetensorsError`, `JSONError`, `ModelError`.
    package init(folder: String) throws {
        let index = "\(folder)/model.safetensors.index.json"
        if let single = try? MappedFile(path: "\(folder)/model.safetensors") {
            let file = try SafetensorsFile(single)
            files = [file.path]
            tensors = file.tensors.mapValues { ($0, file.path) }
            return
        }
        guard let map = try readJSON(index)["weight_map"]?.object else {
            throw SafetensorsError.index(file: index, reason: "`weight_map` is missing")
        }
        var shards: [String: SafetensorsFile] = [:]
        var files = [index]
        var tensors: [String: (tensor: Tensor, file: String)] = [:]
        for (name, value) in map.members {
            guard let part = value.string else {
                throw SafetensorsError.index(file: index, reason: "the file of `\(name)` is no string")
            }
            if shards[part] == nil {
                guard isInsideFolder(part) else { throw ModelError.unsafePath(file: index, path: part) }
                guard shards.count < Self.maximumShards else {
                    throw SafetensorsError.index(file: index, reason: "more than \(Self.maximumShards) files")
                }
                shards[part] = try SafetensorsFile(path: "\(folder)/\(part)")
                files.append("\(folder)/\(part)")
            }
            guard let shard = shards[part], let tensor = shard.tensors[name] else {
                throw SafetensorsError.shard(index: index, tensor: name, file: part)
            }
            tensors[name] = (tensor, shard.path)
        }
        self.files = files
        self.tensors = tensors
    }
}

/// Whether a relative path stays below the folder it is relative to, whatever links there may be on the way.
func isInsideFolder(_ path: String) -> Bool {
    guard !path.isEmpty, !path.hasPrefix("/"), !path.utf8.contains(0) else { return false }
    return !path.split(separator: "/", omittingEmptySubsequences: true).contains("..")
}
