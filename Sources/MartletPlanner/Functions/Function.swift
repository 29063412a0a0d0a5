import MartletData

/// An entry of the function table: a pure function of one row's values, computed a column at a time.
///
/// Operators are functions too, under their spelling (`+`, `<`, `like`). What must not evaluate all of its arguments on
/// all rows (`and`, `case`, `coalesce`) is no function but a form of `BoundExpr`.
package struct Function: Sendable {
    package let name: String
    package let aliases: [String]
    /// For the reader: `(text string, start int [, count int]) -> string`.
    package let signature: String
    /// One line, without a full stop.
    package let doc: String
    package let example: FunctionExample
    /// Null if any argument is null, without being called for that row. Others handle nulls themselves.
    package let isStrict: Bool
    /// Whether a strict function of arguments of these types may run on rows under nulls too: it cannot fail on any value, and
    /// costs less than leaving rows out. What it gives there is not used.
    package let runsOverNulls: @Sendable ([DataType]) -> Bool
    /// From argument types to the types the arguments must be cast to, and the result's.
    package let resolve: @Sendable (FunctionArguments) throws(TypeMismatch) -> Resolution
    /// Computes a column. Arguments have the resolved types; a strict function is called on rows without nulls only.
    package let evaluate: @Sendable (FunctionInput) throws -> Column
    /// The same in tensor ops, for the arguments that it can lower; nil where the function is no tensor function.
    package let lower: TensorLoweringRule?

    package init(
        _ name: String, aliases: [String] = [], _ signature: String, doc: String, example: FunctionExample,
        isStrict: Bool = true, runsOverNulls: @escaping @Sendable ([DataType]) -> Bool = { _ in false },
        resolve: @escaping @Sendable (FunctionArguments) throws(TypeMismatch) -> Resolution,
        lower: TensorLoweringRule? = nil,
        evaluate: @escaping @Sendable (FunctionInput) throws -> Column
    ) {
        self.name = name
        self.aliases = aliases
        self.signature = signature
        self.doc = doc
        self.example = example
        self.isStrict = isStrict
        self.runsOverNulls = runsOverNulls
        self.resolve = resolve
        self.lower = lower
        self.evaluate = evaluate
    }
}

extension Function: Hashable {
    package static func == (left: Function, right: Function) -> Bool { left.name == right.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// An expression that runs without any input, and its value as text. Run by one test over the whole table.
package struct FunctionExample: Sendable {
    package let expression: String
    package let result: String

    package init(_ expression: String, gives result: String) {
        self.expression = expression
        self.result = result
    }
}

/// What a function sees when it is resolved.
package struct FunctionArguments: Sendable {
    package var types: [DataType]
    /// The value of each argument that is constant.
    package var constants: [Value?]

    package init(types: [DataType], constants: [Value?]) {
        self.types = types
        self.constants = constants
    }

    package var count: Int { types.count }
}

package struct Resolution: Hashable, Sendable {
    package var parameters: [DataType]
    package var result: DataType

    package init(_ parameters: [DataType], _ result: DataType) {
        self.parameters = parameters
        self.result = result
    }
}

/// Why a function cannot take its arguments; `argument` is the position of the one at fault.
package struct TypeMismatch: Error, Hashable, Sendable {
    package var argument: Int?
    package var message: String
    package var help: String?
    /// The type that the argument should have had, where a cast may be the remedy.
    package var wanted: DataType?

    package init(argument: Int? = nil, _ message: String, help: String? = nil, wanted: DataType? = nil) {
        self.argument = argument
        self.message = message
        self.help = help
        self.wanted = wanted
    }
}

/// What a function is evaluated on.
package struct FunctionInput: Sendable {
    package var columns: [Column]
    package var rowCount: Int
    /// The type of the column to return.
    package var type: DataType

    package init(columns: [Column], rowCount: Int, type: DataType) {
        self.columns = columns
        self.rowCount = rowCount
        self.type = type
    }
}
