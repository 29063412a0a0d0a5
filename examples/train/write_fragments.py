"""Writes more text for the teacher to judge: pieces and mixtures of the training rows, with the head's opinion of each.

usage: write_fragments.py DATA_DIR HEAD TARGET

TARGET (.npz) gets `texts` and `logits` [fragments, 3]. Of every training row of at least MINIMUM words come two runs of
its words, and one text made of its beginning and another row's end. No held-out or tuning row is used.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from bert import Bert, equal_length_batches, load_tokenizer
from onnx import numpy_helper
from reviews import load_reviews

SEED = 20240602
MINIMUM = 6


def fragments(texts: list[str]) -> list[str]:
    random = np.random.default_rng(SEED)
    worded = [words for words in map(str.split, texts) if len(words) >= MINIMUM]
    result = []
    for words in worded:
        for share in random.uniform(0.35, 0.8, size=2):
            length = max(3, round(share * len(words)))
            begin = random.integers(0, len(words) - length + 1)
            result.append(" ".join(words[begin : begin + length]))
        other = worded[random.integers(len(worded))]
        result.append(" ".join(words[: len(words) // 2] + other[len(other) // 2 :]))
    return result


def embed(folder: Path, texts: list[str]) -> np.ndarray:
    """Normalized mean of the token states, [texts, hidden]."""
    bert = Bert(folder)
    rows = [encoding.ids for encoding in load_tokenizer(folder / "tokenizer.json", 256).encode_batch(texts)]
    result = np.empty((len(rows), bert.config["hidden_size"]), dtype=np.float32)
    for numbers, ids in equal_length_batches(rows):
        pooled = bert.states(ids).mean(axis=1)
        result[numbers] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    return result


def main(data: Path, head: Path, target: Path) -> None:
    reviews = load_reviews(data / "reviews.csv")
    texts = fragments([reviews.texts[n] for n in np.flatnonzero(reviews.training & ~reviews.tuning)])
    w = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(head).graph.initializer}
    hidden = embed(data / "models/all-MiniLM-L6-v2", texts) @ w["hidden.weight"] + w["hidden.bias"]
    logits = np.maximum(hidden, 0) @ w["output.weight"] + w["output.bias"]
    np.savez(target, texts=np.array(texts), logits=logits.astype(np.float32))
    print(f"wrote {target}: {len(texts)} fragments")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
