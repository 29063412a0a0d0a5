/// What the operating system refused, with the evidence.
package enum FileError: Error, Hashable, Sendable {
    case cannotOpen(path: String, errno: Int32)
    case cannotRead(path: String, errno: Int32)
    case isDirectory(path: String)
    case notRegular(path: String)
    /// A read outside the file's or the section's bounds.
    case outOfBounds(path: String, offset: Int, wanted: Int, available: Int)
}
