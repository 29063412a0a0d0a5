"""Reference answers of silero_vad_16k.onnx over the frames of several streams, one after the other in each.

usage: voice_activity.py DATA_DIR

`reference/voice_activity.jsonl`: seeded sound of five streams of 1 to 9 frames, interleaved: `stream`, `frame` (the 64 samples before
and 512 new ones) and `want`, what onnxruntime gives with the state of the stream's frame before.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from report import provenance, sha256, write_json

CONTEXT, STEP, RATE = 64, 512, 16_000


def sound(random: np.random.Generator, frames: int) -> np.ndarray:
    """Noise that swells and a tone with overtones that comes and goes, as float samples in -1…1."""
    time = np.arange(frames * STEP) / RATE
    pitch = random.uniform(90, 220)
    voice = sum(np.sin(2 * np.pi * pitch * k * time + random.uniform(0, 6)) / k for k in range(1, 12))
    gate = np.sin(2 * np.pi * random.uniform(1, 3) * time) > 0
    noise = random.normal(0, 0.02, len(time)) * (1 + np.sin(2 * np.pi * 2 * time))
    return (0.15 * voice * gate + noise).astype(np.float32)


def main(data: Path) -> None:
    target = data / "reference/voice_activity.jsonl"
    if target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    path = data / "models/silero_vad_16k.onnx"
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(20240602)
    lengths = [9, 4, 7, 1, 6]
    streams = [np.concatenate([np.zeros(CONTEXT, np.float32), sound(random, frames)]) for frames in lengths]
    states = [np.zeros((2, 1, 128), np.float32) for _ in streams]
    rows = []
    for step in range(max(lengths)):
        for stream in random.permutation([index for index, frames in enumerate(lengths) if frames > step]):
            frame = streams[stream][step * STEP : step * STEP + CONTEXT + STEP]
            output, states[stream] = session.run(
                ["output", "stateN"], {"input": frame[None], "state": states[stream], "sr": np.array(RATE)})
            rows.append({"stream": f"s{stream}", "frame": frame.tolist(), "want": float(output[0, 0])})
    target.write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_json(target.with_suffix(".json"), provenance(model=sha256(path), rows=len(rows)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
