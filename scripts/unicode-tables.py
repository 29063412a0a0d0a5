#!/usr/bin/env python3
"""Writes Sources/MartletTokenizers/Unicode/UnicodeTables.swift.

The reference for every table is the behaviour of PyPI `tokenizers`, probed scalar by scalar, not a version of Unicode:
the package mixes several (its accents and punctuation are years older than its lower case).

Usage: scripts/unicode-tables.py        (with `tokenizers` 0.23.3 importable; about a minute)
"""
import base64
import pathlib
import textwrap
import unicodedata

import tokenizers
from tokenizers import Regex
from tokenizers import normalizers as N
from tokenizers import pre_tokenizers as P

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def varint(value):
    out = bytearray()
    while True:
        if value < 0x80:
            out.append(value)
            return bytes(out)
        out.append(value & 0x7F | 0x80)
        value >>= 7


def zigzag(value):
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def ranges(scalars):
    """Pairs (gap since the end of the last range, length)."""
    runs = []
    for c in scalars:
        if runs and runs[-1][1] == c - 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    out, last = bytearray(), 0
    for first, end in runs:
        out += varint(first - last) + varint(end - first + 1)
        last = end + 1
    return bytes(out)


def classes(values):
    """Triples (gap, length, value) over runs of one value."""
    runs = []
    for c, v in sorted(values.items()):
        if runs and runs[-1][1] == c - 1 and runs[-1][2] == v:
            runs[-1][1] = c
        else:
            runs.append([c, c, v])
    out, last = bytearray(), 0
    for first, end, value in runs:
        out += varint(first - last) + varint(end - first + 1) + varint(value)
        last = end + 1
    return bytes(out)


def mappings(entries):
    """Per entry: gap, number of scalars, then each scalar as a difference from the one at that place in the last entry."""
    out, last, previous = bytearray(), 0, []
    for c, text in sorted(entries.items()):
        scalars = [ord(x) for x in text]
        out += varint(c - last) + varint(len(scalars))
        for place, scalar in enumerate(scalars):
            out += zigzag(scalar - (previous[place] if place < len(previous) else 0))
        last, previous = c, scalars + previous[len(scalars):]
    return bytes(out)


def pairs(entries):
    """Per composition: gap of the first scalar, the second, the composite (both as differences)."""
    out, last, second, composite = bytearray(), 0, 0, 0
    for (a, b), c in sorted(entries.items()):
        out += varint(a - last) + zigzag(b - second) + zigzag(c - composite)
        last, second, composite = a, b, c
    return bytes(out)


def bert(**flags):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return N.BertNormalizer(**{**off, **flags}).normalize_str


def changed(normalize):
    return {c: t for c in SCALARS if (t := normalize(chr(c))) != chr(c) and not 0xAC00 <= c <= 0xD7A3}


def split_count(split, around):
    return {c: len(split(around + chr(c) + around)) for c in SCALARS}


def matching(pattern):
    split = P.Split(Regex(pattern), "isolated").pre_tokenize_str
    return [c for c, n in split_count(split, "\0").items() if n == 3]


def combining_classes(nfd):
    """Finds each scalar's class by the side on which it is sorted among marks of known class."""
    by_class = {}
    for c in SCALARS:
        k = unicodedata.combining(chr(c))
        known = nfd("a\u0345" + chr(c)) == "a" + chr(c) + "\u0345" or nfd("a" + chr(c) + "\u0334") == "a\u0334" + chr(c)
        if k and k not in by_class and known:
            by_class[k] = chr(c)
    order = sorted(by_class)
    found = {}
    for c in SCALARS:
        if 0xAC00 <= c <= 0xD7A3:
            continue
        tail = nfd(chr(c))
        if len(tail) != 1:
            continue
        c2 = tail

        def below(k):  # 0 < class of c2 < k
            return c2 != by_class[k] and nfd("a" + by_class[k] + c2) == "a" + c2 + by_class[k]

        def above(k):  # class of c2 > k
            return c2 != by_class[k] and nfd("a" + c2 + by_class[k]) == "a" + by_class[k] + c2

        if not below(order[-1]) and not above(order[0]):
            continue
        fitting = [k for k in order if not below(k) and not above(k)]
        assert len(fitting) == 1, (hex(c), fitting)
        if c2 == chr(c):
            found[c] = fitting[0]
    return found


