"""onnxruntime's side of models.py, with the words and the output of ModelBench; and a stream's frames from a file.

usage: models_peer.py MODEL THREADS ROUNDS SHAPES [--input FILE]… [--output FILE] [--frames N] [--carry OUT:IN] [--wall]
       models_peer.py --frames-file MODEL FRAMES.jsonl RESULT.csv
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

TYPES = {"tensor(float)": np.float32, "tensor(int32)": np.int32, "tensor(int64)": np.int64}


def session(model: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def peak_kilobytes() -> int:
    """VmHWM, not ru_maxrss, which includes what the process held that started this one."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def option(words: list[str], name: str) -> list[str]:
    return [words[place + 1] for place, word in enumerate(words) if word == name]


def timed(words: list[str]) -> None:
    model = session(words[0], int(words[1]))
    ports = model.get_inputs()
    frames = int((option(words, "--frames") or ["1"])[0])
    feeds = {}
    for place, (port, text) in enumerate(zip(ports, words[3].split(","))):
        shape = [] if text == "scalar" else [int(size) for size in text.split("x")]
        shape = [frames] + shape if place == 0 and frames > 1 else shape
        feeds[port.name] = np.fromfile(option(words, "--input")[place], TYPES[port.type]).reshape(shape)
    carried = [tuple(map(int, pair.split(":"))) for pair in option(words, "--carry")]
    first = ports[0].name
    all_frames = feeds.pop(first)
    all_frames = all_frames if frames > 1 else [all_frames]

    def go() -> list[np.ndarray]:
        rest, results = dict(feeds), []
        for frame in all_frames:
            outputs = model.run(None, {first: frame, **rest})
            for output, place in carried:
                rest[ports[place].name] = outputs[output]
            results.append(outputs[0])
        return results

    results, times = go(), []
    for _ in range(int(words[2])):
        begin = time.perf_counter()
        results = go()
        times.append((time.perf_counter() - begin) * 1e3)
    print(f"median {statistics.median(times)} least {min(times)} greatest {max(times)} peak {peak_kilobytes()} kB")
    for path in option(words, "--output"):
        np.concatenate([result.ravel() for result in results]).tofile(path)


def frames_file(path: str, frames: str, result: str) -> None:
    import json

    model, rate, states = session(path, 2), np.array(16000, np.int64), {}
    with open(frames) as source, open(result, "w") as target:
        target.write("call,p\n")
        for line in source:
            row = json.loads(line)
            call = row["call"]
            state = states.get(call)
            if state is None:
                state = np.zeros((2, 1, 128), np.float32)
            frame = np.array(row["frame"], np.float32)[None]
            output, states[call] = model.run(None, {"input": frame, "state": state, "sr": rate})
            target.write(f"{call},{output[0, 0]}\n")


if __name__ == "__main__":
    if sys.argv[1] == "--frames-file":
        frames_file(*sys.argv[2:])
    else:
        timed(sys.argv[1:])
