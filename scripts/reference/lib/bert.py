"""A BERT encoder in numpy, written from the model's definition and from nothing of Martlet.

It is the reference that embeddings and logits are compared with: float32 throughout, sequences of equal
length only, so that there is neither padding nor masking to get wrong.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer


def equal_length_batches(rows: list[list[int]], tokens: int = 4096) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields (row numbers, int64 ids [rows, length]) of rows of one length each, at most `tokens` per batch."""
    by_length: dict[int, list[int]] = {}
    for number, ids in enumerate(rows):
        by_length.setdefault(len(ids), []).append(number)
    for length, numbers in sorted(by_length.items()):
        step = max(1, tokens // max(1, length))
        for start in range(0, len(numbers), step):
            chunk = numbers[start : start + step]
            yield np.array(chunk), np.array([rows[n] for n in chunk], dtype=np.int64)


def load_tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    """The tokenizer of a `tokenizer.json`, truncating at `max_tokens` pieces (special ones included), never padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


class Bert:
    """A BERT folder: `config.json`, `model.safetensors`, with or without the prefix `bert.` in its tensor names."""

    def __init__(self, folder: Path):
        self.config = json.loads((folder / "config.json").read_text())
        tensors = load_file(folder / "model.safetensors")
        self.weights = {name.removeprefix("bert."): tensor.astype(np.float32) for name, tensor in tensors.items()}

    def states(self, ids: np.ndarray) -> np.ndarray:
        """Token states [rows, length, hidden] of ids [rows, length], all of token type 0."""
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(self.config["num_hidden_layers"]):
            name = f"encoder.layer.{layer}"
            x = self._norm(x + self._attention(x, name), f"{name}.attention.output.LayerNorm")
            inner = _gelu(self._linear(x, f"{name}.intermediate.dense"))
            x = self._norm(x + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return x

    def logits(self, ids: np.ndarray) -> np.ndarray:
        """Logits [rows, labels] of a sequence-classification head on the pooler's output."""
        first = self.states(ids)[:, 0]
        return self._linear(np.tanh(self._linear(first, "pooler.dense")), "classifier")

    def _attention(self, x: np.ndarray, name: str) -> np.ndarray:
        rows, length, hidden = x.shape
        heads = self.config["num_attention_heads"]
        size = hidden // heads

        def split(part: str) -> np.ndarray:
            projected = self._linear(x, f"{name}.attention.self.{part}")
            return projected.reshape(rows, length, heads, size).transpose(0, 2, 1, 3)

        query, key, value = split("query"), split("key"), split("value")
        weights = _softmax(query @ key.transpose(0, 1, 3, 2) / np.float32(size**0.5))
        mixed = (weights @ value).transpose(0, 2, 1, 3).reshape(rows, length, hidden)
        return self._linear(mixed, f"{name}.attention.output.dense")

    def _linear(self, x: np.ndarray, name: str) -> np.ndarray:
        flat = x.reshape(-1, x.shape[-1]) @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def _norm(self, x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(variance + np.float32(self.config["layer_norm_eps"]))
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _gelu(x: np.ndarray) -> np.ndarray:
    return x * np.float32(0.5) * (1 + erf(x / np.float32(2**0.5)))


def _softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
