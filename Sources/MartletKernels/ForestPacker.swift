import CMartletKernels

/// Lays trees out for the kernel, one after the other.
struct ForestPacker {
    private let forest: DecisionForest
    private let element: PackedForest.Element
    private(set) var parts = ForestParts()
    private(set) var work = 0

    /// Place of a feature among those that are read.
    private var places: [Int32: Int32] = [:]
    /// What a node was in the tree that is being laid out.
    private var states: [State]

    private struct State {
        var tree: Int32 = -1
        var isOpen = false
        /// Steps from here to the deepest leaf.
        var depth: Int32 = 0
    }

    /// Nodes of all trees, nodes that trees share counted for each: a bound of memory and time.
    private static let visitLimit = 1 << 27
    private static let featureLimit: Int32 = 1 << 24

    init(_ forest: DecisionForest, element: PackedForest.Element) throws {
        self.forest = forest
        self.element = element
        states = [State](repeating: State(), count: forest.nodes.count)
        guard forest.targetCount > 0, forest.targetCount <= 1 << 24, forest.roots.count < 1 << 30 else {
            throw DecisionForest.Fault(reason: "\(forest.targetCount) targets and \(forest.roots.count) trees")
        }
        parts.targetCount = Int32(forest.targetCount)
        switch forest.aggregate {
        case .sum, .average: parts.aggregate = MK_TREES_SUM
        case .min: parts.aggregate = MK_TREES_MIN
        case .max: parts.aggregate = MK_TREES_MAX
        }
    }

    mutating func pack() throws {
        try collectFeatures()
        var visits = 0
        for (number, root) in forest.roots.enumerated() {
            let shape = try survey(root, tree: Int32(number))
            visits += shape.nodes.count + 1
            guard visits <= Self.visitLimit else { throw DecisionForest.Fault(reason: "the trees are too large") }
            try add(shape, root)
        }
        // Room for a table of 32 numbers to be read from the last leaf on.
        parts.weights += [Float](repeating: 0, count: 32)
        parts.targets += [0]
        if !parts.wide.isEmpty, zip(parts.wide, parts.weights).allSatisfy({ $0 == Double($1) }) { parts.wide = [] }
    }

    // MARK: Features

    private mutating func collectFeatures() throws {
        var thresholds: [Int32: [Double]] = [:]
        for node in forest.nodes {
            guard node.feature >= 0, node.feature < Self.featureLimit else {
                throw DecisionForest.Fault(reason: "there is no feature \(node.feature)")
            }
            guard !node.threshold.isNaN else { throw DecisionForest.Fault(reason: "a threshold is NaN") }
            thresholds[node.feature, default: []].append(node.threshold)
        }
        parts.features = thresholds.keys.sorted()
        for (place, feature) in parts.features.enumerated() {
            places[feature] = Int32(place)
            guard element == .double else { continue }
            var sorted: [Double] = []
            for threshold in (thresholds[feature] ?? []).sorted() where sorted.last != threshold {
                sorted.append(threshold)
            }
            guard sorted.count <= 1 << 22, parts.thresholds.count + sorted.count < 1 << 30 else {
                throw DecisionForest.Fault(reason: "feature \(feature) has \(sorted.count) thresholds")
            }
            parts.thresholds += sorted
            parts.thresholdStart.append(Int32(parts.thresholds.count))
        }
    }

    /// The threshold as the kernel compares it: the largest float that is not greater, or the place among the feature's.
    private func threshold(_ node: DecisionForest.Node, _ place: Int32) -> Float {
        switch element {
        case .float:
            let nearest = Float(node.threshold)
            return node.test == .lessOrEqual && Double(nearest) > node.threshold ? nearest.nextDown : nearest
        case .double:
            var low = Int(parts.thresholdStart[Int(place)])
            let first = low
            var high = Int(parts.thresholdStart[Int(place) + 1])
            while low < high {
                let middle = (low + high) / 2
                if parts.thresholds[middle] < node.threshold { low = middle + 1 } else { high = middle }
            }
            return Float(2 * (low - first))
        }
    }

    // MARK: Shape