def compositions(nfd_map, nfc):
    found = {}
    for c, text in nfd_map.items():
        if len(text) < 2 or nfc(text) != chr(c):
            continue
        first = nfc(text[:-1])
        if len(first) == 1 and nfc(first + text[-1]) == chr(c):
            found[(ord(first), ord(text[-1]))] = c
    return found


def scripts():
    """Numbers for the scripts that UnicodeScripts tells apart; scalars that go with any are left out."""
    split = P.UnicodeScripts().pre_tokenize_str
    values, known = {}, []
    last = None
    for c in SCALARS:
        if len(split("a" + chr(c))) == 1 and len(split("\u03b1" + chr(c))) == 1:
            continue
        if last is None or len(split(chr(last) + chr(c))) > 1:
            number = next((i for i, other in enumerate(known) if len(split(chr(other) + chr(c))) == 1), len(known))
            if number == len(known):
                known.append(c)
        values[c] = number + 1
        last = c
    return values


def main():
    nfd, nfkd, nfc = N.NFD().normalize_str, N.NFKD().normalize_str, N.NFC().normalize_str
    clean, stripped = bert(clean_text=True), bert(strip_accents=True)
    whitespace = split_count(P.Whitespace().pre_tokenize_str, "a")
    nfd_map = changed(nfd)
    tables = [
        ("control", "scalars that BertNormalizer's clean_text drops", ranges(
            [c for c in SCALARS if clean("a" + chr(c) + "b") == "ab"])),
        ("whitespace", "white space", ranges([c for c, n in whitespace.items() if n == 2])),
        ("chinese", "scalars that BertNormalizer's handle_chinese_chars sets apart", ranges(
            [c for c in SCALARS if bert(handle_chinese_chars=True)(chr(c)) != chr(c)])),
        ("nonspacingMark", "scalars that BertNormalizer's strip_accents drops", ranges(
            [c for c in SCALARS if stripped(chr(c)) == ""])),
        ("combiningMark", "scalars that StripAccents drops", ranges(
            [c for c in SCALARS if N.StripAccents().normalize_str(chr(c)) == ""])),
        ("punctuation", "scalars that BertPreTokenizer and Punctuation set apart", ranges(
            [c for c, n in split_count(P.Punctuation().pre_tokenize_str, "a").items() if n == 3])),
        ("letter", "\\p{L} of the regular expressions in Split", ranges(matching(r"\p{L}"))),
        ("number", "\\p{N} of the regular expressions in Split", ranges(matching(r"\p{N}"))),
        ("mark", "\\p{M} of the regular expressions in Split", ranges(matching(r"\p{M}"))),
        ("word", "\\w of Whitespace and of single_word", ranges([c for c, n in whitespace.items() if n == 1])),
        ("numeric", "scalars that Digits sets apart", ranges(
            [c for c, n in split_count(P.Digits(individual_digits=True).pre_tokenize_str, "a").items() if n == 3])),
        ("combiningClass", "canonical combining classes", classes(combining_classes(nfd))),
        ("script", "numbers of the scripts that UnicodeScripts tells apart", classes(scripts())),
        ("lowercase", "lower case", mappings(changed(bert(lowercase=True)))),
        ("canonical", "full canonical decompositions, without Hangul", mappings(nfd_map)),
        ("compatibility", "full compatibility decompositions that differ from the canonical ones", mappings(
            {c: t for c, t in changed(nfkd).items() if t != nfd_map.get(c, chr(c))})),
        ("composition", "canonical compositions, without Hangul", pairs(compositions(nfd_map, nfc))),
    ]
    out = [
        f"// Generated by scripts/unicode-tables.py from the behaviour of PyPI tokenizers {tokenizers.__version__};"
        " do not edit.",
        "",
        "/// Facts about Unicode scalars, as the reference has them. Each is base64 of a run of LEB128 numbers, whose",
        "/// layout is given in `ScalarTables+Decoding.swift`.",
        "enum UnicodeTables {",
    ]
    for name, words, data in tables:
        text = base64.b64encode(data).decode().rstrip("=")
        out.append(f"    /// {words[0].upper() + words[1:]}.")
        out.append(f'    static let {name}: StaticString = """')
        lines = textwrap.wrap(text, 108)
        out += [f"        {line}\\" for line in lines[:-1]] + [f"        {lines[-1]}", '        """', ""]
        print(name, len(data))
    out[-1] = "}"
    path = pathlib.Path(__file__).resolve().parent.parent
    (path / "Sources/MartletTokenizers/Unicode/UnicodeTables.swift").write_text("\n".join(out) + "\n")


main()
