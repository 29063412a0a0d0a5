import MartletData

/// A comparison of an expression with constants: for which of its values it is true, and for which false.
struct Atom {
    let subject: BoundExpr
    let whenTrue: ValueSet
    let whenFalse: ValueSet

    init?(_ expr: BoundExpr) {
        switch expr {
        case .call(let call):
            guard let form = Self.comparison(call), let subject = Subject(form.subject, form.constant) else {
                return nil
            }
            self.init(subject, truth: form.set(subject.constants[0]), over: .known)
        case .isNull(let value, let negated):
            guard let subject = Subject(value) else { return nil }
            let all = ValueSet.known.union(.null)
            self.init(subject, truth: negated ? .known : .null, over: all)
        case .isDistinct(let value, .constant(let constant, _), let negated) where !constant.isNull:
            guard let subject = Subject(value, constant) else { return nil }
            let all = ValueSet.known.union(.null)
            let same = subject.only(subject.constants[0])
            self.init(subject, truth: negated ? same : all.subtracting(same), over: all)
        case .isIn(let value, let items, let negated):
            let constants = items.compactMap { item -> Value? in
                if case .constant(let value, _) = item, !value.isNull { value } else { nil }
            }
            guard constants.count == items.count, let subject = Subject(value, constants) else { return nil }
            let members = subject.constants.reduce(ValueSet.nothing) { $0.union(subject.only($1)) }
            self.init(subject, truth: negated ? ValueSet.known.subtracting(members) : members, over: .known)
        default: return nil
        }
    }

    private init(_ subject: Subject, truth: ValueSet, over all: ValueSet) {
        self.subject = subject.expr
        whenTrue = subject.fitted(truth)
        whenFalse = subject.fitted(all.subtracting(truth))
    }

    private typealias Comparison = (subject: BoundExpr, constant: Value, set: (ValueSet.Cut.Place) -> ValueSet)

    /// `subject op constant`, either way around.
    private static func comparison(_ call: FunctionCall) -> Comparison? {
        guard call.arguments.count == 2, let plain = sets[call.function.name],
            let swapped = sets[mirrored[call.function.name] ?? call.function.name]
        else { return nil }
        if case .constant(let value, _) = call.arguments[1], !value.isNull { return (call.arguments[0], value, plain) }
        if case .constant(let value, _) = call.arguments[0], !value.isNull {
            return (call.arguments[1], value, swapped)
        }
        return nil
    }

    private static let mirrored = ["<": ">", "<=": ">=", ">": "<", ">=": "<="]

    private static let sets: [String: @Sendable (ValueSet.Cut.Place) -> ValueSet] = [
        "<": { .below($0.below) },
        "<=": { .below($0.above) },
        ">": { ValueSet.known.subtracting(.below($0.above)) },
        ">=": { ValueSet.known.subtracting(.below($0.below)) },
        "=": { ValueSet.below($0.above).subtracting(.below($0.below)) },
        "!=": { ValueSet.known.subtracting(ValueSet.below($0.above).subtracting(.below($0.below))) },
    ]
}

extension ValueSet.Cut {
    /// A constant as the two places beside it.
    struct Place: Sendable {
        var below: ValueSet.Cut
        var above: ValueSet.Cut
    }
}

/// The expression that is compared, without casts that lose nothing, and the constants as places among its values.
private struct Subject {
    let expr: BoundExpr
    let constants: [ValueSet.Cut.Place]

    init?(_ expr: BoundExpr, _ constants: Value...) { self.init(expr, constants) }

    init?(_ expr: BoundExpr, _ constants: [Value]) {
        var inner = expr
        if case .cast(let value, let type, isTry: false) = expr,
            value.type == .int && type == .float || value.type.members != nil && type == .string
        {
            inner = value
        }
        guard inner.type.isOrdered, !inner.isConstant else { return nil }
        var places: [ValueSet.Cut.Place] = []
        for constant in constants {
            guard let place = Self.place(of: constant, among: inner.type) else { return nil }
            places.append(place)
        }
        self.expr = inner
        self.constants = places
    }

    private static func place(of constant: Value, among type: DataType) -> ValueSet.Cut.Place? {
        switch (constant, type) {
        case (.float(let value), .int):
            // Whole numbers on both sides of a float; beyond 2⁵³ floats are no longer exact.
            guard value.magnitude < 9_007_199_254_740_992 else { return nil }
            return ValueSet.Cut.Place(
                below: ValueSet.Cut(value: .int(Int64(value.rounded(.up))), isAbove: false),
                above: ValueSet.Cut(value: .int(Int64(value.rounded(.down)) + 1), isAbove: false))
        case (.int, .int), (.float, .float), (.bool, .bool), (.string, .string), (.string, .labels),
            (.timestamp, .timestamp):
            return ValueSet.Cut.Place(
                below: ValueSet.Cut(value: constant, isAbove: false),
                above: ValueSet.Cut(value: constant, isAbove: true))
        default: return nil
        }
    }

    func only(_ place: ValueSet.Cut.Place) -> ValueSet {
        ValueSet.below(place.above).subtracting(.below(place.below))
    }

    /// `set` within the values that the type has at all.
    func fitted(_ set: ValueSet) -> ValueSet {
        switch expr.type {
        case .int: set.overInts()
        case .bool: set.intersection(universe([.bool(false), .bool(true)]))
        case .labels(let members): set.intersection(universe(members.map { .string($0) }))
        default: set
        }
    }

    private func universe(_ values: [Value]) -> ValueSet { values.reduce(.null) { $0.union(.only($1)) } }
}
