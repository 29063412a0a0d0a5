"""Draws docs/images/*.svg from the numbers in results/.

usage: plots.py
"""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
from section import RESULTS, Section  # noqa: E402

IMAGES = Path(__file__).resolve().parent.parent / "docs/images"
OURS, THEIRS = "#1b6ca8", "#b0b0b0"


def save(figure: plt.Figure, name: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(IMAGES / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)


def encoders(section: Section) -> None:
    """Rows per second of every side, a panel for each encoder."""
    figure, panels = plt.subplots(1, len(section.data), figsize=(11, 3.2))
    for panel, (title, sides) in zip(panels, section.data.items()):
        names = list(sides)[::-1]
        colours = [OURS if name.startswith("Martlet") else THEIRS for name in names]
        bars = panel.barh(names, [sides[name] for name in names], color=colours)
        panel.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=8)
        panel.set(title=title, xlabel="rows/s")
        panel.margins(x=0.15)
        panel.tick_params(labelsize=8)
    save(figure, "encoders")


def scaling(section: Section) -> None:
    figure, panel = plt.subplots(figsize=(5, 3.2))
    for name, points in section.data.items():
        panel.plot(*zip(*points), marker="o", label=name)
    panel.set(xscale="log", yscale="log", xlabel="rows", ylabel="seconds", title="paraphrase-MiniLM-L3-v2, exact")
    panel.legend()
    save(figure, "scaling")


def main() -> None:
    for draw in (encoders, scaling):
        if (RESULTS / f"{draw.__name__}.json").exists():
            section = Section.read(draw.__name__)
            if section.data:
                draw(section)


if __name__ == "__main__":
    main()
