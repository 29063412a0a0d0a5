"""Tiny random decoders with the numbers that they give, and one tensor of every GGUF type, as fixtures that are committed.

usage: decoder_fixtures.py TARGET

TARGET/<family>-decoder/: a Hugging Face folder and expected.json with token ids of a few sequences and for each the state and the
logits after its last token and its log-likelihood, in float64 from the architecture's definition. TARGET/llama.gguf: the
weights of llama-decoder, rows of q and k reordered as GGUF has them. TARGET/formats.gguf: random bytes as a
matrix [3, 256] of each type; formats.f32: what the gguf package dequantizes them to, in the order of the file.
"""

import json
import sys
from pathlib import Path

import gguf
import ml_dtypes
import numpy as np
from safetensors.numpy import save_file
from tiny import SEQUENCES, Weights, gelu_new

HIDDEN, LAYERS, HEADS, KV_HEADS, DIM, INNER, WORDS, POSITIONS = 32, 2, 4, 2, 8, 48, 40, 64
EPSILON, BASE = 1e-5, 10000.0

FAMILIES = {
    "llama": dict(rope_scaling={"rope_type": "linear", "factor": 2.0}, tie_word_embeddings=False),
    "mistral": dict(sliding_window=4, tie_word_embeddings=False, rope_theta=500.0),
    "qwen2": dict(tie_word_embeddings=True, use_sliding_window=False, sliding_window=2),
    "qwen3": dict(tie_word_embeddings=True, head_dim=16, rope_scaling={
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64}),
    "gemma": dict(head_dim=8, hidden_act="gelu_pytorch_tanh"),
}
CLASSES = {"llama": "Llama", "mistral": "Mistral", "qwen2": "Qwen2", "qwen3": "Qwen3", "gemma": "Gemma"}


def frequencies(config: dict, dim: int) -> np.ndarray:
    result = config.get("rope_theta", BASE) ** (-np.arange(0, dim, 2) / dim)
    scaling = config.get("rope_scaling", {})
    if scaling.get("rope_type") == "linear":
        return result / scaling["factor"]
    if scaling.get("rope_type") == "llama3":
        context, low, high = (scaling[k] for k in ("original_max_position_embeddings", "low_freq_factor", "high_freq_factor"))
        waves = 2 * np.pi / result
        smooth = np.clip((context / waves - low) / (high - low), 0, 1)
        return (1 - smooth) * result / scaling["factor"] + smooth * result
    return result


