import MartletData

/// A query as a tree of operators over rows; the root gives the result. Every node knows the columns it passes on.
///
/// Row order is part of the meaning: every node keeps the order of its input unless it says otherwise.
package indirect enum LogicalNode: Hashable, Sendable {
    /// Rows of files.
    case load(LoadNode)
    /// Rows written in the script, or made by the binder (`show`).
    case values(ValuesNode)
    /// Rows of a table of the host program, or of a table parameter.
    case table(TableNode)
    /// Rows of a `let`, which is run once however often it is read.
    case shared(SharedNode)
    /// The rows handed to an arm of a route, or to a tier of a cascade.
    case hole([PlanColumn])
    case filter(FilterNode)
    case extend(ExtendNode)
    case project(ProjectNode)
    case limit(LimitNode)
    case sort(SortNode)
    case infer(InferNode)
    case route(RouteNode)
    case cascade(CascadeNode)
    case aggregate(AggregateNode)
    case distinct(DistinctNode)
    case union(UnionNode)
    case unnest(UnnestNode)
    case join(JoinNode)
    case nearest(NearestNode)
    case sample(SampleNode)
    case assert(AssertNode)
    case write(WriteNode)
    /// An error for any row that comes; no columns go on.
    case fail(FailNode)
    /// Takes all rows and passes none on.
    case drop(DropNode)
}

/// `load 'path' with (options)`. `columns` is the projection that the reader applies.
package struct LoadNode: Hashable, Sendable {
    package var path: String
    package var options: [String: Value]
    package var file: DataFile
    /// The columns to read, in the file's order.
    package var columns: [PlanColumn]
    /// For each of `columns` its position in `file.schema`.
    package var positions: [Int]
    /// Rows after which reading may stop, set by a rule; the exact limit stands above.
    package var rowLimit: Int?
}

package struct ValuesNode: Hashable, Sendable {
    package var columns: [PlanColumn]
    /// Constant expressions, one per column in each row; of exactly the column's type.
    package var rows: [[BoundExpr]]
}

package struct TableNode: Hashable, Sendable {
    package var name: String
    /// Under what the rows are found when the query runs.
    package var key: String
    /// True for `$name`, false for a table that the catalog offers.
    package var isParameter: Bool
    package var schema: Schema
    package var columns: [PlanColumn]
    /// For each of `columns` its position in `schema`.
    package var positions: [Int]
}

/// Reads let `number` of the query's lets. Columns get new ids, as one query may read a let twice.
package struct SharedNode: Hashable, Sendable {
    package var number: Int
    package var name: String
    package var columns: [PlanColumn]
    /// For each of `columns` its position in the let's result.
    package var positions: [Int]
}

/// Rows for which `predicate` is true; null counts as false.
package struct FilterNode: Hashable, Sendable {
    package var input: LogicalNode
    package var predicate: BoundExpr
}

/// The input's columns, then `computed`. A computed column does not read another one of the same node.
package struct ExtendNode: Hashable, Sendable {
    package var input: LogicalNode
    package var computed: [ComputedColumn]
}

/// Exactly `outputs`; one that is only passed on keeps its id.
package struct ProjectNode: Hashable, Sendable {
    package var input: LogicalNode
    package var outputs: [ComputedColumn]
}

package struct LimitNode: Hashable, Sendable {
    package var input: LogicalNode
    package var count: Int
    package var offset: Int
}

/// Stable: equal rows keep their order.
package struct SortNode: Hashable, Sendable {
    package var input: LogicalNode
    /// Key values are columns of the input; the binder extends it with the others.
    package var keys: [SortKey]
}

package struct SortKey: Hashable, Sendable {
    package var column: PlanColumn
    package var descending: Bool
    package var nullsFirst: Bool

    package init(column: PlanColumn, descending: Bool, nullsFirst: Bool) {
        self.column = column
        self.descending = descending
        self.nullsFirst = nullsFirst
    }
}

/// A model run on every row; rows with a null argument get nulls and are not run.
package struct InferNode: Hashable, Sendable {
    package var input: LogicalNode
    package var call: ModelCall
    /// Output columns, appended to the input's.
    package var outputs: [InferOutput]
    package var onError: ErrorPolicy
    package var batch: BatchAdvice
    /// Outputs that feed inputs of the next row.
    package var recurrence: Recurrence?
}

/// A model and values of its inputs, in the signature's order. Cheap to compute: no model calls inside.
package struct ModelCall: Hashable, Sendable {
    package var model: BoundModel
    package var arguments: [BoundExpr]
    /// For each argument the position of its input in the signature. Inputs without an argument are fed by state, or have
    /// values of their own in the model.
    package var positions: [Int]
}

package struct InferOutput: Hashable, Sendable {
    package var column: PlanColumn
    /// Position in the signature's outputs.
    package var position: Int
}

/// What becomes of a row that a model fails on.
package enum ErrorPolicy: Hashable, Sendable {
    case fail
    /// Null outputs; counted.
    case null
    /// The row goes; counted.
    case drop
    /// Null outputs, and the column says why: a struct of code, message and model, null on rows that did not fail.
    case keep(PlanColumn)

    /// The type of the column of `keep`.
    package static let keptType: DataType = .structure([
        MartletData.Field("code", .string), MartletData.Field("message", .string), MartletData.Field("model", .string),
    ])
}

package enum BatchAdvice: Hashable, Sendable {
    case auto
    case rows(Int)
    case tokens(Int)
}

/// Each row takes the first arm whose condition is true, else the last; rows that rejoin keep the input's order.
package struct RouteNode: Hashable, Sendable {
    package var input: LogicalNode
    package var arms: [RouteArm]
    /// Columns of the rows that rejoin. A column that every arm passes on unchanged keeps its id.
    package var columns: [PlanColumn]
}

