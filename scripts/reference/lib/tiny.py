"""What the tiny random models of the fixtures share."""

import numpy as np
from scipy.special import erf

SEQUENCES = [[0, 5, 9, 2], [0, 7, 31, 8, 12, 39, 4, 3, 3, 17, 2], [0], [0, 11, 2]]


def gelu(x):
    return x * 0.5 * (1 + erf(x / 2**0.5))


def gelu_new(x):
    return 0.5 * x * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3)))


def relu(x):
    return np.maximum(x, 0)


class Weights:
    """Random weights made when they are first asked for, rounded to the type they are stored in."""

    def __init__(self, seed: int, dtype):
        self.random, self.dtype, self.stored = np.random.default_rng(seed), dtype, {}

    def __call__(self, name: str, *shape: int, around: float = 0.0):
        if name not in self.stored:
            value = around + self.random.normal(0, 0.3, shape)
            self.stored[name] = value.astype(np.float32).astype(self.dtype)
        return self.stored[name].astype(np.float64)

    def linear(self, x, name, outputs):
        return x @ self(f"{name}.weight", outputs, x.shape[-1]).T + self(f"{name}.bias", outputs)

    def norm(self, x, name, epsilon):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon)
        return scaled * self(f"{name}.weight", x.shape[-1], around=1.0) + self(f"{name}.bias", x.shape[-1])
