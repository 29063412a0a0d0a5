"""Reference answers of magika/model.onnx: seeded inputs and what onnxruntime makes of them.

usage: magika.py DATA_DIR

`reference/magika-bytes.i32` [12, 2048] and `reference/magika-labels.f32` [12, 214], raw little-endian. The rows are
texts of the reviews, random bytes and edges of the byte range, padded at the end with the model's padding token 256.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from report import provenance, sha256, write_json

WIDTH = 2048
PADDING = 256


def rows(data: Path) -> np.ndarray:
    text = np.frombuffer((data / "reviews.csv").read_bytes()[: 8 * WIDTH], dtype=np.uint8).astype("<i4")
    random = np.random.default_rng(20240601)
    made = [text[:WIDTH], text[WIDTH : 2 * WIDTH], text[3 * WIDTH : 4 * WIDTH]]
    made += [random.integers(0, 256, WIDTH) for _ in range(3)]
    made += [np.zeros(WIDTH), np.full(WIDTH, 255), np.full(WIDTH, PADDING)]
    for length in (1, 8, 700):
        made.append(np.concatenate([text[:length], np.full(WIDTH - length, PADDING)]))
    return np.stack(made).astype("<i4")


def main(data: Path) -> None:
    target = data / "reference/magika.json"
    if target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    path = data / "models/magika/model.onnx"
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = rows(data)
    outputs = session.run(["target_label"], {"bytes": inputs})[0].astype("<f4")
    inputs.tofile(target.with_name("magika-bytes.i32"))
    outputs.tofile(target.with_name("magika-labels.f32"))
    facts = provenance(inputs=list(inputs.shape), outputs=list(outputs.shape), weights_sha256=sha256(path))
    write_json(target, facts)
    print(f"wrote {target}: {inputs.shape[0]} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
