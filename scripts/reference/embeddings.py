"""Reference embeddings of reviews, as raw little-endian float32 [rows, 384] in file order.

usage: embeddings.py DATA_DIR [ROWS]

Without ROWS, all reviews; with it, the first ROWS. Numbers that are there for at least as many rows are left alone.

`reference/minilm-l6.f32`: the all-MiniLM-L6-v2 folder by the numpy encoder of lib/bert.py, mean pooling, normalized.
`reference/minilm-l3.f32`: paraphrase-MiniLM-L3-v2.onnx by onnxruntime, its output `461` (mean pooling, not normalized).
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from bert import Bert, equal_length_batches, load_tokenizer
from report import provenance, sha256, write_json

L3_POSITIONS = 512
"""Length of the position table inside the ONNX file."""


def minilm_l6(folder: Path, rows: list[list[int]]) -> np.ndarray:
    bert = Bert(folder)
    result = np.empty((len(rows), bert.config["hidden_size"]), dtype="<f4")
    for numbers, ids in equal_length_batches(rows):
        pooled = bert.states(ids).mean(axis=1)
        result[numbers] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    return result


def minilm_l3(path: Path, rows: list[list[int]]) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    result = np.empty((len(rows), 384), dtype="<f4")
    for numbers, ids in equal_length_batches(rows):
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        result[numbers] = session.run(["461"], inputs)[0]
    return result


def write(target: Path, embeddings: np.ndarray, **facts: object) -> None:
    """Writes the numbers whole or not at all, the description last: its presence says that both are complete."""
    partial = target.with_suffix(".partial")
    embeddings.tofile(partial)
    partial.rename(target)
    write_json(target.with_suffix(".json"), provenance(rows=len(embeddings), columns=embeddings.shape[1], **facts))
    print(f"wrote {target}: {embeddings.shape[0]} × {embeddings.shape[1]}")


def main(data: Path, limit: int | None) -> None:
    reference = data / "reference"
    reference.mkdir(exist_ok=True)
    reviews = data / "reviews.csv"
    with reviews.open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)][:limit]

    folder = data / "models/all-MiniLM-L6-v2"
    vocabulary = folder / "tokenizer.json"
    max_tokens = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    onnx = data / "models/paraphrase-MiniLM-L3-v2.onnx"
    jobs = (
        ("minilm-l6", minilm_l6, folder, folder / "model.safetensors", max_tokens),
        ("minilm-l3", minilm_l3, onnx, onnx, L3_POSITIONS),
    )
    for name, embed, model, weights, longest in jobs:
        target = reference / f"{name}.f32"
        facts = target.with_suffix(".json")
        if facts.exists() and json.loads(facts.read_text())["rows"] >= len(texts):
            continue
        facts.unlink(missing_ok=True)
        encodings = load_tokenizer(vocabulary, longest).encode_batch(texts)
        rows = [encoding.ids for encoding in encodings]
        write(
            target,
            embed(model, rows),
            max_tokens=longest,
            tokens=sum(map(len, rows)),
            longest=max(map(len, rows)),
            truncated=sum(1 for encoding in encodings if encoding.overflowing),
            reviews_sha256=sha256(reviews),
            weights_sha256=sha256(weights),
            tokenizer_sha256=sha256(vocabulary),
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
