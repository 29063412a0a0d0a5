"""Trains the tone model: a two-layer BERT of 4 MB that tells negative, neutral and positive, as a Hugging Face folder.

usage: train_tone.py DATA_DIR TEACHER FRAGMENTS FOLDER

TEACHER holds the head's logits of every review (train_head.py), FRAGMENTS more texts with the head's logits
(write_fragments.py). The targets of a review are half its human score's soft classes and half the teacher's
probabilities, those of a fragment the teacher's alone (knowledge distillation). The temperature that calibrates the
confidence on the tuning rows is divided into the classifier's weights.
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import tiny_bert
from measure import softmax, summary, temperature
from reviews import LABELS, load_reviews, soft_targets
from safetensors.numpy import save_file
from small_vocabulary import SPECIAL, cut, first_embeddings
from tokenizers import Tokenizer

SEED = 20240601
VOCABULARY = 8192
EPOCHS = 5
BATCH = 64
RATE = 1e-3
WARM_UP = 0.1
DECAY = 0.05
TEACHER_SHARE = 0.5
MASKED = 0.1
"""Share of the pieces that are replaced by [MASK] while training."""
MOVING_AVERAGE = 0.999

CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "attention_probs_dropout_prob": 0.0,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.15,
    "hidden_size": 128,
    "id2label": {str(number): label for number, label in enumerate(LABELS)},
    "initializer_range": 0.02,
    "intermediate_size": 512,
    "label2id": {label: number for number, label in enumerate(LABELS)},
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 128,
    "model_type": "bert",
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "pad_token_id": 0,
    "position_embedding_type": "absolute",
    "torch_dtype": "float16",
    "type_vocab_size": 2,
    "vocab_size": VOCABULARY,
}


def padded(rows: list[list[int]], multiple: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Ids and mask [rows, length], the length a multiple so that few shapes are compiled."""
    length = min(-(-max(map(len, rows)) // multiple) * multiple, CONFIG["max_position_embeddings"])
    ids = np.zeros((len(rows), length), dtype=np.int32)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
    mask = np.arange(length) < np.array([len(row) for row in rows])[:, None]
    return ids, mask.astype(np.float32)


def predict(weights: tiny_bert.Weights, rows: list[list[int]]) -> np.ndarray:
    run = jax.jit(lambda w, ids, mask: tiny_bert.logits(w, CONFIG, ids, mask))
    result = np.empty((len(rows), len(LABELS)), dtype=np.float32)
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    for begin in range(0, len(order), 256):
        chosen = order[begin : begin + 256]
        filled = chosen + chosen[:1] * (256 - len(chosen))
        result[chosen] = run(weights, *padded([rows[n] for n in filled], 16))[: len(chosen)]
    return result


def batches(rows: list[list[int]], random: np.random.Generator) -> list[np.ndarray]:
    """One epoch: shuffled, then ordered by length within stretches of 32 batches, the batches shuffled again."""
    order = random.permutation(len(rows))
    result = []
    for begin in range(0, len(order), 32 * BATCH):
        stretch = sorted(order[begin : begin + 32 * BATCH], key=lambda number: len(rows[number]))
        result += [np.array(stretch[b : b + BATCH]) for b in range(0, len(stretch) - BATCH + 1, BATCH)]
    random.shuffle(result)
    return result


def train(weights, rows: list[list[int]], targets: np.ndarray, special: int, mask_id: int, watch) -> tiny_bert.Weights:
    """The moving average of the weights; `watch(epoch, weights)` is called after each epoch."""
    steps = EPOCHS * (len(rows) // BATCH)
    schedule = optax.warmup_cosine_decay_schedule(0, RATE, int(WARM_UP * steps), steps)
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adamw(schedule, weight_decay=DECAY, mask=lambda w: {name: value.ndim > 1 for name, value in w.items()}),
    )
    state = optimizer.init(weights)
    average = weights

    @jax.jit
    def step(weights, average, state, ids, mask, targets, key):
        hide, drop = jax.random.split(key)
        hidden = (jax.random.uniform(hide, ids.shape) < MASKED) & (ids >= special)
        ids = jnp.where(hidden, mask_id, ids)

        def loss(w):
            return optax.softmax_cross_entropy(tiny_bert.logits(w, CONFIG, ids, mask, drop), targets).mean()

        updates, state = optimizer.update(jax.grad(loss)(weights), state, weights)
        weights = optax.apply_updates(weights, updates)
        average = jax.tree.map(lambda a, w: MOVING_AVERAGE * a + (1 - MOVING_AVERAGE) * w, average, weights)
        return weights, average, state

    random = np.random.default_rng(SEED)
    key = jax.random.key(SEED)
    done = 0
    for epoch in range(EPOCHS):
        for chosen in batches(rows, random):
            ids, mask = padded([rows[n] for n in chosen])
            step_key = jax.random.fold_in(key, done)
            weights, average, state = step(weights, average, state, ids, mask, targets[chosen], step_key)
            done += 1
        watch(epoch, average)
    return average


def main(data: Path, teacher: Path, fragments: Path, folder: Path) -> None:
    reviews = load_reviews(data / "reviews.csv")
    encoder = data / "models/all-MiniLM-L6-v2"
    seen = np.flatnonzero(reviews.training & ~reviews.tuning)

    described, numbers = cut(
        encoder / "tokenizer.json", [reviews.texts[n] for n in seen], VOCABULARY, CONFIG["max_position_embeddings"]
    )
    tokenizer = Tokenizer.from_str(json.dumps(described))
    rows = [encoding.ids for encoding in tokenizer.encode_batch(reviews.texts)]
    taught = softmax(np.load(teacher))
    targets = TEACHER_SHARE * taught + (1 - TEACHER_SHARE) * soft_targets(reviews.scores)
    tuning = [rows[n] for n in np.flatnonzero(reviews.tuning)]
    tuning_labels = reviews.labels[reviews.tuning]

    def watch(epoch: int, weights: tiny_bert.Weights) -> None:
        print(f"epoch {epoch + 1}, tuning rows: {summary(predict(weights, tuning), tuning_labels)}", flush=True)

    weights = tiny_bert.start(CONFIG, first_embeddings(encoder, numbers, CONFIG["hidden_size"]), SEED)
    more = np.load(fragments)
    examples = [rows[n] for n in seen] + [e.ids for e in tokenizer.encode_batch(more["texts"].tolist())]
    lessons = np.concatenate([targets[seen], softmax(more["logits"])]).astype(np.float32)
    weights = train(weights, examples, lessons, len(SPECIAL), described["model"]["vocab"]["[MASK]"], watch)

    divisor = temperature(predict(weights, tuning), tuning_labels)
    for name in ("classifier.weight", "classifier.bias"):
        weights[name] = weights[name] / divisor
    halves = {name: np.asarray(value).astype(np.float16) for name, value in weights.items()}

    folder.mkdir(parents=True, exist_ok=True)
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    config = CONFIG | {"vocab_size": len(numbers)}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    compact = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(compact + "\n", encoding="utf-8")

    stored = {name: jnp.asarray(value, dtype=jnp.float32) for name, value in halves.items()}
    logits = predict(stored, [rows[n] for n in np.flatnonzero(reviews.held_out)])
    print(f"tone, held out (temperature {divisor:.2f}): {summary(logits, reviews.labels[reviews.held_out])}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
