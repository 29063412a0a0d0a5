"""Matches of regular expressions, as Oniguruma in the `tokenizers` package finds them.

usage: regular_expressions.py FILE [COUNT]     (run by `scripts/reference/fixtures`; COUNT random patterns, default 250)

Each line is {"pattern", "matches": [[text, [match, …]], …]} with the matches that are not empty, or {"pattern", "error": true}.
"""

import json
import random
import sys

from tokenizers import Regex
from tokenizers import pre_tokenizers as P

SEED = 20240603
TEXTS = [
    "", "a", "ab", "aab b", "Don't  stop, I'LL go\r\n\n now ", "x=1234567; y_2=9", "café e\u0301 ÀÉ ſtraße", "中文 and ひらがな カタカナ", "aaaaabbbbb",
    "ab\nab\n\nba", " \t\u00a0\u3000 x ", "αβγ ΑΒΓ Ⅷ ½ ٣", "[x] (y) {z} a-b a]b ^$ .*", "😀a👍🏽b", "AbCdEFgh HTTPServer", "\n", "K å Å \u2028 \u0085",
]
PATTERNS = r"""
a|ab
ab|a
a*
a*?b
a+?
a{2}
a{2,}
a{,2}
a{1,2}?
a{2}?
a{2}+
a?+a
a*+b
a++
(?:a|b)+
(?:a?)*b
(?:a*)*
(?:a*?)*?b
(?:ab|a)(?:bc|b)?
(a)(b)
(?<n>a)b
(?i:don't)
(?i)k å
a(?i)b|c
(?i:ſ)
(?m:b.a)
b.a
(?x) a \  b # comment
a(?#comment)b
(?>a+)b
(?>a|ab)b
(?=ab)a
(?!ab)a
a(?!b)
a(?=b)
(?<=a)b
(?<!a)b
(?<=a|\s)b
(?<!a|\n)b
(?<=^|\s)\w
(?<=aa)b+
(?<=[ab]{2})b
^a
a$
^$
\Aa
b\z
b\Z
\Ga
\ba
\w\b
\Ba
\d+
\D+
\w+
\W+
\s+
\S+
\h+
\H+
\R
\N+
\O
\p{L}+
\p{Lu}\p{Ll}*
\P{L}+
\p{^L}+
\p{Han}+
\p{Hiragana}|\p{Katakana}
\p{Greek}+
\p{latin}+
\p{Letter}+
\p{Decimal_Number}+
\p{N}+
\p{Nl}|\p{No}
\p{M}
\p{P}+
\p{S}
\p{Z}+
\p{Zs}
\p{C}
\p{Cn}
\p{Alphabetic}+
\p{Alpha}+
\p{Alnum}+
\p{Punct}+
\p{Emoji}
\p{Any}
\p{Upper}+
[[:alpha:]]+
[[:^alpha:]]+
[[:punct:]]+
[[:upper:][:digit:]]+
[[:space:]]
[[:word:]]+
[[:graph:]]+
[[:print:]]+
[[:cntrl:]]
[[:blank:]]+
[[:xdigit:]]+
[abc]+
[^abc]+
[a-c]+
[a\-c]+
[-a]+
[a-]+
[]a]+
[^]a]+
[\]a]+
[a[bc]]+
[a-z&&[^b]]+
[\w&&\D]+
[^\w&&\D]+
[^(\s|[.,!?…。，、।۔،])]+
[\s\S]
[^\s\S]
[\p{L}\p{M}]+
[^\p{L}\s]+
[\x{3b1}-\x{3b3}]+
[\n\r]+
[\d,]+
[.*+]+
[(?i)]+
(?i)[a-c]+
(?i)[^a-c]+
(?i)[ſ]+
\x41
\x{e9}
\u00e9
\t|\n|\r|\f|\v|\a|\e
\012
\.
\$\^
\-
a||b
|a
a|
(?:)
()
.
..
a.b
x*
\s*$
\s+$
[\r\n]
}
]
a{
a{x}
a{,}
a**
a+*
(?:ab)*+
(?:ab)++a
(?:a|b)*?b
(?:(?:a|b)*c|a)*
(?:a{2,3}){2}
(?:a|aa)+b
\pL
a|b|c|d|e|f|g
(a
a)
[a
*a
\p{Foo}
\p{L
[b-a]
[\d-z]
(?
(?z)a
\
""".strip("\n").split("\n")
MODELS = [
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}"
    "\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
]


def pattern(rng: random.Random, depth: int = 3) -> str:
    kind = rng.randrange(12) if depth else rng.randrange(4)
    if kind < 3:
        return rng.choice(["a", "b", "A", "ab", " ", "c", ".", "\\w", "\\s", "\\p{L}", "\\p{Lu}", "[ab]", "[^a]", "[^\\s]", "\\d", "é", "\\n", "[a-c&&[^b]]"])
    if kind == 3:
        return rng.choice(["^", "$", "\\b", "\\B", "\\A", "\\z", "", "(?<=a)", "(?<!\\s)"])
    if kind < 7:
        return pattern(rng, depth - 1) + pattern(rng, depth - 1)
    if kind == 7:
        return "(?:" + "|".join(pattern(rng, depth - 1) for _ in range(rng.randrange(2, 5))) + ")"
    if kind == 8:
        return rng.choice(["(?=", "(?!", "(?>", "(?i:", "("]) + pattern(rng, depth - 1) + ")"
    body = pattern(rng, depth - 1)
    return f"(?:{body})" + rng.choice(["*", "+", "?", "{2}", "{1,3}", "{,2}"]) + rng.choice(["", "", "?"])


def matches(expression: str, text: str) -> list[str]:
    return [piece for piece, _ in P.Split(Regex(expression), "removed", invert=True).pre_tokenize_str(text)]


def case(expression: str, texts: list[str]) -> str:
    try:
        found = {"matches": [[text, matches(expression, text)] for text in texts]}
    except Exception:
        found = {"error": True}
    return json.dumps({"pattern": expression, **found}, ensure_ascii=False, separators=(",", ":")) + "\n"


def main(path: str, count: int) -> None:
    rng = random.Random(SEED)
    lines = [case(expression, TEXTS if len(expression) > 60 else TEXTS[i % 3 :: 3] + TEXTS[3:5]) for i, expression in enumerate(PATTERNS + MODELS)]
    for _ in range(count):
        text = "".join(rng.choice(["a", "b", "c", "A", " ", "\n", "é", "1", "aa", "ab"]) for _ in range(rng.randrange(20)))
        line = case(pattern(rng), [text, rng.choice(TEXTS)])
        # The reference refuses to repeat what has no width; here that is no error.
        if '"error"' not in line:
            lines.append(line)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 250)
