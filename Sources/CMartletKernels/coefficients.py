"""Fits the polynomials of vector_math.h and prints them. Needs numpy and scipy; written with 2.4 and 1.16.

Each fit is a weighted least-squares fit over dense Chebyshev nodes, reweighted (Lawson) towards the minimax one.
The printed error is that of the fit in exact arithmetic; MartletKernelsTests measures what fp32 makes of it.
"""
import numpy as np
import scipy.special as sp


def lawson(powers, x, y, weight, rounds=80):
    scale, best = np.ones(len(x)), None
    basis = np.stack([powers(x, k) for k in range(powers.count)], axis=1)
    for _ in range(rounds):
        s = weight * np.sqrt(scale)
        c, *_ = np.linalg.lstsq(basis * s[:, None], y * s, rcond=None)
        error = np.abs((basis @ c - y) * weight)
        if best is None or error.max() < best[0]:
            best = (error.max(), c)
        scale = scale * error
        scale = scale / scale.sum() + 1e-14
    return best


class Powers:
    """prefactor(x) * argument(x)**k for k < count."""

    def __init__(self, count, prefactor, argument):
        self.count, self.prefactor, self.argument = count, prefactor, argument

    def __call__(self, x, k):
        return self.prefactor(x) * self.argument(x) ** k


def nodes(low, high, n=4001):
    return (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(n) + 0.5) / n)


def show(name, result):
    error, c = result
    print(f"/* {name}: fit error {error:.1e} */")
    print(", ".join(f"{np.float32(v):.9g}f" for v in c))


one = lambda x: np.ones_like(x)

x = nodes(-0.3468, 0.3468)
show("EXP (exp(r) - 1 - r) / r^2, relative to exp", lawson(Powers(5, lambda x: x * x, lambda x: x), x, np.exp(x) - 1 - x, np.exp(-x)))

x = nodes(np.sqrt(0.5) - 1, np.sqrt(2) - 1)
x = x[np.abs(x) > 1e-3]
show("LOG (log(1+f) - f + f^2/2) / f^3, relative to log",
     lawson(Powers(9, lambda x: x**3, lambda x: x), x, np.log1p(x) - x + x * x / 2, 1 / np.abs(np.log1p(x))))

x = nodes(1e-3, 0.625)
show("TANH_SMALL (tanh(x) - x) / x^3 in x^2, relative", lawson(Powers(5, lambda x: x**3, lambda x: x * x), x, np.tanh(x) - x, 1 / np.tanh(x)))

x = nodes(1e-3, 1.0)
show("ERF_SMALL erf(x) / x in x^2, relative", lawson(Powers(7, lambda x: x, lambda x: x * x), x, sp.erf(x), 1 / sp.erf(x)))

x = nodes(0.98, 4.0)
show("ERF_TAIL log(erfc(x)) in x, weighted by erfc",
     lawson(Powers(8, one, lambda x: x), x, np.log(sp.erfc(x)), sp.erfc(x) + 2e-8))

c = 5.1
x = nodes(1e-3, c)
show("PHI (Phi(x) - 1/2) / x in 2 x^2/5.1^2 - 1, weighted by x",
     lawson(Powers(13, lambda x: x, lambda x: 2 * x * x / (c * c) - 1), x, 0.5 * sp.erf(x / np.sqrt(2)), x))
