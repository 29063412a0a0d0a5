import MartletData
import MartletSyntax

/// What earlier statements have named. A session keeps one and binds text after text in it.
package struct BinderEnvironment: Sendable {
    /// By name in lower case.
    package private(set) var models: [String: BoundModel] = [:]
    package private(set) var modelNames: [String] = []
    package internal(set) var parameters: [BoundParameter] = []
    package internal(set) var tableParameters: [TableParameter] = []
    package internal(set) var settings = Settings()
    var lets: [BoundLet] = []
    var defines: [Definition] = []
    var nextColumn = 0

    package init() {}

    package var letNames: [String] { lets.map(\.name) }
    /// Columns of a let; nil if there is none of the name.
    package func columns(ofLet name: String) -> [PlanColumn]? { letNumber(name).map { lets[$0].root.columns } }
    /// Keys of the catalog's tables that lets read.
    package var tableKeysOfLets: Set<String> {
        func keys(_ node: LogicalNode) -> Set<String> {
            if case .table(let table) = node, !table.isParameter { return [table.key] }
            return (node.inputs + node.bodies).reduce(into: []) { $0.formUnion(keys($1)) }
        }
        return lets.reduce(into: []) { $0.formUnion(keys($1.root)) }
    }
    package var defineNames: [String] { defines.map(\.name) }

    mutating func define(_ model: BoundModel) {
        if models.updateValue(model, forKey: model.name.lowercased()) == nil { modelNames.append(model.name) }
    }

    func model(_ name: String) -> BoundModel? { models[name.lowercased()] }
    func letNumber(_ name: String) -> Int? { lets.lastIndex { same($0.name, name) } }
    func parameter(_ name: String) -> BoundParameter? { parameters.last { same($0.name, name) } }
    func tableParameter(_ name: String) -> TableParameter? { tableParameters.last { same($0.name, name) } }
    func definition(_ name: String) -> Definition? { defines.last { same($0.name, name) } }
}

/// `param name type = default`, with the value that it has now.
package struct BoundParameter: Sendable {
    package var name: String
    package var type: DataType
    /// From outside, or the default; nil when there is neither.
    package var value: Value?
}

/// `param name table (…)`
package struct TableParameter: Sendable {
    package var name: String
    package var schema: Schema
}

/// A value for a parameter from outside of the text.
package enum ParameterValue: Sendable {
    /// As typed on a command line; converted by the rules of `cast`.
    case text(String)
    case value(Value)
}

struct BoundLet: Sendable {
    var name: String
    var root: LogicalNode
    /// For each of the root's columns the group of outputs that it is in.
    var groups: [OutputGroup?]
}

/// Column `member` of `infer … as qualifier`.
struct OutputGroup: Sendable {
    var qualifier: String
    var member: String
}

/// `define`, bound anew at each use.
struct Definition: Sendable {
    var name: String
    var parameters: [(name: String, type: DataType)]
    var body: DefineBody
    /// The text that the body's spans point into.
    var source: SourceText
}
