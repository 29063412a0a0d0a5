import MartletSupport

extension SchemaError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .duplicateName(let name, let first, let firstPosition, let secondPosition):
            return Explanation(
                code: "E0620",
                message: "columns \(firstPosition + 1) and \(secondPosition + 1) are both called `\(name)`",
                notes: name == first ? [] : ["names are compared without case: `\(first)` and `\(name)` are the same"],
                help: "give one of them another name")
        case .invalidType(let text, let offset, let reason):
            return Explanation(
                code: "E0621", message: "`\(text)` is no type: \(reason)",
                notes: ["at character \(offset + 1)"],
                help: "types are bool int float string bytes timestamp, list(T), struct(a T, …), float[384], int8[n]")
        }
    }
}
