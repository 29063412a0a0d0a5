"""Encoders: CSV file to embeddings file, Martlet in its three precisions and onnxruntime, in one run and in turn. See `run`."""

import argparse
import csv
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from encoders import ENCODERS, Encoder
from measure import Side, pin, run
from section import Goal, Section, table

HERE = Path(__file__).resolve().parent
BATCHES = (8, 16, 32, 64, 128)
TRIAL_ROWS = 2000
PACKAGES = ("onnxruntime", "tokenizers", "numpy")


@dataclass
class Vectors:
    """A side's vectors against exact ones."""

    largest: float
    """Absolute difference."""
    least: float
    """Cosine."""
    mean: float


@dataclass
class Comparison:
    encoder: Encoder
    rows: int
    sides: dict[str, Side]
    vectors: dict[str, Vectors]
    peak: float
    """Multiply-adds in registers of all threads, FLOP per second."""

    def ratio(self, peer: str, ours: str) -> float:
        return self.sides[peer].seconds / self.sides[ours].seconds

    def memory(self, peer: str, ours: str) -> float:
        return self.sides[ours].peak_bytes / self.sides[peer].peak_bytes

    @property
    def flop(self) -> int:
        return self.sides["fp32, best use"].facts["flop_needed"]


def martlet_side(chosen: argparse.Namespace, name: str, precision: str, threads: int) -> Side:
    command = [str(chosen.martlet), "run", f"embed-{name}.mlet", "--precision", precision, "--threads", str(threads)]
    return Side(f"Martlet, {precision}", command, "embeddings.csv")


