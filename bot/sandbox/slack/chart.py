"""Slack's ``data_visualization`` block as a drawing within the page: lines over their labels, or bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.sandbox.slack.markup import safe
from bot.sandbox.slack.records import Json

WIDTH, HEIGHT, EDGE = 320, 120, 16
_LINES = ("line", "area")
_BAR = 60  # per cent of the width that the longest bar takes
_EMPTY = Markup("")


@dataclass(frozen=True, slots=True)
class _Series:
    """A name, and values by their labels in order."""

    name: str
    points: Sequence[tuple[str, float]]


def chart(block: Json) -> Markup:
    """The drawing with its title; the numbers stand in it as words, too, for who cannot see it."""
    drawn = block.get("chart") or {}
    told = [_series(series) for series in drawn.get("series") or ({"data": drawn.get("segments")},)]
    most = max((value for one in told for _, value in one.points), default=0) or 1
    show = _lines if drawn.get("type") in _LINES else _bars
    shown = _EMPTY.join(show(one, most) for one in told)
    title = safe(str(block.get("title", "")))
    return Markup('<figure class="chart"><figcaption><strong>{}</strong></figcaption>{}</figure>').format(title, shown)


def _series(series: Json) -> _Series:
    points = [(safe(str(point.get("label", ""))), float(point.get("value") or 0)) for point in series.get("data") or ()]
    return _Series(safe(str(series.get("name", ""))), points)


def _lines(series: _Series, most: float) -> Markup:
    across = (WIDTH - 2 * EDGE) / max(len(series.points) - 1, 1)
    drawn, line = _EMPTY, []
    for number, (label, value) in enumerate(series.points):
        x, y = EDGE + number * across, HEIGHT - EDGE - value / most * (HEIGHT - 3 * EDGE)
        line.append(f"{x:.1f},{y:.1f}")
        drawn += Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3"/>').format(x, y)
        drawn += _written(x, y - EDGE / 2, f"{value:g}") + _written(x, HEIGHT, label)
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><polyline points="{}"/>{}</svg>').format(
        WIDTH, HEIGHT + EDGE / 4, _in_words(series), " ".join(line), drawn
    )


def _written(x: float, y: float, words: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(x, y, words)


def _bars(series: _Series, most: float) -> Markup:
    row = Markup('<li><span>{}</span><span class="bar" style="width: {:.0f}%"></span>{:g}</li>')
    rows = (row.format(label, _BAR * value / most, value) for label, value in series.points)
    return Markup("<ul>{}</ul>").format(_EMPTY.join(rows))


def _in_words(series: _Series) -> str:
    return f"{series.name}: {', '.join(f'{label} {value:g}' for label, value in series.points)}"
