"""What a part of the benchmarks found: goals with measured values, and a chapter of the report. Kept as JSON in results/."""

import json
import platform
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass
class Goal:
    name: str
    measured: float
    wanted: float
    least: bool = True
    """Whether `wanted` is a lower bound."""
    form: str = "{:.2f}"

    @property
    def is_met(self) -> bool:
        return self.measured >= self.wanted if self.least else self.measured <= self.wanted

    @property
    def row(self) -> list[str]:
        word = "at least" if self.least else "at most"
        wanted, measured = self.form.format(self.wanted), self.form.format(self.measured)
        return [self.name, f"{word} {wanted}", measured, "met" if self.is_met else "**missed**"]


@dataclass
class Section:
    title: str
    goals: list[Goal]
    text: str
    """Markdown below the title."""
    data: dict = field(default_factory=dict)
    """Numbers for the pictures."""
    measured: str = ""
    """When and with what, one line."""

    def save(self, name: str, packages: tuple[str, ...] = ()) -> None:
        """Writes results/NAME.json with the date, the machine and the versions of the peers' packages."""
        versions = "".join(f", {package} {version(package)}" for package in packages)
        self.measured = f"Measured {date.today()} on {processor()}, Python {platform.python_version()}{versions}."
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")

    @staticmethod
    def read(name: str) -> "Section":
        fields = json.loads((RESULTS / f"{name}.json").read_text())
        fields["goals"] = [Goal(**goal) for goal in fields["goals"]]
        return Section(**fields)


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def table(header: list[str], rows: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])
