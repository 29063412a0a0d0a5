"""Tokenizing all reviews on one core: Martlet against the tokenizers package, in processor time and in turn.

usage: benchmarks/tokenizer_speed.py DATA_DIR BENCH [NAME…]

DATA_DIR has reviews.jsonl and reference/tokenizers (scripts/reference/trained_tokenizers.py); BENCH is the TokenizerBench of a
release build (MARTLET_BENCH=1 swift build -c release --product TokenizerBench). Prints a Markdown table of medians of five
turns: seconds of the package's encode_batch and encode, ours, and both ratios. Tokens must be as many on both sides.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ |= {"TOKENIZERS_PARALLELISM": "false", "RAYON_NUM_THREADS": "1"}
from tokenizers import Tokenizer  # noqa: E402

NAMES = ["all-MiniLM-L6-v2", "gpt2", "llama3", "qwen2", "o200k", "llama2", "mistral", "t5", "xlm-roberta", "deberta", "wordlevel"]
TURNS = 5


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def main(data: Path, bench: str, names: list[str]) -> None:
    with (data / "reviews.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(row)["text"] for row in file]
    size = sum(len(text.encode()) for text in texts)
    print(f"{len(texts)} texts, {size / 1e6:.2f} MB; seconds of one core, medians of {TURNS}\n")
    print("| tokenizer | encode_batch | encode | Martlet | MB/s | times encode_batch | times encode |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        path = data / f"reference/tokenizers/{name}.json"
        if not path.exists():
            path = data / f"models/{name}/tokenizer.json"
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        batch, single, ours = [], [], []
        for _ in range(TURNS):
            seconds, encodings = timed(lambda: tokenizer.encode_batch(texts))
            batch.append(seconds)
            single.append(timed(lambda: [len(tokenizer.encode(text).ids) for text in texts])[0])
            output = subprocess.run([bench, "time", str(path), str(data / "reviews.jsonl"), "3"], check=True, capture_output=True, text=True).stdout
            facts = json.loads(output)
            ours.append(statistics.median(facts["seconds"]))
            assert facts["tokens"] == sum(len(encoding.ids) for encoding in encodings), name
        b, s, o = map(statistics.median, (batch, single, ours))
        print(f"| {name} | {b:.3f} | {s:.3f} | {o:.3f} | {size / o / 1e6:.1f} | {b / o:.1f} | {s / o:.1f} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:] or NAMES)
