"""A LightGBM classifier beside onnxruntime and lightgbm's own predict: the part `trees` of `run`."""

import argparse
import json
import os
import statistics
import subprocess

from measure import RunFailed
from products import ROOT, product, scratch
from section import Goal, Section, table

WANTED = 1.0
PEERS = ("onnxruntime", "lightgbm")


def main(chosen: argparse.Namespace) -> None:
    reference = ROOT / "scripts/reference"
    python = subprocess.run(
        [ROOT / "scripts/python-env", reference / "requirements-classical.txt"], check=True, capture_output=True, text=True
    ).stdout.strip()
    command = [python, ROOT / "benchmarks/trees.py", product("ModelBench"), scratch("trees")]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(reference / "lib")})
    if ran.returncode:
        raise RunFailed(ran.stderr[-2000:])
    goals, rows = [], []
    for threads, found in json.loads(ran.stdout.splitlines()[-1]).items():
        times = found["times"]
        medians = {side: statistics.median(values) for side, values in times.items()}
        for peer in PEERS:
            name = f"LightGBM, 500 trees, 100,000 rows, {threads} thread{'s' if threads != '1' else ''}: to {peer}"
            goals.append(Goal(name, medians[peer] / medians["Martlet"], WANTED))
        cells = [f"{medians[side]:,.0f} ({min(values):,.0f}–{max(values):,.0f})" for side, values in times.items()]
        rows.append([threads, *cells, str(found["differ"])])
    text = (
        "LightGBM, two classes, 500 trees of 31 leaves, 100,000 rows of 20 floats; the graph alone, without reading a table. Milliseconds, medians of 5 with the "
        "least and the greatest, all sides in turn in one run; labels that differ from onnxruntime's.\n\n"
    )
    text += table(["threads", "Martlet", "onnxruntime", "lightgbm's predict", "labels that differ"], rows)
    Section("Trees", goals, text).save("trees")
    print(text)
