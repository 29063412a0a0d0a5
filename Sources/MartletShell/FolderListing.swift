#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a folder holds, by name; nothing if it cannot be read.
struct FolderListing {
    struct Entry: Hashable {
        var name: String
        var isFolder: Bool
    }

    private(set) var entries: [Entry] = []

    init(_ path: String, limit: Int = 20_000) {
        guard let directory = opendir(path) else { return }
        defer { closedir(directory) }
        while entries.count < limit, let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            var isFolder = Int(entry.pointee.d_type) == Int(DT_DIR)
            if Int(entry.pointee.d_type) == Int(DT_LNK) || Int(entry.pointee.d_type) == Int(DT_UNKNOWN) {
                var status = stat()
                isFolder = stat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            }
            entries.append(Entry(name: name, isFolder: isFolder))
        }
        entries.sort { $0.name < $1.name }
    }
}
