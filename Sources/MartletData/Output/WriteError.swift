import MartletSupport

/// What stopped an output.
package enum WriteError: Error, Hashable, Sendable {
    /// The reader at the other end of a pipe has gone (`| head`): no failure of ours; the command ends quietly.
    case closedPipe(path: String)
    case diskFull(path: String, written: Int)
    case cannotCreate(path: String, errno: Int32)
    case cannotWrite(path: String, errno: Int32, written: Int)
    case cannotCommit(path: String, errno: Int32)
    case isDirectory(path: String)
    /// A column that the format cannot say.
    case unsupportedType(format: String, column: String, type: DataType)
    /// The same file is already being written by this process.
    case alreadyOpen(path: String)
}
