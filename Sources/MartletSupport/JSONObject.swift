/// The members of a JSON object, in the order of the text.
///
/// A repeated key takes the value that comes last, at the place of the first (as Python's and Rust's readers do).
/// Keys are compared byte by byte, not by Unicode equivalence. Lookup is linear up to 16 members and hashed above.
package struct JSONObject: Equatable, Sendable {
    package private(set) var keys: [String] = []
    package private(set) var values: [JSON] = []
    private var places: [ExactKey: Int] = [:]

    private static let linearLimit = 16

    package init() {}

    /// An object of these members; a repeated key takes the last value.
    package init(_ members: [(String, JSON)]) {
        for (key, value) in members { self[key] = value }
    }

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }

    /// Reads a member, sets it (a new key goes to the end), or removes it (nil).
    package subscript(key: String) -> JSON? {
        get { place(of: key).map { values[$0] } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): values[place] = value
            case (nil, let value?): append(key, value)
            case (let place?, nil):
                keys.remove(at: place)
                values.remove(at: place)
                reindex()
            case (nil, nil): break
            }
        }
    }

    /// Members in order.
    package var members: Zip2Sequence<[String], [JSON]> { zip(keys, values) }

    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.0] == $0.1 }
    }

    private func place(of key: String) -> Int? {
        keys.count <= Self.linearLimit
            ? keys.firstIndex { ExactKey(text: $0) == ExactKey(text: key) } : places[ExactKey(text: key)]
    }

    private mutating func append(_ key: String, _ value: JSON) {
        keys.append(key)
        values.append(value)
        if keys.count == Self.linearLimit + 1 {
            reindex()
        } else if keys.count > Self.linearLimit {
            places[ExactKey(text: key)] = keys.count - 1
        }
    }

    private mutating func reindex() {
        places = [:]
        guard keys.count > Self.linearLimit else { return }
        places.reserveCapacity(keys.count * 2)
        for (place, key) in keys.enumerated() { places[ExactKey(text: key)] = place }
    }
}

/// A string that is equal to another only if their bytes are.
private struct ExactKey: Hashable {
    let text: String

    static func == (left: ExactKey, right: ExactKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
