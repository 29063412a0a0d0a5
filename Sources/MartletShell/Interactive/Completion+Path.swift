import Martlet

extension Completion {
    /// Files and folders for a path that is being typed in a string which begins at byte `start` of the line.
    package static func path(_ typed: String, start: Int) -> Completion {
        let slash = typed.lastIndex(of: "/")
        let folder = slash.map { String(typed[...$0]) } ?? ""
        let beginning = String(typed[(slash.map { typed.index(after: $0) } ?? typed.startIndex)...])
        let entries = FolderListing(expandedPath(folder.isEmpty ? "." : folder)).entries.filter {
            $0.name.hasPrefix(beginning) && (!$0.name.hasPrefix(".") || beginning.hasPrefix("."))
                && !$0.name.contains("'")
        }
        let candidates = entries.prefix(200).map { entry in
            Candidate(folder + entry.name + (entry.isFolder ? "/" : ""), suffix: entry.isFolder ? "" : "'")
        }
        return Completion(start: start, candidates: candidates, isPath: true)
    }
}
