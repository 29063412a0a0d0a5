"""Reference answers of the PP-OCR models: seeded pictures of several shapes and what onnxruntime makes of them.

usage: ppocr.py DATA_DIR

`reference/ppocr/MODEL-CASE-in-SHAPE.f32` and `…-out-SHAPE.f32`, raw little-endian. The pictures are soft noise with dark
bars and strokes, scaled as the models want them; each model sees at least five shapes or batch sizes.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from report import provenance, sha256, write_json

SHAPES = {
    "det": [(1, 3, 640, 640), (1, 3, 960, 544), (1, 3, 320, 480), (2, 3, 224, 352), (1, 3, 736, 96)],
    "rec": [(1, 3, 48, 320), (6, 3, 48, 320), (3, 3, 48, 160), (1, 3, 48, 900), (2, 3, 48, 64)],
    "cls": [(1, 3, 48, 192), (6, 3, 48, 192), (4, 3, 32, 100), (1, 3, 48, 320), (11, 3, 48, 192)],
}


def picture(random: np.random.Generator, shape: tuple) -> np.ndarray:
    batch, channels, height, width = shape
    image = random.random((batch, channels, (height + 7) // 8, (width + 7) // 8), dtype=np.float32)
    image = 0.6 + 0.4 * image.repeat(8, axis=2).repeat(8, axis=3)[:, :, :height, :width]
    for plane in image:
        for _ in range(max(4, height * width // 4096)):
            top, left = random.integers(0, height), random.integers(0, width)
            tall, wide = random.integers(1, 12), random.integers(1, 60)
            plane[:, top : top + tall, left : left + wide] *= 0.2 * random.random(dtype=np.float32)
    return ((image - 0.5) / 0.5).astype("<f4")


def name(model: str, case: int, side: str, array: np.ndarray) -> str:
    return f"{model}-{case}-{side}-{'x'.join(map(str, array.shape))}.f32"


def main(data: Path) -> None:
    target = data / "reference/ppocr/ppocr.json"
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20240601)
    hashes = {}
    for model, shapes in SHAPES.items():
        path = data / f"models/ppocr/{model}.onnx"
        hashes[f"{model}_sha256"] = sha256(path)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        for case, shape in enumerate(shapes):
            image = picture(random, shape)
            result = session.run(None, {session.get_inputs()[0].name: image})[0].astype("<f4")
            image.tofile(target.with_name(name(model, case, "in", image)))
            result.tofile(target.with_name(name(model, case, "out", result)))
    write_json(target, provenance(**hashes))
    print(f"wrote {target.parent}: {sum(map(len, SHAPES.values()))} cases")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
