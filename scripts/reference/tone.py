"""Reference logits of the tone model for the sample's rows, as a fixture that is committed.

usage: tone.py REPOSITORY TARGET

Each row has its id, token ids and logits; rows without text are left out. Truncation at `max_position_embeddings`.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from bert import Bert, equal_length_batches, load_tokenizer
from report import provenance, sha256


def main(repository: Path, target: Path) -> None:
    folder = repository / "examples/models/tone"
    sample = repository / "examples/data/sample.csv"
    with sample.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["text"]]
    bert = Bert(folder)
    max_tokens = bert.config["max_position_embeddings"]
    encodings = load_tokenizer(folder / "tokenizer.json", max_tokens).encode_batch([row["text"] for row in rows])
    logits = np.empty((len(rows), len(bert.config["id2label"])), dtype=np.float32)
    for numbers, ids in equal_length_batches([encoding.ids for encoding in encodings]):
        logits[numbers] = bert.logits(ids)
    facts = provenance(
        max_tokens=max_tokens,
        truncated=sum(1 for encoding in encodings if encoding.overflowing),
        sample_sha256=sha256(sample),
        weights_sha256=sha256(folder / "model.safetensors"),
    )
    lines = [
        json.dumps({"id": row["id"], "tokens": encoding.ids, "logits": [float(f"{value:.7g}") for value in values]})
        for row, encoding, values in zip(rows, encodings, logits)
    ]
    head = json.dumps(facts, indent=2).removesuffix("\n}")
    target.write_text(head + ',\n  "rows": [\n    ' + ",\n    ".join(lines) + "\n  ]\n}\n")
    print(f"wrote {target}: {len(rows)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
