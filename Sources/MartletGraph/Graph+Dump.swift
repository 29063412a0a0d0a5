extension Graph {
    /// The text form: one line for each node, `%7 float[tokens, 384] = Linear(%3, weight, bias) act=gelu`.
    package var dump: String {
        var lines = inputs.map { "input \($0.name) %\($0.value.index) \(type($0.value))" }
        for node in nodes {
            let outputs = node.outputs.map { "%\($0.index) \(type($0))" }.joined(separator: ", ")
            let inputs = node.inputs.map { $0.map(operand) ?? "_" }.joined(separator: ", ")
            let attributes = node.op.attributes
            lines.append(
                "\(outputs) = \(Swift.type(of: node.op).name)(\(inputs))\(attributes.isEmpty ? "" : " " + attributes)")
        }
        lines += outputs.map { "output \($0.name) \(operand($0.value))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private func operand(_ id: ValueID) -> String {
        let value = values[id.index]
        guard let constant = value.constant else { return "%\(id.index)" }
        if constant.rank <= 1, constant.count <= 4 {
            switch constant.dtype {
            case .float32: return constant.values(Float.self).map { "\($0)" }.joined(separator: ":")
            case .int64: return constant.values(Int64.self).map { "\($0)" }.joined(separator: ":")
            default: break
            }
        }
        return "const \(value.type)"
    }
}
