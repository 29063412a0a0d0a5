"""Convolutional, recurrent and small models: Martlet's graph beside onnxruntime, in turn in one run.

The part `models` of `run`. Each side runs in a process of its own, again and again; a repeat gives the median of its rounds, the table
the median of all repeats. Memory is the most that the whole process held. Streams run by the query language too. `--only WORD` measures the
cases whose name has the word, and prints them; results/models.json is written of all.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import vision_models
from products import product, scratch
from section import Goal, Section, table

PEER = Path(__file__).with_name("models_peer.py")
SPEED, STREAM_SPEED, MEMORY, SCALING = 1.0, 1.5, 0.8, 1.85
"""What is wanted: times the peer's speed, share of its memory, one thread's time over that of two."""


@dataclass
class Case:
    name: str
    model: Path
    inputs: list[np.ndarray]
    """In the order of the model's inputs; of a stream the first holds all frames."""
    rounds: int
    frames: int = 1
    carry: str = ""
    speed: float = SPEED
    times: dict = field(default_factory=dict)
    peaks: dict = field(default_factory=dict)
    difference: float = 0.0


def floats(*shape: int) -> np.ndarray:
    """Numbers of about a normalized picture's distribution, smooth enough to be one."""
    random = np.random.default_rng(11)
    x = random.standard_normal(shape).astype(np.float32)
    for axis in (-1, -2):
        x = (x + np.roll(x, 1, axis) + np.roll(x, 2, axis)) / 2
    return x.astype(np.float32)


def stream(streams: int, steps: int) -> list[np.ndarray]:
    """Frames [steps, streams, 64 + 512] of noise that swells, each with the end of the one before; state; rate."""
    random = np.random.default_rng(3)
    swell = 0.02 + 0.2 * np.abs(np.sin(np.arange(steps) / 9))[:, None, None]
    sound = (random.standard_normal((steps, streams, 512)) * swell).astype(np.float32)
    before = np.concatenate([np.zeros((1, streams, 64), np.float32), sound[:-1, :, -64:]])
    frames = np.ascontiguousarray(np.concatenate([before, sound], axis=2))
    return [frames, np.zeros((2, streams, 128), np.float32), np.array(16000, np.int64)]


def cases(data: Path, folder: Path) -> list[Case]:
    models = data / "models"
    det, rec, cls = (models / "ppocr" / f"{name}.onnx" for name in ("det", "rec", "cls"))
    magika, vad = models / "magika" / "model.onnx", models / "silero_vad_16k.onnx"
    files = np.random.default_rng(5).integers(0, 256, (256, 2048)).astype(np.int32)
    result = [
        Case("PP-OCR det, 640 × 640", det, [floats(1, 3, 640, 640)], 5),
        Case("PP-OCR det, 960 × 544", det, [floats(1, 3, 960, 544)], 4),
        Case("PP-OCR rec, 8 of 48 × 320", rec, [floats(8, 3, 48, 320)], 3),
        Case("PP-OCR cls, 1 of 48 × 192", cls, [floats(1, 3, 48, 192)], 100),
        Case("PP-OCR cls, 8 of 48 × 192", cls, [floats(8, 3, 48, 192)], 30),
        Case("magika, 1 file", magika, [files[:1].copy()], 60),
        Case("magika, 256 files", magika, [files], 1),
        Case("silero VAD, 1 stream of 300", vad, stream(1, 300), 5, 300, "1:1", STREAM_SPEED),
        Case("silero VAD, 16 streams of 60", vad, stream(16, 60), 4, 60, "1:1", STREAM_SPEED),
    ]
    for name, size, rounds in (("resnet18", 224, 9), ("mobilenet_v2", 224, 31), ("mobilenet_v3", 224, 31), ("unet", 256, 5)):
        result.append(Case(f"{name}, {size} × {size}", folder / f"{name}.onnx", [floats(1, 3, size, size)], rounds))
    return result


def shapes(case: Case) -> str:
    each = [x.shape for x in case.inputs]
    if case.frames > 1:
        each[0] = each[0][1:]
    return ",".join("x".join(map(str, shape)) or "scalar" for shape in each)


def run(case: Case, side: str, threads: int, bench: str, folder: Path) -> None:
    files = [folder / f"input{place}.raw" for place in range(len(case.inputs))]
    output = folder / f"{side}.raw"
    words = [str(case.model), str(threads), str(case.rounds), shapes(case), "--wall", "--output", str(output)]
    for file in files:
        words += ["--input", str(file)]
    if case.frames > 1:
        words += ["--frames", str(case.frames), "--carry", case.carry]
    program = [bench] if side == "martlet" else [sys.executable, str(PEER)]
    text = subprocess.run(program + words, check=True, capture_output=True, text=True).stdout.split()
    case.times.setdefault((side, threads), []).append(float(text[1]))
    peaks = case.peaks.setdefault((side, threads), [])
    peaks.append(int(text[text.index("peak") + 1]) / 1024)


def differ(case: Case, folder: Path) -> float:
    """The largest |a - b| / (1e-4 + 1e-3 |b|): at most 1 is equal."""
    a, b = (np.fromfile(folder / f"{side}.raw", np.float32) for side in ("martlet", "peer"))
    if a.shape != b.shape:
        return float("inf")
    return float((np.abs(a - b) / (1e-4 + 1e-3 * np.abs(b))).max())


