// Martlet inside a program: a script once prepared, rows in, typed rows out.
import Martlet

let script = """
    model tone = load 'examples/models/tone';
    param input table (id int not null, body string);
    from $input |> infer tone(body) as (label, score) |> select id, label, score
    """
do {
    let triage = try Session().prepare(script)
    try triage.bind("input", rows: [["id": 1, "body": "What a lovely film"], ["id": 2, "body": "Never again"]])
    for row in try triage.run().rows { print(row["id"], row["label"], row["score"]) }
} catch {
    print(error)
}
