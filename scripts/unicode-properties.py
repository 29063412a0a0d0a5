#!/usr/bin/env python3
"""Writes Sources/MartletSupport/RegularExpression/UnicodeProperties.swift.

The reference is the behaviour of the regular expressions in PyPI `tokenizers` (Oniguruma), probed over all scalars.

Usage: scripts/unicode-properties.py        (with `tokenizers` 0.23.3 importable; some seconds)
"""
import base64
import pathlib
import textwrap
import unicodedata

import tokenizers
from tokenizers import Regex
from tokenizers import pre_tokenizers as P

CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co".split()
SCRIPTS = """Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki Bopomofo
Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic
Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic
Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran
Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi
Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian
Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive
Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu
Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian
Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician
Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo
Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan
Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square""".split()
BINARY = {"Alphabetic": "alphabetic", "White_Space": "whiteSpace", "Emoji": "emoji", "Uppercase": "uppercase", "Lowercase": "lowercase"}

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
TEXT = "".join(map(chr, SCALARS))


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def runs(expression, text=TEXT):
    """Places in `text` of the runs of the one-scalar expression: every second piece."""
    pieces = P.Split(Regex(expression + "+"), "removed", invert=True).pre_tokenize_str(text)
    return [place for _, place in pieces]


def scalar_runs(expression):
    found = []
    for start, end in runs(expression):
        first, last = SCALARS[start], SCALARS[end - 1]
        parts = [(first, last)] if not first < 0xD800 <= last else [(first, 0xD7FF), (0xE000, last)]
        for part in parts:
            if found and found[-1][1] + 1 == part[0]:
                found[-1] = (found[-1][0], part[1])
            else:
                found.append(part)
    return found


def ranges(found):
    """Pairs (gap since the end of the last range, length)."""
    out, last = bytearray(), 0
    for first, end in found:
        out += varint(first - last) + varint(end - first + 1)
        last = end + 1
    return bytes(out)


def classes(by_value):
    """Triples (gap, length, value)."""
    out, last = bytearray(), 0
    for first, end, value in sorted((first, end, value) for value, found in enumerate(by_value) for first, end in found):
        out += varint(first - last) + varint(end - first + 1) + varint(value)
        last = end + 1
    return bytes(out)


def case_orbits():
    """Lists of scalars that match each other when case is ignored: (count, then each as a gap from the last in the list)."""
    candidates = [c for c in SCALARS if any(f(chr(c)) != chr(c) for f in (str.lower, str.upper, str.title, str.casefold))]
    candidates = sorted(set(candidates) | {ord(x) for c in candidates for f in (str.lower, str.upper) for x in f(chr(c)) if len(f(chr(c))) == 1})
    text = "".join(map(chr, candidates))
    orbits, seen = [], set()
    for c in candidates:
        if c in seen:
            continue
        found = [candidates[i] for start, end in runs("(?i:[" + (("\\x{%x}" % c)) + "])", text) for i in range(start, end)]
        seen |= set(found)
        if len(found) > 1:
            orbits.append(sorted(found))
    out, last = bytearray(), 0
    for orbit in sorted(orbits):
        out += varint(len(orbit)) + varint(orbit[0] - last) + b"".join(varint(b - a) for a, b in zip(orbit, orbit[1:]))
        last = orbit[0]
    return bytes(out)


def main():
    scripts = {name: found for name in SCRIPTS if (found := scalar_runs("\\p{" + name + "}"))}
    tables = [
        ("category", "General categories: values are places in `categoryNames`", classes([scalar_runs("\\p{" + n + "}") for n in CATEGORIES])),
        ("script", "Scripts: values are places in `scriptNames`", classes(list(scripts.values()))),
        ("word", "`\\\\w`", ranges(scalar_runs("\\w"))),
        ("caseOrbits", "Scalars that are equal when case is ignored: per list its length, the gap since the last first one, then gaps", case_orbits()),
        *((BINARY[name], f"The property {name}", ranges(scalar_runs("\\p{" + name + "}"))) for name in BINARY),
    ]
    out = [
        f"// Generated by scripts/unicode-properties.py from the behaviour of PyPI tokenizers {tokenizers.__version__}; do not edit.",
        "",
        "/// Unicode properties as the reference's regular expressions have them: base64 of runs of LEB128 numbers. Read by",
        "/// `CompactTableReader`: ranges as pairs of gap and length, classes as triples with a value.",
        "enum UnicodeProperties {",
        "    static let categoryNames = [",
        *(f"        {line}" for line in textwrap.wrap(", ".join(f'"{n}"' for n in CATEGORIES), 108)), "    ]", "",
        "    static let scriptNames = [",
        *(f"        {line}" for line in textwrap.wrap(", ".join(f'"{n}"' for n in scripts), 108)), "    ]", "",
    ]
    for name, words, data in tables:
        lines = textwrap.wrap(base64.b64encode(data).decode().rstrip("="), 108)
        out += [f"    /// {words}.".replace("\\\\", "\\"), f'    static let {name}: StaticString = """']
        out += [f"        {line}\\" for line in lines[:-1]] + [f"        {lines[-1]}", '        """', ""]
        print(name, len(data))
    out[-1] = "}"
    path = pathlib.Path(__file__).resolve().parent.parent / "Sources/MartletSupport/RegularExpression/UnicodeProperties.swift"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(out) + "\n")


main()
