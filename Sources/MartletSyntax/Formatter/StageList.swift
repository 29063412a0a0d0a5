/// A list in a stage that may stand with one entry per line.
struct StageList {
    /// What stands before the list: `select`, `group by`.
    let head: String
    /// Each with its end in the source.
    let entries: [(text: String, end: Int)]
}

extension Stage.Kind {
    /// The lists of a stage that consists of lists; nil for other stages.
    func lists(_ spelling: Spelling) -> [StageList]? {
        switch self {
        case .extend(let items): [Self.list("extend", items, spelling)]
        case .select(let items): [Self.list("select", items, spelling)]
        case .aggregate(let items, let groups):
            [Self.list("aggregate", items, spelling)]
                + (groups.isEmpty ? [] : [Self.list("group by", groups, spelling)])
        case .rename(let renamings):
            [
                StageList(
                    head: "rename",
                    entries: renamings.map {
                        (spelling.name($0.from) + " as " + spelling.name($0.to), $0.to.span.end)
                    })
            ]
        default: nil
        }
    }

    private static func list(_ head: String, _ items: [Item], _ spelling: Spelling) -> StageList {
        StageList(
            head: head, entries: items.map { (spelling.item($0), $0.span.end) })
    }
}
