"""A join of a million rows with 100,000 by an integer key, and a sum over it: Martlet beside DuckDB, whole processes in turn.

usage: join.py MARTLET [REPEATS]
Runs with the Python of `setup`. Prints medians of wall time and of peak memory; both sides' results must agree.
"""

import statistics
import sys
from pathlib import Path

import numpy as np
from measure import run
from products import scratch

ROWS, KEYS, THREADS = 1_000_000, 100_000, 2
QUERY = """let prices = load 'prices.csv';
load 'orders.csv' |> join prices on key = prices.key |> aggregate sum(amount * price) as total, count() as n;
"""
PEER = """import duckdb
query = "select sum(amount * price), count(*) from 'orders.csv' join 'prices.csv' using (key)"
print(*duckdb.connect(config={'threads': %d}).execute(query).fetchone(), sep=',')
"""


def write(path: Path, header: str, columns: list[np.ndarray]) -> None:
    with path.open("w") as file:
        file.write(header + "\n")
        file.writelines(",".join(f"{value:g}" for value in row) + "\n" for row in zip(*columns))


def main() -> None:
    martlet, repeats = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    folder, random = scratch("join"), np.random.default_rng(1)
    write(folder / "orders.csv", "key,amount", [random.integers(0, KEYS, ROWS), random.random(ROWS)])
    write(folder / "prices.csv", "key,price", [np.arange(KEYS), random.random(KEYS)])
    (folder / "join.mlet").write_text(QUERY)
    (folder / "peer.py").write_text(PEER % THREADS)
    sides = {
        "Martlet": [str(martlet), "run", "join.mlet", "--threads", str(THREADS), "--format", "csv"],
        "DuckDB": [sys.executable, "peer.py"],
    }
    runs = {side: [] for side in sides}
    for _ in range(repeats):
        for side, command in sides.items():
            runs[side].append(run(command, folder))
    totals = {side: [float(x) for x in found[0].output.splitlines()[-1].split(",")] for side, found in runs.items()}
    assert np.allclose(totals["Martlet"], totals["DuckDB"]), totals
    for side, found in runs.items():
        seconds = statistics.median(each.seconds for each in found)
        print(f"{side}: {seconds:.2f} s, {statistics.median(each.peak_bytes for each in found) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
