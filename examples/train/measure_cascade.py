"""Measures the tone model, the head and cascades of both, and prints the tables of docs/example-models.md.

usage: measure_cascade.py DATA_DIR MODELS SAMPLE

The cascade answers a row with the tone model when its confidence reaches the threshold, else with MiniLM and the head.
All is computed by the references: numpy encoders and the ONNX head's weights, on the files as they are stored.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import onnx
from bert import Bert, equal_length_batches, load_tokenizer
from measure import accuracy, calibration_error, log_loss, softmax
from onnx import numpy_helper
from reviews import LABELS, load_reviews

THRESHOLDS = (0.6, 0.75, 0.9)
SOURCES = ("film", "tweet", "news", "product")


def tone_logits(folder: Path, texts: list[str]) -> np.ndarray:
    bert = Bert(folder)
    tokenizer = load_tokenizer(folder / "tokenizer.json", bert.config["max_position_embeddings"])
    result = np.empty((len(texts), len(LABELS)), dtype=np.float32)
    for numbers, ids in equal_length_batches([encoding.ids for encoding in tokenizer.encode_batch(texts)]):
        result[numbers] = bert.logits(ids)
    return result


def head_logits(path: Path, embeddings: np.ndarray) -> np.ndarray:
    w = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
    hidden = np.maximum(embeddings @ w["hidden.weight"] + w["hidden.bias"], 0)
    return hidden @ w["output.weight"] + w["output.bias"]


def table(header: list[str], rows: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])


def main(data: Path, models: Path, sample: Path) -> None:
    reviews = load_reviews(data / "reviews.csv")
    embeddings = np.fromfile(data / "reference/minilm-l6.f32", "<f4").reshape(len(reviews.texts), -1)
    chosen = np.flatnonzero(reviews.held_out)
    labels = reviews.labels[chosen]
    tone = tone_logits(models / "tone", [reviews.texts[n] for n in chosen])
    head = head_logits(models / "tone-head.onnx", embeddings[chosen])
    confidence = softmax(tone).max(axis=1)

    def row(name: str, logits: np.ndarray, small: int, large: int) -> list[str]:
        return [name, f"{accuracy(logits, labels):.2%}", f"{log_loss(logits, labels):.3f}",
                f"{calibration_error(logits, labels):.3f}", f"{small:,}", f"{large:,}"]

    total = len(chosen)
    rows = [row("tone", tone, total, 0), row("MiniLM-L6 + head", head, 0, total)]
    for threshold in THRESHOLDS:
        sure = confidence >= threshold
        answers = np.where(sure[:, None], tone, head)
        rows.append(row(f"cascade, tone until {threshold}", answers, total, int((~sure).sum())))
    print(f"{total:,} held-out rows of {len(reviews.texts):,}; of each class "
          + ", ".join(f"{(labels == n).sum():,} {label}" for n, label in enumerate(LABELS)) + "\n")
    print(table(["", "accuracy", "log loss", "calibration error", "rows tone ran", "rows MiniLM ran"], rows))

    with sample.open(newline="", encoding="utf-8") as file:
        written = [line for line in csv.DictReader(file) if line["text"]]
    logits = tone_logits(models / "tone", [line["text"] for line in written])
    truth = np.array([LABELS.index(line["label"]) for line in written])
    sources = np.array([line["source"] for line in written])
    parts = [[f"{name}", f"{(sources == name).sum()}", f"{accuracy(logits[sources == name], truth[sources == name]):.2%}"]
             for name in SOURCES]
    print(f"\nsample:\n\n{table(['', 'rows', 'accuracy'], [*parts, ['all', str(len(truth)), f'{accuracy(logits, truth):.2%}']])}")
    sure = softmax(logits).max(axis=1)
    for threshold in THRESHOLDS:
        kept = sure >= threshold
        if not kept.any():
            continue
        print(f"at least {threshold}: {kept.sum()} rows, of which right {accuracy(logits[kept], truth[kept]):.2%}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
