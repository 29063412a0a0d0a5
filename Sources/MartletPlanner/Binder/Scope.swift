import MartletData
import MartletSyntax

/// The names that expressions can use at one point of a pipeline, in the order in which `*` gives them.
struct Scope {
    var entries: [ScopeEntry] = []
    /// Names that earlier stages left behind, latest last.
    var dropped: [DroppedName] = []
    /// Names in lower case that stages in error would have given: nothing is said when they are missing.
    var expected: Set<String> = []

    /// The columns that the user sees.
    var visible: [ScopeEntry] { entries.filter { $0.visibility == .visible } }

    /// Columns called `name` without a qualifier; outputs of a group by their whole name only: `"s.label"`.
    func named(_ name: String) -> [ScopeEntry] {
        entries.filter {
            $0.visibility == .visible && (same($0.column.name, name) || !$0.isInGroup && same($0.name, name))
        }
    }

    func named(_ name: String, of qualifier: String) -> [ScopeEntry] {
        entries.filter {
            $0.visibility != .hidden && $0.qualifier.map { same($0, qualifier) } ?? false && same($0.name, name)
        }
    }

    func members(of qualifier: String) -> [ScopeEntry] {
        entries.filter { $0.visibility != .hidden && $0.qualifier.map { same($0, qualifier) } ?? false }
    }

    /// For each visible column the group of outputs that it is in.
    var visibleGroups: [OutputGroup?] {
        visible.map { entry in
            entry.isInGroup ? entry.qualifier.map { OutputGroup(qualifier: $0, member: entry.name) } : nil
        }
    }

    /// Names for suggestions.
    var names: [String] { visible.map { $0.column.name } }

    /// Puts `entry` where a visible column of its display name stands, else at the end.
    mutating func replaceOrAppend(_ entry: ScopeEntry) {
        if entry.visibility == .visible,
            let place = entries.firstIndex(where: {
                $0.visibility == .visible && same($0.column.name, entry.column.name)
            })
        {
            entries[place] = entry
        } else {
            entries.append(entry)
        }
    }
}

/// A column under a name.
struct ScopeEntry {
    var column: PlanColumn
    /// The name without qualifier.
    var name: String
    var qualifier: String?
    var visibility: Visibility = .visible
    /// True for an output of `infer … as s`: it is reached as `s.name` only.
    var isInGroup = false
    /// Where the values come from, for messages: `enc.embedding, line 5`.
    var origin: String?

    enum Visibility {
        /// In `*`, and by name.
        case visible
        /// By qualified name only.
        case onRequest
        /// By id only.
        case hidden
    }
}

struct DroppedName {
    var name: String
    /// Of the stage that left it behind.
    var span: Span
    var stage: String
    var kept: [String]
}

func same(_ a: String, _ b: String) -> Bool { a == b || a.lowercased() == b.lowercased() }

/// A query as far as it is bound.
struct Pipeline {
    var node: LogicalNode
    var scope: Scope
    var batch: BatchAdvice
    /// The span of the `write` that took the rows.
    var written: Span?
    /// False once a stage could not be bound: names may be missing, so complaints about names would mislead.
    var isComplete = true
    /// Nodes on the way from the source to here.
    var length = 0

    /// Passes over plans recurse once per node, so their length is bounded.
    static let longest = 500
}
