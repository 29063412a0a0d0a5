extension CodePages {
    /// E02xx: types and what models take.
    static let types: [CodePage] = [
        CodePage(
            "E0201", "Each function and stage says which types it takes, and how many arguments.",
            remedy: "cast the argument, or look at the form in the note.",
            example: "from values (5) as t(n) |> select upper(n) as u"),
        CodePage(
            "E0202",
            "An operator takes two values of types that go together. Strings and numbers never convert by themselves.",
            remedy: "cast one side: value::type.", example: "from values ('7') as t(s) |> where s > 5"),
        CodePage(
            "E0203", "No value of the one type has a meaning in the other.",
            remedy: "go by way of a part: a field of a struct, an entry of a list.",
            example: "from values ([1, 2]) as t(l) |> select l::timestamp as x"),
        CodePage(
            "E0204", "where, when, until, assert, and, or and not want true or false.",
            remedy: "compare the value with something.",
            example: "from values (5) as t(n) |> where n"),
        CodePage(
            "E0205", "All branches of a case, all values of ?? and all items of a list have one type.",
            remedy: "cast the one that differs.",
            example: "from values (5) as t(n) |> select case when n > 1 then n else 'few' end as x"),
        CodePage(
            "E0206", "An aggregate needs a group of rows, which only aggregate makes.",
            remedy: "write |> aggregate … group by ….", example: "from values (5) as t(n) |> where n = count()"),
        CodePage(
            "E0207", "Constants, options and until conditions are known without running a model; groups are no rows.",
            remedy: "run the model in an extend before.",
            example: "model tone = load 'examples/models/tone';\nparam t string = tone('a').label;"),
        CodePage(
            "E0208", "Options, settings, defaults and counts are fixed before the query runs.",
            remedy: "write a literal or a parameter.", example: "set threads = n + 1"),
        CodePage(
            "E0209",
            "A classifier's labels are a fixed set, so a comparison with any other string is never true. This is a warning.",
            remedy: "write one of the labels that the note lists.",
            example:
                "model tone = load 'examples/models/tone';\nfrom values ('fine') as t(text) |> where tone(text).label = 'positiv'"
        ),
        CodePage(
            "E0210", "A model takes the types and shapes that its file says. The message names both ends.",
            remedy: "cast or compute the value, or use the model that fits.",
            example:
                "model head = load 'examples/models/tone-head.onnx';\nfrom values (1) as t(n) |> select head(one_hot(n, 10)).score as s"
        ),
        CodePage(
            "E0211", "Each input of a model takes one argument; those that the file marks as optional may be left out.",
            remedy: "give inputs by place, by name (input => value), or by * from columns of the same names.",
            example:
                "model tone = load 'examples/models/tone';\nfrom values ('a', 'b') as t(x, y) |> infer tone(x, y) as s"),
        CodePage(
            "E0212", "A group has many rows, so a plain column in it has many values.",
            remedy: "group by the column, or take first(column), max(column), list(column).",
            example: "from values (1, 2) as t(a, b) |> aggregate b group by a"),
        CodePage(
            "E0213", "Types are bool int float string bytes timestamp, list(T), struct(a T, …), float[384].",
            remedy: "take one of them.", example: "from values ('7') as t(s) |> select s::integr as n"),
        CodePage(
            "E0214", "A parameter's value, from the command line or its default, fits its type.",
            remedy: "give another value, or declare another type."),
        CodePage(
            "E0215", "The query needs the value, and nothing gives one.",
            remedy: "run with --name value, or declare a default.",
            example: "param least int;\nfrom values (1) as t(n) |> where n > $least"),
        CodePage(
            "E0216", "An expression of constants is computed once, before the query, and this one fails.",
            remedy: "correct it as its note says.", example: "set threads = 1 // 0"),
        CodePage(
            "E0217", "Rows of values have one length, and each column has one name.", remedy: "add what is missing.",
            example: "from values (1, 2), (3) as t(a, b)"),
    ]
}
