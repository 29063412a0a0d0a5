import MartletSupport

extension ONNXError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .wire(let file, let offset, let reason):
            return Explanation(
                code: "E0650", message: "`\(file)` is not a readable ONNX model: \(reason.words)",
                place: InputPlace(file: file, offset: offset),
                help: "the file may be truncated or damaged; fetch or export it again")
        case .incomplete(let file, let missing):
            return Explanation(
                code: "E0651", message: "`\(file)` is not a complete ONNX model: it has no \(missing)",
                place: InputPlace(file: file), help: "the file may be truncated; fetch or export it again")
        case .opset(let file, let domain, let version, let limit):
            return Explanation(
                code: "E0652",
                message: "`\(file)` uses version \(version) of the operator set "
                    + "`\(domain.isEmpty ? "ai.onnx" : domain)`; versions up to \(limit) are known",
                place: InputPlace(file: file), help: "export the model with opset_version=\(limit) or lower")
        case .tensor(let file, let name, let offset, let reason):
            return Explanation(
                code: "E0653", message: "tensor `\(name)` in `\(file)` is wrong: \(reason)",
                place: InputPlace(file: file, offset: offset))
        case .unsupportedOperators(let file, let operators):
            let list = operators.map(\.text)
            return Explanation(
                code: "E0654",
                message: "`\(file)` uses \(operators.count == 1 ? "an operator" : "operators") without support: "
                    + list.joined(separator: ", "),
                place: InputPlace(file: file))
        case .cycle(let file, let node):
            return Explanation(
                code: "E0655", message: "the graph in `\(file)` has a cycle through \(node)",
                place: InputPlace(file: file))
        case .duplicateName(let file, let name, let node):
            return Explanation(
                code: "E0656", message: "the value `\(name)` in `\(file)` is made twice, the second time by \(node)",
                place: InputPlace(file: file))
        case .unknownValue(let file, let name, let node):
            return Explanation(
                code: "E0657", message: "\(node) in `\(file)` uses the value `\(name)`, which nothing makes",
                place: InputPlace(file: file))
        case .node(let file, let node, let op, let reason):
            return Explanation(
                code: "E0658", message: "node `\(node)` (\(op)) in `\(file)` is wrong: \(reason)",
                place: InputPlace(file: file))
        case .value(let file, let name, let reason):
            return Explanation(
                code: "E0659", message: "`\(name)` in `\(file)` cannot be used: \(reason)",
                place: InputPlace(file: file))
        }
    }
}

extension ONNXError.WireReason {
    fileprivate var words: String {
        switch self {
        case .varint: "a number does not end"
        case .fieldNumber: "a field has an impossible number"
        case .wireType(let type): "a field has the unknown wire type \(type)"
        case .length(let length, let available): "a field of \(length) bytes where \(available) are left"
        case .fieldType(let number): "field \(number) holds another kind of value than it should"
        case .text: "a name is no UTF-8 text, or too long"
        case .tooDeep(let limit): "graphs are nested more than \(limit) deep"
        case .tooMany(let what, let limit): "more than \(limit) \(what)"
        }
    }
}