    /// One tree's nodes from the left to the right, and which leaves are under their left sides.
    private struct Shape {
        /// In the order in which they were entered, each once.
        var nodes: [Int32] = []
        /// For each of `nodes`: the leaves under its left side.
        var cleared: [Range<Int32>] = []
        var leaves: [Int32] = []
        /// Whether each node and leaf has one way to it only.
        var isTree = true
        var depth: Int32 = 0
    }

    private func checked(_ child: Int32) throws -> Int32 {
        let isThere = child >= 0 ? Int(child) < forest.nodes.count : Int(~child) < forest.leaves.count
        guard isThere else { throw DecisionForest.Fault(reason: "a node leads to one that is not there") }
        return child
    }

    private mutating func survey(_ root: Int32, tree: Int32) throws -> Shape {
        var shape = Shape()
        /// Steps that are still to be done, the next one last.
        enum Step {
            case enter(Int32)
            case middle(Int)
            case close(Int32)
        }
        var steps = [Step.enter(try checked(root))]
        while let step = steps.popLast() {
            switch step {
            case .enter(let child) where child < 0: shape.leaves.append(~child)
            case .enter(let child):
                let state = states[Int(child)]
                if state.tree == tree {
                    guard !state.isOpen else { throw DecisionForest.Fault(reason: "a node leads back to itself") }
                    shape.isTree = false
                    continue
                }
                states[Int(child)] = State(tree: tree, isOpen: true)
                let node = forest.nodes[Int(child)]
                let position = shape.nodes.count
                shape.nodes.append(child)
                let first = Int32(shape.leaves.count)
                shape.cleared.append(first..<first)
                guard shape.nodes.count <= Self.visitLimit, shape.leaves.count <= Self.visitLimit else {
                    throw DecisionForest.Fault(reason: "a tree is too large")
                }
                steps.append(.close(child))
                steps.append(.enter(try checked(node.right)))
                steps.append(.middle(position))
                steps.append(.enter(try checked(node.left)))
            case .middle(let position):
                shape.cleared[position] = shape.cleared[position].lowerBound..<Int32(shape.leaves.count)
            case .close(let child):
                let node = forest.nodes[Int(child)]
                states[Int(child)].isOpen = false
                states[Int(child)].depth = 1 + max(depth(node.left), depth(node.right))
            }
        }
        shape.depth = depth(root)
        return shape
    }

    private func depth(_ child: Int32) -> Int32 { child < 0 ? 0 : states[Int(child)].depth }

    // MARK: Layout

    private mutating func add(_ shape: Shape, _ root: Int32) throws {
        let words = shape.isTree ? shape.cleared.reduce(0) { $0 + Self.words($1).count } : 0
        let byMasks = shape.isTree && words <= max(64, Self.testsPerStep * Int(shape.depth))
        var tree = mk_tree()
        tree.leaf = Int32(parts.weightStart.count - 1)
        if byMasks {
            tree.kind = Int32(MK_TREE_MASKS)
            tree.first = Int32(parts.runs.count)
            addTests(shape)
            tree.count = Int32(parts.runs.count) - tree.first
            work += words / 8 + 1
            try addLeaves(shape.leaves, &tree)
        } else {
            tree.kind = Int32(MK_TREE_WALK)
            tree.count = shape.depth
            work += 4 * Int(shape.depth)
            try addNodes(shape, root, &tree)
        }
        parts.trees.append(tree)
    }

    /// Tests by masks that cost as much as one step of a walk: measured with AVX-512.
    private static let testsPerStep = 24

    /// Words of 32 leaves that a range touches.
    private static func words(_ leaves: Range<Int32>) -> Range<Int32> {
        leaves.isEmpty ? 0..<0 : leaves.lowerBound / 32..<(leaves.upperBound - 1) / 32 + 1
    }

