import MartletSyntax

/// Arms of a `route` that no row can take: warnings, since the query means what it says.
extension Binder {
    /// - Parameter conditions: as bound, nil where there was something to complain about already.
    func checkReachability(_ route: MartletSyntax.Route, _ conditions: [BoundExpr?], _ locals: [String: BoundExpr]) {
        guard route.arms.count <= Self.mostArmsChecked else { return }
        var regions: [(arm: Int, region: Region)] = []
        for (number, arm) in route.arms.enumerated() {
            let name = arm.name?.text ?? "\(number + 1)"
            if let twin = route.arms[..<number].first(where: { $0.condition == arm.condition }) {
                reportUnreachable(
                    "arm `\(name)`", at: arm.condition.span, "", [(twin.condition.span, "the same condition")],
                    help: "rows take the first arm whose condition is true: remove one of them, or correct it")
                continue
            }
            // What a parameter makes of a condition holds for one run only.
            guard let condition = conditions[number], !depends(arm.condition, on: locals),
                let region = Region(of: condition)
            else { continue }
            if region.isEmpty {
                reportUnreachable(
                    "arm `\(name)`", at: arm.condition.span, "this is true for no row",
                    help: "correct the condition, or remove the arm")
            } else if region.isCovered(by: regions.map(\.region)) {
                let takers = regions.filter { region.isCovered(by: [$0.region]) }.prefix(1)
                let shown = takers.isEmpty ? regions.filter { $0.region.meets(region) } : Array(takers)
                reportUnreachable(
                    "arm `\(name)`", at: arm.condition.span, "no row is left for this",
                    shown.map {
                        (
                            route.arms[$0.arm].condition.span,
                            takers.isEmpty ? "takes some of its rows" : "takes all of its rows"
                        )
                    },
                    help: "rows take the first arm whose condition is true: put the narrower condition first")
            }
            if regions.count < Self.mostRegions { regions.append((number, region)) }
        }
        guard let taker = regions.first(where: { $0.region.isEverything }) else { return }
        reportUnreachable(
            "`else`", at: route.elseSpan, "no row is left for this",
            [(route.arms[taker.arm].condition.span, "is true for every row")],
            help: "put that arm's body here, or correct its condition")
    }

    private static let mostArmsChecked = 200
    private static let mostRegions = 64

    private func reportUnreachable(
        _ what: String, at span: Span, _ label: String = "", _ earlier: [(Span, String)] = [], help: String
    ) {
        report(
            .unreachableArm, "\(what) can never be taken", at: span, label, secondary: earlier, help: help,
            severity: .warning)
    }

    private func depends(_ expr: Expr, on locals: [String: BoundExpr]) -> Bool {
        switch expr.kind {
        case .parameter: true
        case .name(let name): locals[name.text.lowercased()] != nil
        default: expr.kind.children.contains { depends($0, on: locals) }
        }
    }
}
