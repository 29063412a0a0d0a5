"""Random typed expressions, each in Martlet's words and in DuckDB's."""
import re

import forms
import tables

SCALARS = forms.forms(forms.SCALARS)
BY_RESULT = {}
for form in SCALARS:
    BY_RESULT.setdefault(form.result, []).append(form)

PATTERNS = ["%", "_%", "a%", "%b%", "_", "__", "", "%ß", "a\\%b\\_c", "%é%", "İ%", "%i%", "%A%", "100\\%", "🦆", "_🦆%", "%a%b%", "%%", "x_y"]
EXPRESSIONS = [r"a+", r"^a", r"c$", r"[a-z]+", r"\w+", r"\d+", r"\s+", r"(a|b)c", r".", r"^.$", r"x*", r"b?", r"[^a-z]", r"\bx", r"é", r"(?i)A",
               r"\W", r"\D+", r"\S+", r"a{2,3}", r"(\w)(\w)", r"\.", r"^$", r"(a)|(b)", r"[A-Z]", r"a.c", r"\\", r"ß|ss", r"[é-ñ]+", r"\p{L}+",
               r"(?:ab)+", r"a*?", r"\\%", r"[\d_]+"]
WITHOUT_SETS = [pattern for pattern in EXPRESSIONS if "[" not in pattern and not re.search(r"\\[pwW]", pattern)]
REPLACEMENTS = ["", "-", r"[\0]", r"\1", r"\\", "é"]
CHARACTERS = [" ", "a", ",", "ab", "x", "🦆", "é", ""]


def leaf(random, kind):
    if kind in "vrRwc":
        text = random.choice({"v": PATTERNS, "r": EXPRESSIONS, "R": WITHOUT_SETS, "w": REPLACEMENTS, "c": CHARACTERS}[kind])
        return (tables.literal("s", text, True), tables.literal("s", text, False))
    if kind == "z":
        value = tables.value(random, kind)
        return (tables.literal(kind, value, True), tables.literal(kind, value, False))
    if random.random() < 0.65:
        columns = {"i": "ik", "f": "fyq", "s": "sau"}.get(kind, kind)
        name = random.choice(columns)
        return (name, name)
    value = None if random.random() < 0.12 else tables.value(random, kind)
    return (tables.literal(kind, value, True), tables.literal(kind, value, False))


def expression(random, kind, depth):
    """A pair of texts."""
    if depth <= 0 or kind not in BY_RESULT or random.random() < 0.1:
        return leaf(random, kind)
    return filled(random, random.choice(BY_RESULT[kind]), depth)


def filled(random, form, depth):
    """The form with random arguments: a pair of texts. Most trees are deep rather than bushy."""
    pairs = [expression(random, kind, depth - 1 if random.random() < 0.6 else 0) for kind in form.arguments]
    fill = lambda template, side: re.sub(r"\$(\d)", lambda match: pairs[int(match[1])][side], template)
    return fill(form.ours, 0), fill(form.theirs, 1)