    private mutating func addTests(_ shape: Shape) {
        /// Tests by word and kind.
        var lists: [Int64: [mk_tree_test]] = [:]
        for (number, cleared) in zip(shape.nodes, shape.cleared) {
            let node = forest.nodes[Int(number)]
            let place = places[node.feature] ?? 0
            let kind =
                switch (node.test, node.nanGoesLeft) {
                case (.lessOrEqual, false): MK_TEST_LE
                case (.lessOrEqual, true): MK_TEST_LE_NAN
                case (.equal, false): MK_TEST_EQ
                case (.equal, true): MK_TEST_EQ_NAN
                }
            for word in Self.words(cleared) {
                let low = max(cleared.lowerBound - word * 32, 0)
                let high = min(cleared.upperBound - word * 32, 32)
                let clear = UInt32(truncatingIfNeeded: (1 << UInt64(high)) - (1 << UInt64(low)))
                let test = mk_tree_test(feature: place, threshold: threshold(node, place), clear: clear)
                lists[Int64(word) * 4 + Int64(kind), default: []].append(test)
            }
        }
        for key in lists.keys.sorted(by: >) {
            let tests = lists[key] ?? []
            parts.runs.append(
                mk_tree_run(
                    word: Int32(key / 4), kind: Int32(key % 4), first: Int32(parts.tests.count),
                    count: Int32(tests.count)))
            parts.tests += tests
        }
    }

    /// Nodes in pairs of a left and a right one, so that one number names both.
    private mutating func addNodes(_ shape: Shape, _ root: Int32, _ tree: inout mk_tree) throws {
        tree.first = Int32(parts.nodes.count)
        var leafNumbers: [Int32: Int32] = [:]
        var leaves: [Int32] = []
        var pairs: [Int32: Int32] = [:]
        pairs.reserveCapacity(shape.nodes.count)
        let first = parts.nodes.count + 1
        guard first + 2 * shape.nodes.count < 1 << 29 else {
            throw DecisionForest.Fault(reason: "the trees are too large")
        }
        for (position, number) in shape.nodes.enumerated() { pairs[number] = Int32(first + 2 * position) }
        func place(_ child: Int32) {
            guard child < 0 else {
                let node = forest.nodes[Int(child)]
                let column = places[node.feature] ?? 0
                var test = column
                if node.test == .equal { test |= Int32(MK_NODE_EQ) }
                if !node.nanGoesLeft { test |= Int32.min }
                parts.nodes.append(
                    mk_tree_node(test: test, threshold: threshold(node, column), child: pairs[child] ?? 0))
                parts.leafOfNode.append(0)
                return
            }
            let leaf = ~child
            let number = leafNumbers[leaf] ?? Int32(leaves.count)
            if leafNumbers.updateValue(number, forKey: leaf) == nil { leaves.append(leaf) }
            parts.nodes.append(mk_tree_node(test: 0, threshold: .infinity, child: Int32(parts.nodes.count)))
            parts.leafOfNode.append(number)
        }
        place(root)
        for number in shape.nodes {
            place(forest.nodes[Int(number)].left)
            place(forest.nodes[Int(number)].right)
        }
        try addLeaves(leaves, &tree)
    }

    private mutating func addLeaves(_ leaves: [Int32], _ tree: inout mk_tree) throws {
        tree.leaves = Int32(leaves.count)
        var target: Int32?
        var hasOneTarget = true
        var hasAllTargets = leaves.count * forest.targetCount < 1 << 30
        for leaf in leaves {
            let weights = forest.leaves[Int(leaf)].sorted { $0.target < $1.target }
            guard weights.allSatisfy({ $0.target >= 0 && $0.target < parts.targetCount }) else {
                throw DecisionForest.Fault(reason: "a weight is for a target that is not there")
            }
            hasOneTarget = hasOneTarget && weights.count == 1 && (target ?? weights[0].target) == weights[0].target
            if hasOneTarget { target = weights[0].target }
            hasAllTargets =
                hasAllTargets && weights.count == forest.targetCount
                && weights.enumerated().allSatisfy { $0 == Int($1.target) }
            for weight in weights {
                parts.targets.append(weight.target)
                parts.weights.append(Float(weight.value))
                parts.wide.append(weight.value)
            }
            guard parts.targets.count < 1 << 30 else {
                throw DecisionForest.Fault(reason: "there are too many weights")
            }
            parts.weightStart.append(Int32(parts.targets.count))
        }
        tree.target =
            if let target, hasOneTarget {
                target
            } else {
                Int32(hasAllTargets ? MK_TREE_ALL_TARGETS : MK_TREE_SOME_TARGETS)
            }
    }
}
