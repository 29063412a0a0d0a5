"""The peer: CSV file to embeddings file by onnxruntime and the tokenizers package.

usage: peer.py --data DIR --encoder l6|l3 --input reviews.csv --out FILE.npy|FILE.csv
               --mode usual|best [--graph plain|fused|int8|"fused int8"] [--batch N] [--threads N]

usual: batches of 32 in the file's order, each tokenized by itself and padded to its longest.
best:  everything tokenized at once, sorted by length, batches of N, the file's order restored at the end.
A line of JSON on standard output says what was done: rows, real and padding tokens, FLOP needed and done, seconds of each part.
"""

import argparse
import csv
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from encoders import ENCODERS, MAX_TOKENS, VOCABULARY, Encoder
from tokenizers import Encoding, Tokenizer


class Peer:
    def __init__(self, data: Path, encoder: Encoder, graph: str, threads: int):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = data / encoder.graphs[graph]
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.types = {value.name: value.type for value in self.session.get_inputs()}
        self.encoder = encoder
        self.tokenizer = Tokenizer.from_file(str(data / VOCABULARY))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.lengths: list[int] = []
        self.padded_lengths: list[int] = []
        self.seconds = {"tokenize": 0.0, "run": 0.0, "pool": 0.0}

    def usual(self, texts: list[str], batch: int) -> np.ndarray:
        self.tokenizer.enable_padding()
        result = np.empty((len(texts), self.encoder.hidden), dtype=np.float32)
        for begin in range(0, len(texts), batch):
            result[begin : begin + batch] = self.embed(self.tokenize(texts[begin : begin + batch]))
        return result

    def best(self, texts: list[str], batch: int) -> np.ndarray:
        self.tokenizer.no_padding()
        encodings = self.tokenize(texts)
        order = sorted(range(len(texts)), key=lambda row: len(encodings[row]))
        result = np.empty((len(texts), self.encoder.hidden), dtype=np.float32)
        for begin in range(0, len(texts), batch):
            chosen = order[begin : begin + batch]
            longest = len(encodings[chosen[-1]])
            for row in chosen:
                encodings[row].pad(longest)
            result[chosen] = self.embed([encodings[row] for row in chosen])
        return result

    def tokenize(self, texts: list[str]) -> list[Encoding]:
        begin = time.perf_counter()
        encodings = self.tokenizer.encode_batch(texts)
        self.seconds["tokenize"] += time.perf_counter() - begin
        return encodings

    def embed(self, encodings: list[Encoding]) -> np.ndarray:
        begin = time.perf_counter()
        ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        whole = {"tensor(int32)": np.int32, "tensor(int64)": np.int64}
        inputs = {name: given[name].astype(whole[kind], copy=False) for name, kind in self.types.items()}
        output = self.session.run([self.encoder.output], inputs)[0]
        ran = time.perf_counter()
        if not self.encoder.pooled:
            weights = mask[:, :, None].astype(np.float32)
            output = (output * weights).sum(axis=1) / weights.sum(axis=1)
            output /= np.linalg.norm(output, axis=1, keepdims=True)
        self.seconds["run"] += ran - begin
        self.seconds["pool"] += time.perf_counter() - ran
        self.lengths += mask.sum(axis=1).tolist()
        self.padded_lengths += [ids.shape[1]] * len(ids)
        return output


def read(path: Path) -> tuple[list[str], list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["id"] for row in rows], [row["text"] for row in rows]


def write(path: Path, ids: list[str], embeddings: np.ndarray) -> None:
    """`.npy`: the numbers alone, the fastest there is. `.csv`: id and the vector as a JSON list, read back exactly."""
    if path.suffix == ".npy":
        np.save(path, embeddings)
        return
    pattern = '%s,"[' + ",".join(["%.9g"] * embeddings.shape[1]) + ']"\n'
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id,embedding\n")
        file.writelines(pattern % (name, *row) for name, row in zip(ids, embeddings.tolist()))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", choices=ENCODERS, required=True)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--mode", choices=("usual", "best"), required=True)
    parser.add_argument("--graph", default="plain")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()

    begin = time.perf_counter()
    ids, texts = read(chosen.input)
    was_read = time.perf_counter()
    peer = Peer(chosen.data, ENCODERS[chosen.encoder], chosen.graph, chosen.threads)
    loaded = time.perf_counter()
    embed = peer.usual if chosen.mode == "usual" else peer.best
    embeddings = embed(texts, chosen.batch)
    embedded = time.perf_counter()
    write(chosen.out, ids, embeddings)
    written = time.perf_counter()

    real, padded = sum(peer.lengths), sum(peer.padded_lengths)
    seconds = {"read": was_read - begin, "load": loaded - was_read, **peer.seconds,
               "embed": embedded - loaded, "write": written - embedded}
    facts = {
        "rows": len(texts),
        "batch": chosen.batch,
        "tokens": real,
        "padding": padded - real,
        "flop_needed": peer.encoder.flop(peer.lengths),
        "flop_done": peer.encoder.flop(peer.padded_lengths),
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }
    json.dump(facts, sys.stdout)
    print()


if __name__ == "__main__":
    main()
