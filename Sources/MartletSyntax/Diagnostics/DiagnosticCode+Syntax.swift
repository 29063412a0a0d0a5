extension DiagnosticCode {
    /// Every code that lexer and parser give, in order.
    package static let syntax: [DiagnosticCode] = [
        unexpectedCharacter, unterminatedString, unterminatedQuotedName, invalidUTF8, badNumber, numberTooLarge,
        typographicCharacter, textTooLong, unexpectedToken, expectedStatement, expectedExpression, expectedName,
        nestedTooDeeply, missingPipe, missingSemicolon, missingEnd, trailingComma, doubleEquals, selectFirst,
        chainedComparison, betweenWithoutAnd, missingAs, unclosedBracket, emptyQuotedName, foreignOperator,
        duplicateClause, wrongOrder, negativeCount, blockComment, tooManyErrors, notALiteral,
        unknownStatement, routeWithoutElse, unknownStage, emptyStage, cascadeShape, splitShape,
    ]

    package static let unexpectedCharacter = DiagnosticCode("E0001", "a character that begins no token")
    package static let unterminatedString = DiagnosticCode("E0002", "a string that is not closed")
    package static let unterminatedQuotedName = DiagnosticCode("E0003", "a quoted name that is not closed")
    package static let invalidUTF8 = DiagnosticCode("E0004", "bytes that are not UTF-8")
    package static let badNumber = DiagnosticCode("E0005", "a number that is not written as one")
    package static let numberTooLarge = DiagnosticCode("E0006", "a number beyond the range of its type")
    package static let typographicCharacter = DiagnosticCode(
        "E0007", "a typographic quote or dash in place of the plain one")
    package static let textTooLong = DiagnosticCode("E0008", "a text longer than a script may be")
    package static let unexpectedToken = DiagnosticCode("E0010", "a token that the grammar does not allow here")
    package static let expectedStatement = DiagnosticCode("E0011", "something that begins no statement")
    package static let expectedExpression = DiagnosticCode("E0012", "an expression is missing")
    package static let expectedName = DiagnosticCode("E0013", "a name is missing, or a reserved word stands for it")
    package static let nestedTooDeeply = DiagnosticCode("E0014", "more levels of nesting than the parser follows")
    package static let missingPipe = DiagnosticCode("E0015", "a stage without `|>` before it")
    package static let missingSemicolon = DiagnosticCode("E0016", "two statements without `;` between them")
    package static let missingEnd = DiagnosticCode("E0017", "a `case`, `route`, `cascade` or `split` without `end`")
    package static let trailingComma = DiagnosticCode("E0018", "a comma after the last entry")
    package static let doubleEquals = DiagnosticCode("E0019", "`==` where `=` is meant")
    package static let selectFirst = DiagnosticCode("E0020", "`select … from …` in the order of SQL")
    package static let chainedComparison = DiagnosticCode("E0021", "comparisons in a chain")
    package static let betweenWithoutAnd = DiagnosticCode("E0022", "`between` without its `and`")
    package static let missingAs = DiagnosticCode("E0023", "a second name without `as`")
    package static let unclosedBracket = DiagnosticCode("E0024", "a bracket that is not closed")
    package static let emptyQuotedName = DiagnosticCode("E0025", "a quoted name with nothing in it")
    package static let foreignOperator = DiagnosticCode("E0026", "an operator of another language")
    package static let duplicateClause = DiagnosticCode("E0027", "a clause that is given twice")
    package static let wrongOrder = DiagnosticCode("E0028", "clauses in the wrong order")
    package static let negativeCount = DiagnosticCode("E0029", "a count that is not a whole number from 0 up")
    package static let blockComment = DiagnosticCode("E0030", "a comment of another language")
    package static let tooManyErrors = DiagnosticCode("E0031", "more errors than are shown")
    package static let notALiteral = DiagnosticCode(
        "E0032", "something other than the string literal that must stand here")
    package static let unknownStatement = DiagnosticCode("E0033", "a statement that the language does not have")
    package static let routeWithoutElse = DiagnosticCode("E0301", "a `route` without `else`")
    package static let unknownStage = DiagnosticCode("E0302", "a stage that the language does not have")
    package static let emptyStage = DiagnosticCode("E0303", "nothing between two `|>`, or after the last")
    package static let cascadeShape = DiagnosticCode("E0304", "a cascade whose tiers are not as they must be")
    package static let splitShape = DiagnosticCode("E0305", "a split whose arms are not as they must be")
}
