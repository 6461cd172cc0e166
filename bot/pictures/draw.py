"""`python -m bot.pictures.draw`: a picture's figures as JSON on stdin, its PNG on stdout.

Two kinds. "heat": counts in a grid of likelihood by impact, 1 to 5 each, and arrows from what some
would be without mitigations to what they are to be with them. "bands": how many of each band there
were, over time. On a ground of their own, so that Slack's themes don't matter; from light to dark
in one direction, so that it takes no sense of colour; and numbers are written out where they fit.
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
_WORST = "critical"
_LIGHT_INK = frozenset({_WORST, "high"})
_ARROW = "#0b4f9c"
_SCALE = range(1, 6)
_INCHES, _DPI = (7.2, 5.4), 130
# In points: on a phone a picture is shown at a third of its size.
_TITLE, _COUNT, _AXIS, _TICK, _LEGEND, _LABEL = 16, 19, 12.5, 12, 11, 10.5
_DATES = 7  # as many as have room
_HIGH_ENOUGH = 0.055  # of all that is drawn: a part with a number in it
_PLACE = (0.18, 0.215, 0.805, 0.695)  # of the axes; the layout that finds it out takes 0.1 s


def draw(spec: Mapping[str, Any]) -> bytes:
    """The PNG of a picture; raises KeyError or ValueError for what is none."""
    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor=_GROUND)
    axes = figure.add_axes(_PLACE)
    axes.set_facecolor(_GROUND)
    {"heat": _heat, "bands": _bands}[spec["kind"]](axes, spec)
    axes.set_title(
        spec["title"], color=_INK, fontsize=_TITLE, fontweight="bold", loc="left", pad=12
    )
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
    axes.set_xticks(_SCALE, spec["impact"], fontsize=_TICK)
    axes.set_yticks(_SCALE, spec["likelihood"], fontsize=_TICK)
    axes.set_xlabel("Impact →", color=_INK, fontsize=_AXIS)
    axes.set_ylabel("Likelihood →", color=_INK, fontsize=_AXIS)
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
            likelihood + 0.27,
            str(count),
            color="white" if band in _LIGHT_INK else _INK,
            fontsize=_COUNT,
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
        fontsize=_LABEL,
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
    most = max([sum(one["counts"].values()) for one in points] + [1])
    floor = [0] * len(points)
    for band, colour in reversed(_BANDS.items()):  # the worst on top
        counts = [one["counts"].get(band, 0) for one in points]
        axes.bar(places, counts, 0.72, floor, color=colour, edgecolor=_GROUND, linewidth=1)
        for place, count, below in zip(places, counts, floor, strict=True):
            if count:
                _count(axes, place, count, below, band, most)
        floor = [below + count for below, count in zip(floor, counts, strict=True)]
    step = 1 + (len(points) - 1) // _DATES
    named = places[::-step]  # the last has its date in any case
    axes.set_xticks(named, [points[one]["on"] for one in named], fontsize=_TICK)
    axes.set_ylim(0, most * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("Risks", color=_INK, fontsize=_AXIS)
    axes.tick_params(length=0, colors=_FAINT)
    for name, side in axes.spines.items():
        side.set_visible(name == "bottom")
        side.set_color(_FAINT)
    _legend(axes)


def _count(axes: Axes, place: int, count: int, below: int, band: str, most: int) -> None:
    """How many, in their part of the bar where that is high enough; the worst above it else."""
    ink, height, at = "white" if band in _LIGHT_INK else _INK, below + count / 2, "center"
    if count < most * _HIGH_ENOUGH:
        if band != _WORST:
            return
        ink, height, at = _BANDS[band], below + count, "bottom"
    axes.text(place, height, str(count), color=ink, fontsize=_TICK, ha="center", va=at)


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
        bbox_to_anchor=(0.4, -0.17),
        ncols=len(handles),
        frameon=False,
        columnspacing=1.4,
        handlelength=1.4,
        fontsize=_LEGEND,
        labelcolor=_INK,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
