"""The forms of expressions: `result | arguments | Martlet | DuckDB (if it differs)`, $0 standing for the first argument.

Types: b bool, i int, f float, s string, t timestamp, L list of ints, M list of strings. X stands for each of b i f s t in turn, N for i
and f, O for all that can be in a list (i s). Kinds of arguments that are narrower: k a small int, z a position from 0, u text that may be
a number, a ASCII text, v a like pattern, r a regular expression, R one without sets, w what replaces its matches, c characters, y a smaller float. The column null_X is all nulls: beside a constant null DuckDB may leave out what would fail.
"""

SCALARS = r"""
b | b b | ($0 and $1) | lazy_and($0, $1)
b | b b | ($0 or $1) | lazy_or($0, $1)
b | b | (not $0)
b | X X | ($0 = $1)
b | X X | ($0 != $1)
b | X X | ($0 <> $1)
b | X X | ($0 < $1)
b | X X | ($0 <= $1)
b | X X | ($0 > $1)
b | X X | ($0 >= $1)
b | i f | ($0 < $1)
b | f i | ($0 = $1)
b | X | ($0 is null)
b | X | ($0 is not null)
b | X X | ($0 is distinct from $1)
b | X X | ($0 is not distinct from $1)
b | X X X | ($0 in ($1, $2))
b | X X X X | ($0 not in ($1, $2, $3))
b | N N N | ($0 between $1 and $2) | lazy_between($0, $1, $2)
b | s s s | ($0 not between $1 and $2) | (not lazy_between($0, $1, $2))
b | t t t | ($0 between $1 and $2) | lazy_between($0, $1, $2)
b | s v | ($0 like $1) | text_like($0, $1)
b | s v | ($0 not like $1) | (not text_like($0, $1))
b | s v | ($0 ilike $1) | text_ilike($0, $1)
b | s s | ($0 like '%' || $1) | text_like($0, '%' || $1)
b | L L | ($0 = $1)
b | M M | ($0 is distinct from $1)
b | L | ($0 is null)
X | b X X | case when $0 then $1 else $2 end
X | b X | case when $0 then $1 end | case when $0 then $1 else null_X end
X | X X X X | case $0 when $1 then $2 else $3 end
L | b L L | case when $0 then $1 else $2 end
X | b X b X X | case when $0 then $1 when $2 then $3 else $4 end
X | X X | coalesce($0, $1)
X | X X X | coalesce($0, $1, $2)
X | X X | ($0 ?? $1) | coalesce($0, $1)
L | L L | coalesce($0, $1)
X | X X | nullif($0, $1) | case when $0 = $1 then null_X else $0 end
X | X X | greatest($0, $1)
X | X X X | least($0, $1, $2)
N | N N N | clamp($0, $1, $2) | coalesce(clamp($0, $1, $2), null_X)
i | i i | ($0 + $1)
i | i i | ($0 - $1)
i | i i | ($0 * $1)
i | i i | ($0 // $1)
i | i i | ($0 % $1) | int_remainder($0, $1)
i | i i | mod($0, $1) | int_remainder($0, $1)
f | i i | ($0 / $1) | float_quotient($0::double, $1::double)
i | i | (-$0) | (-$0)::bigint
f | f f | ($0 + $1)
f | f f | ($0 - $1)
f | f f | ($0 * $1)
f | f f | ($0 / $1) | float_quotient($0, $1)
f | y y | ($0 // $1) | float_whole_quotient($0, $1)
f | f f | ($0 % $1) | float_remainder($0, $1)
f | i f | ($0 + $1)
f | f i | ($0 * $1)
f | f | (-$0)
N | N | abs($0)
i | f | sign($0)
i | i | sign($0)
f | f | floor($0)
i | i | floor($0) | whole($0)
f | f | ceil($0)
i | i | ceil($0) | whole($0)
f | f | trunc($0)
i | i | trunc($0) | whole($0)
f | f | round($0)
i | i | round($0) | whole($0)
f | y k | round($0, $1) | round($0, ($1)::int)
i | i k | round($0, $1) | round($0, ($1)::int)
f | f | sqrt($0)
f | f | exp($0)
f | f | ln($0)
f | f | log2($0)
f | f | log10($0)
f | f | log($0)
f | f | cbrt($0)
f | y | sin($0)
f | y | cos($0)
f | y | tan($0)
f | y | asin($0)
f | y | acos($0)
f | f | atan($0)
f | f f | atan2($0, $1)
f | f | tanh($0)
f | f | degrees($0)
f | f | radians($0)
f | f f | pow($0, $1)
f | i i | power($0, $1)
f | - | pi()
b | f | isnan($0)
b | f | isfinite($0)
i | s | length($0)
i | s | len($0)
i | s | strlen($0)
i | L | len($0)
i | M | length($0)
s | s k | substring($0, $1)
s | s k k | substring($0, $1, $2)
s | s k k | substr($0, $1, $2)
s | s k | left($0, $1)
s | s k | right($0, $1)
b | s s | contains($0, $1)
b | s s | starts_with($0, $1)
b | s s | prefix($0, $1)
b | s s | ends_with($0, $1)
b | s s | suffix($0, $1)
i | s s | strpos($0, $1)
i | s s | position($0, $1) | instr($0, $1)
s | s s s | replace($0, $1, $2)
M | s s | split($0, $1) | strict_split($0, $1)
M | s c | string_split($0, $1)
i | s | ascii($0)
i | s | unicode($0)
s | k | chr($0 + 70) | chr(($0 + 70)::int)
s | i | chr($0) | chr(($0)::int)
i | a a | levenshtein($0, $1)
s | s | lower($0)
s | s | upper($0)
s | s | trim($0)
s | s | ltrim($0)
s | s | rtrim($0)
s | s c | trim($0, $1)
s | s s | ltrim($0, $1)
s | s c | rtrim($0, $1)
s | s | reverse($0)
s | s | strip_accents($0)
s | s k | repeat($0, $1)
s | s k s | lpad($0, $1, $2) | lpad($0, ($1)::int, $2)
s | s k c | rpad($0, $1, $2) | rpad($0, ($1)::int, $2)
s | s s | ($0 || $1)
s | b i | concat($0, $1)
s | f s | concat($0, $1) | concat(float_text($0), $1)
s | s i f | concat($0, $1, $2) | concat($0, $1, float_text($2))
s | s s b | concat_ws($0, $1, $2)
s | c s s s | concat_ws($0, $1, $2, $3)
b | s r | regexp_matches($0, $1)
b | s R | regexp_matches($0, $1, 'i')
b | s r | regexp_full_match($0, $1)
s | s r | regexp_extract($0, $1)
s | s r | regexp_extract($0, $1, 0)
s | s | regexp_extract($0, '(\w)(\w*)', 2)
s | s | regexp_extract($0, '([a-m]*)(x)?', 1)
M | s r | regexp_extract_all($0, $1)
s | s r w | regexp_replace($0, $1, $2)
s | s r w | regexp_replace($0, $1, $2, 'g')
s | s R w | regexp_replace($0, $1, $2, 'gi')
s | i | format('{}', $0)
s | y | format('{:.2f}', $0)
s | y | format('{:e}', $0)
s | y | format('{:8.3f}|', $0)
s | i | format('{:05d}', $0)
s | i | format('{:x}', $0)
s | a | format('{:>6}|', $0)
s | a | format('{:<6}|', $0)
s | a | format('{:^7}|', $0)
s | a | format('{:.3}', $0)
s | i s | format('{1} {0} {{}}', $0, $1)
s | f b | format('{} is {}', $0, $1) | format('{} is {}', float_text($0), $1)
i | b | ($0)::int | ($0)::bigint
f | b | ($0)::float | ($0)::double
b | i | ($0)::bool
b | f | ($0)::bool
i | f | ($0)::int | ($0)::bigint
i | f | try_cast($0 as int) | coalesce(try_cast($0 as bigint), null_i)
f | i | ($0)::float | ($0)::double
s | i | ($0)::string
s | f | ($0)::string | float_text($0)
s | b | cast($0 as string)
s | t | ($0)::string | timestamp_text($0)
i | u | ($0)::int | text_to_int($0)
i | u | try_cast($0 as int) | coalesce(text_try_int($0), null_i)
f | u | ($0)::float | ($0)::double
f | u | try_cast($0 as float) | coalesce(try_cast($0 as double), null_f)
b | u | ($0)::bool
b | u | try_cast($0 as bool) | coalesce(try_cast($0 as bool), null_b)
t | d | ($0)::timestamp | text_to_timestamp($0)
t | d | try_cast($0 as timestamp) | coalesce(text_try_timestamp($0), null_t)
L | i i | [$0, $1]
L | i i i | [$0, $1, $2]
M | s s | [$0, $1]
L | L L | ($0 || $1)
M | M M | ($0 || $1)
b | L i | contains($0, $1)
b | M s | contains($0, $1)
i | L k | ($0)[$1] | list_place($0, $1)
s | M k | ($0)[$1] | list_place($0, $1)
L | L z z | ($0)[$1:$2] | list_part($0, $1, $2)
M | M z z | ($0)[$1:$2] | list_part($0, $1, $2)
f | L | sum($0) | list_sum($0)::double
f | L | max($0) | list_max($0)::double
f | L | min($0) | list_min($0)::double
f | L | mean($0) | list_avg($0)
"""

