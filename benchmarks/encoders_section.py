"""Martlet against its peer, in one run and in turn: CSV file to embeddings file. See `run` for the usage."""

import argparse
import csv
import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from encoders import ENCODERS, Encoder
from measure import RunFailed, Side, measured_peak
from report import Comparison, Latency, render

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BATCHES = (8, 16, 32, 64, 128)
TRIAL_ROWS = 2000
FIRST_ROW = """model tone = load 'tone';
from values ('what a lovely day') as t(text) |> infer tone(text) as (label, score)"""


def sides(martlet: Path, data: Path, name: str, threads: int, graph: str, batch: int) -> list[Side]:
    """All command lines of the comparison."""
    peer = [sys.executable, str(HERE / "peer.py"), "--data", str(data), "--encoder", name, "--input", "reviews.csv",
            "--threads", str(threads)]
    usual = ["--mode", "usual", "--graph", "plain", "--batch", "32"]
    best = ["--mode", "best", "--graph", graph, "--batch", str(batch)]
    limit = {"RAYON_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    return [
        Side("Martlet", [str(martlet), "run", f"embed-{name}.mlet"], "embeddings.csv"),
        Side("peer, usual use", [*peer, *usual, "--out", "usual.npy"], "usual.npy", limit),
        Side("peer, best use", [*peer, *best, "--out", "best.npy"], "best.npy", limit),
        Side("peer, best use, to CSV", [*peer, *best, "--out", "best.csv"], "best.csv", limit),
    ]


def lay_out(directory: Path, data: Path, rows: int | None) -> int:
    """Puts models, scripts and the first `rows` reviews into the directory; returns how many rows there are."""
    directory.mkdir()
    (directory / "models").symlink_to(data / "models")
    (directory / "tone").symlink_to(ROOT / "examples/models/tone")
    for script in HERE.glob("*.mlet"):
        shutil.copy(script, directory)
    with (data / "reviews.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    lines = lines if rows is None else lines[: rows + 1]
    with (directory / "reviews.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(lines)
    return len(lines) - 1


def best_use(directory: Path, data: Path, name: str, threads: int) -> tuple[str, int]:
    """The peer's graph and batch size that embed the prefix fastest, start-up and files left out."""
    results = []
    for graph in ("plain", "fused"):
        for batch in BATCHES:
            side = sides(Path(), data, name, threads, graph, batch)[2]
            side.go(directory)
            results.append((side.facts["seconds"]["embed"], graph, batch))
            print(f"  trial: {graph}, batch {batch}: {results[-1][0]:.1f} s", file=sys.stderr)
    return min(results)[1:]


def difference(directory: Path) -> tuple[float, float]:
    """Largest absolute difference and least cosine between Martlet's vectors and the peer's."""
    theirs = np.load(directory / "best.npy")
    with (directory / "embeddings.csv").open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        ours = np.array([np.fromstring(row[1].strip("[]"), sep=",", dtype=np.float32) for row in rows])
    cosine = (ours * theirs).sum(axis=1) / (np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1))
    return float(np.abs(ours - theirs).max()), float(cosine.min())


def compare(name: str, encoder: Encoder, chosen: argparse.Namespace, scratch: Path) -> Comparison:
    print(encoder.title, file=sys.stderr)
    trial, directory = scratch / f"{name}-trial", scratch / name
    lay_out(trial, chosen.data, TRIAL_ROWS)
    rows = lay_out(directory, chosen.data, chosen.rows)
    graph, batch = best_use(trial, chosen.data, name, chosen.threads)
    compared = sides(chosen.martlet, chosen.data, name, chosen.threads, graph, batch)
    peaks = [measured_peak()]
    for turn in range(chosen.repeat):
        for side in compared:
            side.go(directory)
            print(f"  run {turn + 1}: {side.name}: {side.runs[-1].seconds:.1f} s", file=sys.stderr)
        peaks.append(measured_peak())
    return Comparison(
        encoder=encoder, rows=rows, graph=graph, batch=batch, sides=compared, peak=max(peaks),
        weight_bytes=(chosen.data / encoder.weights).stat().st_size, difference=difference(directory),
    )


def first_row(martlet: Path, scratch: Path, repeat: int) -> Latency:
    directory = scratch / "first-row"
    lay_out(directory, scratch / "data", 1)
    version = Side("martlet --version", [str(martlet), "--version"], "nothing")
    query = Side("martlet -c", [str(martlet), "-c", FIRST_ROW], "nothing")
    for _ in range(max(repeat, 11)):
        version.go(directory)
        query.go(directory)
    return Latency(version=version.seconds, query=query.seconds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks/run DATA_DIR")
    parser.add_argument("--data", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=lambda text: None if text == "all" else int(text), default=8000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--encoders", type=lambda text: text.split(","), default=list(ENCODERS))
    parser.add_argument("--martlet", type=Path, default=ROOT / ".build/release/martlet")
    parser.add_argument("--report", type=Path, default=ROOT / "docs/benchmarks.md")
    chosen = parser.parse_args()
    chosen.martlet, chosen.data = chosen.martlet.absolute(), chosen.data.absolute()
    if not chosen.martlet.exists():
        sys.exit(f"benchmarks/run: no {chosen.martlet}; build it with `make build` or give --martlet FILE")

    # All children inherit these processors: both sides see the same two.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.threads])
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as folder:
        scratch = Path(folder)
        (scratch / "data").symlink_to(chosen.data)
        try:
            comparisons = [compare(name, ENCODERS[name], chosen, scratch) for name in chosen.encoders]
            latency = first_row(chosen.martlet, scratch, chosen.repeat)
        except RunFailed as failure:
            sys.exit(f"benchmarks/run: {failure}")
    text = render(comparisons, latency, chosen.repeat, chosen.threads)
    chosen.report.parent.mkdir(exist_ok=True)
    chosen.report.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
