#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What stands behind standard output and standard error.
struct Terminal: Sendable {
    var outputIsTerminal: Bool
    var errorIsTerminal: Bool
    /// Whether escape sequences for the cursor are understood.
    var movesCursor: Bool
    var colorsOutput: Bool
    var colorsErrors: Bool
    /// Whether colours were asked for, terminal or not.
    var colorsAlways: Bool

    /// When to use colours.
    enum ColorChoice: String, CaseIterable, Sendable { case auto, always, never }

    /// `NO_COLOR` (no-color.org) and a dumb terminal switch colours off unless they are asked for.
    init(color: ColorChoice = .auto) {
        outputIsTerminal = isatty(1) == 1
        errorIsTerminal = isatty(2) == 1
        colorsAlways = color == .always
        let isDumb = environmentVariable("TERM").map { $0 == "dumb" } ?? true
        movesCursor = !isDumb
        let wantsColor = environmentVariable("NO_COLOR") == nil && !isDumb
        colorsOutput = color == .always || color == .auto && wantsColor && outputIsTerminal
        colorsErrors = color == .always || color == .auto && wantsColor && errorIsTerminal
    }

    /// Columns of the window behind `descriptor`; the variable COLUMNS, or 120, where there is none.
    static func width(of descriptor: Int32 = 1) -> Int {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        if let columns = environmentVariable("COLUMNS").flatMap({ Int($0) }), (20...10_000).contains(columns) {
            return columns
        }
        return 120
    }

    /// Rows of the window behind `descriptor`; 24 where there is none.
    static func height(of descriptor: Int32 = 1) -> Int {
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
    }
}

/// Escape sequences around a text.
enum Style: String {
    case dim = "2"
    case bold = "1"
    case red = "1;31"
    case yellow = "1;33"
    case blue = "34"
    case brown = "33"
    case cyan = "36"
    case green = "32"
    case magenta = "35"

    var on: String { "\u{1B}[\(rawValue)m" }
    static let off = "\u{1B}[0m"

    func callAsFunction(_ text: String, if isOn: Bool) -> String { isOn ? on + text + Self.off : text }
}
