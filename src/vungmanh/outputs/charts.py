"""Charts as SVG text: described by Altair, drawn by vl-convert, without a browser or the network.

Plain numbers in, `<svg>` out: the same on a page, in a report and in print. Shape tells before
colour does. Each chart stands beside a table with the same figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from vungmanh.analysis.funnel import Funnel

INK, QUIET, RULE, RED, GREEN, BAND = (
    "#1c1a18", "#67615a", "#ddd7ca", "#98191d", "#3c5b55", "#e2ddd1",
)  # fmt: skip
_FONT = "Be Vietnam Pro, Segoe UI, Noto Sans, DejaVu Sans, sans-serif"
_NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
_MOST_POINTS = 4_000  # more marks than that say no more and weigh megabytes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A line of an interval chart: an estimate with its interval and the reference beside it."""

    name: str
    low: float
    value: float
    high: float
    reference: float | None = None


def funnel_chart(
    held: Floats, due: Floats, target: float, *, title: str, axis: str = "Số kỳ phải họp"
) -> str:
    """Share of meetings held against meetings due, with the limits that chance alone would keep.

    `held`, `due`: (n,); units with nothing due are left out. The limits are those of
    `analysis.funnel`, widened by the spread between units.
    """
    import altair as alt

    from vungmanh.analysis.funnel import funnel

    wanted = due > 0
    held, due = np.minimum(held[wanted], due[wanted]), due[wanted]
    found = funnel(held, due, target)
    points = _points(held, due, found.outside)
    lines = _limits(due, found)
    x = alt.X("due:Q", title=axis, scale=alt.Scale(type="sqrt", zero=False))
    share = alt.Scale(domain=[0, 1])
    dash = alt.StrokeDash("limit:N", title="Giới hạn", legend=alt.Legend(orient="bottom"))
    base = alt.Chart(alt.Data(values=lines)).encode(x=x, strokeDash=dash)
    shares = alt.Axis(format="%", title="Tỷ lệ kỳ đã họp")
    low = base.mark_line(color=QUIET).encode(y=alt.Y("low:Q", scale=share, axis=shares))
    high = base.mark_line(color=QUIET).encode(y=alt.Y("high:Q", scale=share))
    aim = alt.Chart(alt.Data(values=[{"target": target}])).mark_rule(color=INK)
    marks = (
        alt.Chart(alt.Data(values=points))
        .mark_point(filled=True, opacity=0.75)
        .encode(
            x=x,
            y=alt.Y("share:Q", scale=share),
            size=alt.Size("count:Q", legend=None, scale=alt.Scale(range=[18, 160])),
            shape=alt.Shape(
                "place:N",
                title="So với nhóm",
                scale=alt.Scale(domain=_PLACES, range=["triangle-down", "circle", "triangle-up"]),
                legend=alt.Legend(orient="bottom"),
            ),
            color=alt.Color(
                "place:N",
                scale=alt.Scale(domain=_PLACES, range=[RED, QUIET, GREEN]),
                title="So với nhóm",
            ),
        )
    )
    chart = alt.layer(low, high, aim.encode(y="target:Q"), marks)
    return _svg(chart.properties(width=640, height=320), title)


_PLACES = ["dưới giới hạn 99,8 %", "trong giới hạn", "trên giới hạn 99,8 %"]


def _limits(due: Floats, found: Funnel) -> list[dict[str, Any]]:
    """The limits at each number of meetings due, or at 150 of them spread evenly."""
    _, first = np.unique(due, return_index=True)
    kept = first[np.unique(np.linspace(0, len(first) - 1, 150).astype(np.int64))]
    return [
        {"due": float(due[one]), "limit": name, "low": float(low[one]), "high": float(high[one])}
        for name, low, high in (
            ("95 %", found.low95, found.high95),
            ("99,8 %", found.low998, found.high998),
        )
        for one in kept
    ]


