extension CodePages {
    /// E03xx and E04xx: stages, settings, plans.
    static let stages: [CodePage] = [
        CodePage(
            "E0301", "Each row takes exactly one arm, so there must be one for rows that fulfil no condition.",
            remedy: "add else pass to keep them, else drop to discard them, or else with stages.",
            example: "from values (1) as t(n) |> route when n = 1 then pass end"),
        CodePage(
            "E0302", "The word after |> is no stage, and no definition that stands for stages.",
            remedy: "show stages lists the stages.", example: "from values (1) as t(n) |> filter n > 0"),
        CodePage(
            "E0303", "A |> announces a stage.", remedy: "remove one of them, or write the stage.",
            example: "from values (1) as t(n) |> |> limit 1"),
        CodePage(
            "E0304", "All tiers of a cascade but the last have an until; the last one answers what is left.",
            remedy: "add or remove an until, as the message says.",
            example:
                "model tone = load 'examples/models/tone';\nfrom values ('a') as t(text) |> cascade as (label, score) try tone(text) try tone(text) end"
        ),
        CodePage(
            "E0305", "A split has at least one arm, and each begins with its weight.",
            remedy: "write split by key weight 10 then … weight 90 then … end.",
            example: "from values (1) as t(n) |> split by n end"),
        CodePage(
            "E0306",
            "Arms hold stages that look at one row at a time: order, limit, aggregate, join and their like look at others.",
            remedy: "move the stage behind the end.",
            example: "from values (1) as t(n) |> route when n = 1 then limit 3 else pass end"),
        CodePage(
            "E0307", "write takes the rows to a file; none are left for what follows.",
            remedy: "move the write to the end, or write from a let twice.",
            example: "from values (1) as t(n) |> write 'out/n.csv' |> limit 1"),
        CodePage(
            "E0308", "Rows of all arms, and of both sides of a union, go on together, so they have the same columns.",
            remedy: "extend the missing column in the other arm, cast it, or end the route with end fill null.",
            example: "from values (1) as t(n) |> route when n = 1 then extend 'x' as s else pass end"),
        CodePage(
            "E0309", "All tiers of a cascade answer in the same columns.",
            remedy: "use models whose outputs have one type.",
            example:
                "model a = load 'Tests/Scripts/data/models/wide.onnx';\nmodel b = load 'Tests/Scripts/data/models/external.onnx';\nfrom values (1.0) as t(x) |> cascade as (y) try a(x) until y > 1 try b([x, x]) end"
        ),
        CodePage(
            "E0310", "Shares are weights divided by their sum.", remedy: "give one arm a weight above 0.",
            example: "from values (1) as t(n) |> split by n weight 0 then pass end"),
        CodePage(
            "E0311", "A definition is replaced by what it stands for, which would never end.",
            remedy: "take the use of itself out.",
            example: "define f(x int) = f(x) + 1;\nfrom values (1) as t(n) |> select f(n) as m"),
        CodePage(
            "E0312",
            "Rows take the first arm whose condition is true. Here earlier arms take every row that this one would take, or its condition is true for no row. This is a warning: the query does what it says.",
            remedy: "put the narrower condition first, correct it, or remove the arm.",
            example:
                "from values (0.5) as t(score)\n|> route when score >= 0.8 then pass when score >= 0.9 then drop else pass end"
        ),
        CodePage(
            "E0401", "set takes one of the settings of the language.", remedy: "show settings lists them.",
            example: "set thread = 2"),
        CodePage(
            "E0402", title: "a value that a setting does not take", "Each setting says what it takes.",
            remedy: "show settings tells what that is.", example: "set threads = 'two'"),
        CodePage(
            "E0403", "show takes a kind of thing, describe the name of a thing.",
            remedy: "take a word from the note.", example: "show modls"),
        CodePage(
            "E0404", "Plans are bounded, so that planning takes no longer than the script deserves.",
            remedy: "name a part with let, and read that."),
    ]
}