def measure(case: Case, bench: str, folder: Path, repeat: int) -> None:
    for place, x in enumerate(case.inputs):
        x.tofile(folder / f"input{place}.raw")
    for _ in range(repeat):
        for threads in (1, 2):
            for side in ("martlet", "peer"):
                run(case, side, threads, bench, folder)
            case.difference = max(case.difference, differ(case, folder))


def median(case: Case, side: str, threads: int) -> float:
    return statistics.median(case.times[side, threads])


def spread(case: Case, side: str, threads: int) -> str:
    times = case.times[side, threads]
    return f"{median(case, side, threads):.2f} ({min(times):.2f}–{max(times):.2f})"


def goals(case: Case) -> list[Goal]:
    found = []
    for threads in (1, 2):
        ratio = median(case, "peer", threads) / median(case, "martlet", threads)
        found.append(Goal(f"{case.name}, {threads} thread{'s'[: threads - 1]}: to onnxruntime", ratio, case.speed))
    own, other = (max(case.peaks[side, 2]) for side in ("martlet", "peer"))
    found.append(Goal(f"{case.name}: peak memory over onnxruntime's", own / other, MEMORY, least=False))
    found.append(Goal(f"{case.name}: 1 → 2 threads", median(case, "martlet", 1) / median(case, "martlet", 2), SCALING))
    return found


def report(all_cases: list[Case]) -> str:
    rows = []
    for case in all_cases:
        for threads in (1, 2):
            ratio = median(case, "peer", threads) / median(case, "martlet", threads)
            own, other = (max(case.peaks[side, threads]) for side in ("martlet", "peer"))
            scaling = [median(case, side, 1) / median(case, side, 2) for side in ("martlet", "peer")]
            cells = [case.name if threads == 1 else "", str(threads), spread(case, "martlet", threads), spread(case, "peer", threads)]
            cells += [f"{ratio:.2f}", f"{own:.0f}, {other:.0f}", "" if threads == 1 else f"{scaling[0]:.2f}, {scaling[1]:.2f}"]
            rows.append(cells + [f"{case.difference:.3f}" if threads == 1 else ""])
    header = ["model", "threads", "Martlet, ms (range)", "onnxruntime, ms (range)", "times as fast", "memory, MB", "1 → 2 threads", "difference"]
    return table(header, rows) + (
        "\n\nThe graph alone, by `ModelBench`, and a session of onnxruntime, on the same inputs; a process for each run, both sides in turn; each run gives the median "
        "of its rounds, the table the median of all runs, with the least and the greatest. Two numbers in a cell are Martlet's and the peer's. Memory is the peak of the "
        "whole process, the peer's with Python. The difference is the largest of any output, over 1e-4 + 1e-3 · its value: below 1 they agree. The four networks from "
        "resnet18 on have random weights (`vision_models.py`). `benchmarks/models.py`."
    )


STREAM_QUERY = """model vad = load '{model}';
load 'frames.jsonl'
|> infer vad(frame::float[576], sr => 16000) as (output as p) with (state = (state => stateN), by = call)
|> select call, p[0] as p
|> write 'own.csv';
"""


def by_language(data: Path, folder: Path, program: str, repeat: int) -> tuple[Goal, str]:
    """Frames as JSON Lines to probabilities as CSV, the whole process, 2 threads; the peer as users write it."""
    model = data / "models" / "silero_vad_16k.onnx"
    streams, steps = 8, 250
    frames = stream(streams, steps)[0]
    with (folder / "frames.jsonl").open("w") as file:
        for step in range(steps):
            for call in range(streams):
                file.write(json.dumps({"call": call, "frame": [round(float(x), 6) for x in frames[step, call]]}) + "\n")
    (folder / "vad.mlet").write_text(STREAM_QUERY.format(model=model))
    sides = {
        "martlet": [program, "run", "vad.mlet", "--threads", "2"],
        "peer": [sys.executable, str(PEER), "--frames-file", str(model), "frames.jsonl", "peer.csv"],
    }
    times = {side: [] for side in sides}
    for _ in range(repeat):
        for side, command in sides.items():
            begin = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            times[side].append(time.perf_counter() - begin)
    own, other = (np.loadtxt(folder / name, delimiter=",", skiprows=1) for name in ("own.csv", "peer.csv"))
    difference = np.abs(own - other).max()
    own, other = (statistics.median(times[side]) for side in ("martlet", "peer"))
    name = f"silero VAD by `with (state = …)`, JSON Lines to CSV, {streams} streams: to a loop of onnxruntime in Python"
    text = (
        f"The last goal is {streams * steps:,} frames of {streams} streams, from JSON Lines to CSV, whole processes, 2 threads: Martlet "
        f"{streams * steps / own:,.0f} frames/s, the loop {streams * steps / other:,.0f}; probabilities differ by at most {difference:.1e}."
    )
    return Goal(name, other / own, STREAM_SPEED), text


def main(chosen: argparse.Namespace) -> None:
    folder, bench = scratch("models"), product("ModelBench")
    vision_models.main(folder)
    measured = [case for case in cases(chosen.data, folder) if chosen.only in case.name]
    for case in measured:
        measure(case, bench, folder, chosen.repeat)
        print(".", end="", file=sys.stderr, flush=True)
    found, text = [goal for case in measured for goal in goals(case)], report(measured)
    if chosen.only:
        print(text)
        for goal in found:
            print(*goal.row, sep=" | ")
        return
    goal, words = by_language(chosen.data, folder, str(chosen.martlet), chosen.repeat)
    Section("Vision and small models", [*found, goal], f"{text}\n\n{words}").save("models", ("onnxruntime",))
