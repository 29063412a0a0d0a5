"""A table of made rows, as CSV and as JSON Lines: the same for the same number of rows.

Whole numbers, decimals of two places and of 15 to 17 digits, dates as text, a key with eight values and one with 100,000, short
texts of which some are quoted, hold quotes, or are null.
"""

import json
from pathlib import Path

import numpy as np

SEED = 7
CUSTOMERS = 100_000
REGIONS = ["north", "south", "east", "west", "centre", "isles", "coast", "hills"]
WORDS = """amber birch cedar dune ember fjord grove heath iris jade kelp larch moss north oak pine quartz reed slate thorn
umber vale wren yarrow zinc""".split()
NAMES = ["id", "customer", "region", "quantity", "price", "score", "title", "day"]


def rows(count: int):
    random = np.random.default_rng(SEED)
    customer = random.integers(0, CUSTOMERS, count)
    region = random.integers(0, len(REGIONS), count)
    quantity = random.integers(1, 51, count)
    cents = random.integers(50, 50_000, count)
    is_priced = random.random(count) >= 0.02
    score = random.normal(0, 10, count)
    words = random.integers(0, len(WORDS), (count, 3))
    kind = random.random(count)
    days = np.datetime64("2020-01-01") + random.integers(0, 2_000, count).astype("timedelta64[D]")
    for i, day in enumerate(days.astype(str)):
        a, b, c = (WORDS[word] for word in words[i])
        if kind[i] < 0.03:
            title = None
        elif kind[i] < 0.06:
            title = f"{a}, {b}"
        elif kind[i] < 0.08:
            title = f'{a} "{b}" {c}'
        else:
            title = f"{a} {b}" if kind[i] < 0.5 else f"{a} {b} {c}"
        price = f"{cents[i] / 100:.2f}" if is_priced[i] else None
        yield i + 1, f"c{customer[i]:06d}", REGIONS[region[i]], int(quantity[i]), price, repr(float(score[i])), title, day


def csv_field(value) -> str:
    if value is None:
        return ""
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def json_row(row) -> str:
    number, customer, region, quantity, price, score, title, day = row
    strings = json.dumps(dict(customer=customer, region=region, title=title, day=day))
    return f'{{"id": {number}, "quantity": {quantity}, "price": {price or "null"}, "score": {score}, {strings[1:]}\n'


def write(folder: Path, count: int) -> tuple[Path, Path]:
    """Writes what is not there yet."""
    csv, lines = folder / f"rows-{count}.csv", folder / f"rows-{count}.jsonl"
    if not (csv.exists() and lines.exists()):
        with csv.open("w") as csv_file, lines.open("w") as lines_file:
            csv_file.write(",".join(NAMES) + "\n")
            for row in rows(count):
                csv_file.write(",".join(csv_field(value) for value in row) + "\n")
                lines_file.write(json_row(row))
    return csv, lines
