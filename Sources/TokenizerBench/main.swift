import MartletSupport
import MartletTokenizers

// TokenizerBench check FOLDER NAME…   compares ids and decoded texts with scripts/reference/trained_tokenizers.py's
// TokenizerBench time TOKENIZER TEXTS.jsonl REPEAT   the seconds of each pass over all texts, and the number of tokens, as JSON
// TokenizerBench expressions FILE     compares matches with scripts/reference/regular_expressions.py's
let arguments = CommandLine.arguments
switch arguments.count > 2 ? arguments[1] : "" {
case "expressions": try ExpressionCheck(path: arguments[2]).run()
case "check": for name in arguments[3...] { try TokenizerCheck(folder: arguments[2], name: name).run() }
case "time" where arguments.count == 5:
    try TokenizerTiming(tokenizer: arguments[2], texts: arguments[3]).run(repeats: Int(arguments[4]) ?? 1)
default: print("usage: TokenizerBench check FOLDER NAME… | expressions FILE | time TOKENIZER TEXTS.jsonl REPEAT")
}
