"""Random tables whose cells are what goes wrong: nulls, extremes, NaN, negative zero, empty and far-away text."""
import math

WORDS = ["", " ", "a", "A b", "aaa", "abcabc", "xyz", "straße", "ß", "ẞ", "STRASSE", "İstanbul", "ıI", "iİ", "é", "e\u0301", "É", "a\u0308o",
         "👩‍👩‍👧", "🦆", "🇩🇪🇫🇷", "👍🏽", "ñandú", "ﬁx", "ΑΣ", "ς", "\u212b", "Å", "\u00a0x\u00a0", "a%b_c", "it's", "\\", "\\%", "日本語",
         "ŉ", "Ǆǅǆ", "नि", "x\ny", "\tz ", "100%", "a,b,,c", "٣", "Ⅷ", "…", "K", "ſ", "null", "hello world", "a.b", "(x)", "\u200d", "e", "가나", "ẛ̣", "❤️", "a\u0327\u0301"]
ASCII = ["", " ", "a", "ab", "ABC", "kitten", "sitting", "x-1", "Hello World", "aaa", "0", "z_9", "  pad "]
NUMBERS = ["0", "1", "-1", "42", "+7", " 12 ", "1.5", "-2.5", ".5", "5.", "1e3", "1e", "", " ", "abc", "nan", "NaN", "inf", "-inf", "infinity",
           "-0", "-0.0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "true", "False", "t", "f", "yes", "no", "y", "n", "on",
           "1.7976931348623157e308", "2e308", "4.9e-324", "1e-400", "--1", "1 2", "\t3\n", "0.1", "123456789012345678", "TRUE", "2"]
DATES = ["2024-01-02", "2024-02-29", "2023-02-29", "1969-12-31 23:59:59", "2024-01-02 03:04:05", "2024-01-02T03:04:05", "2024-01-02T03:04:05Z",
         "2024-01-02 03:04:05.123456", "2024-01-02 03:04:05.5", "2024-01-02 03:04:05+02:00", "", "x", "2024-13-01", "2024-01-02 25:00:00", "1900-01-01",
         "2024-01-02 03:04", "0001-01-01", "9999-12-31"]
INTS = [0, 1, -1, 2, 3, 5, 7, 10, -10, 100, 1250, -1250, 2**31, -2**31, 2**53, 2**53 + 1, 2**63 - 1, -2**63, -2**63 + 1, 10**18]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 0.30000000000000004, 1e-5, 1e15, 1e16, 123456.789, 1e22, -1e22, 1e300, -1e300, 5e-324,
          2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740993.0, 9.223372036854775807e18, math.inf, -math.inf, math.nan, math.nan]
TIMES = ["2024-01-02 03:04:05", "1969-12-31 23:59:59.5", "2024-02-29", "2024-01-02", "1900-01-01 00:00:00.000001", "2100-12-31 12:00:00"]


def smooth(random):
    """A float of modest size that sums exactly."""
    return random.randint(-4000, 4000) / 4


def value(random, kind):
    """A value of a column or literal of a kind (see forms.py), never null."""
    match kind:
        case "b": return random.random() < 0.5
        case "i": return random.choice(INTS) if random.random() < 0.6 else random.randint(-20, 20)
        case "k": return random.randint(-5, 7)
        case "z": return random.randint(0, 4)
        case "f": return random.choice(FLOATS) if random.random() < 0.6 else random.uniform(-100, 100)
        case "y": return random.choice([0.0, -0.0, 0.5, -0.5, 1.0, 2.5, -2.5, 2.345, 0.125, 1234.5678, -17.0]) if random.random() < 0.6 else smooth(random)
        case "e": return smooth(random)
        case "q": return random.choice([math.inf, -math.inf, math.nan]) if random.random() < 0.08 else smooth(random)
        case "s":
            words = random.choices(WORDS, k=random.choice([1, 1, 1, 2, 3]))
            return "".join(words)
        case "a": return random.choice(ASCII)
        case "u": return random.choice(NUMBERS)
        case "d": return random.choice(DATES)
        case "t": return random.choice(TIMES)
        case "L": return [None if random.random() < 0.15 else value(random, "k") for _ in range(random.randint(0, 4))]
        case "M": return [None if random.random() < 0.15 else value(random, "s") for _ in range(random.randint(0, 3))]
    raise KeyError(kind)


# A column of each kind, under the kind's letter, and `g` to group by.
KINDS = "bikfyeqsaudtLM"
OURS = dict(b="bool", i="int", k="int", z="int", f="float", y="float", e="float", q="float", s="string", a="string", u="string", d="string",
            t="timestamp", L="list(int)", M="list(string)", g="int")
THEIRS = dict(b="boolean", i="bigint", k="bigint", z="bigint", f="double", y="double", e="double", q="double", s="varchar", a="varchar", u="varchar",
              d="varchar", t="timestamp", L="bigint[]", M="varchar[]", g="bigint")


def literal(kind, value, ours, in_table=False):
    """A value as an expression of its kind's type."""
    types = OURS if ours else THEIRS
    if value is None:
        # DuckDB may not evaluate what stands beside a constant null.
        return f"null::{types[kind]}" if ours or in_table else f"null_{kind}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return (str(value) if value >= 0 else f"({value})") if ours else f"({value})::bigint"
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return f"'{value}'::{types[kind]}"
        if not ours:
            return f"'{value!r}'::double"
        return f"({value!r})" if math.copysign(1, value) < 0 else repr(value)
    if isinstance(value, list):
        item = {"L": "i", "M": "s"}[kind]
        if not value:
            return f"[]::{types[kind]}"
        return "[" + ", ".join(literal(item, part, ours, in_table) for part in value) + "]"
    text = "'" + value.replace("'", "''") + "'"
    return f"{text}::timestamp" if kind == "t" else text


def table(random, rows):
    """Cells by column name: `id`, one column for each kind, and `g`."""
    columns = {"id": list(range(rows))}
    for kind in KINDS:
        share = random.choice([0, 0.1, 0.3])
        columns[kind] = [None if random.random() < share else value(random, kind) for _ in range(rows)]
    columns["g"] = [random.choice([None, 1, 2, 2, 3]) for _ in range(rows)]
    return columns
