import MartletSupport

/// `config.json` of a model folder, with every number checked before anything is sized by it.
struct ModelConfig: Sendable {
    let file: String
    let json: JSON

    var modelType: String { json["model_type"]?.string ?? "" }

    func wrong(_ field: String, _ reason: String) -> ArchitectureError {
        .config(file: file, field: field, reason: reason)
    }

    /// A count from 1 to `limit`, under the first of `fields` that is there.
    func count(_ fields: String..., limit: Int, default value: Int? = nil) throws -> Int {
        for field in fields {
            guard let member = json[field], !member.isNull else { continue }
            guard let number = member.int else { throw wrong(field, "it is no integer") }
            guard number >= 1, number <= limit else { throw wrong(field, "it is \(number), not 1 to \(limit)") }
            return number
        }
        guard let value else { throw wrong(fields[0], "it is missing") }
        return value
    }

    func number(_ field: String, default value: Double) throws -> Double {
        guard let member = json[field], !member.isNull else { return value }
        guard let number = member.double, number.isFinite else { throw wrong(field, "it is no number") }
        return number
    }

    func string(_ field: String) -> String? { json[field]?.string }

    /// Throws unless the field is absent or has the one value that is supported.
    func require(_ field: String, _ value: String) throws {
        if let found = string(field), found != value {
            throw wrong(field, "`\(found)` is not supported, only `\(value)`")
        }
    }
}
