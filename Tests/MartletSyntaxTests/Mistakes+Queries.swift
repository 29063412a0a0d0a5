/// Mistakes in statements and stages.
extension Mistakes {
    static let queries: [Mistake] = [
        Mistake(
            "SQL order",
            #"""
            select id, text from reviews where score > 0.5 order by id limit 3;
            """#,
            #"""
            error[E0020]: a query begins with its source, not with `select`
             1 | select id, text from reviews where score > 0.5 order by id limit 3;
               | ^^^^^^
               = help: write `from reviews |> where score > 0.5 |> order by id |> select id, text |> limit 3`
            """#),
        Mistake(
            "grouped SQL",
            #"""
            select a, count() from t group by a;
            """#,
            #"""
            error[E0020]: a query begins with its source, not with `select`
             1 | select a, count() from t group by a;
               | ^^^^^^
               = help: a query begins with its source: `from … |> where … |> select …`
            """#),
        Mistake(
            "route without else",
            #"""
            load 'r.csv'
            |> route when score >= 0.9 then pass end;
            """#,
            #"""
            error[E0301]: route has no `else`
             2 | |> route when score >= 0.9 then pass end;
               |    ^^^^^
               = help: add `else pass` to keep them, `else drop` to discard, or `else infer …`
            """#),
        Mistake(
            "double-quoted path",
            #"""
            load "reviews.csv" |> limit 3;
            """#,
            #"""
            error[E0032]: expected the path of a file, found a name in double quotes
             1 | load "reviews.csv" |> limit 3;
               |      ^^^^^^^^^^^^^
               = help: strings are written with single quotes: `'reviews.csv'`
            """#),
        Mistake(
            "missing pipe",
            #"""
            from t
            |> where a > 0
            select a;
            """#,
            #"""
            error[E0015]: `|>` is missing before `select`
             3 | select a;
               | ^^^^^^
               = help: every stage begins with `|>`
            """#),
        Mistake(
            "missing first pipe",
            #"""
            from t where a > 0 | select a;
            """#,
            #"""
            error[E0015]: `|>` is missing before `where`
             1 | from t where a > 0 | select a;
               |        ^^^^^
               = help: every stage begins with `|>`

            error[E0015]: stages are joined with `|>`
             1 | from t where a > 0 | select a;
               |                    ^
            """#),
        Mistake(
            "missing semicolon",
            #"""
            let a = load 'a.csv'
            from a |> limit 1;
            """#,
            #"""
            error[E0016]: `;` is missing before `from`
             1 | let a = load 'a.csv'
               |                     ^ expected `;` here
             2 | from a |> limit 1;
               | ---- a new statement begins here
            """#),
        Mistake(
            "missing end of route",
            #"""
            from t |> route when a then pass else drop;
            from u;
            """#,
            #"""
            error[E0017]: `route` has no `end`
             1 | from t |> route when a then pass else drop;
               |           ^^^^^                           - expected `end` here
            """#),
        Mistake(
            "state without links",
            #"""
            from t |> infer m(x) with (state = h);
            from t |> infer m(x) with (state = (h = hn), by = k);
            from t |> infer m(x) with (state = (h => hn), state = (c => cn));
            """#,
            #"""
            error[E0010]: expected `(` after `state =`, found `h`
             1 | from t |> infer m(x) with (state = h);
               |                                    ^
               = help: state is an input and the output that feeds it: `state = (h => hn)`

            error[E0010]: expected `=>` after the input's name, found `=`
             2 | from t |> infer m(x) with (state = (h = hn), by = k);
               |                                       ^
               = help: state is an input and the output that feeds it: `state = (h => hn)`

            error[E0027]: `state` is given twice
             3 | from t |> infer m(x) with (state = (h => hn), state = (c => cn));
               |                                               ^^^^^
               = help: one list holds all links: `state = (h => hn, c => cn)`
            """#),
        Mistake(
            "unknown stage, close",
            #"""
            from t |> slect a |> wher a == 1;
            """#,
            #"""
            error[E0302]: unknown stage `slect`
             1 | from t |> slect a |> wher a == 1;
               |           ^^^^^
               = help: did you mean `select`?

            error[E0302]: unknown stage `wher`
             1 | from t |> slect a |> wher a == 1;
               |                      ^^^^
               = help: did you mean `where`?

            error[E0019]: `==` is no operator here
             1 | from t |> slect a |> wher a == 1;
               |                             ^^
               = help: equality is written `=`
            """#),
        Mistake(
            "unknown stage, synonym",
            #"""
            from t |> filter a > 1;
            """#,
            #"""
            error[E0302]: unknown stage `filter`
             1 | from t |> filter a > 1;
               |           ^^^^^^
               = help: this is written `where` here
            """#),
        Mistake(
            "unknown stage, far",
            #"""
            from t |> frobnicate a;
            """#,
            #"""
            error[E0302]: unknown stage `frobnicate`
             1 | from t |> frobnicate a;
               |           ^^^^^^^^^^
               = help: a stage made with `define` is called with parentheses: `frobnicate(…)`
            """#),
        Mistake(
            "unknown statement",
            #"""
            modle m = load 'm.onnx';
            """#,
            #"""
            error[E0033]: unknown statement `modle`
             1 | modle m = load 'm.onnx';
               | ^^^^^
               = help: did you mean `model`?
            """#),
        Mistake(
            "create",
            #"""
            create table t (a int);
            """#,
            #"""
            error[E0033]: unknown statement `create`
             1 | create table t (a int);
               | ^^^^^^
               = help: name a query with `let name = …`, a model with `model name = load '…'`
            """#),
        Mistake(
            "alias without as",
            #"""
            from t |> select a b;
            """#,
            #"""
            error[E0023]: expected `,` or `as`, found `b`
             1 | from t |> select a b;
               |                    ^
               = help: a new name is given with `as`: `… as b`
            """#),
        Mistake(
            "several in one script",
            #"""
            model m = lod 'x';
            from t |> where |> selct a;
            param $q string;
            show;
            """#,
            #"""
            error[E0010]: expected `load`, found `lod`
             1 | model m = lod 'x';
               |           ^^^
               = help: write `model m = load 'path';`

            error[E0012]: expected an expression, found `|>`
             2 | from t |> where |> selct a;
               |                 ^^

            error[E0302]: unknown stage `selct`
             2 | from t |> where |> selct a;
               |                    ^^^^^
               = help: did you mean `select`?

            error[E0013]: a parameter is declared without `$`
             3 | param $q string;
               |       ^^

            error[E0013]: expected the name of what to show, found `;`
             4 | show;
               |     ^
            """#),
        Mistake(
            "cascade",
            #"""
            from t |> cascade as s try a(x) until s > 1 try b(x) until s > 2 end;
            """#,
            #"""
            error[E0304]: the last tier of a cascade has no `until`
             1 | from t |> cascade as s try a(x) until s > 1 try b(x) until s > 2 end;
               |                                                            ^^^^^
               = help: remove this `until`: the last model answers what is left
               = help: or add `try model(…)` after it
            """#),
        Mistake(
            "cascade open tier",
            #"""
            from t |> cascade as s try a(x) try b(x) end;
            """#,
            #"""
            error[E0304]: a tier without `until` lets nothing through
             1 | from t |> cascade as s try a(x) try b(x) end;
               |                            ^^^^ --- this tier gets no rows
               = help: add `until condition`, or make it the last tier
            """#),
        Mistake(
            "infer without call",
            #"""
            from t |> infer small as s;
            """#,
            #"""
            error[E0010]: expected `(` after `small`, found `as`
             1 | from t |> infer small as s;
               |                       ^^
               = help: say what the model takes: `small(column)`, or `small(*)`
            """#),
        Mistake(
            "from file",
            #"""
            from 'reviews.csv' |> limit 1;
            """#,
            #"""
            error[E0013]: `from` takes a name, not a file
             1 | from 'reviews.csv' |> limit 1;
               |      ^^^^^^^^^^^^^
               = help: files come in with `load 'reviews.csv'`
            """#),
        Mistake(
            "empty stage",
            #"""
            from t |> |> limit 1 |>;
            """#,
            #"""
            error[E0303]: nothing follows `|>`
             1 | from t |> |> limit 1 |>;
               |        ^^
               = help: write a stage after it, or remove it

            error[E0303]: nothing follows `|>`
             1 | from t |> |> limit 1 |>;
               |                      ^^
               = help: write a stage after it, or remove it
            """#),
        Mistake(
            "pipe first",
            #"""
            |> where a;
            """#,
            #"""
            error[E0011]: a query begins with its source, not with `|>`
             1 | |> where a;
               | ^^
               = help: begin with `load 'file'` or `from name`
               = help: if the query above goes on here, remove the `;`
            """#),
        Mistake(
            "split without arms",
            #"""
            from t |> split by id end;
            """#,
            #"""
            error[E0305]: split has no arms
             1 | from t |> split by id end;
               |           ^^^^^
               = help: write `split by id weight 10 then … weight 90 then … end`
            """#),
        Mistake(
            "with too late",
            #"""
            load 'a.csv' as a with (header = true);
            """#,
            #"""
            error[E0028]: `with (…)` stands too late
             1 | load 'a.csv' as a with (header = true);
               |                   ^^^^
               = help: `with (…)` goes before this clause
            """#),
        Mistake(
            "bar for pipe",
            #"""
            from t | where a > 0 | limit 1;
            """#,
            #"""
            error[E0015]: stages are joined with `|>`
             1 | from t | where a > 0 | limit 1;
               |        ^
               = help: every stage begins with `|>`

            error[E0015]: stages are joined with `|>`
             1 | from t | where a > 0 | limit 1;
               |                      ^
            """#),
        Mistake(
            "group by as a stage",
            #"""
            from t |> group by a |> having n > 1;
            """#,
            #"""
            error[E0302]: unknown stage `group`
             1 | from t |> group by a |> having n > 1;
               |           ^^^^^
               = help: this is written `aggregate … group by` here

            error[E0302]: unknown stage `having`
             1 | from t |> group by a |> having n > 1;
               |                         ^^^^^^
               = help: this is written `where` here
            """#),
        Mistake(
            "sub-query left open",
            #"""
            from (from t |> where a;
            """#,
            #"""
            error[E0024]: `(` is not closed
             1 | from (from t |> where a;
               |      ^                 - expected `)` here
            """#),
        Mistake(
            "let of an expression",
            #"""
            let x = 1 + 2;
            """#,
            #"""
            error[E0010]: expected a query, found `1`
             1 | let x = 1 + 2;
               |         ^
               = help: a query begins with `load 'file'` or `from name`
               = help: an expression gets a name with `define x() = …`
            """#),
        Mistake(
            "when after else",
            #"""
            from t |> route when a then pass else drop when b then pass end;
            """#,
            #"""
            error[E0028]: `when` stands behind `else`
             1 | from t |> route when a then pass else drop when b then pass end;
               |                                            ^^^^
               = help: `else` is the last arm of a route
            """#),
        Mistake(
            "arm without a body",
            #"""
            from t |> route when a then else drop end;
            """#,
            #"""
            error[E0010]: expected `pass`, `drop`, `fail 'message'` or stages, found `else`
             1 | from t |> route when a then else drop end;
               |                             ^^^^
            """#),
    ]
}
