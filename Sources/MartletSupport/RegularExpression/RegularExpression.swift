/// A regular expression in Oniguruma's Ruby syntax with Unicode properties, over UTF-8.
///
/// Groups do not capture, and there are no references to them: then matching takes time in proportion to the text, whatever
/// the pattern and the text (see `PatternMatcher`). Of case folding only pairs of single scalars are known (not `ß` as `ss`).
package struct RegularExpression: Sendable {
    package let pattern: String
    private let program: PatternProgram

    package init(_ pattern: String) throws(RegularExpressionError) {
        self.pattern = pattern
        program = try PatternCompiler.compile(PatternParser.parse(pattern))
    }

    /// Calls `body` with each match from left to right, as Oniguruma's callers iterate: an empty match right after another
    /// one does not count. `text` must be well-formed UTF-8.
    @inline(__always)
    package func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        scan(text) { body($0) }
    }

    package func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        scan(text) { matches.append($0) }
        return matches
    }

    /// How many steps back finding all matches takes: for tests of the bound.
    package func stepCount(in text: UnsafeBufferPointer<UInt8>) -> Int {
        scan(text) { _ in }
    }

    @discardableResult
    private func scan(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) -> Int {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { none in
            // An empty text may have no base; nothing is read from it.
            let base = text.baseAddress ?? UnsafePointer(none.baseAddress!)
            var matcher = PatternMatcher(program, base, count: text.count)
            program.starts.withUnsafeBufferPointer { starts in
                var start = 0
                var search = 0
                var lastEnd = -1
                while start <= text.count {
                    if start < text.count ? !starts[Int(base[start])] : !program.isNullable {
                        start += 1
                        continue
                    }
                    let end = matcher.end(from: start, search: search)
                    if end > start || (end == start && lastEnd != end) {
                        body(start..<end)
                        lastEnd = end
                        search = end
                        if end > start {
                            start = end
                            continue
                        }
                    }
                    start += start < text.count ? decodeScalar(base, start).length : 1
                }
            }
            return matcher.steps
        }
    }
}
