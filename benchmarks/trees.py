"""Time of a LightGBM classifier, beside onnxruntime, in turn in one run.

usage: trees.py MODEL_BENCH FOLDER
MODEL_BENCH: `MARTLET_BENCH=1 swift build -c release --product ModelBench`. Run with the Python of
scripts/reference/requirements-classical.txt and scripts/reference/lib on PYTHONPATH. Writes the model and rows into FOLDER.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import classical_pipelines as pipelines
import numpy as np
import onnxruntime
from lightgbm import LGBMClassifier
from skl2onnx import to_onnx
from sklearn import datasets

ROWS, COLUMNS, TREES, ROUNDS = 100_000, 20, 500, 3


def prepare(folder: Path) -> np.ndarray:
    x, y = datasets.make_classification(
        ROWS, COLUMNS, n_informative=12, n_redundant=4, random_state=pipelines.SEED
    )
    x = x.astype(np.float32)
    x.tofile(folder / "rows.f32")
    model = LGBMClassifier(n_estimators=TREES, random_state=pipelines.SEED, verbose=-1).fit(x, y)
    types = [("X", pipelines.FloatTensorType([None, COLUMNS]))]
    proto = to_onnx(model, initial_types=types, target_opset=pipelines.OPSET, options={id(model): {"zipmap": False}})
    (folder / "trees.onnx").write_bytes(proto.SerializeToString())
    return x


def peer(folder: Path, x: np.ndarray, threads: int) -> tuple[float, np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(folder / "trees.onnx"), options)
    labels = session.run(None, {"X": x})[0]
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        session.run(None, {"X": x})
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times), labels


def main() -> None:
    bench, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    x = prepare(folder)
    for threads in (1, 2):
        shape = f"{ROWS}x{COLUMNS}"
        command = [bench, folder / "trees.onnx", str(threads), str(ROUNDS), shape, "--wall"]
        command += ["--input", folder / "rows.f32", "--output", folder / "labels.i64"]
        own = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1])
        other, labels = peer(folder, x, threads)
        differ = int((np.fromfile(folder / "labels.i64", np.int64) != labels).sum())
        print(f"{threads} threads: {own:.0f} ms, onnxruntime {other:.0f} ms, ratio {own / other:.2f}, labels that differ {differ}")


if __name__ == "__main__":
    main()