# The value of a group of rows; DuckDB is told to take them in the order of `id`.
AGGREGATES = r"""
i | - | count() | count(*)
i | X | count($0)
i | b | count_if($0) | count_true($0)
i | X | count_distinct($0) | count(distinct $0)
i | i | sum($0) | int_sum($0)
i | k | sum($0) | int_sum($0)
f | q | sum($0)
f | i | avg($0)
f | q | avg($0)
f | q | mean($0)
X | X | min($0)
X | X | max($0)
f | k | stddev($0)
f | e | stddev($0)
f | e | stddev_pop($0)
f | e | variance($0)
f | k | var_pop($0)
N | N | quantile($0, 0.25) | quantile_disc($0, 0.25)
s | s | quantile($0, 0.6) | quantile_disc($0, 0.6)
f | e | quantile_cont($0, 0.3)
f | k | quantile_cont($0, 0.75)
f | q | median($0)
f | k | median($0)
X | X i | arg_max($0, $1) | arg_max($0, $1 order by id)
X | X f | arg_max($0, $1) | arg_max($0, $1 order by id)
X | X s | arg_min($0, $1) | arg_min($0, $1 order by id)
X | X | first($0) | any_value($0 order by id)
i | i | list($0) | list($0 order by id)
s | s | list($0) | list($0 order by id)
q | q | list($0) | list($0 order by id)
X | X | mode($0) | mode(case when id >= 0 then $0 end order by id)
s | s | string_agg($0, ',') | string_agg($0, ',' order by id)
s | s | string_agg($0, '') | string_agg($0, '' order by id)
"""


class Form:
    def __init__(self, result, arguments, ours, theirs):
        self.result = result
        self.arguments = arguments
        self.ours = ours
        self.theirs = theirs


def forms(table):
    """The forms of a table, those of a type variable once for each type."""
    found = []
    for line in table.strip().splitlines():
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) == 3:
            parts.append(parts[2])
        result, arguments, ours, theirs = parts
        arguments = arguments.replace("-", "").split()
        for variable, choices in (("X", "bifst"), ("N", "if")):
            if variable in (result, *arguments):
                for choice in choices:
                    swap = lambda type: choice if type == variable else type
                    found.append(Form(swap(result), [swap(type) for type in arguments], ours, theirs.replace("null_X", f"null_{choice}")))
                break
        else:
            found.append(Form(result, arguments, ours, theirs))
    return found
