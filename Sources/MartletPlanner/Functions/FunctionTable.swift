import MartletSupport

/// Every function and operator, in the order in which `show functions` lists them.
package enum FunctionTable {
    package static let all = NameTable(
        comparisonFunctions + arithmeticFunctions + caseFunctions + searchFunctions + likeFunctions + patternFunctions
            + numericFunctions + vectorFunctions + tensorFunctions
    ) { [$0.name] + $0.aliases }

    /// The function of a name in any case.
    package static func function(_ name: String) -> Function? { all[name.lowercased()] }

    /// A function of the planner's own.
    package static func known(_ name: String) -> Function {
        guard let function = all[name] else { preconditionFailure("bug: no function `\(name)`") }
        return function
    }
}
