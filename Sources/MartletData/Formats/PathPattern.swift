import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The files that `pattern` names, sorted by byte order. `*` and `?` stay within a folder, `[abc]` and `[!a-z]` stand for one
/// character, `**` for any number of folders. A name without these, an existing file, and `-` stand for themselves.
/// Names that begin with a dot match only a pattern that does.
package func expandPattern(_ pattern: String) throws -> [String] {
    guard !pattern.isEmpty else { throw ReadError.badPattern(pattern: pattern, reason: "it is empty") }
    guard !pattern.utf8.contains(0) else {
        throw ReadError.badPattern(pattern: pattern, reason: "it contains a NUL character")
    }
    let isPattern = pattern.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "[")].contains($0) }
    if !isPattern || fileKind(pattern) != nil { return [pattern] }
    let absolute = pattern.utf8.first == UInt8(ascii: "/")
    let parts = pattern.split(separator: "/").map { Array($0.utf8) }
    var search = PatternSearch(pattern: pattern)
    try search.walk(parts[...], in: absolute ? "/" : "", depth: 0)
    guard !search.found.isEmpty else { throw ReadError.noMatch(pattern: pattern) }
    return search.found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// `S_IFREG`, `S_IFDIR`, … of an existing path, links followed.
func fileKind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}

func regularFileSize(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
}

private struct PatternSearch {
    let pattern: String
    var found: Set<String> = []
    var visited = 0

    /// Matches `parts` below `folder`, which is empty or ends in a slash.
    mutating func walk(_ parts: ArraySlice<[UInt8]>, in folder: String, depth: Int) throws {
        guard depth < 64 else { throw ReadError.badPattern(pattern: pattern, reason: "folders are nested too deep") }
        guard let part = parts.first else { return }
        let rest = parts.dropFirst()
        if part == Array("**".utf8) {
            if rest.isEmpty {
                try walk([Array("*".utf8)], in: folder, depth: depth + 1)
            } else {
                try walk(rest, in: folder, depth: depth + 1)
            }
            for name in try names(in: folder) where name.utf8.first != UInt8(ascii: ".") {
                if isRealFolder(folder + name) { try walk(parts, in: folder + name + "/", depth: depth + 1) }
            }
            return
        }
        if part == [UInt8(ascii: ".")] || part == Array("..".utf8) {
            return try walk(rest, in: folder + String(decoding: part, as: UTF8.self) + "/", depth: depth + 1)
        }
        for name in try names(in: folder) where matches(Array(name.utf8)[...], part[...]) {
            if name.utf8.first == UInt8(ascii: "."), part.first != UInt8(ascii: ".") { continue }
            let path = folder + name
            if rest.isEmpty {
                if fileKind(path).map({ $0 != S_IFDIR }) ?? false { found.insert(path) }
            } else if fileKind(path) == S_IFDIR {
                try walk(rest, in: path + "/", depth: depth + 1)
            }
        }
    }

    mutating func names(in folder: String) throws -> [String] {
        guard let handle = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            visited += 1
            guard visited < 1_000_000 else {
                throw ReadError.badPattern(pattern: pattern, reason: "it looks at more than a million files")
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// A folder that is no link, so that `**` ends.
    func isRealFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// Whether `name` matches a pattern of `*`, `?`, `[…]` and bytes. `?` and `[…]` take one byte. O(name × pattern).
private func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var n = name.startIndex
    var p = pattern.startIndex
    var retry: (name: Int, pattern: Int)?
    while n < name.endIndex {
        if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
            retry = (n, p + 1)
            p += 1
            continue
        }
        if p < pattern.endIndex, let next = step(name[n], pattern[p...]) {
            n += 1
            p = next
            continue
        }
        guard let from = retry else { return false }
        retry = (from.name + 1, from.pattern)
        n = from.name + 1
        p = from.pattern
    }
    while p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") { p += 1 }
    return p == pattern.endIndex
}

/// Index after the pattern element at the start of `pattern` if it takes `byte`.
private func step(_ byte: UInt8, _ pattern: ArraySlice<UInt8>) -> Int? {
    let start = pattern.startIndex
    if pattern[start] == UInt8(ascii: "?") { return start + 1 }
    guard pattern[start] == UInt8(ascii: "["),
        let close = pattern.dropFirst(2).firstIndex(of: UInt8(ascii: "]"))
    else { return pattern[start] == byte ? start + 1 : nil }
    var index = start + 1
    let negated = pattern[index] == UInt8(ascii: "!")
    if negated { index += 1 }
    var inside = false
    while index < close {
        if index + 2 < close, pattern[index + 1] == UInt8(ascii: "-") {
            if pattern[index] <= byte, byte <= pattern[index + 2] { inside = true }
            index += 3
        } else {
            if pattern[index] == byte { inside = true }
            index += 1
        }
    }
    return inside != negated ? close + 1 : nil
}