package struct RouteArm: Hashable, Sendable {
    /// Over the input's columns, evaluated only on rows that earlier arms refused; nil for `else`.
    package var condition: BoundExpr?
    /// The value in the route's `as` column, and the name in plans and profiles.
    package var name: String
    /// Row-wise operators over a `.hole` with the input's columns.
    package var body: LogicalNode
    /// For each of the route's columns the column of `body`, nil where it is filled with null (of the column's type).
    /// The executor widens int to float, and gives label sets as strings, where types differ.
    /// nil for arms whose rows do not rejoin (write, drop, fail).
    package var rejoins: [ColumnID?]?
}

/// Each row goes from tier to tier until one answers; an error in a tier counts as no answer, in the last one it takes
/// the policy. Outputs are those of the tier that answered, for rows that none did, of the last.
package struct CascadeNode: Hashable, Sendable {
    package var input: LogicalNode
    package var tiers: [CascadeTier]
    /// Columns appended to the input's.
    package var outputs: [PlanColumn]
    /// A string column with the name of the model whose outputs the row has.
    package var tierColumn: PlanColumn?
    package var onError: ErrorPolicy
    package var batch: BatchAdvice
    /// How thresholds without a value are found; nil if there is none.
    package var calibration: CascadeCalibration?
}

package struct CascadeTier: Hashable, Sendable {
    /// Over a `.hole` with the cascade's input columns: computes what the call's arguments read. Often just the hole.
    package var body: LogicalNode
    package var call: ModelCall
    /// For each of the cascade's outputs the position in this model's signature.
    package var positions: [Int]
    /// Over the hole's columns and the cascade's outputs; nil for the last tier. Thresholds that are learnt are parameters.
    package var until: BoundExpr?
}

/// One row per group in first-seen order; without groups exactly one row.
package struct AggregateNode: Hashable, Sendable {
    package var input: LogicalNode
    package var groups: [ComputedColumn]
    package var aggregates: [AggregateColumn]
}

package struct AggregateColumn: Hashable, Sendable {
    package var column: PlanColumn
    package var call: AggregateCall
}

/// An aggregate of the aggregate table, with arguments of exactly the types it resolved to.
package struct AggregateCall: Hashable, Sendable {
    package var aggregate: Aggregate
    package var arguments: [BoundExpr]
    package var type: DataType
}

/// The first row of each set of equal keys; without keys whole rows are compared. Nulls are equal.
package struct DistinctNode: Hashable, Sendable {
    package var input: LogicalNode
    package var keys: [ColumnID]
}

/// All rows of the first input, then all of the second, and so on; columns go by position.
package struct UnionNode: Hashable, Sendable {
    package var inputs: [LogicalNode]
    /// The result's columns, with new ids. Types are the inputs' unified types.
    package var columns: [PlanColumn]
}

/// One row for each element of `value` (a list, or the first dimension of a tensor), in order: the input's columns, then the
/// element. A null or empty value gives no row.
package struct UnnestNode: Hashable, Sendable {
    package var input: LogicalNode
    package var value: BoundExpr
    package var column: PlanColumn
}

/// For each row of `input` the rows of `relation` for which all keys are equal and `condition` is true, in their order: the
/// columns of both. Null keys equal nothing.
package struct JoinNode: Hashable, Sendable {
    package var input: LogicalNode
    package var relation: LogicalNode
    /// What `relation` is called.
    package var name: String?
    /// Whether a row without any partner stays, with nulls beside it.
    package var isLeft: Bool
    /// Never empty.
    package var keys: [JoinKey]
    /// Over the columns of both; evaluated on pairs with equal keys only. nil: nothing more.
    package var condition: BoundExpr?
}

/// Two expressions of one type, each over the columns of its side.
package struct JoinKey: Hashable, Sendable {
    package var left: BoundExpr
    package var right: BoundExpr
}

/// For each row of `input` the `count` rows of `relation` that are nearest to it, nearest first, equal ones in their order:
/// the columns of both, and how near. Null vectors, and those whose similarity is NaN, are never near.
package struct NearestNode: Hashable, Sendable {
    package var input: LogicalNode
    package var relation: LogicalNode
    /// What `relation` is called.
    package var name: String?
    package var count: Int
    /// `cosine`, `dot` or `l2`: a function of two vectors. For `l2` less is nearer, else more.
    package var function: Function
    /// The vector of a row of `input`.
    package var query: BoundExpr
    /// The vector of a row of `relation`.
    package var document: BoundExpr
    /// The function's value.
    package var similarity: PlanColumn
}

/// Some of the rows, in order. Which ones depends on the seed, on `number` and on the places of rows alone.
package struct SampleNode: Hashable, Sendable {
    package var input: LogicalNode
    package var size: SampleSize
    package var seed: Int
    /// Samples below this one, so that each chooses by numbers of its own.
    package var number: Int
}

package enum SampleSize: Hashable, Sendable {
    /// Exactly so many rows, or all if there are fewer.
    case rows(Int)
    /// Each row with this probability.
    case percent(Int)
}

/// Passes rows on; the first one for which `predicate` is not true is an error.
package struct AssertNode: Hashable, Sendable {
    package var input: LogicalNode
    package var predicate: BoundExpr
    package var message: String
}

/// Takes all rows into a file; passes none on.
package struct WriteNode: Hashable, Sendable {
    package var input: LogicalNode
    package var path: String
    package var options: [String: Value]
}

package struct FailNode: Hashable, Sendable {
    package var input: LogicalNode
    package var message: String
}

package struct DropNode: Hashable, Sendable {
    package var input: LogicalNode
}
