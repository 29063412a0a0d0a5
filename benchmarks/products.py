"""The project's own measuring programs, built when they are first asked for, and folders to measure in."""

import os
import subprocess
import tempfile
from pathlib import Path

from measure import RunFailed

ROOT = Path(__file__).resolve().parent.parent


def product(name: str) -> str:
    """The path of a benchmark product of Package.swift, up to date."""
    command = ["swift", "build", "-c", "release", "--product", name]
    built = subprocess.run(command, cwd=ROOT, env=os.environ | {"MARTLET_BENCH": "1"}, capture_output=True, text=True)
    if built.returncode:
        raise RunFailed(f"cannot build {name}:\n{built.stdout[-2000:]}{built.stderr[-2000:]}")
    return str(ROOT / ".build/release" / name)


def scratch(part: str) -> Path:
    """A folder for what a part writes, kept from run to run."""
    folder = Path(tempfile.gettempdir()) / "martlet-benchmarks" / part
    folder.mkdir(parents=True, exist_ok=True)
    return folder
