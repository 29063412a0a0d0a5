import MartletData
import MartletGraph
import MartletPlanner
import MartletSupport
import MartletTensor

/// For each row the rows of a relation that are nearest to it. The relation is read when the first row comes, and kept.
final class NearestSource {
    private let node: NearestNode
    private let relation: Pipeline
    private let context: QueryContext
    private let queries: ExpressionRunner
    private let documents: ExpressionRunner
    private let queryIdentity: IdentityColumn?
    private let documentIdentity: IdentityColumn?
    private var kept: (rows: RowBlock, search: NearestSearch?)?

    /// Rows that are searched for together: a few blocks of the search for each thread.
    private static let rowsAtOnce = 2_048

    init(_ node: NearestNode, _ relation: Pipeline, _ context: QueryContext) {
        self.node = node
        self.relation = relation
        self.context = context
        queries = ExpressionRunner(context, stage: "nearest", columns: node.input.columns)
        documents = ExpressionRunner(context, stage: "nearest", columns: node.relation.columns)
        queryIdentity = IdentityColumn(node.input.columns)
        documentIdentity = IdentityColumn(node.relation.columns)
    }

    func source(_ input: Pipeline) -> ExpandingSource {
        ExpandingSource(input, beside: relation, context, rowsAtOnce: Self.rowsAtOnce) { blocks in
            try [self.expand(RowBlock.concat(blocks, self.node.input.columns))]
        }
    }

    private func expand(_ block: RowBlock) throws -> Expansion {
        let (documents, search) = try kept ?? read()
        kept = (documents, search)
        var rows: [Int] = []
        var hits: [NearestSearch.Hit] = []
        let (vectors, isNull) = try vectors(node.query, queries, block, queryIdentity, size: search?.size)
        if let search, let vectors {
            let found = try search.nearest(node.count, to: vectors, isNull: isNull, pool: context.pool) {
                [cancellation = context.cancellation] in cancellation.isCancelled
            }
            try context.checkCancelled()
            for (row, nearest) in found.enumerated() {
                rows.append(contentsOf: repeatElement(row, count: nearest.count))
                hits += nearest
            }
        }
        return Expansion(input: block, rows: rows) { [hits, similarity = node.similarity.id] range in
            var added = documents.gather(hits[range].map(\.document)).columns
            added[similarity] = Column(floats: hits[range].map(\.value))
            return added
        }
    }

    private func read() throws -> (RowBlock, NearestSearch?) {
        guard let similarity = Similarity(rawValue: node.function.name) else {
            preconditionFailure("bug: nearest by \(node.function.name)")
        }
        let width = node.document.type.fixedShape?.first ?? 0
        let rows = try relation.keepAll(node.relation.columns, stage: "nearest", extra: 4 * (width + 1), context)
        guard rows.rowCount > 0 else { return (rows, nil) }
        let (vectors, isNull) = try vectors(node.document, documents, rows, documentIdentity, size: nil)
        guard let vectors else { return (rows, nil) }
        return (rows, try NearestSearch(vectors, isNull: isNull, similarity: similarity, pool: context.pool))
    }

    /// Rows × size, and which are null; no tensor if all are. An error where one is not of `size`, or they differ.
    private func vectors(
        _ expr: BoundExpr, _ runner: ExpressionRunner, _ block: RowBlock, _ identity: IdentityColumn?, size: Int?
    ) throws -> (Tensor?, isNull: [Bool]) {
        let column = try runner.column(expr, block)
        let isNull = (0..<column.count).map { column.isNull($0) }
        guard let first = isNull.firstIndex(of: false) else { return (nil, isNull) }
        let wanted = size ?? column.rowTensor(first).count
        let isSame = !column.hasOwnShapes && column.rowTensor(first).count == wanted
        if !isSame, let row = isNull.indices.first(where: { !isNull[$0] && column.rowTensor($0).count != wanted }) {
            let found = column.rowTensor(row).count
            let error = EvaluationError(
                row: row, .shape(function: node.function.name, "lengths differ: \(wanted) and \(found)"))
            throw block.rowError(row, stage: "nearest", cause: error.explanation, identity: identity)
        }
        return (column.tensor, isNull)
    }
}
