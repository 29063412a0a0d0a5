"""Trains the head over all-MiniLM-L6-v2: embedding [batch, 384] → logits [batch, 3], written as ONNX.

usage: train_head.py DATA_DIR MODEL [TEACHER]

Reads DATA_DIR/reviews.csv and the reference embeddings of DATA_DIR/reference, writes MODEL, and to TEACHER (.npy)
the logits of every review, for training rows by members that did not see them: what the tone model learns from.

The head averages the logits of FOLDS small networks, each trained without one fold of the training rows. An average of
networks of one hidden layer is one network of one hidden layer: their hidden units stand side by side. The temperature
is that of a rehearsal, the same training without the tuning rows, measured on them.
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import optax
from measure import summary, temperature
from onnx import TensorProto, helper, numpy_helper
from reviews import LABELS, load_reviews, soft_targets

SEED = 20240601
FOLDS = 5
HIDDEN = 48
EPOCHS = 15
BATCH = 256
RATE = 2e-3
DECAY = 2e-2
DROPOUT = 0.3

Member = dict[str, jax.Array]


def start(key: jax.Array, width: int) -> Member:
    first, second = jax.random.split(key)
    return {
        "w1": jax.random.normal(first, (width, HIDDEN)) * width**-0.5,
        "b1": jnp.zeros(HIDDEN),
        "w2": jax.random.normal(second, (HIDDEN, len(LABELS))) * HIDDEN**-0.5,
        "b2": jnp.zeros(len(LABELS)),
    }


def forward(member: Member, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
    hidden = jax.nn.relu(x @ member["w1"] + member["b1"])
    if key is not None:
        hidden = hidden * jax.random.bernoulli(key, 1 - DROPOUT, hidden.shape) / (1 - DROPOUT)
    return hidden @ member["w2"] + member["b2"]


def train(x: np.ndarray, targets: np.ndarray, seed: int) -> Member:
    steps = EPOCHS * (len(x) // BATCH)
    optimizer = optax.adamw(optax.cosine_decay_schedule(RATE, steps), weight_decay=DECAY)
    member = start(jax.random.key(seed), x.shape[1])
    state = optimizer.init(member)

    @jax.jit
    def step(member, state, x, targets, key):
        def loss(m):
            return optax.softmax_cross_entropy(forward(m, x, key), targets).mean()

        updates, state = optimizer.update(jax.grad(loss)(member), state, member)
        return optax.apply_updates(member, updates), state

    random = np.random.default_rng(seed)
    keys = jax.random.split(jax.random.key(seed + 1), steps)
    done = 0
    for _ in range(EPOCHS):
        order = random.permutation(len(x))
        for begin in range(0, len(x) - BATCH + 1, BATCH):
            chosen = order[begin : begin + BATCH]
            member, state = step(member, state, x[chosen], targets[chosen], keys[done])
            done += 1
    return member


def joined(members: list[Member], scale: float, divisor: float) -> dict[str, np.ndarray]:
    """One network that takes unscaled input and gives the members' mean logits divided by `divisor`."""
    weight = 1 / (len(members) * divisor)
    return {
        "hidden.weight": np.concatenate([np.asarray(m["w1"]) * scale for m in members], axis=1),
        "hidden.bias": np.concatenate([np.asarray(m["b1"]) for m in members]),
        "output.weight": np.concatenate([np.asarray(m["w2"]) * weight for m in members], axis=0),
        "output.bias": sum(np.asarray(m["b2"]) for m in members) * np.float32(weight),
    }


def write_onnx(path: Path, weights: dict[str, np.ndarray]) -> None:
    width, labels = weights["hidden.weight"].shape[0], weights["output.weight"].shape[1]
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["x", "hidden.weight", "hidden.bias"], ["hidden.sum"]),
            helper.make_node("Relu", ["hidden.sum"], ["hidden"]),
            helper.make_node("Gemm", ["hidden", "output.weight", "output.bias"], ["logits"]),
        ],
        "tone-head",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", width])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", labels])],
        [numpy_helper.from_array(np.ascontiguousarray(w, dtype=np.float32), name) for name, w in weights.items()],
    )
    model = helper.make_model(graph, producer_name="martlet-examples", opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    helper.set_model_props(model, {"labels": json.dumps(LABELS)})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def run(weights: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    hidden = np.maximum(x @ weights["hidden.weight"] + weights["hidden.bias"], 0)
    return hidden @ weights["output.weight"] + weights["output.bias"]


def main(data: Path, model: Path, teacher: Path | None) -> None:
    reviews = load_reviews(data / "reviews.csv")
    embeddings = np.fromfile(data / "reference/minilm-l6.f32", "<f4").reshape(len(reviews.texts), -1)
    scale = embeddings.shape[1] ** 0.5
    x = embeddings * np.float32(scale)
    targets = soft_targets(reviews.scores)
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(x))

    def members(rows: np.ndarray) -> list[Member]:
        """One for each fold, trained on those of `rows` that are outside it."""
        chosen = [rows & (folds != fold) for fold in range(FOLDS)]
        return [train(x[seen], targets[seen], SEED + 10 * fold) for fold, seen in enumerate(chosen)]

    rehearsal = run(joined(members(reviews.training & ~reviews.tuning), scale, 1), embeddings)
    divisor = temperature(rehearsal[reviews.tuning], reviews.labels[reviews.tuning])
    final = members(reviews.training)
    weights = joined(final, scale, divisor)
    write_onnx(model, weights)

    logits = run(weights, embeddings)
    held_out = summary(logits[reviews.held_out], reviews.labels[reviews.held_out])
    print(f"head, held out (temperature {divisor:.2f}): {held_out}")
    if teacher:
        for fold, member in enumerate(final):
            rest = reviews.training & (folds == fold)
            logits[rest] = forward(member, x[rest]) / divisor
        np.save(teacher, logits)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
