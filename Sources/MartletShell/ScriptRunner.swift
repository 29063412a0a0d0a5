import Martlet

/// Runs texts in a session and shows what comes of them: results on standard output, everything else on standard error.
final class ScriptRunner {
    let session: Session
    let terminal: Terminal
    /// nil: what `set format` says, else a box on a terminal and CSV elsewhere.
    var format: OutputFormat?
    var hasHeader = true
    var showsTime = false
    var showsProgress = true
    /// What to show in place of the rows of queries.
    var explains: Prepared.Explaining?

    init(session: Session, terminal: Terminal) {
        self.session = session
        self.terminal = terminal
    }

    /// Runs all statements of `text`; the first error ends it and is shown.
    func run(_ text: String, name: String, parameters: [ScriptParameter] = []) -> ExitStatus {
        do throws(MartletError) {
            let prepared = try session.prepare(text, name: name)
            for warning in prepared.warnings { show(warning) }
            if let mistake = bind(parameters, to: prepared) { return report(mistake) }
            try Interrupts.shared.whileRunning(session) { () throws(MartletError) in try execute(prepared) }
            return .success
        } catch {
            return report(error)
        }
    }

    // MARK: Running

    private func execute(_ prepared: Prepared) throws(MartletError) {
        try prepared.execute(explaining: explains) { event throws(MartletError) in
            if Interrupts.shared.pendingSignal != nil { session.stop() }
            switch event {
            case .plan(let text): try TextWriter().write(text)
            case .query(let stream): try show(stream)
            }
        }
    }

    private func show(_ stream: ResultStream) throws(MartletError) {
        let isWanted = showsProgress && session.showsProgress && terminal.errorIsTerminal && terminal.movesCursor
        let meter = stream.meter
        let progress = isWanted ? ProgressLine { (meter.fractionDone, meter.rowsDone) } : nil
        defer { progress?.finish() }
        if stream.columns.isEmpty {
            while try stream.next() != nil {}
        } else {
            let printer = ResultPrinter(format: chosenFormat, hasHeader: hasHeader, terminal: terminal)
            try printer.print(stream, progress)
        }
        progress?.finish()
        tell(stream.profile)
    }

    private var chosenFormat: OutputFormat {
        format ?? session.outputFormat.flatMap { OutputFormat(rawValue: $0) }
            ?? (terminal.outputIsTerminal ? .box : .csv)
    }

    private func tell(_ profile: Profile) {
        let summary = RunSummary(profile: profile)
        for line in summary.files { remark(line) }
        for line in profile.remarks { remark(line) }
        if let remarks = summary.remarks { remark(remarks) }
        if showsTime { remark("time: \(seconds(profile.seconds))") }
    }

    // MARK: Parameters

    private func bind(_ parameters: [ScriptParameter], to prepared: Prepared) -> CommandError? {
        let known = prepared.parameters
        for parameter in parameters {
            guard let declared = known.first(where: { $0.name.lowercased() == parameter.name.lowercased() }) else {
                return CommandError.unknownParameter(parameter.name, known: known.map(\.name))
            }
            if declared.isTable { return CommandError.tableParameter(declared.name) }
            prepared.bind(declared.name, text: parameter.value)
        }
        return nil
    }

    // MARK: Remarks and errors

    private func remark(_ text: String) {
        writeBestEffort(Style.dim(text, if: terminal.colorsErrors) + "\n", to: 2)
    }

    private func show(_ problem: MartletError.Problem) {
        writeBestEffort(terminal.colorsErrors ? problem.colored : problem.rendered, to: 2)
    }

    func report(_ error: MartletError) -> ExitStatus {
        // Whoever read the output has what they wanted.
        if error.isClosedPipe { return .success }
        if error.isCancelled {
            remark("interrupted")
            return .interrupted(Interrupts.shared.pendingSignal)
        }
        for (index, problem) in error.problems.enumerated() {
            if index > 0 { writeBestEffort("\n", to: 2) }
            show(problem)
        }
        return .failure
    }

    func report(_ error: CommandError) -> ExitStatus {
        writeBestEffort(error.text(colored: terminal.colorsErrors), to: 2)
        return error.status
    }
}
