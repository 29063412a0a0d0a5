"""The latency of one short text: Martlet's library beside onnxruntime with the tokenizers package, each inside one process.

The part `latency` of `run`, whose setup makes all-MiniLM-L6-v2 as ONNX in the data's folder. Texts are distinct reviews, one request for each, both sides in turn. Writes results/latency.json.
"""

import argparse
import csv
import subprocess
import sys
from pathlib import Path

import latency_peer
import numpy as np
from encoders import ENCODERS, MAX_TOKENS
from products import product, scratch
from section import Goal, Section, table

COUNT, THREADS, WANTED = 400, 2, 1.2
MODELS = {
    "l3": "load '{data}/models/paraphrase-MiniLM-L3-v2.onnx' with (tokenizer = '{data}/models/all-MiniLM-L6-v2/tokenizer.json', max_tokens = {most})",
    "l6": "load '{data}/models/all-MiniLM-L6-v2' with (max_tokens = {most})",
}
QUERY = "model enc = {model};\nparam text string;\nfrom values ($text) as t(text) |> select enc(text).embedding as embedding\n"


def texts(data: Path) -> list[str]:
    with (data / "reviews.csv").open(newline="") as file:
        rows = list(dict.fromkeys(" ".join(row["text"].split()) for row in csv.DictReader(file)))
    return [row for row in rows[:: len(rows) // (COUNT + 20)] if row][: COUNT + 20]


def words(command: list[str]) -> dict[str, float]:
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return {name: float(value) for name, value in zip(out[::2], out[1::2])}


def vectors(path: Path) -> np.ndarray:
    text = path.read_text().replace("[", " ").replace("]", " ").replace(",", " ")
    x = np.fromstring(text, np.float32, sep=" ").reshape(-1, 384)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def main(chosen: argparse.Namespace) -> None:
    bench, data, folder = product("LatencyBench"), chosen.data, scratch("latency")
    (folder / "texts.txt").write_text("\n".join(texts(data)) + "\n")
    goals, rows = [], []
    for name in ("l3", "l6"):
        title = ENCODERS[name].title
        (folder / f"{name}.mlet").write_text(QUERY.format(model=MODELS[name].format(data=data, most=MAX_TOKENS)))
        asked = [str(folder / "texts.txt"), str(COUNT), str(THREADS)]
        sides = {
            "Martlet": [str(bench), str(folder / f"{name}.mlet"), *asked, str(folder / "own.txt")],
            "onnxruntime": [sys.executable, latency_peer.__file__, str(data), name, *asked, str(folder / "peer.txt")],
        }
        runs = {side: [] for side in sides}
        for _ in range(chosen.repeat):
            for side, command in sides.items():
                runs[side].append(words(command))
        cosine = float((vectors(folder / "own.txt") * vectors(folder / "peer.txt")).sum(axis=1).min())
        medians = {}
        for side in sides:
            cells = [f"{title}: {side}"]
            for figure in ("median", "p99"):
                values = [run[figure] / 1e3 for run in runs[side]]
                medians[side, figure] = float(np.median(values))
                cells.append(f"{np.median(values):.2f} ({min(values):.2f}–{max(values):.2f})")
            rows.append(cells + [f"{cosine:.7f}" if side == "Martlet" else ""])
        for figure, word in (("median", "median"), ("p99", "99th percentile")):
            ratio = medians["onnxruntime", figure] / medians["Martlet", figure]
            goals.append(Goal(f"one text, {title}, {word}: to onnxruntime with its tokenizer", ratio, WANTED))
    text = table(["model", "median, ms (range)", "99th percentile, ms (range)", "least cosine of the sides"], rows)
    text += (
        f"\n\nOne request after the other in one process, {COUNT} distinct reviews, {THREADS} threads, text in, vector out. Martlet: a query prepared once, "
        f"`bind` and `run` for each text. The peer: `tokenizers`, `onnxruntime`, numpy's mean where the graph does not pool. Medians of {chosen.repeat} such runs, "
        "both sides in turn, with the least and the greatest; `benchmarks/latency.py`."
    )
    Section("Latency", goals, text).save("latency", ("onnxruntime", "tokenizers"))
    print(text)
