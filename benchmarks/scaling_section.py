"""Times of one query over more and more rows, and on one and two threads: Martlet alone."""

import argparse
import csv
import random
import shutil
import tempfile
from pathlib import Path

from measure import Side, pin
from section import Goal, Section, table

HERE = Path(__file__).resolve().parent
SIZES = (1_000, 10_000, 100_000)
SEED = 20


def write_rows(data: Path, target: Path, count: int) -> None:
    """`count` reviews drawn with replacement, each with a number in front: all texts differ, and sizes do not change their lengths."""
    with (data / "reviews.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    draw = random.Random(SEED)
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows([row, f"{100_000 + row} {draw.choice(texts)}"] for row in range(count))


def main(chosen: argparse.Namespace) -> None:
    pin(chosen.threads)
    sides: dict[tuple[int, int], Side] = {}
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as folder:
        directories = {}
        for count in SIZES:
            directories[count] = directory = Path(folder) / str(count)
            directory.mkdir()
            (directory / "models").symlink_to(chosen.data / "models")
            shutil.copy(HERE / "embed-l3.mlet", directory)
            write_rows(chosen.data, directory / "reviews.csv", count)
            for threads in (1, 2) if count < SIZES[-1] else (2,):
                command = [str(chosen.martlet), "run", "embed-l3.mlet", "--threads", str(threads)]
                sides[count, threads] = Side(f"{count:,} rows, {threads} threads", command, "embeddings.csv")
        for _ in range(3):
            for (count, _), side in sides.items():
                side.go(directories[count])
    rows = [
        [f"{count:,}", str(threads), f"{side.seconds:.2f} ({side.spread[0]:.2f}–{side.spread[1]:.2f})", f"{count / side.seconds:,.0f}",
         f"{side.peak_bytes / 1e6:,.0f}"]
        for (count, threads), side in sides.items()
    ]
    tenfold = sides[100_000, 2].seconds / sides[10_000, 2].seconds
    goals = [
        Goal("10,000 → 100,000 rows, two threads: times the time", tenfold, 10.5, least=False),
        Goal("L3 exact, 10,000 rows, 1 → 2 threads", sides[10_000, 1].seconds / sides[10_000, 2].seconds, 1.85),
    ]
    text = """`embed-l3.mlet`, the whole process, medians of 3. Reviews are drawn with replacement and numbered, so that no two rows are equal.

""" + table(["rows", "threads", "seconds (range)", "rows/s", "peak memory, MB"], rows)
    data = {f"{threads} threads": [[count, sides[count, threads].seconds] for count in SIZES if (count, threads) in sides]
            for threads in (1, 2)}
    Section("Scaling", goals, text, data=data).save("scaling")
