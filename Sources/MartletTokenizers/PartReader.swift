import MartletSupport

/// One part of a tokenizer file with its place in it, so that every complaint names both.
struct PartReader {
    let file: String
    /// Path of the part, such as `post_processor.processors[1]`.
    let path: String
    let json: JSON

    func invalid(_ key: String? = nil, _ reason: String) -> TokenizerError {
        .invalid(file: file, part: key.map { "\(path).\($0)" } ?? path, reason: reason)
    }

    /// The part's `type`.
    func kind() throws(TokenizerError) -> String {
        guard case .object = json else { throw invalid(nil, "should be an object with a `type`, found \(json.kind)") }
        return try string("type")
    }

    func unknownKind(_ kind: String, supported: some Sequence<String>) -> TokenizerError {
        .unknownKind(file: file, part: path, kind: kind, supported: supported.sorted())
    }

    /// The member `key` as a part; nil if it is missing or null.
    func part(_ key: String) -> PartReader? {
        guard let value = json[key], !value.isNull else { return nil }
        return PartReader(file: file, path: path.isEmpty ? key : "\(path).\(key)", json: value)
    }

    func requiredPart(_ key: String) throws(TokenizerError) -> PartReader {
        guard let part = part(key) else { throw invalid(key, "is missing") }
        return part
    }

    /// The elements of the array `key`.
    func parts(_ key: String) throws(TokenizerError) -> [PartReader] {
        try requiredPart(key).elements()
    }

    /// The elements of this array.
    func elements() throws(TokenizerError) -> [PartReader] {
        guard let array = json.array else { throw invalid(nil, "should be an array, found \(json.kind)") }
        return array.enumerated().map { PartReader(file: file, path: "\(path)[\($0)]", json: $1) }
    }

    func optionalString(_ key: String) throws(TokenizerError) -> String? {
        guard let value = json[key], !value.isNull else { return nil }
        guard let string = value.string else { throw invalid(key, "should be a string, found \(value.kind)") }
        return string
    }

    func string(_ key: String) throws(TokenizerError) -> String {
        guard let string = try optionalString(key) else { throw invalid(key, "is missing") }
        return string
    }

    func optionalBool(_ key: String) throws(TokenizerError) -> Bool? {
        guard let value = json[key], !value.isNull else { return nil }
        guard let bool = value.bool else { throw invalid(key, "should be true or false, found \(value.kind)") }
        return bool
    }

    func bool(_ key: String, default standard: Bool) throws(TokenizerError) -> Bool {
        try optionalBool(key) ?? standard
    }

    /// A whole number from 0 to 2³¹ - 1.
    func optionalCount(_ key: String) throws(TokenizerError) -> Int? {
        guard let value = json[key], !value.isNull else { return nil }
        guard let int = value.int, (0...Int(Int32.max)).contains(int) else {
            throw invalid(key, "should be a whole number from 0 to 2147483647")
        }
        return int
    }

    func count(_ key: String) throws(TokenizerError) -> Int {
        guard let count = try optionalCount(key) else { throw invalid(key, "is missing") }
        return count
    }

    /// This value as a token id.
    func id() throws(TokenizerError) -> Int32 {
        guard let int = json.int, let id = Int32(exactly: int), id >= 0 else {
            throw invalid(nil, "should be a token id from 0 to 2147483647")
        }
        return id
    }
}
