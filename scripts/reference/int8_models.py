"""A text encoder quantized to 8 bits in three ways, and what onnxruntime makes of the results.

usage: int8_models.py DATA_DIR

paraphrase-MiniLM-L3-v2.onnx becomes `reference/int8/FORM.onnx`: `dynamic` (quantize_dynamic), `qdq` and `qoperator`
(quantize_static in both formats, calibrated on reviews). For five batches of padded reviews, raw little-endian:
`ids-CASE-ROWSxCOLUMNS.i64`, `mask-…`, and the sentence embeddings `fp32-CASE-ROWSx384.f32` of the model itself and
`FORM-CASE-ROWSx384.f32` of each quantized one. onnxruntime runs them with all its optimizations, as its users do.
"""

import json
import logging
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from report import provenance, sha256, write_json

OUTPUT = "461"
SHAPES = [(1, 7), (2, 16), (8, 33), (3, 64), (5, 128)]
CALIBRATION_ROWS = 64


def batch(rows: list[list[int]], length: int) -> dict[str, np.ndarray]:
    """Token ids cut or padded to one length, and their mask."""
    ids = np.zeros((len(rows), length), dtype="<i8")
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        # The last token ends the text.
        row = row if len(row) <= length else row[: length - 1] + row[-1:]
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask}


class Reviews(CalibrationDataReader):
    def __init__(self, rows: list[list[int]]):
        self.batches = iter([batch(rows[start : start + 8], 48) for start in range(0, len(rows), 8)])

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self.batches, None)


def answer(path: Path, inputs: dict[str, np.ndarray]) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run([OUTPUT], inputs)[0].astype("<f4")


def write(folder: Path, name: str, case: int, array: np.ndarray) -> None:
    suffix = "i64" if array.dtype.kind == "i" else "f32"
    array.tofile(folder / f"{name}-{case}-{'x'.join(map(str, array.shape))}.{suffix}")


def main(data: Path) -> None:
    folder = data / "reference/int8"
    target = folder / "int8.json"
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger().setLevel(logging.ERROR)
    source = data / "models/paraphrase-MiniLM-L3-v2.onnx"
    with (data / "reference/minilm-tokens.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line)["ids"] for line, _ in zip(file, range(CALIBRATION_ROWS + 100))]

    with tempfile.TemporaryDirectory() as temporary:
        prepared = Path(temporary) / "prepared.onnx"
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        quantize_dynamic(source, folder / "dynamic.onnx", weight_type=QuantType.QInt8)
        for name, form in (("qdq", QuantFormat.QDQ), ("qoperator", QuantFormat.QOperator)):
            quantize_static(
                prepared, folder / f"{name}.onnx", Reviews(rows[:CALIBRATION_ROWS]), quant_format=form,
                activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, per_channel=False)

    place = CALIBRATION_ROWS
    for case, (count, length) in enumerate(SHAPES):
        inputs = batch(rows[place : place + count], length)
        place += count
        write(folder, "ids", case, inputs["input_ids"])
        write(folder, "mask", case, inputs["attention_mask"])
        write(folder, "fp32", case, answer(source, inputs))
        for name in ("dynamic", "qdq", "qoperator"):
            write(folder, name, case, answer(folder / f"{name}.onnx", inputs))
    write_json(target, provenance(model_sha256=sha256(source), cases=len(SHAPES)))
    print(f"wrote {folder}: {len(SHAPES)} cases")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
