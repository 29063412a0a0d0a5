extension CodePages {
    /// E05xx: while a query runs.
    static let running: [CodePage] = [
        CodePage(
            "E0500", title: "an error without words of its own",
            "Something failed for which there is no better message.",
            remedy: "please report it, with the script."),
        CodePage(
            "E0501", title: "a text longer than the model takes",
            "The model was loaded with truncate = false, so a longer text is an error of its row and not cut.",
            remedy: "load it with (truncate = true), or keep such rows apart: on error keep as err.",
            example:
                "model tone = load 'examples/models/tone' with (max_tokens = 4, truncate = false);\nfrom values ('a text of more than four tokens') as t(text) |> infer tone(text) as s"
        ),
        CodePage(
            "E0502", title: "a query that was stopped", "Ctrl-C, or the host program, ended it.",
            remedy: "run it again."),
        CodePage(
            "E0503", title: "a row that took an arm with `fail`", "The script says that such a row is an error.",
            remedy: "look at the row that the message names.",
            example: "from values (1), (-2) as t(n) |> route when n < 0 then fail 'negative' else pass end"),
        CodePage(
            "E0504", title: "an assertion that does not hold",
            "assert stops the query at the first row that breaks it.",
            remedy: "look at the row that the message names.",
            example: "from values (1), (2) as t(n) |> assert n < 2, 'n is too large'"),
        CodePage(
            "E0505", title: "a table without rows", "A param table takes its rows from the host program, and got none.",
            remedy: "bind it before running: prepared.bind(\"name\", rows).",
            example: "param input table (n int);\nfrom $input |> limit 1"),
        CodePage(
            "E0506", title: "columns that changed since the query was planned",
            "The file was replaced between planning and reading.", remedy: "run the query again."),
        CodePage(
            "E0507", title: "more rows kept than `memory_limit` allows",
            "Some stages keep rows until the query ends, and say so rather than fill the memory.",
            remedy: "set memory_limit = … higher, or select fewer columns before."),
        CodePage(
            "E0508", title: "rows or names from the host program that do not fit",
            "What a program binds to a parameter has the parameter's name and type.",
            remedy: "correct the call that the message is about."),
        CodePage(
            "E0509", title: "a script without a query", "The host program asked for rows, and the script makes none.",
            remedy: "end the script with a query."),
        CodePage(
            "E0510", title: "an int beyond 64 bits", "Integers never wrap around.",
            remedy: "compute in float, or use try_cast.",
            example: "from values (9223372036854775807) as t(n) |> select n + 1 as m"),
        CodePage(
            "E0511", title: "a division by zero", "Neither / nor // nor % gives a value for a divisor of zero.",
            remedy: "divide by nullif(divisor, 0).", example: "from values (1, 0) as t(a, b) |> select a // b as c"),
        CodePage(
            "E0512", title: "a value that cannot be cast", "The text is no value of the wanted type.",
            remedy: "try_cast(… as type) gives null instead.",
            example: "from values ('many') as t(s) |> select s::int as n"),
        CodePage(
            "E0513", title: "an argument that a function refuses", "The type is right, the value is not.",
            remedy: "the message says what the function takes.",
            example: "from values ('(') as t(p) |> select regexp_matches('a', p) as m"),
        CodePage(
            "E0514", title: "shapes that do not go together",
            "Two tensors of a row have different lengths where they must be equal.",
            remedy: "slice or reshape one of them.",
            example: "from values ([1.0, 2.0], [1.0]) as t(a, b) |> select dot(a::float[?], b::float[?]) as d"),
        CodePage(
            "E0515", title: "a value of more than 1 GiB",
            "A single value is bounded, so that no row can fill the memory.",
            remedy: "make it smaller.", example: "from values ('ab') as t(s) |> select repeat(s, 2000000000) as v"),
        CodePage(
            "E0516", title: "a parameter that got no value", "The query was prepared without it and run without it.",
            remedy: "bind it before running, or declare a default."),
        CodePage(
            "E0517", title: "a function that needs a model", "token_count counts with a model's tokenizer.",
            remedy: "use it in a query, where models are loaded."),
        CodePage(
            "E0520", title: "an output with another number of rows",
            "A column holds one value for each row that went in.",
            remedy: "ask only for outputs whose first dimension counts rows."),
        CodePage(
            "E0521", title: "an output whose shape changes", "A column holds tensors of one shape.",
            remedy: "pool the output, or ask for another one."),
        CodePage(
            "E0522", title: "an output of a type that no column holds", "Some element types stay inside models.",
            remedy: "ask for other outputs: as (name)."),
        CodePage(
            "E0523", title: "an int that a model's input does not hold",
            "The input has a narrower type, and ints are never cut.",
            remedy: "leave such rows out, or add on error null."),
        CodePage(
            "E0524", title: "more streams than memory", "Each stream keeps its state until the query ends.",
            remedy: "set memory_limit higher, or run some streams at a time."),
        CodePage(
            "E0525", title: "a state whose shape changes",
            "What feeds the next row has the shape of the input that it feeds.",
            remedy: "link another output."),
        CodePage(
            "E0526", title: "a constant that an input does not take",
            "The value for all rows has not the input's type.",
            remedy: "give a value of that type."),
        CodePage(
            "E0530", title: "an operator of a model that cannot run", "The shapes or values at this node do not fit.",
            remedy: "check the inputs; `martlet model describe` tells what they should be."),
        CodePage(
            "E0531", title: "a tensor of the wrong type or shape", "A model's input was given something else.",
            remedy: "give the shape that the message names."),
        CodePage("E0532", title: "an input that was not given", "The model cannot run without it.", remedy: "give it."),
        CodePage(
            "E0533", title: "a loop that does not end", "Loops in a model are bounded by max_iterations.",
            remedy: "set max_iterations = … higher, if the loop is meant to be longer."),
        CodePage(
            "E0534", title: "more work than one run may take",
            "A model's sizes come from its inputs, and here they are absurd.",
            remedy: "check the inputs."),
        CodePage(
            "E0540", title: "a file that holds no thresholds",
            "A cascade keeps what it learnt in a file, and this one is another's.",
            remedy: "give store another name, or remove the file.",
            example:
                "model tone = load 'examples/models/tone';\nparam sure float;\nlet known = from values ('fine', 'positive') as t(text, truth);\nfrom values ('fine') as t(text)\n|> cascade as (label, score) try tone(text) until score > $sure try tone(text) end\n     with (calibrate = known, truth = truth, target = 0.5, store = 'examples/data/sample.csv')"
        ),
        CodePage(
            "E0541", title: "a folder for temporary files that cannot be used",
            "Rows beyond `memory_limit` go to temporary files, which need a folder that can be written to.",
            remedy: "set temp_directory = '…' to such a folder, or allow more memory.",
            example:
                "set memory_limit = 4096;\nset temp_directory = 'no/such/folder';\nload 'examples/data/sample.csv' |> order by text"
        ),
        CodePage(
            "E0542", title: "no space for temporary files",
            "Rows beyond `memory_limit` go to temporary files, and their device is full.",
            remedy: "make room, or set temp_directory = '…' to a folder on another device."),
        CodePage(
            "E0543", title: "a temporary file that cannot be written",
            "The system refused to write rows beyond `memory_limit`.",
            remedy: "check the device, or set temp_directory = '…' to a folder on another one."),
        CodePage(
            "E0544", title: "a temporary file that cannot be read",
            "The system refused to give rows back that went to a temporary file.",
            remedy: "check the device, or set temp_directory = '…' to a folder on another one."),
        CodePage(
            "E0545", title: "a temporary file that is not as it was written",
            "Rows that come back from a file are checked, and these are others.",
            remedy: "check the device, or set temp_directory = '…' to a folder on another one."),
        CodePage(
            "E0546", title: "a column that cannot go to a temporary file",
            "Tensors of strings stay in memory.",
            remedy: "set memory_limit = … higher, or select other columns before."),
    ]
}
