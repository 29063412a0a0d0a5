import MartletGraph
import MartletPlanner

/// A region's program and where each of its columns comes from.
struct CompiledRegion: Sendable {
    var program: RegionProgram
    var outputs: [(column: PlanColumn, source: AnswerSource)]
    /// What the graph rules did.
    var trace: RuleTrace
}
