import MartletGraph
import MartletKernels
import MartletTensor

/// Decision trees from the attributes of ai.onnx.ml's operators.
extension ONNXCall {
    /// How a node compares a feature with its threshold.
    enum NodeMode: Int {
        case lessOrEqual, less, greaterOrEqual, greater, equal, notEqual, member
        case leaf

        static let names: [String: NodeMode] = [
            "BRANCH_LEQ": .lessOrEqual, "BRANCH_LT": .less, "BRANCH_GTE": .greaterOrEqual, "BRANCH_GT": .greater,
            "BRANCH_EQ": .equal, "BRANCH_NEQ": .notEqual, "LEAF": .leaf,
        ]
    }

    /// A node as the forest has it: one of two tests, with the sides swapped where the file has their opposites.
    ///
    /// - Parameters:
    ///   - isDouble: whether rows are float64, so that thresholds next to each other lie closer.
    ///   - missing: whether NaN takes the true side.
    func node(
        _ mode: NodeMode, feature: Int, threshold: Double, isDouble: Bool, missing: Bool, yes: Int32, no: Int32
    ) throws -> DecisionForest.Node {
        guard let feature = Int32(exactly: feature) else { throw wrong("there is no feature \(feature)") }
        func below(_ value: Double) -> Double { isDouble ? value.nextDown : Double(Float(value).nextDown) }
        func made(_ test: DecisionForest.Node.Test, _ threshold: Double, nan: Bool, _ left: Int32, _ right: Int32)
            -> DecisionForest.Node
        {
            DecisionForest.Node(
                test: test, feature: feature, threshold: threshold, nanGoesLeft: nan, left: left, right: right)
        }
        return switch mode {
        case .lessOrEqual: made(.lessOrEqual, threshold, nan: missing, yes, no)
        case .less: made(.lessOrEqual, below(threshold), nan: missing, yes, no)
        case .greaterOrEqual: made(.lessOrEqual, below(threshold), nan: !missing, no, yes)
        case .greater: made(.lessOrEqual, threshold, nan: !missing, no, yes)
        case .equal: made(.equal, threshold, nan: missing, yes, no)
        // NaN differs from every threshold.
        case .notEqual: made(.equal, threshold, nan: false, no, yes)
        case .member, .leaf: throw wrong("a node has no test")
        }
    }

    /// The trees of `TreeEnsembleClassifier` and `TreeEnsembleRegressor`, whose weights are in lists that begin with `kind`
    /// ("class" or "target").
    func trees(_ kind: String, targets: Int, aggregate: DecisionForest.Aggregate, base: [Double], isDouble: Bool) throws
        -> DecisionForest
    {
        let places = try NodePlaces(self)
        let count = places.count
        let modes = try list("nodes_modes", strings("nodes_modes"), count: count)
        let features = try list("nodes_featureids", ints("nodes_featureids"), count: count)
        let yes = try list("nodes_truenodeids", ints("nodes_truenodeids"), count: count)
        let no = try list("nodes_falsenodeids", ints("nodes_falsenodeids"), count: count)
        let thresholds = try list("nodes_values", numbers("nodes_values"), count: count)
        let missing = try ints("nodes_missing_value_tracks_true") ?? []

        var forest = DecisionForest(targetCount: targets, aggregate: aggregate, base: base)
        // Leaves and nodes are numbered apart, in the order of the lists.
        var numbers = [Int32](repeating: 0, count: count)
        var kinds: [NodeMode] = []
        var nodeCount: Int32 = 0
        for (index, name) in modes.enumerated() {
            guard let mode = NodeMode.names[name] else { throw wrong("attribute nodes_modes has `\(name)`") }
            kinds.append(mode)
            if mode == .leaf {
                numbers[index] = ~Int32(forest.leaves.count)
                forest.leaves.append([])
            } else {
                numbers[index] = nodeCount
                nodeCount += 1
            }
        }
        var isChild = [Bool](repeating: false, count: count)
        forest.nodes.reserveCapacity(Int(nodeCount))
        for (index, mode) in kinds.enumerated() where mode != .leaf {
            let tree = places.trees[index]
            let (left, right) = (try places.find(tree, yes[index], self), try places.find(tree, no[index], self))
            isChild[left] = true
            isChild[right] = true
            forest.nodes.append(
                try node(
                    mode, feature: features[index], threshold: thresholds[index], isDouble: isDouble,
                    missing: index < missing.count && missing[index] != 0, yes: numbers[left], no: numbers[right]))
        }
        var rooted: Set<Int> = []
        for index in 0..<count where !isChild[index] && rooted.insert(places.trees[index]).inserted {
            forest.roots.append(numbers[index])
        }
        guard rooted.count == places.treeCount else { throw wrong("a tree has no root") }
        try addWeights(kind, places, numbers, to: &forest)
        return forest
    }

