/// Decision trees as they are read from a file: nodes with two ways, leaves with weights for targets.
///
/// Two nodes may lead to the same node or leaf. Nothing is checked before `PackedForest` packs it.
package struct DecisionForest: Sendable {
    /// A row goes to the left where the test holds, else to the right.
    package struct Node: Sendable {
        package enum Test: Sendable { case lessOrEqual, equal }

        package var test: Test
        package var feature: Int32
        package var threshold: Double
        package var nanGoesLeft: Bool
        /// Index of a node, or `~index` of a leaf.
        package var left: Int32
        package var right: Int32

        package init(
            test: Test, feature: Int32, threshold: Double, nanGoesLeft: Bool, left: Int32, right: Int32
        ) {
            self.test = test
            self.feature = feature
            self.threshold = threshold
            self.nanGoesLeft = nanGoesLeft
            self.left = left
            self.right = right
        }
    }

    package struct Weight: Sendable {
        package var target: Int32
        package var value: Double

        package init(target: Int32, value: Double) {
            self.target = target
            self.value = value
        }
    }

    package enum Aggregate: String, Sendable { case sum, average, min, max }

    package var nodes: [Node] = []
    /// One for each tree, written as nodes' children are.
    package var roots: [Int32] = []
    package var leaves: [[Weight]] = []
    package var targetCount: Int
    package var aggregate: Aggregate
    /// What is added to each target's result.
    package var base: [Double]

    package init(targetCount: Int, aggregate: Aggregate, base: [Double]) {
        self.targetCount = targetCount
        self.aggregate = aggregate
        self.base = base
    }

    /// Why a forest cannot be run.
    package struct Fault: Error { package var reason: String }
}
