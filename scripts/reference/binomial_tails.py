"""Exact tails of the binomial distribution: writes Tests/MartletExecutorTests/Fixtures/binomial-tails.json.

usage: binomial_tails.py FOLDER

P(X <= k) for X ~ Bin(n, p), summed in rational numbers and rounded once; and the fewest trials at which a share of hits is
improbable enough, found by trying each number. Nothing but Python is needed.
"""

import json
import sys
from fractions import Fraction
from math import ceil, comb, exp, fsum, lgamma, log, log1p
from pathlib import Path

TAILS = [(0, 1), (0, 59), (1, 59), (3, 10), (10, 10), (5, 10), (16, 500), (17, 500), (40, 1000), (99, 2000), (1100, 2000), (1999, 2000)]
RATES = [Fraction(1, 20), Fraction(3, 10), Fraction(1, 2), Fraction(1, 1000)]
TRIALS = [("0", "1/20"), ("0", "1/10"), ("1/50", "1/20"), ("1/5", "3/10"), ("29/100", "3/10")]


def at_most(hits: int, trials: int, rate: Fraction) -> Fraction:
    return sum((comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(hits + 1)), Fraction(0))


def tail_in_floats(hits: int, trials: int, rate: float) -> float:
    def log_term(k: int) -> float:
        return lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) + k * log(rate) + (trials - k) * log1p(-rate)

    return fsum(exp(log_term(k)) for k in range(hits + 1))


def fewest(rate: Fraction, limit: Fraction, level: float) -> int:
    """By trying 1, 2, 4, … and halving between, as the tail of a fixed share shrinks with the trials up to rounding of hits."""
    def enough(n: int) -> bool:
        return tail_in_floats(ceil(rate * n), n, float(limit)) <= level

    high = 1
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def main(folder: Path) -> None:
    tails = [
        {"hits": k, "trials": n, "rate": float(rate), "tail": float(at_most(k, n, rate))}
        for k, n in TAILS for rate in RATES
    ]
    trials = [
        {"rate": float(Fraction(rate)), "limit": float(Fraction(limit)), "level": 0.05,
         "trials": fewest(Fraction(rate), Fraction(limit), 0.05)}
        for rate, limit in TRIALS
    ]
    text = "{\"tails\": [\n" + ",\n".join(map(json.dumps, tails)) + "\n], \"trials\": [\n" + ",\n".join(map(json.dumps, trials)) + "\n]}\n"
    (folder / "binomial-tails.json").write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
