import MartletTensor

/// A value seen as a number times other values: products, quotients by constants and small powers multiplied out.
struct Product {
    var coefficient: Double
    /// In no order; a square occurs twice.
    var factors: [ValueID]

    init(_ id: ValueID, _ matcher: GraphMatcher) {
        self.init(coefficient: 1, factors: [])
        multiply(by: id, matcher, depth: 0)
    }

    private init(coefficient: Double, factors: [ValueID]) {
        self.coefficient = coefficient
        self.factors = factors
    }

    private mutating func multiply(by id: ValueID, _ matcher: GraphMatcher, depth: Int) {
        if let number = matcher.uniform(id) {
            coefficient *= number
        } else if depth < 8, let (a, b) = matcher.binary(id, .mul) {
            multiply(by: a, matcher, depth: depth + 1)
            multiply(by: b, matcher, depth: depth + 1)
        } else if depth < 8, let (a, b) = matcher.binary(id, .div), let number = matcher.uniform(b), number != 0 {
            multiply(by: a, matcher, depth: depth + 1)
            coefficient /= number
        } else if let (a, b) = matcher.binary(id, .pow), let power = matcher.uniform(b), power == 2 || power == 3 {
            factors += [ValueID](repeating: a, count: Int(power))
        } else if let x = matcher.unary(id, .square) {
            factors += [x, x]
        } else {
            factors.append(id)
        }
    }

    /// Whether this is `number` (to float32's precision) times exactly these factors.
    func equals(_ number: Double, _ wanted: [ValueID]) -> Bool {
        abs(coefficient - number) <= 2e-6 * abs(number) && factors.sorted() == wanted.sorted()
    }
}
