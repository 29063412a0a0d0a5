#!/usr/bin/env python3
"""Writes what Python's csv module makes of odd CSV texts, for the reader's golden test.

    scripts/reference/csv_cases.py > Tests/MartletDataTests/Fixtures/csv_cases.json

Needs nothing but Python; made with 3.11. Each case is [text, separator, rows, fault]: the rows with non-strict quoting, blank
lines left out, or null if the text ends within quotes; and whether strict quoting refuses it after a closing quote.
"""
import csv
import io
import json
import random
import sys

BY_HAND = [
    "a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2", "a,b\r\n1,2\r", '"a","b"\n"1","2"\n', '"a,b",c\n',
    '"a\nb",c\n', '"a\r\nb",c\r\nd,e', '"a\rb",c\r', '"a""b",c\n', '"""",c\n', '"""a""","b"""\n', '"",""\n', ',\n', ',,\n,,\n',
    'a,"b\n', '"a"b,c\n', '"a" ,c\n', 'a"b,c\n', ' "a",b\n', '"a""b"c"d",e\n', '"a"b"c,d"\n', "a,b\n\n\n1,2\n\n", "\n\na,b\n",
    "a\tb,c\n", "a,é\nß,日本\n", '"é""日",\U0001f600\n', "x" * 100 + ',"' + "y," * 40 + '"\n', 'a,b\n"1\n\n\n2",3\n',
    '"a,\n""b"",\r\nc",d\n', "a,b\r\n\r\nc,d", "1,2\n3,4\r\n5,6\r7,8", '"a"\n,b\n', 'a,""\n"",b', '"\r\n",x\n', "\x0b,\x0c\n\x01,\x02\n",
]


def rows(text, separator, strict):
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)), None
    except csv.Error as error:
        return None, str(error)


def main():
    random.seed(20240229)
    texts = [(text, ",") for text in BY_HAND]
    alphabet = ['"', '"', '"', ",", ",", "\n", "\r", "\r\n", "a", "bc", " ", "é", ";", "\t", "longer than eight bytes"]
    for length in range(1, 26):
        for _ in range(14):
            texts.append(("".join(random.choice(alphabet) for _ in range(length)), random.choice(",,,;\t")))
    cases = []
    for text, separator in texts:
        lenient, _ = rows(text, separator, False)
        strict, fault = rows(text, separator, True)
        # Python does not say that a text ends within quotes; then a line after it is no row of its own.
        if rows(text + "\nZ", separator, False)[0][-1] != ["Z"]:
            lenient = None
        if lenient is not None:
            lenient = [row for row in lenient if row]
        cases.append([text, separator, lenient, bool(fault) and "expected after" in fault])
    json.dump(cases, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
