"""Writes docs/benchmarks.md and the pictures beside it from what the parts of the benchmarks left in results/.

usage: report.py
"""

from pathlib import Path

import plots
from section import RESULTS, Section, table

ORDER = ("encoders", "scaling", "latency", "models", "trees", "tables")
"""Parts in the order of the report; those that were never measured are left out."""

OPENING = """# Benchmarks

Written by `make bench` from `benchmarks/results/`; a part alone is measured anew by `benchmarks/run DATA PART`. Both sides run in turn in one run; times are medians.
Ratios are the peer's time over Martlet's: above 1, Martlet is faster. How to read and repeat them, and what bounds those that are missed: `performance.md`."""


def main() -> None:
    sections = [Section.read(name) for name in ORDER if (RESULTS / f"{name}.json").exists()]
    goals = [goal.row for section in sections for goal in section.goals]
    chapters = [f"## {section.title}\n\n{section.measured}\n\n{section.text}" for section in sections]
    text = "\n\n".join([OPENING, table(["goal", "wanted", "measured", ""], goals), *chapters]) + "\n"
    (Path(__file__).resolve().parent.parent / "docs/benchmarks.md").write_text(text)
    plots.main()


if __name__ == "__main__":
    main()
