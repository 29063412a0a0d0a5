import MartletSyntax

extension DiagnosticCode {
    /// Every code that the binder gives of its own, in order. What a catalog finds comes with its own code.
    package static let binder: [DiagnosticCode] = [
        unknownColumn, unknownFunction, duplicateName, unknownModel, unknownRelation, droppedColumn,
        unknownParameter, unknownOutput, unknownField, unknownSetting, unknownSubject, wrongArgument, wrongOperands,
        impossibleCast, notACondition, branchTypes, misplacedAggregate, misplacedModel, notConstant, notAMember,
        modelInput,
        modelArguments, notGrouped, unknownType, parameterValue, missingParameter, misplacedStage, afterWrite,
        armsDisagree,
        tiersDisagree, unknownOption, failingConstant, valuesShape, splitWeights, recursiveDefine,
        unreachableArm, planTooLarge,
    ]

    static let unknownColumn = DiagnosticCode("E0101", "a column that is not there")
    static let unknownFunction = DiagnosticCode("E0102", "a function that is not there")
    static let duplicateName = DiagnosticCode("E0104", "a name given twice")
    static let unknownModel = DiagnosticCode("E0105", "a model that no `model` statement names")
    static let unknownRelation = DiagnosticCode("E0106", "rows that nothing names")
    static let droppedColumn = DiagnosticCode("E0107", "a column that an earlier stage left behind")
    static let unknownParameter = DiagnosticCode("E0108", "a parameter that no `param` statement names")
    static let unknownOutput = DiagnosticCode("E0109", "an output that the model does not have")
    static let unknownField = DiagnosticCode("E0110", "a field that the struct does not have")
    static let unknownSetting = DiagnosticCode("E0401", "a setting that is not there")
    static let settingValue = DiagnosticCode("E0402", "a value that a setting does not take")
    static let unknownSubject = DiagnosticCode("E0403", "something that `show` or `describe` does not know")
    static let wrongArgument = DiagnosticCode("E0201", "an argument of the wrong type, or the wrong number of them")
    static let wrongOperands = DiagnosticCode("E0202", "operands that do not go together")
    static let impossibleCast = DiagnosticCode("E0203", "a cast between types that do not convert")
    static let notACondition = DiagnosticCode("E0204", "a condition that is not a bool")
    static let branchTypes = DiagnosticCode("E0205", "branches without a common type")
    static let misplacedAggregate = DiagnosticCode("E0206", "an aggregate where rows stand alone")
    static let misplacedModel = DiagnosticCode("E0207", "a model call where none may stand")
    static let notConstant = DiagnosticCode("E0208", "a value that must be known before the query runs")
    static let notAMember = DiagnosticCode("E0209", "a string that the label set does not have")
    static let modelInput = DiagnosticCode("E0210", "a value that does not fit a model's input")
    static let modelArguments = DiagnosticCode("E0211", "a model call that lacks an input or has one too many")
    static let notGrouped = DiagnosticCode("E0212", "a column that is neither grouped by nor aggregated")
    static let unknownType = DiagnosticCode("E0213", "a type that is not there")
    static let parameterValue = DiagnosticCode("E0214", "a value that a parameter does not take")
    static let missingParameter = DiagnosticCode("E0215", "a parameter without a value")
    static let failingConstant = DiagnosticCode("E0216", "a constant expression that fails")
    static let valuesShape = DiagnosticCode("E0217", "rows or names of different numbers")
    static let misplacedStage = DiagnosticCode("E0306", "a stage that may not stand in an arm")
    static let afterWrite = DiagnosticCode("E0307", "a stage after the rows have gone to a file")
    static let armsDisagree = DiagnosticCode("E0308", "arms that rejoin with different columns")
    static let tiersDisagree = DiagnosticCode("E0309", "cascade tiers with different outputs")
    static let splitWeights = DiagnosticCode("E0310", "weights that sum to nothing")
    static let recursiveDefine = DiagnosticCode("E0311", "a definition that uses itself")
    static let unreachableArm = DiagnosticCode("E0312", "an arm that no row can take")
    static let planTooLarge = DiagnosticCode("E0404", "a query or an expression that is too large")
    static let unknownOption = DiagnosticCode("E0605", "an option that is not there")
}
