"""`python -m bot.pictures.draw`: a picture's figures as JSON on stdin, its PNG on stdout.

Two kinds. "heat": counts in a grid of likelihood by impact, 1 to 5 each, and arrows from what some
would be without mitigations to what they are to be with them. "bands": how many of each band there
were, over time. On a ground of their own, so that Slack's themes don't matter; from light to dark
in one direction, so that it takes no sense of colour; and all numbers are written out.
"""

import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

_GROUND, _INK, _FAINT = "#fbfaf7", "#1d1c1d", "#6b6a6b"
_BANDS: dict[str, str] = {
    "critical": "#7a1f0a",
    "high": "#d5611b",
    "medium": "#f8b95c",
    "low": "#fdeec7",
}
_LIGHT_INK = frozenset({"critical", "high"})
_ARROW = "#0b4f9c"
_SCALE = range(1, 6)
_INCHES, _DPI = (7.2, 5.4), 130
_PLACE = (0.145, 0.195, 0.835, 0.715)  # of the axes; the layout that finds it out takes 0.1 s


def draw(spec: Mapping[str, Any]) -> bytes:
    """The PNG of a picture; raises KeyError or ValueError for what is none."""
    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor=_GROUND)
    axes = figure.add_axes(_PLACE)
    axes.set_facecolor(_GROUND)
    {"heat": _heat, "bands": _bands}[spec["kind"]](axes, spec)
    axes.set_title(spec["title"], color=_INK, fontsize=14, fontweight="bold", loc="left", pad=12)
    made = io.BytesIO()
    figure.savefig(made, format="png", facecolor=_GROUND, metadata={"Software": None})
    return made.getvalue()


# --- the heat map


def _heat(axes: Axes, spec: Mapping[str, Any]) -> None:
    counts = {(likelihood, impact): number for likelihood, impact, number in spec["cells"]}
    for likelihood in _SCALE:
        for impact in _SCALE:
            band = spec["grid"][likelihood - 1][impact - 1]
            _cell(axes, likelihood, impact, band, counts.get((likelihood, impact), 0))
    for place, (label, was, now) in enumerate(spec["arrows"]):
        _arrow(axes, label, was, now, place)
    axes.set_xlim(0.5, 5.5)
    axes.set_ylim(0.5, 5.5)
    axes.set_xticks(_SCALE, spec["impact"], fontsize=10)
    axes.set_yticks(_SCALE, spec["likelihood"], fontsize=10)
    axes.set_xlabel("Impact →", color=_INK, fontsize=11)
    axes.set_ylabel("Likelihood →", color=_INK, fontsize=11)
    axes.tick_params(length=0, colors=_INK)
    for side in axes.spines.values():
        side.set_visible(False)
    _legend(axes, arrows=bool(spec["arrows"]))


def _cell(axes: Axes, likelihood: int, impact: int, band: str, count: int) -> None:
    axes.add_patch(
        Rectangle(
            (impact - 0.5, likelihood - 0.5),
            1,
            1,
            facecolor=_BANDS[band],
            edgecolor=_GROUND,
            linewidth=3,
        )
    )
    if count:
        axes.text(
            impact - 0.43,
            likelihood + 0.3,
            str(count),
            color="white" if band in _LIGHT_INK else _INK,
            fontsize=16,
            fontweight="bold",
            ha="left",
            va="center",
            zorder=5,
        )


def _arrow(axes: Axes, label: str, was: Sequence[int], now: Sequence[int], place: int) -> None:
    """From where a risk is to where it is to go, each in a lane of its own."""
    lane = -0.12 + 0.1 * place
    start = (was[1] + lane, was[0] - 0.06 - 0.09 * (place % 2))
    end = (now[1] + lane, now[0] + 0.05)
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=15,
            color=_ARROW,
            linewidth=2.2,
            connectionstyle="arc3,rad=0.12",
            path_effects=[withStroke(linewidth=4.5, foreground="white")],
            zorder=3,
        )
    )
    axes.text(
        *start,
        label,
        color="white",
        fontsize=8.5,
        fontweight="bold",
        ha="center",
        va="center",
        bbox={"boxstyle": "round,pad=0.22", "facecolor": _ARROW, "edgecolor": "white"},
        zorder=4,
    )


# --- bands over time


def _bands(axes: Axes, spec: Mapping[str, Any]) -> None:
    points = spec["points"]
    places = range(len(points))
    floor = [0] * len(points)
    for band in reversed(_BANDS):  # the worst on top
        counts = [one["counts"].get(band, 0) for one in points]
        bars = axes.bar(
            places, counts, 0.72, floor, color=_BANDS[band], edgecolor=_GROUND, linewidth=1
        )
        for bar, count, below in zip(bars, counts, floor, strict=True):
            if count:
                axes.text(
                    bar.get_x() + bar.get_width() / 2,
                    below + count / 2,
                    str(count),
                    color="white" if band in _LIGHT_INK else _INK,
                    fontsize=10,
                    ha="center",
                    va="center",
                )
        floor = [below + count for below, count in zip(floor, counts, strict=True)]
    axes.set_xticks(places, [one["on"] for one in points], fontsize=10)
    axes.set_ylim(0, max([*floor, 1]) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("Risks", color=_INK, fontsize=11)
    axes.tick_params(length=0, colors=_FAINT)
    for name, side in axes.spines.items():
        side.set_visible(name == "bottom")
        side.set_color(_FAINT)
    _legend(axes)


def _legend(axes: Axes, *, arrows: bool = False) -> None:
    handles: list[Artist] = [
        Patch(facecolor=colour, edgecolor=_FAINT, linewidth=0.5, label=one.capitalize())
        for one, colour in _BANDS.items()
    ]
    if arrows:
        label = "Without → with mitigations"
        handles.append(Line2D([], [], color=_ARROW, linewidth=2.2, label=label))
    axes.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.13),
        ncols=len(handles),
        frameon=False,
        columnspacing=1.4,
        handlelength=1.4,
        fontsize=10,
        labelcolor=_INK,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
