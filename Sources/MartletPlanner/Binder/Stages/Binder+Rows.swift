import MartletData
import MartletSyntax

/// `unnest`, `sample`: more rows, or fewer.
extension Binder {
    func bindUnnest(_ value: Expr, as name: Name, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]) {
        let context = context(pipeline, locals)
        guard let bound = bind(value, context) else { return }
        guard let element = bound.type.element else {
            return report(
                .wrongArgument, "`unnest` takes a list or a tensor, not \(bound.type.text)", at: value.span,
                help: bound.type.isText ? "`split(\(source[value.span]), ',')` makes a list of a text" : nil)
        }
        settle(context, &pipeline)
        let column = newColumn(name.text, element)
        // A tensor's numbers become elements as its cast to a list says.
        let isVector = if case .tensor(_, let dims) = bound.type { dims.count == 1 } else { false }
        let list = isVector ? convert(bound, to: .list(element)) : bound
        pipeline.node = .unnest(UnnestNode(input: pipeline.node, value: list, column: column))
        pipeline.scope.replaceOrAppend(
            ScopeEntry(column: column, name: name.text, qualifier: nil, origin: origin(of: value, bound, context)))
    }

    func bindSample(_ size: IntegerLiteral, _ isPercent: Bool, _ pipeline: inout Pipeline) {
        guard !isPercent || size.value <= 100 else {
            return report(
                .wrongArgument, "a sample of \(size.value) percent", at: size.span, help: "from 0 to 100 percent")
        }
        var below = 0
        pipeline.node.visit { if case .sample = $0 { below += 1 } }
        pipeline.node = .sample(
            SampleNode(
                input: pipeline.node, size: isPercent ? .percent(size.value) : .rows(size.value),
                seed: environment.settings.seed, number: below))
    }
}

extension DataType {
    /// The type of what `unnest` makes rows of; nil for values that have no elements.
    fileprivate var element: DataType? {
        switch self {
        case .list(let element): element
        case .tensor(let dtype, let dims) where dims.count > 1: .tensor(dtype, Array(dims.dropFirst()))
        case .tensor(.bool, let dims) where dims.count == 1: .bool
        case .tensor(let dtype, let dims) where dims.count == 1 && dtype.isNumeric: dtype.isFloat ? .float : .int
        default: nil
        }
    }
}