    private func addWeights(
        _ kind: String, _ places: NodePlaces, _ numbers: [Int32], to forest: inout DecisionForest
    ) throws {
        let ids = try ints("\(kind)_ids") ?? []
        let trees = try list("\(kind)_treeids", ints("\(kind)_treeids") ?? [], count: ids.count)
        let nodes = try list("\(kind)_nodeids", ints("\(kind)_nodeids") ?? [], count: ids.count)
        let weights = try list("\(kind)_weights", self.numbers("\(kind)_weights") ?? [], count: ids.count)
        for index in ids.indices {
            let number = numbers[try places.find(trees[index], nodes[index], self)]
            // Old converters gave inner nodes weights too; they have no meaning.
            guard number < 0 else { continue }
            guard let target = Int32(exactly: ids[index]), target >= 0, target < forest.targetCount else {
                throw wrong("a weight is for target \(ids[index]), there are \(forest.targetCount)")
            }
            forest.leaves[Int(~number)].append(DecisionForest.Weight(target: target, value: weights[index]))
        }
    }

    func pack(_ forest: DecisionForest, isDouble: Bool) throws -> TreeEnsembleOp {
        do {
            return TreeEnsembleOp(try PackedForest(forest, element: isDouble ? .double : .float))
        } catch let fault as DecisionForest.Fault {
            throw wrong(fault.reason)
        }
    }
}

/// Where in the lists a tree's node stands.
private struct NodePlaces {
    let trees: [Int]
    private let nodes: [Int]
    private var places: [Key: Int] = [:]
    /// First place of each tree whose nodes stand together, numbered from 0 on.
    private var starts: [Int: Int] = [:]
    private(set) var treeCount = 0

    private struct Key: Hashable {
        let tree: Int
        let node: Int
    }

    var count: Int { trees.count }

    init(_ call: ONNXCall) throws {
        nodes = try call.ints("nodes_nodeids") ?? []
        trees = try call.list("nodes_treeids", call.ints("nodes_treeids"), count: nodes.count)
        guard nodes.count < 1 << 30 else { throw call.wrong("it has \(nodes.count) nodes") }
        var isPlain = true
        for index in trees.indices {
            if starts[trees[index]] == nil { starts[trees[index]] = index }
            isPlain = isPlain && nodes[index] == index - (starts[trees[index]] ?? 0)
        }
        treeCount = starts.count
        guard !isPlain else { return }
        starts = [:]
        places.reserveCapacity(count)
        for index in trees.indices
        where places.updateValue(index, forKey: Key(tree: trees[index], node: nodes[index])) != nil {
            throw call.wrong("tree \(trees[index]) has two nodes \(nodes[index])")
        }
    }

    func find(_ tree: Int, _ node: Int, _ call: ONNXCall) throws -> Int {
        if let start = starts[tree] {
            let (place, overflow) = start.addingReportingOverflow(node)
            if !overflow, node >= 0, place < count, trees[place] == tree { return place }
        } else if let place = places[Key(tree: tree, node: node)] {
            return place
        }
        throw call.wrong("tree \(tree) has no node \(node)")
    }
}
