extension CodePages {
    /// E060x to E062x, E068x: files, options, tensors, schemas, tokenizers.
    static let files: [CodePage] = [
        CodePage(
            "E0600", title: "a file that cannot be used", "Opening it failed for a reason without a code of its own.",
            remedy: "see the message."),
        CodePage(
            "E0601", title: "a file that cannot be opened",
            "It is not there, or may not be read. Paths are relative to the working directory.",
            remedy: "correct the path; a close name is suggested where there is one.",
            example: "load 'examples/data/sampel.csv'"),
        CodePage(
            "E0602", title: "a file that cannot be read", "The system refused to read on.",
            remedy: "see the system's words."),
        CodePage(
            "E0603", title: "a folder where a file is needed", "Data comes from files.",
            remedy: "name a file in it, or all of them by a pattern: 'folder/*.csv'.", example: "load 'examples/data'"),
        CodePage(
            "E0604", title: "neither file nor folder", "Devices and sockets cannot be mapped into memory.",
            remedy: "copy what comes from it into a file."),
        CodePage(
            "E0605", title: "an option that is not there", "with (…) takes the options of the format, and no others.",
            remedy: "take one from the note.",
            example: "from values (1) as t(n) |> write 'out/n.csv' with (heder = true)"),
        CodePage(
            "E0606", title: "a file that ends too early", "Its header promises more bytes than there are.",
            remedy: "fetch it again."),
        CodePage(
            "E0610", title: "a JSON file that is not valid", "A file that belongs to a model is broken.",
            remedy: "fetch or write it again; the place is in the message."),
        CodePage(
            "E0618", title: "more tensors than `memory_limit` allows",
            "The model's activations for this batch do not fit.",
            remedy: "set memory_limit higher, or ask for smaller batches: batch rows 8."),
        CodePage(
            "E0619", title: "a tensor that cannot be", "Its shape is negative, too large, or does not fit its bytes.",
            remedy: "check what goes into the model."),
        CodePage(
            "E0620", title: "two columns of one name", "Names of columns are compared without letter case.",
            remedy: "rename one in the file, or give all names: with (names = […])."),
        CodePage(
            "E0621", title: "a text that is no type", "with (types = {…}) takes types as the language writes them.",
            remedy: "write int, float, string, list(int), float[384] and so on.",
            example: "load 'Tests/Scripts/data/types.csv' with (types = {s: 'integr'})"),
        CodePage(
            "E0680", title: "a tokenizer with an unknown part",
            "tokenizer.json asks for a kind of step that is not built in.",
            remedy: "see the note for those that are."),
        CodePage(
            "E0681", title: "a tokenizer file that is not sound", "A part of tokenizer.json is missing or wrong.",
            remedy: "write it again with the tokenizers package."),
        CodePage(
            "E0682", title: "a tokenizer's regular expression that cannot be used",
            "Its syntax is not known, or it is wrong.",
            remedy: "see the place in the note."),
        CodePage(
            "E0683", title: "a piece outside the vocabulary",
            "The text holds something that the tokenizer has no token for.",
            remedy: "give the tokenizer an unknown token."),
        CodePage(
            "E0684", title: "max_tokens below the special tokens", "Not even an empty text fits.",
            remedy: "allow more tokens.",
            example:
                "model tone = load 'examples/models/tone' with (max_tokens = 1);\nfrom values ('fine') as t(text) |> infer tone(text) as s"
        ),
        CodePage(
            "E0685", title: "a truncation that cannot succeed",
            "The strategy cuts one of two texts only, and the other is too long.",
            remedy: "use the strategy LongestFirst."),
        CodePage(
            "E0686", title: "a token id outside the vocabulary", "A number was to be turned into text, and has none.",
            remedy: "use the tokenizer that belongs to the model."),
    ]
}
