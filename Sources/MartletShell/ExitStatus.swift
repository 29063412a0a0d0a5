/// How the command ends.
enum ExitStatus: Equatable, Sendable {
    case success
    /// Something went wrong with the text, the data or a model.
    case failure
    /// The command line itself is wrong.
    case usage
    /// Ended by a signal, Ctrl-C unless another one is given.
    case interrupted(Int32?)

    var code: Int32 {
        switch self {
        case .success: 0
        case .failure: 1
        case .usage: 2
        case .interrupted(let signal): 128 + (signal ?? 2)
        }
    }
}
