"""Reference answers of magika/model.onnx: seeded inputs and what onnxruntime makes of them.

usage: magika.py DATA_DIR

`reference/magika-bytes.i32` [12, 2048], `reference/magika-labels-<n>.f32` [n, 214] for batches of the first n rows, and
`reference/magika-exact.f32` [12, 214] of the same model evaluated in float64; all raw little-endian. The rows are texts of
the reviews, random bytes and edges of the byte range, padded at the end with the model's padding token 256.

The model's layer norm takes E[x²] - E[x]², so rows that are almost all padding lose most digits in float32:
onnxruntime's own answers for them change by 0.05 with the size of the batch. There the exact ones are to be met.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from report import provenance, sha256, write_json

WIDTH = 2048
PADDING = 256
BATCHES = (1, 2, 3, 5, 12)


def rows(data: Path) -> np.ndarray:
    text = np.frombuffer((data / "reviews.csv").read_bytes()[: 8 * WIDTH], dtype=np.uint8).astype("<i4")
    random = np.random.default_rng(20240601)
    made = [text[:WIDTH], text[WIDTH : 2 * WIDTH], text[3 * WIDTH : 4 * WIDTH]]
    made += [random.integers(0, 256, WIDTH) for _ in range(3)]
    made += [np.zeros(WIDTH), np.full(WIDTH, 255), np.full(WIDTH, PADDING)]
    for length in (1, 8, 700):
        made.append(np.concatenate([text[:length], np.full(WIDTH - length, PADDING)]))
    return np.stack(made).astype("<i4")


def in_float64(path: Path) -> ReferenceEvaluator:
    model = onnx.load(path)

    def widened(tensor: TensorProto) -> None:
        if tensor.data_type == TensorProto.FLOAT:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float64), tensor.name))

    for tensor in model.graph.initializer:
        widened(tensor)
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                widened(attribute.t)
            if node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT:
                attribute.i = TensorProto.DOUBLE
        # The evaluator pools over two axes only.
        if node.op_type == "GlobalMaxPool":
            node.op_type = "ReduceMax"
            node.attribute.extend([helper.make_attribute("axes", [2]), helper.make_attribute("keepdims", 1)])
    for value in (*model.graph.input, *model.graph.output, *model.graph.value_info):
        if value.type.tensor_type.elem_type == TensorProto.FLOAT:
            value.type.tensor_type.elem_type = TensorProto.DOUBLE
    return ReferenceEvaluator(model)


def main(data: Path) -> None:
    target = data / "reference/magika.json"
    if target.with_name("magika-exact.f32").exists():
        return
    target.parent.mkdir(exist_ok=True)
    path = data / "models/magika/model.onnx"
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = rows(data)
    inputs.tofile(target.with_name("magika-bytes.i32"))
    for count in BATCHES:
        outputs = session.run(["target_label"], {"bytes": inputs[:count]})[0].astype("<f4")
        outputs.tofile(target.with_name(f"magika-labels-{count}.f32"))
    exact = in_float64(path)
    answers = [exact.run(None, {"bytes": inputs[row : row + 1]})[0] for row in range(len(inputs))]
    np.concatenate(answers).astype("<f4").tofile(target.with_name("magika-exact.f32"))
    facts = provenance(inputs=list(inputs.shape), batches=BATCHES, weights_sha256=sha256(path))
    write_json(target, facts)
    print(f"wrote {target}: {inputs.shape[0]} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
