extension CodePages {
    /// E067x and E073x to E076x: files that are written and read.
    static let data: [CodePage] = [
        CodePage(
            "E0670", title: "a reader that has gone", "What reads the output closed it.",
            remedy: "nothing: this ends the query quietly."),
        CodePage(
            "E0671", title: "no space on the device", "The file is not written at all: write is atomic.",
            remedy: "make room."),
        CodePage(
            "E0672", title: "a file that cannot be made", "The folder is not there, or may not be written to.",
            remedy: "make the folder, or write elsewhere.",
            example: "from values (1) as t(n) |> write 'no/such/folder/n.csv'"),
        CodePage(
            "E0673", title: "a file that cannot be written", "The system refused.", remedy: "see the system's words."),
        CodePage(
            "E0674", title: "a file that cannot be put into place",
            "The rows are written, but the file may not take its name.",
            remedy: "see the system's words; the old file is as it was."),
        CodePage(
            "E0675", title: "a folder where a file is to be written", "write makes one file.",
            remedy: "name a file in the folder.",
            example: "from values (1) as t(n) |> write 'examples'"),
        CodePage(
            "E0676", title: "a type that the format cannot hold", "CSV, for example, has no form for bytes.",
            remedy: "cast the column to string, or leave it out."),
        CodePage(
            "E0677", title: "a file that is written twice at once", "Two writes of one query go to the same file.",
            remedy: "give each its own file.",
            example:
                "from values (1), (2) as t(n) |> route when n = 1 then write 'out/twice.csv' else write 'out/twice.csv' end"
        ),
        CodePage(
            "E0730", title: "an empty file", "Without a row there are no names of columns.",
            remedy: "name them: with (columns = {id: 'int', text: 'string'})."),
        CodePage(
            "E0731", title: "a file of another kind", "Its first bytes are those of another format.",
            remedy: "convert it, as the message says."),
        CodePage(
            "E0732", title: "a pattern that matches nothing", "* stays within a folder, ** goes into all below.",
            remedy: "correct the pattern; it is relative to the working directory.",
            example: "load 'examples/data/*.parquet'"),
        CodePage(
            "E0733", title: "an input that can be read only once", "Standard input is gone when it was read.",
            remedy: "save it to a file and load that."),
        CodePage(
            "E0734", title: "a file with other columns than before", "It was replaced after the query was prepared.",
            remedy: "prepare the query again."),
        CodePage(
            "E0735", title: "files of one `load` that differ", "All files that a pattern names have the same columns.",
            remedy: "load them apart, or say the type: with (types = {…})."),
        CodePage(
            "E0736", title: "a NUL byte in a text", "The file may be binary or UTF-16.", remedy: "convert it to UTF-8."),
        CodePage(
            "E0737", title: "a file that is not UTF-8", "The bytes are those of another encoding.",
            remedy: "convert it: iconv -f LATIN1 -t UTF-8; or skip such rows: with (ignore_errors = true)."),
        CodePage(
            "E0738", title: "a row that is too long", "A quote that is not closed makes one row of many.",
            remedy: "close the quote, or allow longer rows: with (max_line_size = …)."),
        CodePage(
            "E0740", title: "a quote inside a field", "A field with quotes inside stands in quotes itself.",
            remedy: "double the quotes, or take them as they are: with (quote = '')."),
        CodePage(
            "E0741", title: "text behind the closing quote", "A quoted field ends with its quote.",
            remedy: "double each quote inside, or be lenient: with (strict = false)."),
        CodePage(
            "E0742", title: "a quoted field that does not end", "The file ends before its quote.",
            remedy: "close it, or take quotes as they are: with (quote = '')."),
        CodePage(
            "E0743", title: "a row of too many or too few fields",
            "All rows of a CSV file have the fields of its header.",
            remedy: "with (null_padding = true) fills up, with (ignore_errors = true) skips.",
            example: "load 'Tests/Scripts/data/ragged.csv'"),
        CodePage(
            "E0744", title: "a header with one name twice", "Columns are told apart by name, without letter case.",
            remedy: "give all names: with (names = […], skip = 1, header = false)."),
        CodePage(
            "E0745", title: "a first row that looks like data", "The file seems to have no header.",
            remedy: "say so: with (header = false); or with (header = true) if it has."),
        CodePage(
            "E0746", title: "a field that is not of its column's type",
            "The type came from the first rows, or from types.",
            remedy: "give another type, or skip such rows.",
            example: "load 'Tests/Scripts/data/types.csv' with (types = {s: 'int'})"),
        CodePage(
            "E0750", title: "broken JSON", "A line is no JSON value.",
            remedy: "repair it, or skip such rows: with (ignore_errors = true).",
            example: "load 'Tests/Scripts/data/broken.jsonl'"),
        CodePage(
            "E0751", title: "a JSON row that is no object", "Columns are the keys of objects.",
            remedy: "write one object in each line."),
        CodePage(
            "E0752", title: "a JSON value that is not of its column's type", "The type came from the first rows.",
            remedy: "give another type, or skip such rows."),
        CodePage(
            "E0753", title: "a JSON key with values of different types", "A column has one type.",
            remedy: "read it as JSON text: with (types = {key: 'string'})."),
        CodePage(
            "E0754", title: "a JSON key that the first rows did not have", "Columns were taken from the first rows.",
            remedy: "look at all rows first: with (sample_size = -1)."),
        CodePage(
            "E0755", title: "a JSON key that stands twice in one object", "It has no single value.",
            remedy: "repair the file."),
        CodePage(
            "E0756", title: "too many JSON keys", "Keys that are data would make a column each.",
            remedy: "read that part as JSON text: with (columns = {…: 'string'})."),
        CodePage(
            "E0757", title: "JSON that is nested too deeply", "It would exhaust the stack.",
            remedy: "read it as JSON text."),
        CodePage(
            "E0760", title: "an option that the format does not have",
            "with (…) of load takes the options of the format.",
            remedy: "take a name from docs/reference/options.md.",
            example: "load 'Tests/Scripts/data/types.csv' with (heder = true)"),
        CodePage(
            "E0761", title: "a value that an option does not take", "Each option takes one kind of value.",
            remedy: "the message says which.", example: "load 'Tests/Scripts/data/types.csv' with (header = 'yes')"),
        CodePage(
            "E0762", title: "a data format that is not there", "with (format = …) names one of a few.",
            remedy: "take a name from the message.",
            example: "load 'Tests/Scripts/data/types.csv' with (format = 'parket')"),
    ]
}
