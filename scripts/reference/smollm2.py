"""Reference numbers of smollm2/SmolLM2-135M-Instruct.Q4_1.gguf: dequantized to float32 and run by numpy.

usage: smollm2.py DATA_DIR

`reference/smollm2.json`: batches of sequences of token ids, each with its log-likelihood.
`reference/smollm2-logits.f32` [sequences, 49152] and `reference/smollm2-states.f32` [sequences, 576]: logits of the next token and
the state of the last one, raw little-endian, in the order of the batches.
`reference/smollm2-tokens.jsonl`: ids of the texts of prompts.csv and of 2,000 hostile strings, {"text", "ids"} a line.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from llama import Llama
from report import provenance, sha256, write_json
from unicode_strings import strings

BATCHES = [[1], [9], [5, 33, 2], [160], [64, 64, 17, 300]]
"""Lengths of the sequences of each batch."""


def main(data: Path) -> None:
    target = data / "reference/smollm2.json"
    if target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    path = data / "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    model = Llama(path)
    tokenizer = model.tokenizer()
    with (data / "prompts.csv").open(encoding="utf-8", newline="") as file:
        prompts = [row["text"] for row in csv.DictReader(file)]
    with target.with_name("smollm2-tokens.jsonl").open("w", encoding="utf-8") as file:
        for text in prompts + strings(2000, 20240601):
            case = {"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids}
            file.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")

    stream = iter(tokenizer.encode("\n".join(prompts), add_special_tokens=False).ids)
    batches, logits, states = [], [], []
    for lengths in BATCHES:
        batch = []
        for length in lengths:
            ids = [next(stream) for _ in range(length)]
            found = model.states(ids)
            batch.append({"ids": ids, "likelihood": model.likelihood(found, ids)})
            logits.append(model.logits(found[-1:])[0])
            states.append(found[-1])
        batches.append(batch)
    np.stack(logits).astype("<f4").tofile(target.with_name("smollm2-logits.f32"))
    np.stack(states).astype("<f4").tofile(target.with_name("smollm2-states.f32"))
    write_json(target, provenance(batches=batches, weights_sha256=sha256(path)))
    print(f"wrote {target}: {len(logits)} sequences")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
