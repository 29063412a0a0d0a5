import MartletGraph
import MartletModels
import MartletPlanner
import MartletSupport

extension ModelStore {
    /// Whether two models on the same arguments are better one graph: they take them in the same way, and have at least half
    /// of the smaller one's weights in common. Not for one model twice, which `share_infer` sees to.
    func sharesTrunk(_ first: BoundModel, _ second: BoundModel) throws -> Bool {
        guard first.key != second.key else { return false }
        let (a, b) = (try model(first), try model(second))
        let key = [a, b].map { "\($0.loaded.contentHash)\($0.options)" }.joined(separator: "\n")
        if let known = trunks.withLock({ $0[key] }) { return known }
        let shares = a.takesInput(like: b) && Self.haveWeightsInCommon(a.loaded.graph, b.loaded.graph)
        trunks.withLock { $0[key] = shares }
        return shares
    }

    private static func haveWeightsInCommon(_ a: Graph, _ b: Graph) -> Bool {
        func bytes(_ graph: Graph) -> Int { graph.values.reduce(0) { $0 + ($1.constant?.byteCount ?? 0) } }
        return ConstantIndex(a).likelyShared(with: b) > min(bytes(a), bytes(b)) / 2
    }
}

extension StoredModel {
    /// Whether the same arguments become the same inputs of both graphs.
    fileprivate func takesInput(like other: StoredModel) -> Bool {
        let (a, b) = (loaded, other.loaded)
        guard a.form == b.form, takesText == other.takesText, takesPairs == other.takesPairs,
            a.fixedBatch == b.fixedBatch, options.precision == other.options.precision,
            options.exactLayers == other.options.exactLayers,
            a.graph.inputs.map(\.name) == b.graph.inputs.map(\.name),
            a.graph.inputs.map({ a.graph.type($0.value).dtype }) == b.graph.inputs.map({ b.graph.type($0.value).dtype })
        else { return false }
        guard takesText else { return a.takesPlainRows && b.takesPlainRows }
        return a.text == b.text && a.maxTokens == b.maxTokens && a.lowercasesText == b.lowercasesText
            && options.truncate == other.options.truncate && a.vocabulary == nil && b.vocabulary == nil
            && Self.haveEqualContent(a.tokenizerPath, b.tokenizerPath)
    }

    private static func haveEqualContent(_ a: String?, _ b: String?) -> Bool {
        guard let a, let b else { return false }
        guard a != b else { return true }
        guard let x = try? MappedFile(path: a), let y = try? MappedFile(path: b) else { return false }
        return x.bytes.elementsEqual(y.bytes)
    }
}

extension LoadedModel {
    /// Whether the first dimension of all inputs and outputs is rows.
    fileprivate var takesPlainRows: Bool {
        inputs.allSatisfy { $0.batchAxis == 0 && $0.type.dtype != .optional }
            && outputs.allSatisfy { ($0.batchAxis ?? 0) == 0 }
    }
}
