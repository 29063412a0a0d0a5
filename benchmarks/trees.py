"""Times of a LightGBM classifier: Martlet's graph, onnxruntime and lightgbm's own predict, in turn in one run. See trees_section.py.

usage: trees.py MODEL_BENCH FOLDER
Runs with the Python of scripts/reference/requirements-classical.txt and scripts/reference/lib on PYTHONPATH. Writes the model and rows
into FOLDER and prints JSON: for each number of threads each side's milliseconds, and how many labels differ.
"""

import json
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

ROWS, COLUMNS, TREES, ROUNDS = 100_000, 20, 500, 5


def prepare(folder: Path) -> tuple[LGBMClassifier, np.ndarray]:
    x, y = datasets.make_classification(ROWS, COLUMNS, n_informative=12, n_redundant=4, random_state=pipelines.SEED)
    x = x.astype(np.float32)
    x.tofile(folder / "rows.f32")
    model = LGBMClassifier(n_estimators=TREES, random_state=pipelines.SEED, verbose=-1).fit(x, y)
    types = [("X", pipelines.FloatTensorType([None, COLUMNS]))]
    proto = to_onnx(model, initial_types=types, target_opset=pipelines.OPSET, options={id(model): {"zipmap": False}})
    (folder / "trees.onnx").write_bytes(proto.SerializeToString())
    return model, x


def milliseconds(call) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    bench, folder = sys.argv[1], Path(sys.argv[2])
    model, x = prepare(folder)
    found = {}
    for threads in (1, 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(str(folder / "trees.onnx"), options)
        command = [bench, folder / "trees.onnx", str(threads), "3", f"{ROWS}x{COLUMNS}", "--wall"]
        command += ["--input", folder / "rows.f32", "--output", folder / "labels.i64"]
        times = {"Martlet": [], "onnxruntime": [], "lightgbm": []}
        labels = session.run(None, {"X": x})[0]
        for _ in range(ROUNDS):
            own = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            times["Martlet"].append(float(own[1]))
            times["onnxruntime"].append(milliseconds(lambda: session.run(None, {"X": x})))
            times["lightgbm"].append(milliseconds(lambda: model.booster_.predict(x, num_threads=threads)))
        differ = int((np.fromfile(folder / "labels.i64", np.int64) != labels).sum())
        found[threads] = {"times": times, "differ": differ}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
