/// Mistakes in characters, literals, names and expressions.
extension Mistakes {
    static let expressions: [Mistake] = [
        Mistake(
            "double equals",
            #"""
            from t |> where a == 1 && !b;
            """#,
            #"""
            error[E0019]: `==` is no operator here
             1 | from t |> where a == 1 && !b;
               |                   ^^
               = help: equality is written `=`

            error[E0026]: `&&` is no operator here
             1 | from t |> where a == 1 && !b;
               |                        ^^
               = help: write `and`

            error[E0026]: `!` is written `not`
             1 | from t |> where a == 1 && !b;
               |                           ^
            """#),
        Mistake(
            "missing end of case",
            #"""
            from t |> extend case when a then 1 else 2 as b;
            """#,
            #"""
            error[E0017]: expected `end`, found `as`
             1 | from t |> extend case when a then 1 else 2 as b;
               |                  ---- of this `case`
               |                                            ^^
            """#),
        Mistake(
            "between without and",
            #"""
            from t |> where a between 1, 2;
            """#,
            #"""
            error[E0022]: `between` needs two bounds with `and` between them
             1 | from t |> where a between 1, 2;
               |                            ^ expected `and`
               = help: write `value between low and high`
            """#),
        Mistake(
            "trailing commas",
            #"""
            from t |> select a, b, |> extend f(a,) as c, [1, 2,] as d;
            """#,
            #"""
            error[E0018]: nothing follows the comma
             1 | from t |> select a, b, |> extend f(a,) as c, [1, 2,] as d;
               |                      ^
               = help: remove the comma

            error[E0018]: nothing follows the comma
             1 | from t |> select a, b, |> extend f(a,) as c, [1, 2,] as d;
               |                                     ^
               = help: remove the comma

            error[E0018]: nothing follows the comma
             1 | from t |> select a, b, |> extend f(a,) as c, [1, 2,] as d;
               |                                                   ^
               = help: remove the comma
            """#),
        Mistake(
            "smart quotes",
            #"""
            load ‘reviews.csv’ |> where a ≥ 1;
            """#,
            #"""
            error[E0007]: typographic quotes do not make a string
             1 | load ‘reviews.csv’ |> where a ≥ 1;
               |      ^^^^^^^^^^^^^
               = help: write 'reviews.csv'

            error[E0007]: `≥` is not `>=`
             1 | load ‘reviews.csv’ |> where a ≥ 1;
               |                               ^
               = help: write `>=`
            """#),
        Mistake(
            "chained comparison",
            #"""
            from t |> where 0 < a < 1;
            """#,
            #"""
            error[E0021]: comparisons do not chain
             1 | from t |> where 0 < a < 1;
               |                       ^
               = help: write `a < b and b < c`, `b between a and c`, or put parentheses around one of them
            """#),
        Mistake(
            "reserved word",
            #"""
            from t |> select a as end;
            """#,
            #"""
            error[E0013]: expected a name, found the reserved word `end`
             1 | from t |> select a as end;
               |                       ^^^
               = help: to use it as a name, put it in double quotes: `"end"`
            """#),
        Mistake(
            "unterminated string",
            #"""
            from t |> where a = 'x
            |> limit 1;
            """#,
            #"""
            error[E0002]: the string is not closed
             1 | from t |> where a = 'x
               |                     ^ opened here
               = help: close it with `'`; a quote inside a string is written `''`
            """#),
        Mistake(
            "unclosed parenthesis",
            #"""
            from t |> where f(a, (b + 1)
            |> limit 1;
            """#,
            #"""
            error[E0024]: `(` is not closed
             1 | from t |> where f(a, (b + 1)
               |                  ^          - expected `)` here
            """#),
        Mistake(
            "numbers",
            #"""
            from t |> extend 99999999999999999999 as a, .5 as b, 1e999 as c, 0x1F as d, 12ab as e |> limit -1;
            """#,
            #"""
            error[E0006]: the number is too large for an integer
             1 | from t |> extend 99999999999999999999 as a, .5 as b, 1e999 as c, 0x1F as d, 12ab as e |> limit -1;
               |                  ^^^^^^^^^^^^^^^^^^^^ the largest is 9223372036854775807
               = help: write it as a float, with `.0` or an exponent

            error[E0005]: `0x1F` is not a number
             1 | from t |> extend 99999999999999999999 as a, .5 as b, 1e999 as c, 0x1F as d, 12ab as e |> limit -1;
               |                                                                  ^^^^
               = help: numbers are written `42`, `1_000`, `0.5`, `1e-3`; a name that begins with a digit takes double quotes

            error[E0005]: `12ab` is not a number
             1 | from t |> extend 99999999999999999999 as a, .5 as b, 1e999 as c, 0x1F as d, 12ab as e |> limit -1;
               |                                                                             ^^^^
               = help: numbers are written `42`, `1_000`, `0.5`, `1e-3`; a name that begins with a digit takes double quotes

            error[E0029]: expected a count of rows, found `-`
             1 | from t |> extend 99999999999999999999 as a, .5 as b, 1e999 as c, 0x1F as d, 12ab as e |> limit -1;
               |                                                                                                ^
               = help: only whole numbers from 0 up can stand here
            """#),
        Mistake(
            "tabs and wide characters",
            #"""
            from t |> extend '日本語' as a,\#tb == 1 as c;
            """#,
            #"""
            error[E0019]: `==` is no operator here
             1 | from t |> extend '日本語' as a,    b == 1 as c;
               |                                      ^^
               = help: equality is written `=`
            """#),
        Mistake(
            "block comment",
            #"""
            /* hello */ from t;
            # shell
            from t;
            """#,
            #"""
            error[E0030]: comments begin with `--`
             1 | /* hello */ from t;
               | ^^
               = help: write `--` at the start of each line of the comment

            error[E0030]: comments begin with `--`
             2 | # shell
               | ^
            """#),
        Mistake(
            "not in comparison",
            #"""
            from t |> where a = not b;
            """#,
            #"""
            error[E0012]: `not` binds looser than the operator before it
             1 | from t |> where a = not b;
               |                     ^^^
               = help: put parentheses around `not …`
            """#),
        Mistake(
            "method call",
            #"""
            from t |> select a.trim();
            """#,
            #"""
            error[E0010]: there are no methods
             1 | from t |> select a.trim();
               |                        ^
               = help: functions take the value as an argument: `f(value)`
            """#),
        Mistake(
            "is true",
            #"""
            from t |> where a is true;
            """#,
            #"""
            error[E0010]: expected `null` or `distinct from` after `is`, found `true`
             1 | from t |> where a is true;
               |                      ^^^^
               = help: values are compared with `=`, or with `is distinct from`
            """#),
        Mistake(
            "wide punctuation",
            #"""
            from t |> select f(a，b) as c；from u |> where a ≠ 1 – 2;
            """#,
            #"""
            error[E0007]: `，` is not `,`
             1 | from t |> select f(a，b) as c；from u |> where a ≠ 1 – 2;
               |                     ^^
               = help: write `,`

            error[E0007]: `；` is not `;`
             1 | from t |> select f(a，b) as c；from u |> where a ≠ 1 – 2;
               |                              ^^
               = help: write `;`

            error[E0007]: `≠` is not `!=`
             1 | from t |> select f(a，b) as c；from u |> where a ≠ 1 – 2;
               |                                                  ^
               = help: write `!=`

            error[E0007]: `–` is not `-`
             1 | from t |> select f(a，b) as c；from u |> where a ≠ 1 – 2;
               |                                                      ^
               = help: write `-`
            """#),
        Mistake(
            "colon in options",
            #"""
            load 'a.csv' with (header: true);
            """#,
            #"""
            error[E0026]: a value is given with `=`, not `:`
             1 | load 'a.csv' with (header: true);
               |                          ^
            """#),
        Mistake(
            "distinct argument",
            #"""
            from t |> aggregate count(distinct a);
            """#,
            #"""
            error[E0010]: expected `,` or `)`, found `a`
             1 | from t |> aggregate count(distinct a);
               |                          - opened here
               |                                    ^
            """#),
        Mistake(
            "invisible character",
            #"""
            from t |> where a\#u{200B} > 1;
            """#,
            #"""
            error[E0001]: unexpected invisible character U+200B
             1 | from t |> where a� > 1;
               |                  ^
            """#),
    ]
}
