"""Classical pipelines as ONNX files, with the answers of the libraries that trained them.

usage: classical.py DATA_DIR [NAME…]

Trains each pipeline of lib/classical_pipelines.py on seeded data, converts it with its library's ONNX converter, and writes
`reference/classical/NAME/`: model.onnx, rows.csv (rows that the model has not seen), expected.csv (the library's own label
and scores of each row, in full precision), call.txt (how `infer` calls it). A folder that is there already is left alone.
"""

import csv
import sys
import warnings
from pathlib import Path

import numpy as np
from classical_pipelines import PIPELINES, Pipeline

warnings.filterwarnings("ignore")


def text(value) -> str:
    """A number so that it reads back as the same one; strings as they are."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return "" if np.isnan(value) else repr(float(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return "" if value is None else str(value)


def write_table(path: Path, names: list[str], columns: list) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([text(value) for value in row] for row in zip(*columns))


def write(pipeline: Pipeline, folder: Path) -> None:
    made = pipeline.make()
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "rows.csv", made.names, made.columns)
    scores = np.asarray(made.scores, dtype=np.float64)
    scores = scores.reshape(len(scores), -1)
    names = [f"s{index}" for index in range(scores.shape[1])]
    columns = list(scores.T)
    if made.labels is not None:
        names.insert(0, "label")
        columns.insert(0, list(made.labels))
    write_table(folder / "expected.csv", names, columns)
    (folder / "call.txt").write_text(made.call + "\n")
    # Last, so that a folder with a model is complete.
    (folder / "model.onnx").write_bytes(made.model.SerializeToString())


def main() -> None:
    root = Path(sys.argv[1]) / "reference" / "classical"
    wanted = sys.argv[2:]
    for pipeline in PIPELINES:
        folder = root / pipeline.name
        if (folder / "model.onnx").exists() or (wanted and pipeline.name not in wanted):
            continue
        write(pipeline, folder)
        print(f"classical: {pipeline.name}")


if __name__ == "__main__":
    main()
