"""Tiny random models of every architecture with the numbers that they give, as fixtures that are committed.

usage: model_fixtures.py TARGET [DATA_DIR]

TARGET/<family>-<kind>/ holds config.json, model.safetensors and expected.json: token ids of a few sequences and, for each,
the embedding or the logits, computed in float64 from the architecture's definition. With DATA_DIR also
TARGET/review-ids.json: token ids of some reviews, whose embeddings are in DATA_DIR/reference.
"""

import csv
import json
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
from bert import load_tokenizer
from report import provenance, write_json
from safetensors.numpy import save_file
from tiny import SEQUENCES, Weights, gelu, gelu_new, relu

HIDDEN, LAYERS, HEADS, INNER, WORDS, POSITIONS, CLASSES = 16, 2, 2, 24, 40, 24, 3

BERT_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "o": "attention.output.dense", "norm1": "attention.output.LayerNorm", "inner": "intermediate.dense",
    "outer": "output.dense", "norm2": "output.LayerNorm",
}
FAMILIES = {
    "bert": dict(prefix="bert.", layer="encoder.layer", names=BERT_LAYER, types=2, eps=1e-12, first=0, act=gelu),
    "roberta": dict(prefix="roberta.", layer="encoder.layer", names=BERT_LAYER, types=1, eps=1e-5, first=2, act=gelu),
    "electra": dict(prefix="electra.", layer="encoder.layer", names=BERT_LAYER, types=2, eps=1e-12, first=0, act=gelu_new),
    "distilbert": dict(
        prefix="distilbert.", layer="transformer.layer", types=0, eps=1e-12, first=0, act=relu,
        names={
            "q": "attention.q_lin", "k": "attention.k_lin", "v": "attention.v_lin", "o": "attention.out_lin",
            "norm1": "sa_layer_norm", "inner": "ffn.lin1", "outer": "ffn.lin2", "norm2": "output_layer_norm",
        }),
    "mpnet": dict(
        prefix="mpnet.", layer="encoder.layer", types=0, eps=1e-5, first=2, act=gelu,
        names={
            "q": "attention.attn.q", "k": "attention.attn.k", "v": "attention.attn.v", "o": "attention.attn.o",
            "norm1": "attention.LayerNorm", "inner": "intermediate.dense", "outer": "output.dense",
            "norm2": "output.LayerNorm",
        }),
}


def bucket(distance: int, buckets: int = 32, furthest: int = 128) -> int:
    """Raffel et al. 2020: key place minus query place to a bucket, both directions."""
    half = buckets // 2
    base = half if distance > 0 else 0
    distance, exact = abs(distance), half // 2
    if distance < exact:
        return base + distance
    scaled = exact + int(np.log(distance / exact) / np.log(furthest / exact) * (half - exact))
    return base + min(scaled, half - 1)


def states(w: Weights, family: dict, prefix: str, ids: list[int], embedding: int) -> np.ndarray:
    n = len(ids)
    e = f"{prefix}embeddings"
    x = w(f"{e}.word_embeddings.weight", WORDS, embedding)[ids]
    x = x + w(f"{e}.position_embeddings.weight", POSITIONS, embedding)[family["first"] : family["first"] + n]
    if family["types"]:
        x = x + w(f"{e}.token_type_embeddings.weight", family["types"], embedding)[0]
    x = w.norm(x, f"{e}.LayerNorm", family["eps"])
    if embedding != HIDDEN:
        x = w.linear(x, f"{prefix}embeddings_project", HIDDEN)
    bias = np.zeros((HEADS, n, n))
    if prefix.endswith("mpnet.") or family is FAMILIES["mpnet"]:
        table = w(f"{prefix}encoder.relative_attention_bias.weight", 32, HEADS)
        places = np.array([[bucket(k - q) for k in range(n)] for q in range(n)])
        bias = table[places].transpose(2, 0, 1)
    for layer in range(LAYERS):
        name = {k: f"{prefix}{family['layer']}.{layer}.{v}" for k, v in family["names"].items()}

        def heads(part):
            return w.linear(x, name[part], HIDDEN).reshape(n, HEADS, -1).transpose(1, 0, 2)

        q, k, v = heads("q"), heads("k"), heads("v")
        scores = q @ k.transpose(0, 2, 1) / (HIDDEN / HEADS) ** 0.5 + bias
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(n, HIDDEN)
        x = w.norm(x + w.linear(mixed, name["o"], HIDDEN), name["norm1"], family["eps"])
        inner = family["act"](w.linear(x, name["inner"], INNER))
        x = w.norm(x + w.linear(inner, name["outer"], HIDDEN), name["norm2"], family["eps"])
    return x


