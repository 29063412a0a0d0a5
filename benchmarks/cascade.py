"""How often a calibrated cascade meets its target on held-out reviews, by resampling.

usage: cascade.py MARTLET DATA_DIR [RUNS]
Both models answer the held-out rows once, by the query language of the program MARTLET; then the code that calibrates a cascade learns
thresholds from rows drawn by chance, again and again.
"""

import csv
import hashlib
import subprocess
import sys
from pathlib import Path

from products import ROOT, product, scratch

HELD_OUT_BELOW = 51
"""Rows whose id's SHA-256 begins with a smaller byte were kept from training: see docs/example-models.md."""
FLOP = {"small_flop": 20e6, "large_flop": 537e6}

QUERY = """model tone = load '{root}/examples/models/tone';
model enc = load '{data}/models/all-MiniLM-L6-v2';
model head = load '{root}/examples/models/tone-head.onnx';
load 'held-out.csv'
|> infer tone(text) as (label as small, score as sure)
|> extend head(enc(text).embedding) as answer
|> select small, sure, answer.label as large,
   case when human <= -0.5 then 'negative' when human >= 0.5 then 'positive' else 'neutral' end as truth,
   {small_flop} as small_flop, {large_flop} as large_flop
|> write 'answers.csv';
"""


def main() -> None:
    martlet, data = (Path(word).resolve() for word in sys.argv[1:3])
    folder = scratch("cascade")
    with (data / "reviews.csv").open(newline="") as source, (folder / "held-out.csv").open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["id", "human", "text"])
        for row in csv.DictReader(source):
            if hashlib.sha256(row["id"].encode()).digest()[0] < HELD_OUT_BELOW:
                writer.writerow([row["id"], row["score"], row["text"]])
    (folder / "answers.mlet").write_text(QUERY.format(root=ROOT, data=data, **FLOP))
    subprocess.run([martlet, "run", "answers.mlet"], cwd=folder, check=True)
    subprocess.run([product("CascadeBench"), folder / "answers.csv", *sys.argv[3:4]], check=True)


if __name__ == "__main__":
    main()
