import MartletGraph
import MartletPlanner

/// A region's program and where each of its columns comes from.
struct CompiledRegion: Sendable {
    /// Equal for regions that compute the same from the same models.
    let key: RegionKey
    var program: RegionProgram
    var outputs: [(column: PlanColumn, source: AnswerSource)]
    /// What the graph rules did.
    var trace: RuleTrace
}
