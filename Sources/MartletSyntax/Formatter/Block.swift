/// A stage with arms, cut into what stands on lines of its own.
struct Block {
    var head: String
    /// Where the head ends in the source.
    var headEnd: Int
    var arms: [Arm]
    var tail: String

    struct Arm {
        /// Up to `then` or `else`; the whole tier of a cascade.
        var head: String
        var headEnd: Int
        var body: Body?
    }

    /// Nil for stages without arms.
    init?(_ stage: Stage.Kind, nameEnd: Int = 0, _ spelling: Spelling) {
        switch stage {
        case .route(let route): self.init(route, nameEnd, spelling)
        case .cascade(let cascade): self.init(cascade, nameEnd, spelling)
        case .split(let split): self.init(split, spelling)
        default: return nil
        }
    }

    private init(_ route: Route, _ nameEnd: Int, _ spelling: Spelling) {
        head = "route"
        headEnd = nameEnd
        arms = route.arms.map { arm in
            Arm(
                head: "when " + spelling.expr(arm.condition) + spelling.alias(arm.name) + " then",
                headEnd: arm.name?.span.end ?? arm.condition.span.end, body: arm.body)
        }
        arms.append(Arm(head: "else", headEnd: route.elseSpan.end, body: route.otherwise))
        tail = "end" + (route.fillNull ? " fill null" : "") + spelling.alias(route.armColumn)
    }

    private init(_ cascade: Cascade, _ nameEnd: Int, _ spelling: Spelling) {
        head = "cascade" + spelling.outputs(cascade.outputs)
        headEnd =
            switch cascade.outputs {
            case .single(let name): name.span.end
            case .fields(let fields): fields.last.map { ($0.alias ?? $0.name).span.end } ?? nameEnd
            }
        arms = cascade.tiers.map { tier in
            Arm(
                head: "try " + spelling.call(tier.call) + " until " + spelling.expr(tier.until),
                headEnd: tier.until.span.end, body: nil)
        }
        arms.append(Arm(head: "try " + spelling.call(cascade.last), headEnd: cascade.last.span.end, body: nil))
        tail =
            "end" + spelling.alias(cascade.tierColumn) + spelling.options(cascade.options)
            + spelling.onError(cascade.onError)
    }

    private init(_ split: Split, _ spelling: Spelling) {
        head = "split by " + spelling.expr(split.key)
        headEnd = split.key.span.end
        arms = split.arms.map { arm in
            Arm(
                head: "weight " + spelling.integer(arm.weight) + spelling.alias(arm.name) + " then",
                headEnd: arm.name?.span.end ?? arm.weight.span.end, body: arm.body)
        }
        tail = "end" + spelling.alias(split.armColumn)
    }
}
