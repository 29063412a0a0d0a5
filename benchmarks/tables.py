"""Filters and groups over a CSV file and over JSON Lines, beside DuckDB: time, memory, growth with rows and threads."""

import argparse
import csv
import io
import math
import re
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import table_data
from measure import Side
from section import Goal, Section, table

ROWS = 1_000_000


@dataclass
class Query:
    name: str
    martlet: str
    duckdb: str


QUERIES = [
    Query(
        "filter, count, sum",
        "where quantity > 10 and price < 200.0 |> aggregate count() as n, sum(quantity) as q, sum(price) as p",
        "select count(*), sum(quantity), sum(price) from {source} where quantity > 10 and price < 200.0",
    ),
    Query(
        "group by 8 keys",
        "aggregate count() as n, sum(quantity) as q, avg(price) as p, min(score) as lo, max(score) as hi group by region",
        "select region, count(*), sum(quantity), avg(price), min(score), max(score) from {source} group by region",
    ),
    Query(
        "group by 100,000 keys, top 10",
        "aggregate count() as n, sum(quantity * price) as s group by customer |> order by s desc, customer |> limit 10",
        "select customer, count(*), sum(quantity * price) s from {source} group by customer order by s desc, customer limit 10",
    ),
]


def own_side(chosen: argparse.Namespace, query: Query, file: Path, threads: int) -> Side:
    text = f"load '{file.name}' |> {query.martlet}"
    options = ["--format", "csv", "--no-progress", "--timer", "--threads", str(threads)]
    return Side("Martlet", [str(chosen.martlet), "-c", text, *options], "none")


def peer_side(query: Query, file: Path, threads: int) -> Side:
    source = f"read_csv('{file.name}')" if file.suffix == ".csv" else f"read_json('{file.name}')"
    script = str(Path(__file__).parent / "table_peer.py")
    return Side("DuckDB", [sys.executable, script, str(threads), query.duckdb.format(source=source)], "none")


def own_seconds(folder: Path) -> float:
    """What --timer said of the last run, on standard error."""
    found = re.search(r"time: ([\d.,]+) (ms|s)\b", (folder / "stderr").read_text())
    return float(found.group(1).replace(",", "")) * (1e-3 if found.group(2) == "ms" else 1)


def comparable(rows) -> list[list]:
    """Numbers as floats, in an order of their own."""

    def cell(value):
        try:
            return float(value)
        except (TypeError, ValueError):
            return value

    return sorted([[cell(value) for value in row] for row in rows], key=lambda row: str(row[0]))


def check(query: Query, own: str, theirs: list) -> None:
    mine = comparable(list(csv.reader(io.StringIO(own)))[1:])
    other = comparable(theirs)
    same = len(mine) == len(other) and all(
        a == b or (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, rel_tol=1e-9))
        for x, y in zip(mine, other)
        for a, b in zip(x, y)
    )
    if not same:
        sys.exit(f"tables: {query.name}: results differ\n{mine[:3]}\n{other[:3]}")


def milliseconds(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1e3:,.0f} ({min(seconds) * 1e3:,.0f}–{max(seconds) * 1e3:,.0f})"


def compare(chosen: argparse.Namespace, folder: Path, file: Path) -> tuple[list[Goal], str]:
    """Both sides in turn; the first turn, which brings files and programs into memory, is not counted."""
    goals, rows = [], []
    for query in QUERIES:
        own, peer = own_side(chosen, query, file, chosen.threads), peer_side(query, file, chosen.threads)
        alone: list[float] = []
        theirs: list[float] = []
        for turn in range(chosen.repeat + 1):
            own.go(folder)
            seconds = own_seconds(folder)
            peer.go(folder)
            check(query, own.runs[-1].output, peer.facts["rows"])
            if turn == 0:
                own.runs.clear()
                peer.runs.clear()
                continue
            alone.append(seconds)
            theirs.append(peer.facts["seconds"])
        ratio, memory = peer.seconds / own.seconds, own.peak_bytes / peer.peak_bytes
        title = f"{file.suffix[1:]}, {ROWS:,} rows, {query.name}"
        goals.append(Goal(f"{title}: to DuckDB, whole process", ratio, 0.7))
        goals.append(Goal(f"{title}: peak memory over DuckDB's", memory, 0.8, least=False))
        rows.append([
            query.name, milliseconds([run.seconds for run in own.runs]), milliseconds([run.seconds for run in peer.runs]),
            f"{ratio:.2f}", milliseconds(alone), milliseconds(theirs),
            f"{statistics.median(theirs) / statistics.median(alone):.2f}", f"{own.peak_bytes / 1e6:.0f}",
            f"{peer.peak_bytes / 1e6:.0f}", f"{memory:.2f}",
        ])
        print(" | ".join(rows[-1]), file=sys.stderr)
    header = ["", "whole process, ms: Martlet", "DuckDB", "ratio", "query alone, ms: Martlet", "DuckDB", "ratio",
              "peak memory, MB: Martlet", "DuckDB", "share"]
    return goals, f"### {file.suffix[1:]}, {file.stat().st_size / 1e6:.0f} MB\n\n" + table(header, rows)


def scale(chosen: argparse.Namespace, folder: Path, large: Path, small: Path, tiny: Path) -> tuple[list[Goal], str]:
    """Whole processes in turn; start-up is the time for the tiny file."""
    goals, rows = [], []
    for query in QUERIES:
        sides = [own_side(chosen, query, file, threads) for file, threads in [(large, 1), (large, 2), (tiny, 2), (small, 2)]]
        for _ in range(chosen.repeat):
            for side in sides:
                side.go(folder)
        one, two, start, tenth = (side.seconds * 1e3 for side in sides)
        threads, growth = (one - start) / (two - start), (two - start) / (tenth - start)
        title = f"{large.suffix[1:]}, {query.name}"
        goals.append(Goal(f"{title}: 1 → 2 threads, after start-up", threads, 1.85))
        goals.append(Goal(f"{title}: 100,000 → {ROWS:,} rows, after start-up", growth, 10.5, least=False))
        rows.append([query.name, f"{one:,.0f}", f"{two:,.0f}", f"{tenth:,.1f}", f"{start:,.1f}", f"{threads:.2f}", f"{growth:.2f}"])
        print(" | ".join(rows[-1]), file=sys.stderr)
    header = ["ms, whole process", "1 thread", "2 threads", "a tenth of the rows", "1,000 rows (start-up)", "1 → 2 threads",
              "10 times the rows"]
    return goals, table(header, rows)


TEXT = """A made table of {rows:,} rows and eight columns (`benchmarks/table_data.py`); the file is read in the query, {threads} threads, medians of {repeat} and
ranges, both sides in turn. Results are checked to agree. The whole process of DuckDB has Python and the import of its module in it; the query
alone is by each side's own clock. Columns that a query does not want are found and checked by Martlet, but not kept."""


def main(chosen: argparse.Namespace) -> None:
    folder = chosen.data / "benchmarks/tables"
    folder.mkdir(parents=True, exist_ok=True)
    goals, chapters = [], [TEXT.format(rows=ROWS, threads=chosen.threads, repeat=chosen.repeat)]
    for large, small, tiny in zip(*(table_data.write(folder, size) for size in (ROWS, ROWS // 10, 1_000))):
        print(large.name, file=sys.stderr)
        for part in (compare(chosen, folder, large), scale(chosen, folder, large, small, tiny)):
            goals += part[0]
            chapters.append(part[1])
    Section("Tables", goals, "\n\n".join(chapters)).save("tables", ("duckdb",))
