"""onnxruntime's side of latency.py: median, 99th percentile and mean of single requests, in microseconds.

usage: latency_peer.py DATA_DIR ENCODER TEXTS COUNT THREADS [OUTPUT]
"""

import sys
import time
from pathlib import Path

import numpy as np


def main() -> None:
    from encoders import ENCODERS
    from peer import Peer

    data, name, file, count, threads = sys.argv[1:6]
    peer = Peer(Path(data), ENCODERS[name], "plain", int(threads))
    texts, count = Path(file).read_text().splitlines(), int(count)
    peer.tokenizer.no_padding()

    def ask(text: str) -> np.ndarray:
        return peer.embed(peer.tokenize([text]))[0]

    for text in texts[-20:]:
        ask(text)
    times, vectors = [], []
    for index in range(count):
        begin = time.perf_counter()
        vector = ask(texts[index % len(texts)])
        times.append((time.perf_counter() - begin) * 1e6)
        vectors.append(vector)
    times.sort()
    print(f"median {times[count // 2]} p99 {times[count * 99 // 100]} mean {sum(times) / count}")
    if len(sys.argv) > 6:
        np.savetxt(sys.argv[6], np.stack(vectors), fmt="%.7g")


if __name__ == "__main__":
    main()
