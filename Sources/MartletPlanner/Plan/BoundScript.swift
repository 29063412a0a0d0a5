import MartletData
import MartletSyntax

/// What the binder makes of a text: what to do, in order.
package struct BoundScript: Sendable {
    package var statements: [BoundStatement]

    package init(statements: [BoundStatement]) { self.statements = statements }
}

package struct BoundStatement: Sendable {
    package var action: Action
    package var span: Span

    package enum Action: Sendable {
        /// Run it; its rows are the result (none when it ends in `write`).
        case query(BoundQuery)
        /// Show the plan; with `analyze` after running it.
        case explain(BoundQuery, analyze: Bool)
        /// Rows known without running anything: `show`, `describe`.
        case show(BoundQuery)
        /// `model`, `param`, `let`, `set`, `define`: the environment has changed, nothing is left to do.
        case declaration
    }
}

/// A query and everything that it stands on.
package struct BoundQuery: Sendable {
    package var root: LogicalNode
    /// The lets that `root` and other lets read, by number. A let reads only lets before it.
    package var lets: [SharedPlan]
    package var settings: Settings
    /// Whether the query's last stage fixes an order or the rows come as they come; either way order is deterministic.
    package var span: Span
    /// The first number that no column of the query has.
    package var nextColumn: Int

    package init(root: LogicalNode, lets: [SharedPlan], settings: Settings, span: Span, nextColumn: Int) {
        self.root = root
        self.lets = lets
        self.settings = settings
        self.span = span
        self.nextColumn = nextColumn
    }
}

/// A `let` that a query reads: run once, kept, read by every `.shared` node of its number.
package struct SharedPlan: Hashable, Sendable {
    package var name: String
    package var root: LogicalNode

    package init(name: String, root: LogicalNode) {
        self.name = name
        self.root = root
    }
}
