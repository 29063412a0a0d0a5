/// The canonical text of a script without errors, its comments kept; nil when the script has errors. Formatting what it
/// returns gives the same text again, and it parses to the same script.
package func format(_ parsed: ParsedScript) -> String? {
    guard !parsed.hasErrors else { return nil }
    var formatter = Formatter(spelling: Spelling(source: parsed.source), comments: Comments(parsed))
    if let first = parsed.tokens.first, first.kind == .shebang { formatter.shebang(parsed.source[first.span]) }
    formatter.script(parsed.script)
    return formatter.text
}

/// The canonical text of a script that was made, not read.
package func format(_ script: Script) -> String {
    var formatter = Formatter(spelling: Spelling(source: nil), comments: Comments())
    formatter.script(script)
    return formatter.text
}
