extension CodePages {
    /// E00xx: characters, tokens and grammar.
    static let text: [CodePage] = [
        CodePage(
            "E0001", "The character is part of no word, number, string or sign of the language.",
            remedy: "remove it; invisible characters often come along when text is copied from a page.",
            example: "from values (1) as t(n) |> select n`"),
        CodePage(
            "E0002", "A string begins and ends with a single quote, and this one is still open at the end of its line.",
            remedy: "close it; a quote inside a string is written twice: 'it''s'.", example: "load 'reviews.csv"),
        CodePage(
            "E0003", "A name in double quotes is still open at the end of its line.",
            remedy: "close it; a double quote inside a name is written twice.",
            example: "from values (1) as t(n) |> select \"n"),
        CodePage(
            "E0004", "Scripts are UTF-8. The bytes at this place are not.",
            remedy: "convert the file: iconv -f LATIN1 -t UTF-8 old.mlet > new.mlet."),
        CodePage(
            "E0005", "A number begins with a digit, holds at most one point and one exponent, and ends before letters.",
            remedy: "write it in decimal form: 0.5, 1e-3, 42.", example: "from values (.5) as t(x)"),
        CodePage(
            "E0006", "An int has 64 bits with a sign, a float is an IEEE 754 double.",
            remedy: "write a large int as a float, with .0 or an exponent.",
            example: "from values (99999999999999999999) as t(n)"),
        CodePage(
            "E0007", "Word processors and web pages replace plain quotes and dashes by typographic ones.",
            remedy: "write the plain ones: ' \" - .", example: "load ‘reviews.csv’"),
        CodePage(
            "E0008", "Longer texts are refused before they are read.",
            remedy: "put data into a file and load it; split the script into several."),
        CodePage(
            "E0010", "The token before is understood, and this one cannot follow it.",
            remedy: "look at what the message expects here; docs/reference/stages.md has each stage's form.",
            example: "from values (1) as t(n) |> limit 1 n"),
        CodePage(
            "E0011", "A statement begins with model, param, define, let, set, explain, show, describe, load or from.",
            remedy: "begin a query with its source: load 'file' or from name.", example: ") from values (1) as t(n)"),
        CodePage(
            "E0012", "An operator, a comma or a stage wants a value here.",
            remedy: "add the value, or remove what wants it.", example: "from values (1) as t(n) |> where n >"),
        CodePage(
            "E0013", "Reserved words such as end and when cannot name a column as they are.",
            remedy: "choose another name, or put this one into double quotes.",
            example: "from values (1) as t(n) |> select n as end"),
        CodePage(
            "E0014",
            "Expressions, arms and queries stand in each other only so deep, so that no script can exhaust the stack.",
            remedy: "name a part with extend, let or define."),
        CodePage(
            "E0015", "Stages are parted by |> and nothing else.", remedy: "put |> before the stage.",
            example: "from values (1) as t(n) where n > 0"),
        CodePage(
            "E0016", "A new line does not end a statement.", remedy: "put ; between the two.",
            example: "set threads = 1 set seed = 2"),
        CodePage(
            "E0017", "case, route, cascade and split reach to their end.",
            remedy: "add end after the last arm or tier.",
            example: "from values (1) as t(n) |> select case when n = 1 then 2 as m"),
        CodePage(
            "E0018", "A comma announces one more entry.", remedy: "remove the comma, or add the entry.",
            example: "from values (1, 2) as t(a, b) |> select a, b,"),
        CodePage(
            "E0019", "Equality is one sign.", remedy: "write =.", example: "from values (1) as t(n) |> where n == 1"),
        CodePage(
            "E0020", "A query is written in the order in which it happens: first the source, then stages.",
            remedy: "write the query as the message shows.", example: "select n from t where n > 0"),
        CodePage(
            "E0021", "A comparison gives true or false, which the next one cannot compare with a number.",
            remedy: "join two comparisons by and, or use between.",
            example: "from values (1) as t(n) |> where 0 < n < 2"),
        CodePage(
            "E0022", "between takes two bounds, and both belong to it.", remedy: "write value between low and high.",
            example: "from values (1) as t(n) |> where n between 0, 2"),
        CodePage(
            "E0023", "A new name is given by as, never by standing there.", remedy: "put as before the name.",
            example: "from values (1) as t(n) |> select n m"),
        CodePage(
            "E0024", "The text ends, or something comes that cannot stand inside, before the bracket is closed.",
            remedy: "close it where the message points.", example: "from values (1) as t(n) |> where abs((n + 1) > 2"),
        CodePage(
            "E0025", "A name has at least one character.", remedy: "name it; the empty string is written ''.",
            example: "from values (1) as t(n) |> select n as \"\""),
        CodePage(
            "E0026", "Operators are SQL's: = and or not || and so on.",
            remedy: "write the operator that the message names.",
            example: "from values (true) as t(b) |> where !b"),
        CodePage(
            "E0027", "A clause counts once.", remedy: "join both into one, or remove one.",
            example:
                "model m = load 'Tests/Scripts/data/models/counter.onnx';\nfrom values (1.0) as t(x) |> infer m(x) as s with (state = (a => b), state = (c => d))"
        ),
        CodePage(
            "E0028", "Clauses stand in a fixed order, so that each script reads alike.",
            remedy: "move the clause to where the message says.",
            example: "from values (1) as t(n) |> route when n = 1 then pass else drop when n = 2 then pass end"),
        CodePage(
            "E0029", "limit, batch, weight and their like count things.", remedy: "write a whole number from 0 up.",
            example: "from values (1) as t(n) |> limit -1"),
        CodePage(
            "E0030", "Comments begin with -- and end with the line.", remedy: "write -- at the start of each line.",
            example: "/* all */ from values (1) as t(n)"),
        CodePage(
            "E0031", "After so many errors the rest is left unread.", remedy: "correct the first ones and check again."),
        CodePage(
            "E0032", "Paths and messages are literals, so that they are known before anything runs.",
            remedy: "write them in single quotes.", example: "load \"reviews.csv\""),
        CodePage(
            "E0033", "It looks like a statement of another language.", remedy: "write what the message says instead.",
            example: "insert into t values (1)"),
    ]
}
