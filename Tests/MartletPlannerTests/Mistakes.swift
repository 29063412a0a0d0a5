/// Scripts with mistakes, and what is said about them. They stand on line 3, after the prelude.
let mistakes: [(script: String, said: String)] = [
    (
        #"""
        load 'reviews.csv'
        |> select id, source
        |> infer small(text) as s
        """#,
        #"""
        error[E0107]: column `text` is no longer here
         4 | |> select id, source
           |    ----------------- `select` kept only id, source
         5 | |> infer small(text) as s
           |                ^^^^
           = help: move the `infer` above the `select`, or select text too
        """#
    ),
    (
        #"""
        load 'docs.csv'
        |> extend normalize(enc(title || body).embedding) as e
        |> extend head(e).logits as l
        """#,
        #"""
        error[E0210]: model `head` wants float[768], got float[384]
         5 | |> extend head(e).logits as l
           |                ^ `e` is float[384]: enc.embedding, line 4
           = note: signature from head.onnx, input "x" [batch, 768]
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> infer small(text) as s |> where s.label = 'positve'
        """#,
        #"""
        warning[E0209]: no label is 'positve', so this never matches
         3 | load 'reviews.csv' |> infer small(text) as s |> where s.label = 'positve'
           |                                                                 ^^^^^^^^^
           = note: labels are 'negative', 'neutral', 'positive'
           = help: did you mean 'positive'?
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> infer small(text) as s |> where s.scor > 1
        """#,
        #"""
        error[E0110]: `s` has no `scor`
         3 | load 'reviews.csv' |> infer small(text) as s |> where s.scor > 1
           |                                                         ^^^^
           = note: it has label, score, probabilities
           = help: did you mean `score`?
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> where textt = 'a' |> select lenght(text)
        """#,
        #"""
        error[E0101]: there is no column `textt`
         3 | load 'reviews.csv' |> where textt = 'a' |> select lenght(text)
           |                             ^^^^^
           = help: did you mean `text`?

        error[E0102]: there is no function or model `lenght`
         3 | load 'reviews.csv' |> where textt = 'a' |> select lenght(text)
           |                                                   ^^^^^^
           = help: did you mean `length`?
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> where zebra > 1
        """#,
        #"""
        error[E0101]: there is no column `zebra`
         3 | load 'reviews.csv' |> where zebra > 1
           |                             ^^^^^
           = note: columns here are id, source, stars, text
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> infer smal(text) as s
        """#,
        #"""
        error[E0105]: there is no model `smal`
         3 | load 'reviews.csv' |> infer smal(text) as s
           |                             ^^^^
           = help: did you mean `small`?
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> infer upper(text) as s
        """#,
        #"""
        error[E0105]: `upper` is a function, not a model
         3 | load 'reviews.csv' |> infer upper(text) as s
           |                             ^^^^^
           = help: `|> extend upper(text) as …`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> infer small(stars) as s
        """#,
        #"""
        error[E0210]: model `small` wants string, got float
         3 | load 'reviews.csv' |> infer small(stars) as s
           |                                   ^^^^^ `stars` is float: reviews.csv, column stars
           = note: signature from models/tone/config.json
           = help: cast it: `stars::string`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> infer small() as s
        """#,
        #"""
        error[E0211]: model `small` lacks its input `text`
         3 | load 'reviews.csv' |> infer small() as s
           |                             ^^^^^^^
           = note: small is (text string) -> (label string, score float, probabilities float[3])
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> infer small(text) as (label, confidence)
        """#,
        #"""
        error[E0109]: model `small` has no output `confidence`
         3 | load 'reviews.csv' |> infer small(text) as (label, confidence)
           |                                                    ^^^^^^^^^^
           = note: small gives label string, score float, probabilities float[3]
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> where text > 3 |> where id |> where stars
        """#,
        #"""
        error[E0202]: cannot compare string with int
         3 | load 'reviews.csv' |> where text > 3 |> where id |> where stars
           |                             ^^^^^^^^
           = help: cast it: `3::string`

        error[E0204]: `where` wants a bool, got string
         3 | load 'reviews.csv' |> where text > 3 |> where id |> where stars
           |                                               ^^
           = help: compare it: `id = '…'`

        error[E0204]: `where` wants a bool, got float
         3 | load 'reviews.csv' |> where text > 3 |> where id |> where stars
           |                                                           ^^^^^
           = help: compare it: `stars > 0`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> extend upper(stars) as u, stars + text as v
        """#,
        #"""
        error[E0201]: `upper` wants string, got float
         3 | load 'reviews.csv' |> extend upper(stars) as u, stars + text as v
           |                                    ^^^^^
           = note: `upper` is (text string) -> string
           = help: cast it: `stars::string`

        error[E0202]: `+` wants a number, got string
         3 | load 'reviews.csv' |> extend upper(stars) as u, stars + text as v
           |                                                         ^^^^
           = help: cast it: `text::float`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> select substring(text), regexp_matches(text, '[a')
        """#,
        #"""
        error[E0201]: `substring` takes 2 to 3 arguments, got 1
         3 | load 'reviews.csv' |> select substring(text), regexp_matches(text, '[a')
           |                              ^^^^^^^^^^^^^^^
           = note: `substring` is (text string, start int [, count int]) -> string

        error[E0201]: `regexp_matches`: `[a` is not a regular expression: expected ']'
         3 | load 'reviews.csv' |> select substring(text), regexp_matches(text, '[a')
           |                                                                    ^^^^
           = note: `regexp_matches` is (text string, pattern string [, options string]) -> bool
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> extend normalize(enc(text)) as a, normalize(small(text)) as b
        """#,
        #"""
        error[E0201]: `normalize` wants a vector, got struct(label string, score float)
         3 | load 'reviews.csv' |> extend normalize(enc(text)) as a, normalize(small(text)) as b
           |                                                                   ^^^^^^^^^^^
           = note: `normalize` is (x vector) -> vector
        """#
    ),
    (
        #"""
        load 'docs.csv' |> extend [1, 2]::float[2] as v |> extend dot(v, enc(body).embedding) as d, v[2] as w
        """#,
        #"""
        error[E0201]: `dot`: lengths differ: float[2] and float[384]
         3 | load 'docs.csv' |> extend [1, 2]::float[2] as v |> extend dot(v, enc(body).embedding) as d, v[2] as w
           |                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
           = note: `dot` is (a vector, b vector) -> float

        error[E0202]: `[]`: place 2 is outside of float[2]
         3 | load 'docs.csv' |> extend [1, 2]::float[2] as v |> extend dot(v, enc(body).embedding) as d, v[2] as w
           |                                                                                               ^
           = help: places run from 0 to 1
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> select id, text as id
        """#,
        #"""
        error[E0104]: two columns would be called `id`
         3 | load 'reviews.csv' |> select id, text as id
           |                              -- the first
           |                                  ^^^^^^^^^^
           = help: name one of them: `… as other`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> rename txt as body |> rename id as source
        """#,
        #"""
        error[E0101]: there is no column `txt`
         3 | load 'reviews.csv' |> rename txt as body |> rename id as source
           |                              ^^^
           = help: did you mean `text`?

        error[E0104]: there is a column `source` already
         3 | load 'reviews.csv' |> rename txt as body |> rename id as source
           |                                                          ^^^^^^
           = help: rename that one as well, or leave it out with `select`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> route when stars > 1 then extend 1 as k else pass end
        """#,
        #"""
        error[E0308]: arm `else` has no column `k`
         3 | load 'reviews.csv' |> route when stars > 1 then extend 1 as k else pass end
           |                             --------------------------------- arm `1` has it
           |                                                                    ^^^^
           = help: give it a value there: `extend … as k`, or end with `end fill null`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> route when stars > 1 then limit 3 when text then pass else fail 'no' end
        """#,
        #"""
        error[E0204]: `when` wants a bool, got string
         3 | load 'reviews.csv' |> route when stars > 1 then limit 3 when text then pass else fail 'no' end
           |                                                              ^^^^
           = help: compare it: `text = '…'`

        error[E0306]: `limit` cannot stand in an arm of `route`
         3 | load 'reviews.csv' |> route when stars > 1 then limit 3 when text then pass else fail 'no' end
           |                                                 ^^^^^
           = note: in an arm each row goes its way without looking at others
           = help: move it behind the `end`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> aggregate count() as n, text group by source
        """#,
        #"""
        error[E0212]: `text` has many values in a group
         3 | load 'reviews.csv' |> aggregate count() as n, text group by source
           |                                               ^^^^
           = help: group by it, or take one of them: `first(text)`, `list(text)`
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> where count() > 1 |> aggregate sum(text), max(count())
        """#,
        #"""
        error[E0206]: `count` is an aggregate
         3 | load 'reviews.csv' |> where count() > 1 |> aggregate sum(text), max(count())
           |                             ^^^^^
           = help: aggregates stand in `|> aggregate …`

        error[E0201]: `sum` wants a number or a tensor, got string
         3 | load 'reviews.csv' |> where count() > 1 |> aggregate sum(text), max(count())
           |                                                          ^^^^
           = note: `sum` is (x) -> as x
           = help: cast it: `text::float`

        error[E0206]: `count` stands inside another aggregate
         3 | load 'reviews.csv' |> where count() > 1 |> aggregate sum(text), max(count())
           |                                                                     ^^^^^
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> cascade as (label, score) try small(text) until sure > 0.5 try enc(text) end
        """#,
        #"""
        error[E0109]: model `enc` has no output `label`
         3 | load 'reviews.csv' |> cascade as (label, score) try small(text) until sure > 0.5 try enc(text) end
           |                                   ----- asked for here
           |                                                                                      ^^^
           = note: enc gives embedding float[384]
        """#
    ),
    (
        #"""
        load 'nofile.csv'; from nothing; from small; load 'docs.csv' |> join people on true
        """#,
        #"""
        error[E0601]: cannot open `nofile.csv`: No such file or directory
         3 | load 'nofile.csv'; from nothing; from small; load 'docs.csv' |> join people on true
           |      ^^^^^^^^^^^^
           = help: check the path

        error[E0106]: there is nothing called `nothing` to take rows from
         3 | load 'nofile.csv'; from nothing; from small; load 'docs.csv' |> join people on true
           |                         ^^^^^^^
           = help: `load 'file'` reads a file, `let nothing = …` names a query

        error[E0106]: there is nothing called `small` to take rows from
         3 | load 'nofile.csv'; from nothing; from small; load 'docs.csv' |> join people on true
           |                                       ^^^^^
           = help: `small` is a model: `… |> infer small(…)` runs it on rows

        error[E0201]: `join` needs an equality between the rows here and the relation
         3 | load 'nofile.csv'; from nothing; from small; load 'docs.csv' |> join people on true
           |                                                                                ^^^^
           = note: a name that both sides have means the column here; the relation's is `relation.column`
           = help: `on … = people.name`; other conditions may follow with `and`
        """#
    ),
    (
        #"""
        load 'docs.csv' |> small(body)
        """#,
        #"""
        error[E0302]: `small` is a model, not a stage
         3 | load 'docs.csv' |> small(body)
           |                    ^^^^^
           = help: `|> infer small(body)`
        """#
    ),
    (
        #"""
        model other = load 'models/tone' with (trunkate = true); model gone = load 'models/gone'
        """#,
        #"""
        error[E0605]: a model has no option `trunkate`
         3 | model other = load 'models/tone' with (trunkate = true); model gone = load 'models/gone'
           |                                        ^^^^^^^^
           = note: options are truncate, max_tokens, labels
           = help: did you mean `truncate`?

        error[E0601]: cannot open `models/gone`: No such file or directory
         3 | model other = load 'models/tone' with (trunkate = true); model gone = load 'models/gone'
           |                                                                            ^^^^^^^^^^^^^
           = help: check the path
        """#
    ),
    (
        #"""
        load 'reviews.csv' |> write 'a.csv' with (headr = true) |> limit 3
        """#,
        #"""
        error[E0605]: `write` has no option `headr` for 'a.csv'
         3 | load 'reviews.csv' |> write 'a.csv' with (headr = true) |> limit 3
           |                                           ^^^^^
           = note: options are header, delimiter
           = help: did you mean `header`?

        error[E0307]: nothing comes after `write`
         3 | load 'reviews.csv' |> write 'a.csv' with (headr = true) |> limit 3
           |                       --------------------------------- the rows go here
           |                                                            ^^^^^
           = help: move the `write` to the end
        """#
    ),
    (
        #"""
        define f(x int) = g(x); define g(x int) = f(x); from values (1) as t(a) |> extend f(a) as b, f('x') as c
        """#,
        #"""
        error[E0311]: `f` is defined by itself
         3 | define f(x int) = g(x); define g(x int) = f(x); from values (1) as t(a) |> extend f(a) as b, f('x') as c
           |                                           ^
           = note: by way of f → g → f

        error[E0201]: `x` is int, got string
         3 | define f(x int) = g(x); define g(x int) = f(x); from values (1) as t(a) |> extend f(a) as b, f('x') as c
           |                                                                                                ^^^
        """#
    ),
    (
        #"""
        param sure float = 'x'; param q string; load 'reviews.csv' |> where text = $q and stars > $shure
        """#,
        #"""
        error[E0201]: a parameter's default is float, got string
         3 | param sure float = 'x'; param q string; load 'reviews.csv' |> where text = $q and stars > $shure
           |                    ^^^

        error[E0215]: parameter `$q` has no value
         3 | param sure float = 'x'; param q string; load 'reviews.csv' |> where text = $q and stars > $shure
           |                                                                            ^^
           = help: run with `--q …`, or give a default: `param q string = …`

        error[E0108]: there is no parameter `$shure`
         3 | param sure float = 'x'; param q string; load 'reviews.csv' |> where text = $q and stars > $shure
           |                                                                                           ^^^^^^
           = help: did you mean `$sure`?
        """#
    ),
    (
        #"""
        set thread = 3; set threads = 'many'; show model; describe smal; set disable = 'push_filter'
        """#,
        #"""
        error[E0401]: there is no setting `thread`
         3 | set thread = 3; set threads = 'many'; show model; describe smal; set disable = 'push_filter'
           |     ^^^^^^
           = help: did you mean `threads`?

        error[E0402]: `threads` takes a number from 1 to 256, or 'auto', not 'many'
         3 | set thread = 3; set threads = 'many'; show model; describe smal; set disable = 'push_filter'
           |                               ^^^^^^

        error[E0403]: `show` does not know `model`
         3 | set thread = 3; set threads = 'many'; show model; describe smal; set disable = 'push_filter'
           |                                            ^^^^^
           = note: it shows models, params, settings, functions, stages, rules, lets, tables, defines
           = help: did you mean `models`?

        error[E0403]: nothing is called `smal`
         3 | set thread = 3; set threads = 'many'; show model; describe smal; set disable = 'push_filter'
           |                                                            ^^^^
           = help: did you mean `small`?

        warning[E0402]: there is no rule `push_filter`
         3 | set thread = 3; set threads = 'many'; show model; describe smal; set disable = 'push_filter'
           |                                                                                ^^^^^^^^^^^^^
           = help: did you mean `push_filters`?
        """#
    ),
    (
        #"""
        from values (1, 'a'), ('b', 2); from values (1), (2, 3)
        """#,
        #"""
        error[E0205]: column 1 is int above and string here
         3 | from values (1, 'a'), ('b', 2); from values (1), (2, 3)
           |                        ^^^

        error[E0217]: this row has 2 values, the first has 1
         3 | from values (1, 'a'), ('b', 2); from values (1), (2, 3)
           |                                             --- the first row
           |                                                  ^^^^^^
        """#
    ),
    (
        #"""
        from values (1) as t(a) |> select case when a > 1 then 'x' else 2 end, a in ('b'), [1, 'x'], a::nope, {b: 1}.c
        """#,
        #"""
        error[E0205]: branches differ: string and int
         3 | from values (1) as t(a) |> select case when a > 1 then 'x' else 2 end, a in ('b'), [1, 'x'], a::nope, {b: 1}.c
           |                                                        --- string
           |                                                                 ^ int
           = help: cast it: `2::string`

        error[E0202]: cannot compare int with string
         3 | from values (1) as t(a) |> select case when a > 1 then 'x' else 2 end, a in ('b'), [1, 'x'], a::nope, {b: 1}.c
           |                                                                              ^^^

        error[E0205]: items differ: int and string
         3 | from values (1) as t(a) |> select case when a > 1 then 'x' else 2 end, a in ('b'), [1, 'x'], a::nope, {b: 1}.c
           |                                                                                     - int
           |                                                                                        ^^^ string
           = help: cast it: `1::string`

        error[E0213]: there is no type `nope`
         3 | from values (1) as t(a) |> select case when a > 1 then 'x' else 2 end, a in ('b'), [1, 'x'], a::nope, {b: 1}.c
           |                                                                                                 ^^^^
           = help: types are bool int float string bytes timestamp, list(T), struct(a T), float[384]

        error[E0110]: the struct has no field `c`
         3 | from values (1) as t(a) |> select case when a > 1 then 'x' else 2 end, a in ('b'), [1, 'x'], a::nope, {b: 1}.c
           |                                                                                                              ^
           = note: it is struct(b int)
        """#
    ),
]
