"""Writes Tests/MartletPlannerTests/DuckDBValues.swift: what DuckDB gives for expressions that mean the same in Martlet.

    pip install duckdb==2.0.0; python scripts/reference/functions.py
"""
import pathlib

import duckdb

EXPRESSIONS = """
-5 // 2 | 5 // -2 | -5 % 3 | 5.5::double % 2 | -5.5::double % 2 | 7 / 2
2.5::double::bigint | 3.5::double::bigint | -2.5::double::bigint | 0.5::double::bigint | ' 12 '::bigint
round(2.5::double) | round(-2.5::double) | round(2.345::double, 2) | round(1234, -2) | round(1250, -2) | round(-1250, -2)
floor(-1.5::double) | ceil(1.2::double) | trunc(-1.7::double) | abs(-3) | sign(-2.0::double)
sqrt(2) | ln(2) | log2(8) | log10(1000) | exp(1) | pow(2, 0.5) | atan2(1, 2) | sin(1) | cos(1) | tan(1) | degrees(1) | radians(1)
ln(0) | sqrt(2.25::double) | isnan('nan'::double) | greatest(1, null, 3) | least(1, null, 3) | nullif(1, 1) | nullif('a', 'b')
coalesce(null, 2) | 1.0::double::varchar | 1e16::double::varchar | 0.1::double::varchar | 1e15::double::varchar
substring('hello', 0, 3) | substring('hello', -2) | substring('hello', 2, -1) | substring('hello', -3, 2) | substring('hello', 10)
substring('hello', 2, 2) | substring('añb🦆c', 2, 3) | left('hello', -2) | right('hello', -2) | left('añb', 2) | right('añb', 2)
lpad('hi', 5, 'xy') | lpad('hello', 2, 'x') | rpad('hi', 5, 'xy') | repeat('ab', 3) | repeat('ab', -1) | reverse('añ🦆')
length('🤦🏼‍♂️') | length('') | strlen('é') | upper('straße') | lower('ÀÉ') | strip_accents('mühleisen') | ascii('Ω') | chr(8486)
levenshtein('duck', 'db') | levenshtein('', 'abc') | strpos('abc', 'b') | strpos('abc', '') | strpos('abc', 'x') | strpos('añb', 'b')
split('a,b,,c', ',') | split('abc', '') | split('', ',') | concat('a', null, 'b') | concat_ws('-', 'a', null, 'b') | 'abc' || null
regexp_matches('hello', 'l+') | regexp_full_match('hello', 'h.*') | regexp_full_match('hello', 'h')
regexp_extract('hello', '(l+)(o)', 1) | regexp_extract('hello', 'x') | regexp_extract('hello', 'l(l)', 0)
regexp_replace('hello', 'l', 'L') | regexp_replace('hello', 'l', 'L', 'g') | regexp_replace('hello', '(h)(e)', '\\2\\1')
regexp_matches('HELLO', 'l+', 'i') | regexp_extract_all('abab', 'a.') | format('{} and {}', 1, 'x') | format('{:.2f}', 3.14159::double)
format('{:05d}', 42) | format('{:>6}', 'ab') | format('{{}}') | replace('aaa', 'aa', 'b') | replace('abc', '', 'x')
contains('abc', '') | starts_with('abc', 'ab') | ends_with('abc', 'bc') | trim('  a ') | trim('xxaxx', 'x') | ltrim('  a') | rtrim('a  ')
'abc' like 'a%' | 'abc' like 'A_c' | 'abc' ilike 'A_c' | 'abc' not like '%d%' | '' like '%' | 'a%' like 'a\\%' escape '\\'
null and false | null or true | null or false | not null | 1 in (2, null) | 1 in (1, null) | null in (1) | 1 not in (2, null)
true::bigint | 't'::boolean | 'no'::boolean | '1'::boolean | 2::boolean | try_cast('x' as bigint) | try_cast('9223372036854775808' as bigint)
2 between null and 1 | 'x' between 'a' and 'z' | 'a' < 'B' | true > false | null is distinct from 1 | null is not distinct from null
case when null then 1 else 2 end | case 2 when 1 then 'a' when 2 then 'b' end | 'nan'::double = 'nan'::double | 'nan'::double > 'inf'::double
"""

AGGREGATES = {
    "values (1), (2), (3), (4)": ["avg(a)", "median(a)", "quantile_cont(a, 0.3)", "quantile_disc(a, 0.5)", "quantile_disc(a, 0.51)",
                                  "stddev(a)", "stddev_pop(a)", "variance(a)", "var_pop(a)", "min(a)", "max(a)", "sum(a)::bigint"],
    "values (1), (2), (2), (null)": ["mode(a)", "count(a)", "count(*)", "list(a)", "avg(a)", "stddev(a)", "first(a)"],
    "values ('b'), ('a'), (null)": ["min(a)", "max(a)", "string_agg(a, ',')", "list(a)", "count(a)"],
    "values (null::bigint)": ["sum(a)", "avg(a)", "min(a)", "median(a)", "stddev(a)"],
}


def text(value, nested=False):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'" if nested else value
    if isinstance(value, list):
        return "[" + ", ".join(text(item, True) for item in value) + "]"
    return repr(value)


def ours(expression):
    """The expression in Martlet's words."""
    return expression.replace(" escape '\\'", "").replace("count(*)", "count()")


def swift(value):
    return '#"' + value + '"#'


def main():
    connection = duckdb.connect()
    lines = [f"// What DuckDB {duckdb.__version__} gives; written by scripts/reference/functions.py.", "",
             "let duckDBValues: [(expression: String, value: String)] = ["]
    for line in EXPRESSIONS.strip().splitlines():
        for expression in (part.strip() for part in split(line)):
            value = connection.execute("select " + expression).fetchall()[0][0]
            lines.append(f"    ({swift(ours(expression))}, {swift(text(value))}),")
    lines += ["]", "", "let duckDBAggregates: [(relation: String, expression: String, value: String)] = ["]
    for relation, expressions in AGGREGATES.items():
        for expression in expressions:
            value = connection.execute(f"select {expression} from ({relation}) t(a)").fetchall()[0][0]
            lines.append(f"    ({swift(relation)}, {swift(ours(expression))}, {swift(text(value))}),")
    lines += ["]", ""]
    target = pathlib.Path(__file__).parents[2] / "Tests/MartletPlannerTests/DuckDBValues.swift"
    target.write_text("\n".join(lines), encoding="utf-8")


def split(line):
    """At ` | `, which no expression holds (`||` has no space inside)."""
    return line.split(" | ")


if __name__ == "__main__":
    main()
