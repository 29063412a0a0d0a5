"""Hostile strings, the same ones for the same seed: what a tokenizer may meet, and what it hopes not to."""

import random

BLOCKS = {
    "ascii": (0x20, 0x7F), "controls": (0x00, 0x20), "latin1": (0x80, 0x100), "latin": (0x100, 0x250),
    "ipa": (0x250, 0x2B0), "marks": (0x300, 0x370), "greek": (0x370, 0x400), "cyrillic": (0x400, 0x530),
    "hebrew": (0x591, 0x5F5), "arabic": (0x600, 0x700), "devanagari": (0x900, 0x980), "bengali": (0x980, 0xA00),
    "tamil": (0xB80, 0xC00), "thai": (0xE00, 0xE80), "tibetan": (0xF00, 0x1000), "jamo": (0x1100, 0x1200),
    "phonetic": (0x1D00, 0x1DC0), "more marks": (0x1DC0, 0x1E00), "latin more": (0x1E00, 0x1F00),
    "greek more": (0x1F00, 0x2000), "punctuation": (0x2000, 0x2070), "superscripts": (0x2070, 0x20D0),
    "symbol marks": (0x20D0, 0x2100), "letterlike": (0x2100, 0x2190), "symbols": (0x2190, 0x2800),
    "cjk punctuation": (0x3000, 0x3040), "kana": (0x3040, 0x3100), "cjk": (0x4E00, 0x9FFF),
    "hangul": (0xAC00, 0xD7A4), "private": (0xE000, 0xF900), "cjk compatible": (0xF900, 0xFB00),
    "presentation": (0xFB00, 0xFE00), "variation": (0xFE00, 0xFE30), "fullwidth": (0xFF00, 0xFFF0),
    "specials": (0xFFF0, 0x10000), "music": (0x1D100, 0x1D200), "math": (0x1D400, 0x1D800),
    "emoji": (0x1F300, 0x1F700), "cjk far": (0x20000, 0x20100), "tags": (0xE0000, 0xE0080),
    "plane 16": (0x10FF00, 0x110000),
}
FIXED = [
    "", " ", "\t\r\n", "\0", "\0\0a\0", "a\0b", "\ufffd", "a\ufffdb", "\ufeffa", "\u200b", "a\u200bb", "a\u200db", "\u00a0a\u00a0",
    "a\u0085b", "a\u000bb\u000cc", "\u2028\u2029", "İstanbul ISTANBUL ı", "ΑΣ ΑΣΑ ς", "straße STRASSE ẞ", "ﬁ ﬂ ﬃ ſ K Å Ω",
    "é e\u0301 e\u0301\u0323 e\u0323\u0301 ệ ê\u0323", "a\u0315\u0300\u05ae\u0062", "\u0301", "\u0301a", "각 가\u11a8 \u1100\u1161\u11a8 \u1100\u1161",
    "q\u0334\u0301\u0330", "\u0f71\u0f72\u0f74", "\U0001d15e\U0001d165\U0001d16e", "👩‍👩‍👧‍👦 👍🏽 🇩🇪 ☺️ 1️⃣", "中文和English混合", "東京タワー",
    "ﷺ", "２０２４年１２月", "½ ² ⅷ ①", "don't can't I'M we'Ve it'ſ y'all'd", "...!?!¿¡«»„“”‘’—–-_", "$5.00 +1 <a@b.c> `~^|\\",
    "[CLS] [SEP] [MASK][PAD]x[UNK]", "[ CLS ] [cls] <s></s><mask><pad> <mask> .", "##ing ## #hash", "▁under ▁▁ score", "<0x41><0xE2>",
    "x" * 99, "x" * 100, "x" * 101, "é" * 100, "é" * 101, "中" * 101, "a\u0301" * 100, "a\u0301" * 101, "x" * 100 + "." + "x" * 101,
    "  leading", "trailing  ", "in  between   three", "tab\tnew\nline\r\nend\n\n\n x", " \n \n", "a \n b", "12345678 9 1234", "a1b22c333d4444",
    "'", "''s", "' s", "'S 'T 'RE", "he's'nt",
    "\u0345\u0301\u0323", "\u1e69\u0323", "\u212b\u2126\u212a", "\u0958\u0929", "\u2f800\uf900", "\u0344\u0374\u037e\u0387",
]


def word(rng: random.Random) -> str:
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice(["the", "movie", "unbelievable", "I'm", "not", "GOOD", "Naïve", "café", "2nd", "e-mail", "U.S.A."])
    if kind == 1:
        low, high = BLOCKS[rng.choice(list(BLOCKS))]
        return "".join(chr(rng.randrange(low, high)) for _ in range(rng.randrange(1, 9)))
    if kind == 2:
        base = rng.choice("aeiouAEIOUncykİıßẞΣς가ａ")
        low, high = BLOCKS[rng.choice(["marks", "marks", "more marks", "symbol marks", "hebrew", "arabic", "tibetan"])]
        return base + "".join(chr(rng.randrange(low, high)) for _ in range(rng.randrange(1, 5)))
    if kind == 3:
        scalars = (rng.randrange(0x110000) for _ in range(rng.randrange(1, 6)))
        return "".join(chr(c) for c in scalars if not 0xD800 <= c < 0xE000)
    if kind == 4:
        return "".join(rng.choice("abcXYZ019.,'!-_#[]<>") for _ in range(rng.randrange(1, 14)))
    return rng.choice(["[MASK]", "<mask>", "[SEP]", "👩\u200d🚀", "\u200d", "\ufe0f", "\0", "\ufffd", "x" * rng.randrange(90, 110)])


def strings(count: int, seed: int) -> list[str]:
    """The fixed strings, then random ones up to `count`."""
    rng = random.Random(seed)
    made = list(FIXED[:count])
    while len(made) < count:
        gap = rng.choice([" ", " ", " ", "", "  ", "\n", "\t", "\u00a0", "\u3000", "\u2009", "\u200b", "\r\n"])
        made.append(gap.join(word(rng) for _ in range(rng.randrange(1, 9))))
    return made
