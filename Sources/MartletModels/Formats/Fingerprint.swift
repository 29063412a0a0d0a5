import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Identifies the content of files within one machine: device, inode, size and times of change of each.
///
/// Reading 90 MB only to name it would cost more than mapping it; a file that is written again changes these.
package func fingerprint(files: [String], options: ModelOptions) throws -> String {
    var parts: [String] = []
    for path in files {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError.cannotOpen(path: path, errno: errno) }
        #if canImport(Darwin)
        let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
        let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        parts.append(
            "\(status.st_dev):\(status.st_ino):\(status.st_size):\(modified.tv_sec).\(modified.tv_nsec):"
                + "\(changed.tv_sec).\(changed.tv_nsec)")
    }
    parts.append("labels=\(options.labels ?? [])")
    parts.append("pooling=\(options.pooling?.rawValue ?? "") normalize=\(options.normalize.map { "\($0)" } ?? "")")
    parts.append(
        "tokenizer=\(options.tokenizer ?? "") max=\(options.maxTokens ?? 0) rows=\(options.batchDimension ?? "")")
    return parts.joined(separator: "|")
}
