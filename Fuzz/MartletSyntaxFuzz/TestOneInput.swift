import MartletSyntax

/// Any bytes are lexed, parsed, explained and formatted; tokens cover the text, and formatting is idempotent and keeps the meaning.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let parsed = parse(SourceText(name: "fuzz", bytes: bytes))
    precondition(parsed.tokens.flatMap { bytes[$0.span.start..<$0.span.end] } == bytes, "tokens do not cover the text")
    for diagnostic in parsed.diagnostics {
        _ = diagnostic.rendered(in: parsed.source, style: .ansi)
        _ = diagnostic.json(in: parsed.source)
    }
    guard let text = format(parsed) else { return 0 }
    let again = parse(SourceText(name: "again", text))
    precondition(again.script == parsed.script, "formatting changed the meaning")
    precondition(format(again) == text, "formatting is not idempotent")
    return 0
}
