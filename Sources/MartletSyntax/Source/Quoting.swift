/// A string as a literal of the language.
package func quoted(_ string: String) -> String {
    "'" + doubling("'", in: string) + "'"
}

/// A name as the language writes it: bare where that reads back as this name, else in double quotes.
package func spelled(_ name: String) -> String {
    isBareName(name) ? name : "\"" + doubling("\"", in: name) + "\""
}

/// Whether a name needs no quotes: a letter or `_`, then letters, digits and `_`, and no reserved word.
package func isBareName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first else { return false }
    guard first == "_" || first.properties.isXIDStart else { return false }
    guard name.unicodeScalars.allSatisfy({ $0.properties.isXIDContinue || $0 == "_" }) else { return false }
    guard let word = Word(spelling: Array(name.utf8)) else { return true }
    return !word.isReserved
}

private func doubling(_ quote: Unicode.Scalar, in text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        result.append(scalar)
        if scalar == quote { result.append(scalar) }
    }
    return String(result)
}