def logits(w: Weights, kind: str, x: np.ndarray, classes: int) -> np.ndarray:
    first = x[0]
    if kind == "bert":
        return w.linear(np.tanh(w.linear(first, "bert.pooler.dense", HIDDEN)), "classifier", classes)
    if kind == "distilbert":
        return w.linear(relu(w.linear(first, "pre_classifier", HIDDEN)), "classifier", classes)
    act = gelu if kind == "electra" else np.tanh
    return w.linear(act(w.linear(first, "classifier.dense", HIDDEN)), "classifier.out_proj", classes)


def config(kind: str, classes: int | None, architecture: str, embedding: int) -> dict:
    family = FAMILIES[kind]
    activation = {gelu: "gelu", gelu_new: "gelu_new", relu: "relu"}[family["act"]]
    if kind == "distilbert":
        result = dict(dim=HIDDEN, n_layers=LAYERS, n_heads=HEADS, hidden_dim=INNER, activation=activation)
    else:
        result = dict(
            hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER,
            hidden_act=activation, layer_norm_eps=family["eps"])
    if family["types"]:
        result["type_vocab_size"] = family["types"]
    if embedding != HIDDEN:
        result["embedding_size"] = embedding
    if family["first"]:
        result["pad_token_id"] = 1
    result |= dict(model_type=kind, vocab_size=WORDS, max_position_embeddings=POSITIONS, architectures=[architecture])
    if classes:
        result["id2label"] = {str(i): f"class {i}" for i in range(classes)}
    return result


def write(target: Path, name: str, w: Weights, settings: dict, outputs: list[np.ndarray]) -> None:
    folder = target / name
    folder.mkdir(parents=True, exist_ok=True)
    save_file(w.stored, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(settings, indent=1) + "\n")
    expected = {"ids": SEQUENCES, "outputs": [[float(f"{v:.8g}") for v in row] for row in outputs]}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def main(target: Path, data: Path | None) -> None:
    types = {"bert": np.float32, "roberta": np.float16, "electra": np.float16, "distilbert": ml_dtypes.bfloat16,
             "mpnet": np.float16}
    camel = {"bert": "Bert", "roberta": "Roberta", "electra": "Electra", "distilbert": "DistilBert", "mpnet": "MPNet"}
    for seed, (kind, family) in enumerate(FAMILIES.items()):
        embedding = 8 if kind == "electra" else HIDDEN
        w = Weights(seed, types[kind])
        encoded = [states(w, family, family["prefix"], ids, embedding) for ids in SEQUENCES]
        found = [logits(w, kind, x, CLASSES) for x in encoded]
        architecture = f"{camel[kind]}ForSequenceClassification"
        write(target, f"{kind}-classifier", w, config(kind, CLASSES, architecture, embedding), found)
        # An encoder saved by itself has no prefix.
        w = Weights(100 + seed, types[kind])
        pooled = [states(w, family, "", ids, embedding).mean(0) for ids in SEQUENCES]
        write(target, f"{kind}-encoder", w, config(kind, None, f"{camel[kind]}Model", embedding), pooled)
    if data:
        reviews(target, data)


def reviews(target: Path, data: Path) -> None:
    with (data / "reviews.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    tokenizer = load_tokenizer(data / "models/all-MiniLM-L6-v2/tokenizer.json", 256)
    rows = sorted({*range(0, len(texts), 1000), max(range(len(texts)), key=lambda row: len(texts[row]))})
    ids = [encoding.ids for encoding in tokenizer.encode_batch([texts[row] for row in rows])]
    write_json(target / "review-ids.json", provenance(rows=rows, ids=ids))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