def _points(held: Floats, due: Floats, outside: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Equal points drawn once, with their number."""
    places = np.where(outside <= -2, 0, np.where(outside >= 2, 2, 1))
    share = np.round(held / due, 3)
    whole = np.stack([np.round(due, 1), share, places.astype(np.float64)], axis=1)
    unique, count = np.unique(whole, axis=0, return_counts=True)
    kept = np.argsort(-count, kind="stable")[:_MOST_POINTS]
    return [
        {
            "due": float(unique[one, 0]),
            "share": float(unique[one, 1]),
            "place": _PLACES[int(unique[one, 2])],
            "count": int(count[one]),
        }
        for one in kept
    ]


def interval_chart(lines: Sequence[Interval], *, title: str, axis: str) -> str:
    """One line a unit, in the order given: dot, interval, and a tick where its reference lies."""
    import altair as alt

    values = [
        {
            "name": f"{place}. {line.name}",
            "low": line.low,
            "value": line.value,
            "high": line.high,
            "reference": line.reference,
        }
        for place, line in enumerate(lines, start=1)
    ]
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=340, ticks=False))
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    bars = base.mark_rule(color=INK, strokeWidth=3).encode(
        x=alt.X("low:Q", title=axis, scale=alt.Scale(domain=[0, 100])), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=70, color=INK, stroke="white").encode(x="value:Q")
    ticks = (
        base.transform_filter("isValid(datum.reference)")
        .mark_tick(color=RED, thickness=2, size=14)
        .encode(x="reference:Q")
    )
    chart = alt.layer(bars, dots, ticks)
    return _svg(chart.properties(width=420, height=max(60, 18 * len(values))), title)


def completeness_chart(completeness: Floats, limit: float, *, title: str) -> str:
    """How many units reported how much of what was due; `limit` is the share below which to verify.

    `completeness`: (n,) shares, NaN for units with nothing due.
    """
    import altair as alt

    known = completeness[~np.isnan(completeness)]
    band = np.minimum((known * 10 + 1e-9).astype(np.int64), 9)
    counts = np.bincount(band, minlength=10)
    values = [
        {
            "from": place / 10,
            "to": (place + 1) / 10,
            "count": int(count),
            "kind": "phải xác minh" if (place + 1) / 10 <= limit + 1e-9 else "đủ để kết luận",
        }
        for place, count in enumerate(counts)
    ]
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(stroke="white")
        .encode(
            x=alt.X("from:Q", title="Phần kỳ có báo cáo", axis=alt.Axis(format="%")),
            x2="to:Q",
            y=alt.Y("count:Q", title="Số đơn vị", scale=alt.Scale(domainMin=0)),
            y2=alt.datum(0),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=["phải xác minh", "đủ để kết luận"], range=[RED, GREEN]),
                legend=alt.Legend(orient="bottom"),
            ),
        )
    )
    rule = alt.Chart(alt.Data(values=[{"limit": limit}])).mark_rule(color=INK, strokeDash=[4, 3])
    chart = alt.layer(bars, rule.encode(x="limit:Q"))
    return _svg(chart.properties(width=640, height=220), title)


def _svg(chart: Any, title: str) -> str:
    """The chart as an `<svg>` that scales with its frame and tells its title to a screen reader."""
    import vl_convert

    styled = (
        chart.configure(font=_FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=RULE, domainColor=QUIET, tickColor=QUIET, labelColor=INK, titleColor=INK,
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, titleFontWeight="normal")
    )  # fmt: skip
    drawn = vl_convert.vegalite_to_svg(styled.to_json(), format_locale=_NUMBERS)
    head = re.search(r'<svg[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"[^>]*>', drawn)
    if head is None:
        raise ValueError("no svg element drawn")
    width, height = head[1], head[2]
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" role="img" aria-label="{_quoted(title)}">'
    )
    return opening + drawn[head.end() :]


def _quoted(text: str) -> str:
    from html import escape

    return escape(text, quote=True)
