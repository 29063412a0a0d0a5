"""BertForSequenceClassification in JAX, its parameters named and laid out as Hugging Face stores them."""

import jax
import jax.numpy as jnp
import numpy as np

Weights = dict[str, jax.Array]
Config = dict


def start(config: Config, words: np.ndarray, seed: int) -> Weights:
    """Fresh weights; `words` [vocabulary, hidden] are the first word embeddings."""
    random = np.random.default_rng(seed)
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    weights: dict[str, np.ndarray] = {}

    def normal(name: str, *shape: int, deviation: float = 0.02) -> None:
        weights[name] = random.normal(0, deviation, shape)

    def linear(name: str, outputs: int, inputs: int) -> None:
        normal(f"{name}.weight", outputs, inputs, deviation=inputs**-0.5 * 0.7)
        weights[f"{name}.bias"] = np.zeros(outputs)

    def norm(name: str) -> None:
        weights[f"{name}.weight"] = np.ones(hidden)
        weights[f"{name}.bias"] = np.zeros(hidden)

    weights["bert.embeddings.word_embeddings.weight"] = words
    normal("bert.embeddings.position_embeddings.weight", config["max_position_embeddings"], hidden)
    normal("bert.embeddings.token_type_embeddings.weight", config["type_vocab_size"], hidden)
    norm("bert.embeddings.LayerNorm")
    for number in range(config["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{number}"
        for part in ("query", "key", "value"):
            linear(f"{layer}.attention.self.{part}", hidden, hidden)
        linear(f"{layer}.attention.output.dense", hidden, hidden)
        norm(f"{layer}.attention.output.LayerNorm")
        linear(f"{layer}.intermediate.dense", inner, hidden)
        linear(f"{layer}.output.dense", hidden, inner)
        norm(f"{layer}.output.LayerNorm")
    linear("bert.pooler.dense", hidden, hidden)
    linear("classifier", len(config["id2label"]), hidden)
    return {name: jnp.asarray(value, dtype=jnp.float32) for name, value in weights.items()}


def logits(weights: Weights, config: Config, ids: jax.Array, mask: jax.Array, key: jax.Array | None = None) -> jax.Array:
    """Logits [rows, labels] of ids and mask [rows, length]; with a key, dropout as in training."""
    rate = config["hidden_dropout_prob"]
    rows, length = ids.shape
    heads = config["num_attention_heads"]
    uses = 0

    def dropped(x: jax.Array) -> jax.Array:
        nonlocal uses
        if key is None:
            return x
        uses += 1
        return x * jax.random.bernoulli(jax.random.fold_in(key, uses), 1 - rate, x.shape) / (1 - rate)

    def linear(x: jax.Array, name: str) -> jax.Array:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x: jax.Array, name: str) -> jax.Array:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred * jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + config["layer_norm_eps"])
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def attention(x: jax.Array, layer: str) -> jax.Array:
        def split(part: str) -> jax.Array:
            return linear(x, f"{layer}.attention.self.{part}").reshape(rows, length, heads, -1)

        query, key, value = split("query"), split("key"), split("value")
        scores = jnp.einsum("bqhd,bkhd->bhqk", query, key) / query.shape[-1] ** 0.5
        shares = jax.nn.softmax(jnp.where(mask[:, None, None, :] > 0, scores, -1e9), axis=-1)
        mixed = jnp.einsum("bhqk,bkhd->bqhd", shares, value).reshape(rows, length, -1)
        return linear(mixed, f"{layer}.attention.output.dense")

    x = weights["bert.embeddings.word_embeddings.weight"][ids]
    x = x + weights["bert.embeddings.position_embeddings.weight"][:length]
    x = x + weights["bert.embeddings.token_type_embeddings.weight"][0]
    x = dropped(norm(x, "bert.embeddings.LayerNorm"))
    for number in range(config["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{number}"
        x = norm(x + dropped(attention(x, layer)), f"{layer}.attention.output.LayerNorm")
        inner = jax.nn.gelu(linear(x, f"{layer}.intermediate.dense"), approximate=False)
        x = norm(x + dropped(linear(inner, f"{layer}.output.dense")), f"{layer}.output.LayerNorm")
    return linear(dropped(jnp.tanh(linear(x[:, 0], "bert.pooler.dense"))), "classifier")
