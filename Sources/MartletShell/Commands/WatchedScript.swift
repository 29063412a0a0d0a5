import Martlet
import Synchronization

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `martlet run --watch`: runs a script now, and again whenever it or a file that it loads has changed.
///
/// It looks at the files' times and sizes a few times a second, which works on every system and file system. A change while a
/// query runs stops it. Errors are shown, and watching goes on.
struct WatchedScript {
    let path: String
    let parameters: [ScriptParameter]
    /// Each run has a session of its own.
    let makeRunner: () -> ScriptRunner

    private final class Flag: Sendable {
        let value = Mutex(true)
    }

    private static let interval: UInt32 = 100_000
    /// Changes are waited out until nothing has changed for so many looks.
    private static let quietLooks = 2

    func run() -> ExitStatus {
        while true {
            let runner = makeRunner()
            var watched = [path]
            var before = Self.snapshot(watched)
            do throws(CommandError) {
                let script = try ScriptFile(path)
                watched += ScriptInputs(script.text).paths
                before = Self.snapshot(watched)
                if !execute(script, runner, watched, before) { return .interrupted(Interrupts.shared.pendingSignal) }
            } catch {
                _ = runner.report(error)
            }
            runner.remark("watching \(RunSummary.counted(watched.count, "path")); Ctrl-C ends")
            guard let changes = waitForChange(watched, since: before) else { return .success }
            let others = changes.count > 1 ? " and \(changes.count - 1) more" : ""
            runner.remark("\n\(changes[0])\(others) changed")
        }
    }

    /// False if it was interrupted.
    private func execute(
        _ script: ScriptFile, _ runner: ScriptRunner, _ watched: [String], _ before: FileSnapshot
    ) -> Bool {
        let isRunning = Flag()
        let session = runner.session
        startThread {
            while isRunning.value.withLock({ $0 }) {
                usleep(Self.interval)
                guard !Self.snapshot(watched).changes(since: before).isEmpty else { continue }
                isRunning.value.withLock { if $0 { session.stop() } }
            }
        }
        let status = runner.run(script.text, name: script.name, parameters: parameters)
        isRunning.value.withLock { $0 = false }
        if case .interrupted = status, Interrupts.shared.pendingSignal != nil { return false }
        return true
    }

    /// What has changed, once it has settled; nil when nobody reads the output any more.
    private func waitForChange(_ watched: [String], since before: FileSnapshot) -> [String]? {
        var last = before
        var quiet = 0
        while true {
            let now = Self.snapshot(watched)
            quiet = now == last ? quiet + 1 : 0
            last = now
            let changes = now.changes(since: before)
            if !changes.isEmpty, quiet >= Self.quietLooks { return changes }
            var poller = pollfd(fd: 1, events: 0, revents: 0)
            if poll(&poller, 1, 0) > 0, poller.revents & Int16(POLLERR | POLLHUP) != 0 { return nil }
            usleep(Self.interval)
        }
    }

    private static func snapshot(_ paths: [String]) -> FileSnapshot {
        FileSnapshot(paths) { FolderListing($0, limit: 1_000).entries.map(\.name) }
    }
}
