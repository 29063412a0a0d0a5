"""How good logits are: accuracy, log loss, calibration, and the temperature that calibrates them."""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float((logits.argmax(axis=1) == labels).mean())


def log_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    return float(-np.log(softmax(logits)[np.arange(len(labels)), labels]).mean())


def calibration_error(logits: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: mean gap between confidence and accuracy over bins of equal width."""
    p = softmax(logits)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].mean() - right[place == b].mean()) * (place == b).mean()
            for b in range(bins) if (place == b).any()]
    return float(sum(gaps))


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The divisor of the logits, of 0.30…3.00, with the least log loss (Guo et al. 2017, temperature scaling)."""
    return min((t / 100 for t in range(30, 301)), key=lambda t: log_loss(logits / t, labels))


def summary(logits: np.ndarray, labels: np.ndarray) -> str:
    return (f"accuracy {accuracy(logits, labels):.4f}, log loss {log_loss(logits, labels):.4f}, "
            f"calibration error {calibration_error(logits, labels):.4f}")
