import MartletData
import MartletPlanner

/// A step of a pipeline: windows of blocks go in and come out, in row order.
///
/// Operators are called from one thread; what is parallel is inside them.
protocol Operator: AnyObject {
    /// Takes a window. What is not returned now comes with a later window or with `finish`.
    func push(_ blocks: [RowBlock]) throws -> [RowBlock]
    /// No more rows come: gives what is left, or the first of it, and settles side effects.
    func finish() throws -> [RowBlock]
    /// After `finish`, about `rows` more of what is left; nil at the end.
    func more(rows: Int) throws -> [RowBlock]?
    /// No further row can change the result.
    var isSatisfied: Bool { get }
    /// The query failed or was stopped: undo what was not committed.
    func abandon()
}

extension Operator {
    func finish() throws -> [RowBlock] { [] }
    func more(rows: Int) throws -> [RowBlock]? { nil }
    var isSatisfied: Bool { false }
    func abandon() {}
}

/// Where rows come from.
protocol RowSource: AnyObject {
    /// The next blocks, about `rows` rows in all; nil at the end.
    func next(rows: Int) throws -> [RowBlock]?
    /// Share of the input that was read, 0 to 1; nil if that is not known.
    var fractionRead: Double? { get }
    func abandon()
}

extension RowSource {
    var fractionRead: Double? { nil }
    func abandon() {}
}
