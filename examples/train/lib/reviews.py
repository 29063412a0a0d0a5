"""The reviews as training data: three classes from the human score, and a held-out split that never moves."""

import csv
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LABELS = ("negative", "neutral", "positive")
NEUTRAL_BELOW = 0.5
"""A score in -4…4 is neutral when nearer to 0 than this, else negative or positive by its sign."""

SCORE_DEVIATION = 0.35
"""How far, in score, another panel of raters might have put a text: what softens the training targets."""


@dataclass
class Reviews:
    texts: list[str]
    scores: np.ndarray
    labels: np.ndarray
    """Class numbers, as in LABELS."""
    held_out: np.ndarray
    """Rows that no training step sees: sha256(id) begins with a byte below 51, a fifth of them."""
    tuning: np.ndarray
    """Rows of the rest on which temperatures and the number of epochs are chosen: second byte below 26."""

    @property
    def training(self) -> np.ndarray:
        return ~self.held_out


def load_reviews(path: Path) -> Reviews:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    digests = [hashlib.sha256(row["id"].encode()).digest() for row in rows]
    held_out = np.array([digest[0] < 51 for digest in digests])
    scores = np.array([float(row["score"]) for row in rows])
    return Reviews(
        texts=[row["text"] for row in rows],
        scores=scores,
        labels=np.where(scores <= -NEUTRAL_BELOW, 0, np.where(scores >= NEUTRAL_BELOW, 2, 1)),
        held_out=held_out,
        tuning=~held_out & np.array([digest[1] < 26 for digest in digests]),
    )


def soft_targets(scores: np.ndarray) -> np.ndarray:
    """Probabilities [rows, 3] of the classes when each score is a normal draw of SCORE_DEVIATION around its value."""

    def below(bound: float) -> np.ndarray:
        return np.array([0.5 * (1 + math.erf((bound - s) / (SCORE_DEVIATION * math.sqrt(2)))) for s in scores])

    negative, not_positive = below(-NEUTRAL_BELOW), below(NEUTRAL_BELOW)
    return np.stack([negative, not_positive - negative, 1 - not_positive], axis=1).astype(np.float32)
