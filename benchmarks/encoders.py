"""The encoders that are compared: their files, what they put out, and the arithmetic they need."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MAX_TOKENS = 256
"""Longer texts are cut to this on both sides."""


@dataclass(frozen=True)
class Encoder:
    title: str
    graphs: dict[str, str]
    """The peer's models below the data directory: `plain`, as exported; `fused`, with the fusions of onnxruntime.transformers; both
    with `int8` products."""
    output: str
    pooled: bool
    """Whether the output is the text's vector already; else the peer takes the mean and normalizes it, as users do."""
    layers: int
    weights: str
    """The file whose size is the weights' on our side."""
    hidden: int = 384
    inner: int = 1536

    def flop(self, lengths: Iterable[int]) -> int:
        """Multiplications and additions of all matrix products for sequences of these lengths, nothing padded."""
        h, i = self.hidden, self.inner
        return sum(self.layers * (2 * n * (4 * h * h + 2 * h * i) + 4 * n * n * h) for n in lengths)


ENCODERS = {
    "l6": Encoder(
        title="all-MiniLM-L6-v2",
        graphs={
            "plain": "benchmarks/minilm-l6.onnx",
            "fused": "benchmarks/minilm-l6.fused.onnx",
            "int8": "benchmarks/minilm-l6.int8.onnx",
            "fused int8": "benchmarks/minilm-l6.fused.int8.onnx",
        },
        output="last_hidden_state",
        pooled=False,
        layers=6,
        weights="models/all-MiniLM-L6-v2/model.safetensors",
    ),
    "l3": Encoder(
        title="paraphrase-MiniLM-L3-v2.onnx",
        graphs={
            "plain": "models/paraphrase-MiniLM-L3-v2.onnx",
            "fused": "benchmarks/minilm-l3.fused.onnx",
            "int8": "benchmarks/minilm-l3.int8.onnx",
            "fused int8": "benchmarks/minilm-l3.fused.int8.onnx",
        },
        output="461",
        pooled=True,
        layers=3,
        weights="models/paraphrase-MiniLM-L3-v2.onnx",
    ),
}

VOCABULARY = Path("models/all-MiniLM-L6-v2/tokenizer.json")
