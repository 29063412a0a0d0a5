extension CodePages {
    /// E01xx: names.
    static let names: [CodePage] = [
        CodePage(
            "E0101", "No column of that name is in the rows at this stage.",
            remedy: "take a name from the note; describe tells the columns of a let or table.",
            example: "from values (1, 'a') as t(id, text) |> where txt = 'a'"),
        CodePage(
            "E0102", "The name is no function, aggregate, model or definition.",
            remedy: "show functions lists the functions.", example: "from values ('a') as t(s) |> select uper(s) as u"),
        CodePage(
            "E0104", "Names in one list must differ; letter case does not count.", remedy: "give one another name.",
            example: "from values (1, 2) as t(a, b) |> select a as n, b as N"),
        CodePage(
            "E0105", "A model is named before it is used.", remedy: "add model name = load 'path'; above.",
            example: "from values ('a') as t(s) |> infer small(s) as o"),
        CodePage(
            "E0106", "from takes what already has a name: a let, a table parameter, a table of the host program.",
            remedy: "use load for files.", example: "from reviews |> limit 3"),
        CodePage(
            "E0107", "select, aggregate and rename leave columns behind, and later stages do not see them.",
            remedy: "use the column before that stage, or let the stage keep it.",
            example: "from values (1, 'a') as t(id, text)\n|> select id\n|> where text = 'a'"),
        CodePage(
            "E0108", "$name stands for a value that a param statement declares.",
            remedy: "declare it: param name type = default;", example: "from values (1) as t(n) |> where n > $least"),
        CodePage(
            "E0109", "A model's outputs have the names that its file gives them.",
            remedy: "describe model lists them, and so does martlet model describe PATH.",
            example:
                "model tone = load 'examples/models/tone';\nfrom values ('fine') as t(text) |> infer tone(text) as (labl)"
        ),
        CodePage(
            "E0110", "The struct has other fields.", remedy: "take one of those that the note lists.",
            example: "from values ({a: 1}) as t(s) |> select s.b as b"),
    ]
}