def states(w: Weights, family: str, ids: list[int]) -> np.ndarray:
    config = FAMILIES[family]
    n, dim = len(ids), config.get("head_dim", DIM)
    offset = 1.0 if family == "gemma" else 0.0

    def norm(x, name):
        gamma = w(f"{name}.weight", x.shape[-1], around=0.0 if offset else 1.0)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * (gamma + offset)

    def linear(x, name, outputs, bias=False):
        y = x @ w(f"{name}.weight", outputs, x.shape[-1]).T
        return y + w(f"{name}.bias", outputs) if bias else y

    angles = np.outer(np.arange(n), frequencies(config, dim))

    def rotate(x):
        first, second = x[..., : dim // 2], x[..., dim // 2 :]
        return np.concatenate(
            [first * np.cos(angles) - second * np.sin(angles), second * np.cos(angles) + first * np.sin(angles)], -1)

    distance = np.arange(n)[:, None] - np.arange(n)[None, :]
    seen = (distance >= 0) & (distance < config.get("sliding_window", n + 1) if family == "mistral" else True)
    x = w("model.embed_tokens.weight", WORDS, HIDDEN)[ids]
    if family == "gemma":
        x = x * HIDDEN**0.5
    for layer in range(LAYERS):
        name = f"model.layers.{layer}"
        y = norm(x, f"{name}.input_layernorm")

        def heads(part, count):
            projected = linear(y, f"{name}.self_attn.{part}_proj", count * dim, bias=family == "qwen2")
            split = projected.reshape(n, count, dim)
            if family == "qwen3" and part != "v":
                split = norm(split, f"{name}.self_attn.{part}_norm")
            return split.transpose(1, 0, 2)

        q, k, v = rotate(heads("q", HEADS)), rotate(heads("k", KV_HEADS)), heads("v", KV_HEADS)
        k, v = k.repeat(HEADS // KV_HEADS, 0), v.repeat(HEADS // KV_HEADS, 0)
        scores = np.where(seen, q @ k.transpose(0, 2, 1) / dim**0.5, -np.inf)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(n, -1)
        x = x + linear(mixed, f"{name}.self_attn.o_proj", HIDDEN)
        y = norm(x, f"{name}.post_attention_layernorm")
        gate = linear(y, f"{name}.mlp.gate_proj", INNER)
        act = gelu_new(gate) if family == "gemma" else gate / (1 + np.exp(-gate))
        x = x + linear(act * linear(y, f"{name}.mlp.up_proj", INNER), f"{name}.mlp.down_proj", HIDDEN)
    return norm(x, "model.norm")


def head(w: Weights, family: str) -> np.ndarray:
    tied = FAMILIES[family].get("tie_word_embeddings", True)
    return w("model.embed_tokens.weight" if tied else "lm_head.weight", WORDS, HIDDEN)


def likelihood(logits: np.ndarray, ids: list[int]) -> float:
    logits = logits[:-1]
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    return float(logs[np.arange(len(ids) - 1), ids[1:]].sum())


def write_folder(target: Path, family: str, w: Weights) -> None:
    folder = target / f"{family}-decoder"
    folder.mkdir(parents=True, exist_ok=True)
    found = [states(w, family, ids) for ids in SEQUENCES]
    logits = [x @ head(w, family).T for x in found]
    save_file(w.stored, folder / "model.safetensors")
    settings = dict(
        model_type=family, architectures=[f"{CLASSES[family]}ForCausalLM"], hidden_size=HIDDEN, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KV_HEADS, intermediate_size=INNER, vocab_size=WORDS,
        max_position_embeddings=POSITIONS, rms_norm_eps=EPSILON, hidden_act="silu") | FAMILIES[family]
    (folder / "config.json").write_text(json.dumps(settings, indent=1) + "\n")
    digits = lambda row: [float(f"{v:.8g}") for v in row]  # noqa: E731
    expected = {
        "ids": SEQUENCES, "states": [digits(x[-1]) for x in found], "logits": [digits(x[-1]) for x in logits],
        "likelihoods": digits(likelihood(x, ids) for x, ids in zip(logits, SEQUENCES))}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def write_gguf(path: Path, w: Weights) -> None:
    """The llama folder as convert_hf_to_gguf writes it, with a vocabulary of letters."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_rope_freq_base(BASE)
    writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
    writer.add_rope_scaling_factor(2.0)
    tokens = ["<unk>", "<s>", "</s>"] + [chr(ord("a") + i) for i in range(26)] + ["▁", "ab", "▁a", "▁ab", "abc", "cd"]
    tokens += [f"<0x{i:02X}>" for i in range(WORDS - len(tokens))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(i) for i in range(WORDS)])
    writer.add_token_types([2, 3, 3] + [1] * 32 + [6] * (WORDS - 35))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    parts = {
        "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    }
    for name, value in w.stored.items():
        name = name.removeprefix("model.").removesuffix(".weight")
        if name.startswith("layers."):
            _, layer, part = name.split(".", 2)
            heads = {"self_attn.q_proj": HEADS, "self_attn.k_proj": KV_HEADS}.get(part)
            if heads:
                halves = value.reshape(heads, 2, -1, value.shape[-1])
                value = halves.swapaxes(1, 2).reshape(value.shape)
            name = f"blk.{layer}.{parts[part]}"
        name = {"embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output"}.get(name, name)
        writer.add_tensor(f"{name}.weight", np.ascontiguousarray(value.astype(np.float32)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


TYPES = ("F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS")
HALVES = {"Q4_0": (0,), "Q4_1": (0, 2), "Q5_0": (0,), "Q5_1": (0, 2), "Q8_0": (0,), "Q2_K": (80, 82), "Q3_K": (108,),
          "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,), "IQ4_NL": (0,), "IQ4_XS": (0,)}
"""Places in a block of its scales of 16 bits, which random bytes would make infinite."""


def write_formats(target: Path) -> None:
    random = np.random.default_rng(7)
    writer = gguf.GGUFWriter(target / "formats.gguf", "llama")
    expected = []
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        if name in ("F32", "F16"):
            data = random.normal(size=(3, 256)).astype(np.float32 if name == "F32" else np.float16)
        elif name == "BF16":
            data = random.normal(size=(3, 256)).astype(ml_dtypes.bfloat16).view(np.uint8).reshape(3, 512)
        else:
            blocks = random.integers(0, 256, (3, 256 // elements, size), dtype=np.uint8)
            for place in HALVES[name]:
                scales = random.normal(0, 0.1, blocks.shape[:2]).astype(np.float16)
                blocks[:, :, place : place + 2] = scales[..., None].view(np.uint8)
            data = blocks.reshape(3, -1)
        writer.add_tensor(name, data, raw_dtype=kind if data.dtype == np.uint8 else None)
        expected.append(gguf.dequantize(data, kind).astype("<f4"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    np.stack(expected).tofile(target / "formats.f32")


def main(target: Path) -> None:
    types = {"llama": np.float32, "mistral": np.float16, "qwen2": ml_dtypes.bfloat16, "qwen3": np.float32, "gemma": np.float16}
    for seed, family in enumerate(FAMILIES):
        w = Weights(200 + seed, types[family])
        write_folder(target, family, w)
        if family == "llama":
            write_gguf(target / "llama.gguf", w)
    write_formats(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
