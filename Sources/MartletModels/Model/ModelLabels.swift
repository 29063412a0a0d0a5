import MartletSupport

/// Class names in `config.json`.
enum ModelLabels {
    static let maximumCount = 1_000_000

    /// Names in the order of the logits from `id2label`, whose keys must be 0 … n-1; else `LABEL_0` … for `num_labels`.
    /// Nil if neither is there. `file` is for errors.
    static func read(_ config: JSON, _ file: String) throws -> [String]? {
        guard let map = config["id2label"]?.object else {
            guard let count = config["num_labels"]?.int else { return nil }
            guard count > 0, count <= maximumCount else {
                throw ArchitectureError.config(file: file, field: "num_labels", reason: "it is \(count)")
            }
            return (0..<count).map { "LABEL_\($0)" }
        }
        var names = [String?](repeating: nil, count: map.count)
        for (key, value) in map.members {
            guard let index = Int(key), names.indices.contains(index), names[index] == nil, let name = value.string
            else {
                throw ArchitectureError.config(
                    file: file, field: "id2label",
                    reason: "its keys are not 0 to \(map.count - 1), or a name is no string")
            }
            names[index] = name
        }
        return names.compactMap { $0 }
    }
}
