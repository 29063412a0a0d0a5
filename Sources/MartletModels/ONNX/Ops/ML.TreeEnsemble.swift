import MartletGraph
import MartletKernels
import MartletTensor

extension ONNXOp {
    /// The joined weights of the leaves that a row comes to; nodes may test for members of sets.
    static let mlTreeEnsemble = ONNXOp(
        "TreeEnsemble", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let given = try call.input(0)
            let x = try call.rows(0)
            let isDouble = call.dtype(x) == .float64
            let scores = try call.emit(call.pack(call.treesWithSets(isDouble: isDouble), isDouble: isDouble), x)
            guard let transform = ONNXCall.PostTransform(rawValue: try call.int("post_transform", default: 0)) else {
                throw call.wrong("attribute post_transform is not 0 to 4")
            }
            return try call.cast(call.transformed(scores, transform), to: call.dtype(given))
        })
}

extension ONNXCall {
    fileprivate func treesWithSets(isDouble: Bool) throws -> DecisionForest {
        let aggregates: [DecisionForest.Aggregate] = [.average, .sum, .min, .max]
        let aggregate = try int("aggregate_function", default: 1)
        guard aggregates.indices.contains(aggregate) else {
            throw wrong("attribute aggregate_function is not 0 to 3")
        }
        guard let modes = try tensor("nodes_modes")?.integerElements else { throw wrong("it has no nodes_modes") }
        let count = modes.count
        let features = try list("nodes_featureids", ints("nodes_featureids"), count: count)
        let splits = try list("nodes_splits", numbers(tensor: "nodes_splits"), count: count)
        let yes = try list("nodes_truenodeids", ints("nodes_truenodeids"), count: count)
        let no = try list("nodes_falsenodeids", ints("nodes_falsenodeids"), count: count)
        let yesIsLeaf = try list("nodes_trueleafs", ints("nodes_trueleafs"), count: count)
        let noIsLeaf = try list("nodes_falseleafs", ints("nodes_falseleafs"), count: count)
        let missing = try ints("nodes_missing_value_tracks_true") ?? []
        let weights = try numbers(tensor: "leaf_weights") ?? []
        let targets = try list("leaf_targetids", ints("leaf_targetids"), count: weights.count)
        guard weights.count < 1 << 30, count < 1 << 30 else { throw wrong("the trees are too large") }

        var forest = DecisionForest(
            targetCount: try int("n_targets", default: 1), aggregate: aggregates[aggregate], base: [])
        forest.leaves = try zip(targets, weights).map { target, weight in
            guard let number = Int32(exactly: target) else { throw wrong("a weight is for target \(target)") }
            return [DecisionForest.Weight(target: number, value: weight)]
        }
        func child(_ index: Int, isLeaf: Bool) throws -> Int32 {
            guard index >= 0, index < (isLeaf ? weights.count : count) else {
                throw wrong("there is no \(isLeaf ? "leaf" : "node") \(index)")
            }
            return isLeaf ? ~Int32(index) : Int32(index)
        }
        var sets = try memberSets()
        // Tests for the second and later members of a set are nodes behind those of the file.
        var more: [DecisionForest.Node] = []
        for (index, code) in modes.enumerated() {
            guard let mode = NodeMode(rawValue: code), mode != .leaf else {
                throw wrong("attribute nodes_modes has \(code)")
            }
            let tracks = index < missing.count && missing[index] != 0
            let left = try child(yes[index], isLeaf: yesIsLeaf[index] != 0)
            let right = try child(no[index], isLeaf: noIsLeaf[index] != 0)
            func made(_ mode: NodeMode, _ threshold: Double, no: Int32) throws -> DecisionForest.Node {
                try node(
                    mode, feature: features[index], threshold: threshold, isDouble: isDouble, missing: tracks,
                    yes: left, no: no)
            }
            guard mode == .member else {
                forest.nodes.append(try made(mode, splits[index], no: right))
                continue
            }
            guard let members = sets.next(), !members.isEmpty else {
                throw wrong("node \(index) has no set of members")
            }
            var next = right
            for member in members.dropFirst().reversed() {
                more.append(try made(.equal, member, no: next))
                next = Int32(count + more.count - 1)
            }
            forest.nodes.append(try made(.equal, members[0], no: next))
        }
        guard count + more.count < 1 << 30 else { throw wrong("the trees are too large") }
        forest.nodes += more
        forest.roots = try (ints("tree_roots") ?? []).map { root in
            let number = Int(try child(root, isLeaf: false))
            let isLeaf = yesIsLeaf[number] != 0 && noIsLeaf[number] != 0 && yes[number] == no[number]
            return isLeaf ? try child(yes[number], isLeaf: true) : Int32(number)
        }
        return forest
    }

    /// The sets of `membership_values`, each closed by a NaN, in the order of the nodes that test for them.
    private func memberSets() throws -> IndexingIterator<[[Double]]> {
        var sets: [[Double]] = []
        var members: [Double] = []
        for value in try numbers(tensor: "membership_values") ?? [] {
            if value.isNaN {
                sets.append(members)
                members = []
            } else {
                members.append(value)
            }
        }
        return sets.makeIterator()
    }
}