def peer_side(chosen: argparse.Namespace, name: str, title: str, mode: str, graph: str, batch: int, out: str) -> Side:
    command = [sys.executable, str(HERE / "peer.py"), "--data", str(chosen.data), "--encoder", name, "--input", "reviews.csv",
               "--threads", str(chosen.threads), "--mode", mode, "--graph", graph, "--batch", str(batch), "--out", out]
    threads = str(chosen.threads)
    limit = {"RAYON_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    return Side(title, command, out, limit)


def lay_out(directory: Path, data: Path, rows: int | None) -> int:
    """Puts models, scripts and the first `rows` reviews into the directory; returns how many rows there are."""
    directory.mkdir()
    (directory / "models").symlink_to(data / "models")
    for script in HERE.glob("*.mlet"):
        shutil.copy(script, directory)
    with (data / "reviews.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    lines = lines if rows is None else lines[: rows + 1]
    with (directory / "reviews.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(lines)
    return len(lines) - 1


def best_use(chosen: argparse.Namespace, directory: Path, name: str, graphs: tuple[str, ...]) -> tuple[str, int]:
    """The peer's graph and batch size that embed the prefix fastest, start-up and files left out."""
    results = []
    for graph in graphs:
        for batch in BATCHES:
            side = peer_side(chosen, name, "trial", "best", graph, batch, "trial.npy")
            side.go(directory)
            results.append((side.facts["seconds"]["embed"], graph, batch))
            print(f"  trial: {graph}, batch {batch}: {results[-1][0]:.1f} s", file=sys.stderr)
    return min(results)[1:]


def read_vectors(path: Path) -> np.ndarray:
    if path.suffix == ".npy":
        return np.load(path)
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return np.array([np.fromstring(row[1].strip("[]"), sep=",", dtype=np.float32) for row in rows])


def against(exact: np.ndarray, other: np.ndarray) -> Vectors:
    cosine = (exact * other).sum(axis=1) / (np.linalg.norm(exact, axis=1) * np.linalg.norm(other, axis=1))
    return Vectors(float(np.abs(exact - other).max()), float(cosine.min()), float(cosine.mean()))


def core_peak(chosen: argparse.Namespace, directory: Path, name: str) -> float:
    """The fp32 peak of a core in FLOP per second as `explain analyze` measures it, by multiply-adds in registers."""
    script = (directory / f"embed-{name}.mlet").read_text()
    head, query = script.rsplit("load 'reviews.csv'", 1)
    query = query.split("|> write")[0]
    (directory / "analyze.mlet").write_text(f"{head}explain analyze load 'reviews.csv' |> limit 64 {query};")
    output = run([str(chosen.martlet), "run", "analyze.mlet"], directory).output
    return float(re.search(r"\((\d+) GFLOP/s a core\)", output).group(1)) * 1e9


def compare(name: str, encoder: Encoder, chosen: argparse.Namespace, scratch: Path) -> Comparison:
    print(encoder.title, file=sys.stderr)
    trial, directory = scratch / f"{name}-trial", scratch / name
    lay_out(trial, chosen.data, TRIAL_ROWS)
    rows = lay_out(directory, chosen.data, chosen.rows)
    graph, batch = best_use(chosen, trial, name, ("plain", "fused"))
    int8_graph, int8_batch = best_use(chosen, trial, name, ("int8", "fused int8"))
    sides = {
        "exact": martlet_side(chosen, name, "exact", chosen.threads),
        "fp32, usual use": peer_side(chosen, name, "onnxruntime fp32, usual use", "usual", "plain", 32, "usual.npy"),
        "fp32, best use": peer_side(
            chosen, name, f"onnxruntime fp32, best use ({graph}, {batch})", "best", graph, batch, "best.npy"),
        "fast": martlet_side(chosen, name, "fast", chosen.threads),
        "int8": martlet_side(chosen, name, "int8", chosen.threads),
        "int8, best use": peer_side(
            chosen, name, f"onnxruntime dynamic int8, best use ({int8_graph}, {int8_batch})", "best", int8_graph, int8_batch,
            "int8.npy"),
        "one thread": martlet_side(chosen, name, "exact", 1),
    }
    sides["one thread"].name = "Martlet, exact, one thread"
    vectors: dict[str, np.ndarray] = {}
    peak = 0.0
    for turn in range(chosen.repeat):
        peak = max(peak, core_peak(chosen, directory, name))
        for key, side in sides.items():
            side.go(directory)
            if turn == 0:
                vectors[key] = read_vectors(directory / side.result)
            print(f"  run {turn + 1}: {side.name}: {side.runs[-1].seconds:.1f} s", file=sys.stderr)
    exact = vectors["fp32, best use"]
    return Comparison(encoder, rows, sides, {key: against(exact, each) for key, each in vectors.items()}, peak * chosen.threads)


def goals(c: Comparison) -> list[Goal]:
    title, best, int8 = c.encoder.title, "fp32, best use", "int8, best use"
    return [
        Goal(f"{title}, exact: to onnxruntime sorted, best batch", c.ratio(best, "exact"), 1.1),
        Goal(f"{title}, exact: to its usual use", c.ratio("fp32, usual use", "exact"), 3),
        Goal(f"{title}, fast: to onnxruntime fp32 sorted", c.ratio(best, "fast"), 2),
        Goal(f"{title}, fast: least cosine to exact", c.vectors["fast"].least, 0.9995, form="{:.5f}"),
        Goal(f"{title}, int8: to onnxruntime dynamic int8 sorted", c.ratio(int8, "int8"), 1.3),
        Goal(f"{title}, int8: mean cosine to exact, to that of onnxruntime", c.vectors["int8"].mean, c.vectors[int8].mean,
             form="{:.5f}"),
        Goal(f"{title}, exact: share of the fp32 peak over the whole time", c.flop / c.sides["exact"].seconds / c.peak, 0.85),
        Goal(f"{title}, exact: 1 → 2 threads", c.ratio("one thread", "exact"), 1.85),
        Goal(f"{title}, exact: peak memory over onnxruntime's", c.memory(best, "exact"), 0.8, least=False),
        Goal(f"{title}, fast: peak memory over onnxruntime's fp32", c.memory(best, "fast"), 0.8, least=False),
        Goal(f"{title}, int8: peak memory over onnxruntime's int8", c.memory(int8, "int8"), 0.8, least=False),
    ]


def chapter(c: Comparison) -> str:
    rows = []
    for key, side in c.sides.items():
        low, high = side.spread
        ours = side.name.startswith("Martlet")
        waste = "0%" if ours else f"{side.facts['padding'] / (side.facts['tokens'] + side.facts['padding']):.0%}"
        vectors = c.vectors[key]
        rows.append([
            side.name, f"{c.rows / side.seconds:,.0f}", f"{side.seconds / c.sides['exact'].seconds:.2f}",
            f"{side.seconds:.1f} ({low:.1f}–{high:.1f})", f"{c.flop / side.seconds / c.peak:.0%}", waste,
            f"{side.peak_bytes / 1e6:,.0f}", f"{vectors.least:.6f}", f"{vectors.mean:.6f}",
        ])
    header = ["", "rows/s", "time to exact's", "seconds (range)", "share of fp32 peak", "padding", "peak memory, MB",
              "least cosine", "mean cosine"]
    facts = c.sides["fp32, best use"].facts
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in facts["seconds"].items() if name != "embed")
    return f"""### {c.encoder.title}

{c.rows:,} rows, {facts['tokens']:,} tokens, {c.flop / 1e12:.2f} TFLOP; peak {c.peak / 1e9:.0f} GFLOP/s.

{table(header, rows)}

onnxruntime's fp32 at its best by its own clock, last run, in seconds: {parts}."""


TEXT = """CSV file to embeddings file, the whole process from start to end, medians of {repeat}, {threads} threads.

- *Usual use*: the model as exported, all graph optimizations on, batches of 32 in the file's order, padded to the longest.
- *Best use*: sorted by length; the batch size and the form of the graph (as exported, or with the fusions of
  onnxruntime.transformers; dynamic int8 of either) that were fastest on the first 2,000 rows, a search whose time is not counted.
- The peer writes its vectors as `.npy`, which costs it next to nothing; Martlet writes CSV.
- The peak is that of multiply-adds in registers, on as many cores. A side's share is the FLOP that the rows' real tokens need, over its
  time and that peak: padding earns nothing; int8 and bfloat16 may pass 100 %.
- Cosines are to onnxruntime's fp32 vectors.
"""


def main(chosen: argparse.Namespace) -> None:
    pin(chosen.threads)
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as folder:
        comparisons = [compare(name, ENCODERS[name], chosen, Path(folder)) for name in ENCODERS]
    text = "\n\n".join([TEXT.format(repeat=chosen.repeat, threads=chosen.threads).rstrip(), *map(chapter, comparisons)])
    data = {c.encoder.title: {side.name: c.rows / side.seconds for side in c.sides.values()} for c in comparisons}
    Section("Encoders", [goal for each in comparisons for goal in goals(each)], text, data=data).save("encoders", PACKAGES)
