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
    let output = OutputTarget()
    /// Columns that a box may take; nil: those of the window.
    var width: Int?
    /// Whether results that are longer than the screen go to a pager.
    var pages = false
    /// Whether queries can read the last result as `_`.
    var keepsResults = false
    /// What to show in place of the rows of queries.
    var explains: Prepared.Explaining?

    init(session: Session, terminal: Terminal) {
        self.session = session
        self.terminal = terminal
    }

    /// Runs all statements of `text`; the first error ends it and is shown.
    func run(
        _ text: String, name: String, parameters: [ScriptParameter] = [], keepsResults: Bool? = nil
    ) -> ExitStatus {
        let before = self.keepsResults
        defer { self.keepsResults = before }
        self.keepsResults = keepsResults ?? before
        do throws(MartletError) {
            return try Interrupts.shared.whileRunning(session) { () throws(MartletError) in
                if let signal = Interrupts.shared.pendingSignal {
                    remark("interrupted")
                    return .interrupted(signal)
                }
                let prepared = try session.prepare(text, name: name)
                for warning in prepared.warnings { show(warning) }
                if let mistake = bind(parameters, to: prepared) { return report(mistake) }
                try execute(prepared)
                return .success
            }
        } catch {
            return report(error)
        }
    }

    // MARK: Running

    private func execute(_ prepared: Prepared) throws(MartletError) {
        try prepared.execute(explaining: explains) { event throws(MartletError) in
            if Interrupts.shared.pendingSignal != nil { session.stop() }
            switch event {
            case .plan(let text): try TextWriter(descriptor: output.descriptor, path: output.path).write(text)
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
            var keeper = ResultKeeper()
            let printer = ResultPrinter(
                format: chosenFormat, hasHeader: hasHeader, terminal: terminal, output: output, width: width,
                pager: pages && terminal.outputIsTerminal && terminal.movesCursor ? Pager.usualCommand() : nil)
            let outcome = try printer.print(stream, progress) { if keepsResults { keeper.add($0) } }
            progress?.finish()
            if outcome == .pagerIsMissing { missPager(printer.pager ?? "") }
            if keepsResults { keep(keeper, stream) }
        }
        progress?.finish()
        tell(stream.profile)
    }

    private var chosenFormat: OutputFormat {
        format ?? output.format ?? session.outputFormat.flatMap { OutputFormat(rawValue: $0) }
            ?? (terminal.outputIsTerminal && !output.isFile ? .box : .csv)
    }

    private func missPager(_ command: String) {
        pages = false
        remark("there is no pager `\(command)`; long results are shown here from now on (`.pager on` tries again)")
    }

    private func keep(_ keeper: ResultKeeper, _ stream: ResultStream) {
        guard let results = keeper.results(of: stream) else {
            return remark("too large to be kept as `_`; name the query with `let` instead")
        }
        session.keep(results)
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

    func remark(_ text: String) {
        writeBestEffort(Style.dim(text, if: terminal.colorsErrors) + "\n", to: 2)
    }

    private func show(_ problem: MartletError.Problem) {
        writeBestEffort(terminal.colorsErrors ? problem.colored : problem.rendered, to: 2)
    }

    func report(_ error: MartletError) -> ExitStatus {
        // Whoever read the output has what they wanted.
        if error.isClosedPipe { return .success }
        if error.isCancelled {
            // Without a signal, somebody else has stopped it and knows why.
            if Interrupts.shared.pendingSignal != nil { remark("interrupted") }
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
