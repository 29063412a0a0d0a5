/// What the executor does to spare work while a query runs. Like the rules of plans, each can be switched off by name, and
/// never changes results; how often each applied is in the profile.
package enum ExecutionRule: String, CaseIterable, Sendable {
    case formRegions = "form_regions"
    case shareTrunks = "share_trunks"
    case packSequences = "pack_sequences"
    case askConstantsOnce = "ask_constants_once"
    case shareDuplicates = "share_duplicates"
    case stopSharing = "stop_sharing"
    case shareAnswers = "share_answers"
    case orderPredicates = "order_predicates"
    case orderModels = "order_models"
    case startSmall = "start_small"

    package var name: String { rawValue }

    /// One line for `show rules`.
    package var summary: String {
        switch self {
        case .formRegions: "makes one graph of a model and the tensor expressions and models on its outputs"
        case .shareTrunks: "runs once what models on the same arguments have in common"
        case .packSequences: "lays texts of different length end to end instead of padding them"
        case .askConstantsOnce: "runs a model whose arguments are constants on one row"
        case .shareDuplicates: "runs a model once on equal rows"
        case .stopSharing: "stops looking for equal rows where so few are found that it does not pay"
        case .shareAnswers: "hands answers to other calls of a query, and with `set memo` to later queries"
        case .orderPredicates: "tries first those conditions of a filter that are cheap and keep few rows"
        case .orderModels: "runs first those models of filters that are cheap and keep few rows"
        case .startSmall: "runs few rows at first where a limit may need no more"
        }
    }

    package static var names: [String] { allCases.map(\.name) }
}

extension Settings {
    package func allows(_ rule: ExecutionRule) -> Bool { disabled.isDisjoint(with: [rule.name, "all"]) }
}
