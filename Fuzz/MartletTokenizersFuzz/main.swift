import CFuzzDriver

let status = martlet_fuzz_run(CommandLine.argc, CommandLine.unsafeArgv)
if status != 0 { fatalError("libFuzzer ended with \(status)") }
