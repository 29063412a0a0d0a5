"""Runs of commands, measured from outside."""

import json
import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Run:
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


class RunFailed(Exception):
    """A measured command ended with an error; the message has its last words."""


def run(command: list[str], directory: Path, environment: dict[str, str] | None = None) -> Run:
    """Runs a command to its end: wall time, its CPU time and the most memory it held."""
    with (directory / "stdout").open("w+") as out, (directory / "stderr").open("w+") as err:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (out, err):
            file.seek(0)
        if process.returncode != 0:
            raise RunFailed(f"{' '.join(command)}\nended with {process.returncode}: {err.read()[-2000:]}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, out.read())


@dataclass
class Side:
    """One of those compared: a command, and its runs so far."""

    name: str
    command: list[str]
    result: str
    """The file it writes, in the directory it runs in."""
    environment: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def go(self, directory: Path) -> None:
        (directory / self.result).unlink(missing_ok=True)
        self.runs.append(run(self.command, directory, self.environment))

    @property
    def seconds(self) -> float:
        return statistics.median(run.seconds for run in self.runs)

    @property
    def spread(self) -> tuple[float, float]:
        return min(run.seconds for run in self.runs), max(run.seconds for run in self.runs)

    @property
    def peak_bytes(self) -> int:
        return max(run.peak_bytes for run in self.runs)

    @property
    def facts(self) -> dict:
        """What the peer said of its last run."""
        return json.loads(self.runs[-1].output.splitlines()[-1])


def pin(threads: int) -> None:
    """Keeps this process and its children on the same few processors: all sides see the same ones."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
