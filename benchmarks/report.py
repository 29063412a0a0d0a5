"""The report of a comparison, as Markdown."""

import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from encoders import Encoder
from measure import Side

USUAL_GOAL = 2.5
BEST_GOAL = 1.0
MEMORY_GOAL = 200e6
"""Bytes above the weights."""


@dataclass
class Comparison:
    encoder: Encoder
    rows: int
    graph: str
    batch: int
    sides: list[Side]
    """Martlet, the peer's usual use, its best use, and that to CSV."""
    peak: float
    """FLOP per second."""
    weight_bytes: int
    difference: tuple[float, float]


@dataclass
class Latency:
    version: float
    query: float

    @property
    def limit(self) -> float:
        return 3 * self.version + 0.05


def render(comparisons: list[Comparison], latency: Latency, repeat: int, threads: int) -> str:
    parts = [opening(repeat, threads), goals(comparisons, latency)]
    return "\n\n".join(parts + [chapter(comparison) for comparison in comparisons]) + "\n"


def opening(repeat: int, threads: int) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("onnxruntime", "tokenizers", "numpy"))
    return f"""# Benchmarks

Written by `make bench`. CSV file to embeddings file, the whole process from start to end, both sides in turn in one
run, medians of {repeat}; {threads} threads on {processor()}. The peer is {versions} on Python {platform.python_version()}.

- *Usual use*: the model as exported, all graph optimizations on, batches of 32 in the file's order, padded to the longest.
- *Best use*: sorted by length; the batch size and the form of the graph (as exported, or with the fusions of
  onnxruntime.transformers) that were fastest on the first 2,000 rows, a search whose time is not counted.
- The peer writes its vectors as `.npy`, which costs it next to nothing; Martlet writes CSV. The peer writing CSV is shown too.
- *Peak* is a float32 product of 2,048 × 2,048 matrices by OpenBLAS on as many threads, the fastest median of the run. A
  side's share is the FLOP that the rows' real tokens need, over its time and that peak: padding earns nothing. Where OpenBLAS
  does not know the processor it is far from what the processor can do, and shares pass 100 %: `explain analyze` measures with
  multiply-adds in registers instead."""


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def goals(comparisons: list[Comparison], latency: Latency) -> str:
    rows = []
    for comparison in comparisons:
        title = comparison.encoder.title
        ours, usual, best, _ = comparison.sides
        limit = comparison.weight_bytes + MEMORY_GOAL
        rows += [
            goal(f"{title}: times the peer's usual use", usual.seconds / ours.seconds, USUAL_GOAL, "{:.2f}", least=True),
            goal(f"{title}: times the peer's best use", best.seconds / ours.seconds, BEST_GOAL, "{:.2f}", least=True),
            goal(f"{title}: peak memory, MB", ours.peak_bytes / 1e6, limit / 1e6, "{:.0f}", least=False),
        ]
    first = "first row of `martlet -c` with the small model, ms"
    rows.append(goal(first, latency.query * 1e3, latency.limit * 1e3, "{:.1f}", least=False))
    note = f"`martlet --version` takes {latency.version * 1e3:.1f} ms; the last goal is three times that plus 50 ms."
    return table(["goal", "wanted", "measured", ""], rows) + "\n\n" + note


def goal(name: str, measured: float, bound: float, form: str, least: bool) -> list[str]:
    met = measured >= bound if least else measured <= bound
    word = "at least" if least else "at most"
    return [name, f"{word} {form.format(bound)}", form.format(measured), "met" if met else "**missed**"]


def chapter(comparison: Comparison) -> str:
    ours, _, best, _ = comparison.sides
    facts = best.facts
    rows = []
    for side in comparison.sides:
        low, high = side.spread
        waste = side.facts["padding"] / (side.facts["tokens"] + side.facts["padding"]) if side is not ours else None
        rows.append([
            side.name,
            f"{comparison.rows / side.seconds:,.0f}",
            f"{side.seconds / ours.seconds:.2f}",
            f"{side.seconds:.1f} ({low:.1f}–{high:.1f})",
            f"{facts['flop_needed'] / side.seconds / comparison.peak:.0%}",
            "" if waste is None else f"{waste:.0%}",
            f"{side.peak_bytes / 1e6:,.0f}",
        ])
    header = ["", "rows/s", "Martlet is faster by", "seconds (range)", "share of peak", "padding", "peak memory, MB"]
    absolute, cosine = comparison.difference
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in facts["seconds"].items() if name != "embed")
    start = best.runs[-1].seconds - sum(facts["seconds"][name] for name in ("read", "load", "embed", "write"))
    return f"""## {comparison.encoder.title}

{comparison.rows:,} rows, {facts['tokens']:,} tokens, {facts['flop_needed'] / 1e12:.2f} TFLOP; \
peak {comparison.peak / 1e9:.0f} GFLOP/s; weights {comparison.weight_bytes / 1e6:.0f} MB. \
The peer's best use: batch {comparison.batch}, graph {comparison.graph}.

{table(header, rows)}

The peer's best use by its own clock, last run, in seconds: Python and imports {start:.2f}, {parts}.
Martlet's vectors against the peer's: largest absolute difference {absolute:.1e}, least cosine {cosine:.7f}."""


def table(header: list[str], rows: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])
