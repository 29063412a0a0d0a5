"""A decoder of the Llama kind in numpy, written from the model's definition and from nothing of Martlet.

Weights come dequantized to float32 from a GGUF file, by the gguf package. One sequence at a time: there is neither padding nor
masking but the causal one to get wrong.
"""

from pathlib import Path

import numpy as np
from gguf import GGUFReader, dequantize
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers


class Llama:
    def __init__(self, path: Path):
        reader = GGUFReader(path)
        self.fields = {name: field for name, field in reader.fields.items()}
        self.weights = {t.name: dequantize(t.data, t.tensor_type).astype(np.float32) for t in reader.tensors}
        self.layers = self.number("block_count")
        self.heads = self.number("attention.head_count")
        self.kv_heads = self.number("attention.head_count_kv")
        self.epsilon = np.float32(self.number("attention.layer_norm_rms_epsilon"))
        self.base = self.number("rope.freq_base")

    def number(self, key: str) -> float:
        return self.fields[f"llama.{key}"].contents()

    def states(self, ids: list[int]) -> np.ndarray:
        """States [tokens, hidden] after the last norm."""
        w = self.weights
        x = w["token_embd.weight"][ids]
        for layer in range(self.layers):
            x = x + self._attention(self._norm(x, f"blk.{layer}.attn_norm"), f"blk.{layer}")
            y = self._norm(x, f"blk.{layer}.ffn_norm")
            gate = y @ w[f"blk.{layer}.ffn_gate.weight"].T
            up = y @ w[f"blk.{layer}.ffn_up.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * up) @ w[f"blk.{layer}.ffn_down.weight"].T
        return self._norm(x, "output_norm")

    def logits(self, states: np.ndarray) -> np.ndarray:
        head = self.weights.get("output.weight", self.weights["token_embd.weight"])
        return states @ head.T

    def likelihood(self, states: np.ndarray, ids: list[int]) -> float:
        """Sum of the log probabilities of all tokens but the first, each given those before it."""
        logits = self.logits(states[:-1]).astype(np.float64)
        top = logits.max(axis=-1, keepdims=True)
        logs = logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
        return float(logs[np.arange(len(ids) - 1), ids[1:]].sum())

    def _attention(self, x: np.ndarray, name: str) -> np.ndarray:
        tokens, hidden = x.shape

        def split(part: str, heads: int) -> np.ndarray:
            projected = x @ self.weights[f"{name}.attn_{part}.weight"].T
            return projected.reshape(tokens, heads, -1).transpose(1, 0, 2)

        query, key, value = split("q", self.heads), split("k", self.kv_heads), split("v", self.kv_heads)
        query, key = self._rotate(query), self._rotate(key)
        group = self.heads // self.kv_heads
        key, value = key.repeat(group, axis=0), value.repeat(group, axis=0)
        scores = query @ key.transpose(0, 2, 1) / np.float32(query.shape[-1] ** 0.5)
        scores = np.where(np.tri(tokens, dtype=bool), scores, np.float32(-np.inf))
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (e / e.sum(axis=-1, keepdims=True)) @ value
        return mixed.transpose(1, 0, 2).reshape(tokens, -1) @ self.weights[f"{name}.attn_output.weight"].T

    def _rotate(self, x: np.ndarray) -> np.ndarray:
        """Pairs of neighbours turned by position · base^(-2i/d): the order of rows that GGUF gives q and k of this family."""
        _, tokens, width = x.shape
        angles = np.arange(tokens)[:, None] * self.base ** (-np.arange(0, width, 2) / width)
        cosines, sines = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        turned = np.empty_like(x)
        turned[..., 0::2] = x[..., 0::2] * cosines - x[..., 1::2] * sines
        turned[..., 1::2] = x[..., 1::2] * cosines + x[..., 0::2] * sines
        return turned

    def _norm(self, x: np.ndarray, name: str) -> np.ndarray:
        mean = (x * x).mean(axis=-1, keepdims=True)
        return x / np.sqrt(mean + self.epsilon) * self.weights[f"{name}.weight"]

    def tokenizer(self) -> Tokenizer:
        """The byte-level BPE of the metadata, cut as SmolLM's tokenizer.json does: each digit by itself, then GPT-2's words."""
        assert self.fields["tokenizer.ggml.pre"].contents() == "smollm"
        tokens = self.fields["tokenizer.ggml.tokens"].contents()
        kinds = self.fields["tokenizer.ggml.token_type"].contents()
        merges = [tuple(merge.split(" ")) for merge in self.fields["tokenizer.ggml.merges"].contents()]
        tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
        tokenizer.decoder = decoders.ByteLevel()
        special = [token for token, kind in zip(tokens, kinds) if kind == 3]
        tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in special])
        return tokenizer
