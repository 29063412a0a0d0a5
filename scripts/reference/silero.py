"""Reference answers of silero_vad_16k.onnx: seeded sounds, frame by frame, and what onnxruntime makes of them.

usage: silero.py DATA_DIR

`reference/silero-frames.f32` [8, 6, 576]: of 8 streams 6 frames of 512 samples at 16 kHz, each after the last 64 samples
of the frame before. For batches of the first n streams, `reference/silero-speech-<n>.f32` [6, n] holds the probabilities of
speech and `reference/silero-state-<n>.f32` [2, n, 128] the state after the last frame. All raw little-endian.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from report import provenance, sha256, write_json

RATE = 16000
FRAME, CONTEXT, FRAMES, STREAMS = 512, 64, 6, 8
BATCHES = (1, 2, 3, 5, 8)


def sounds() -> np.ndarray:
    """Silence, noise, tones, and sums of harmonics that swell and fade as voices do."""
    random = np.random.default_rng(20240601)
    time = np.arange(FRAME * FRAMES) / RATE
    made = [np.zeros_like(time), 0.1 * random.standard_normal(time.size), 0.5 * np.sin(2 * np.pi * 440 * time)]
    while len(made) < STREAMS:
        pitch = random.uniform(90, 250) * (1 + 0.05 * np.sin(2 * np.pi * 5 * time))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        voice = sum(np.sin(k * phase) / k * random.uniform(0.2, 1) for k in range(1, 20))
        swell = np.clip(np.sin(2 * np.pi * random.uniform(2, 6) * time), 0, 1)
        made.append(0.2 * voice * swell + 0.005 * random.standard_normal(time.size))
    return np.stack(made).astype("<f4")


def frames(sound: np.ndarray) -> np.ndarray:
    padded = np.pad(sound, ((0, 0), (CONTEXT, 0)))
    return np.stack([padded[:, i * FRAME : i * FRAME + FRAME + CONTEXT] for i in range(FRAMES)], axis=1)


def main(data: Path) -> None:
    target = data / "reference/silero.json"
    path = data / "models/silero_vad_16k.onnx"
    if target.exists() or not path.exists():
        return
    target.parent.mkdir(exist_ok=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    given = frames(sounds())
    given.tofile(target.with_name("silero-frames.f32"))
    for count in BATCHES:
        state = np.zeros((2, count, 128), np.float32)
        speech = []
        for frame in range(FRAMES):
            feeds = {"input": given[:count, frame], "state": state, "sr": np.array(RATE, np.int64)}
            probability, state = session.run(["output", "stateN"], feeds)
            speech.append(probability[:, 0])
        np.stack(speech).astype("<f4").tofile(target.with_name(f"silero-speech-{count}.f32"))
        state.astype("<f4").tofile(target.with_name(f"silero-state-{count}.f32"))
    write_json(target, provenance(inputs=list(given.shape), batches=BATCHES, weights_sha256=sha256(path)))
    print(f"wrote {target}: {STREAMS} streams")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
