"""The components as template tags: `{% load vungmanh %}`.

An attribute a component does not know is a TemplateSyntaxError when the template is compiled, so a
misspelt one never reaches a page. The gallery (`web/frame`) shows every component.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vungmanh.core import text
from vungmanh.core.periods import month_label
from vungmanh.core.vocabulary import MonthState, Status, Weight
from vungmanh.web import marks as months
from vungmanh.web.assets import ICONS
from vungmanh.web.components import CountBar, GradeTable, HeatRow, Scale, Stat, Tile
from vungmanh.web.intervals import IntervalBar

register = template.Library()


# --- words and figures -------------------------------------------------------------------------

register.filter("number_vi", text.number_vi)
register.filter("percent_vi", text.percent_vi)
register.filter("date_vi", text.date_vi, expects_localtime=True)


@register.filter(expects_localtime=True)
def date_vi_or_blank(day: dt.date | None) -> str:
    """A day as Vietnamese writes it; nothing where none was recorded."""
    return text.date_vi(day) if day else ""


@register.filter
def month_vi(month: dt.date) -> str:
    """ "tháng 10/2026", kept on one line."""
    return month_label(month).replace(" ", text.NBSP)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon, silent: the control that holds it carries the words."""
    if name not in ICONS:
        raise ValueError(f"unknown icon {name!r}; known: {', '.join(ICONS)}")
    address = static("vungmanh/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', address, name
    )


# --- reasons, status, caution ------------------------------------------------------------------


@register.simple_tag
def reason(*, text: str, weight: Weight | str, figure: str = "", href: str = "") -> SafeString:
    """A reason chip; `weight` "" is a mark that something must be verified, drawn broken."""
    edge = {Weight.HEAVY: " hard", Weight.LIGHT: ""}[Weight(weight)] if weight else " verify"
    words = reason_words(text=text, figure=figure)
    if href:
        return format_html('<a class="reason{}" href="{}">{}</a>', edge, href, words)
    return format_html('<span class="reason{}">{}</span>', edge, words)


@register.simple_tag
def reason_words(*, text: str, figure: str = "") -> SafeString:
    """The words of a reason: `figure` is set in bold where it stands in `text`."""
    before, found, after = text.partition(figure) if figure else (text, "", "")
    if figure and not found:
        raise ValueError(f"the figure {figure!r} does not stand in the reason {text!r}")
    bold = format_html("<b>{}</b>", figure) if figure else ""
    return format_html("{}{}{}", before, bold, after)


@register.inclusion_tag("components/status.html")
def status_mark(status: Status | str) -> dict[str, Any]:
    """Where a unit stands: a shape and its words."""
    one = Status(status)
    return {"code": one.value, "label": one.label}


@register.simple_tag
def caution(words: str) -> SafeString:
    """How far a rule or figure may be trusted; nothing for an empty text."""
    if not words:
        return SafeString("")
    return format_html('<span class="unsure">{}</span>', gettext(words))


# --- marks and months --------------------------------------------------------------------------


@register.simple_tag
def month_mark(state: MonthState | str) -> SafeString:
    """One mark with its hidden word."""
    return months.mark(months.CHARACTERS[MonthState(state)])


@register.inclusion_tag("components/month_strip.html")
def month_strip(*, states: str, label: str = "") -> dict[str, Any]:
    """Twelve marks in one line; the sentence is read instead of the drawings."""
    drawn = [months.symbol(months.STATES[one]) for one in states if one != " "]
    return {"drawn": drawn, "label": label, "words": months.Tally.of(states).words()}


@register.inclusion_tag("components/months_table.html")
def months_table(*, rows: Sequence[months.MonthsRow], first: dt.date, label: str) -> dict[str, Any]:
    """Books over the same months from `first` on, one row each. `label` names it to a reader."""
    width = rows[0].width()
    if any(row.width() != width for row in rows):
        raise ValueError("all rows of a months table cover the same months")
    return {"rows": rows, "heads": months.month_heads(first, width), "label": label}


@register.inclusion_tag("components/months_grid.html")
def months_grid(
    *, years: Sequence[months.YearRow], label: str, unit_id: UUID | None = None
) -> dict[str, Any]:
    """Twelve months over years, one row a year; of `unit_id` each month leads to its meeting."""

    def hrefs(year: int) -> tuple[str, ...]:
        if unit_id is None:
            return ()
        slugs = [f"{year}-{month:02}" for month in range(1, 13)]
        return tuple(reverse("meeting", args=[unit_id, "regular", slug]) for slug in slugs)

    rows = [
        (one.year, months.MonthsRow(str(one.year), one.states, hrefs=hrefs(one.year)))
        for one in years
    ]
    return {"rows": rows, "months": range(1, 13), "label": label}


@register.inclusion_tag("components/marks_key.html")
def marks_key() -> dict[str, Any]:
    """What the five marks mean."""
    return {"marks": [(months.symbol(state, small=True), state) for state in MonthState]}


# --- figures and drawings ----------------------------------------------------------------------


@register.inclusion_tag("components/stat_row.html")
def stat_row(stats: Sequence[Stat]) -> dict[str, Any]:
    """Up to four figures with their denominators."""
    return {"stats": stats}


@register.inclusion_tag("components/count_bar.html")
def count_bar(
    *, held: int, not_held: int, no_report: int, due: int, threshold: float | None = None
) -> dict[str, Any]:
    """Held, not reported and not held of the months due; `threshold` in the same months."""
    return {"bar": CountBar(held, not_held, no_report, due, threshold)}


@register.inclusion_tag("components/interval.html")
def interval_bar(bar: IntervalBar) -> dict[str, Any]:
    """An estimate with its interval on its scale."""
    return {"bar": bar}


@register.inclusion_tag("components/meter.html")
def meter(*, got: int, of: int) -> dict[str, Any]:
    """A share as a filled bar. Silent: the figures stand beside it."""
    return {"width": f"{200 * got / of:.1f}" if of else "0"}


@register.inclusion_tag("components/heat_grid.html")
def heat_grid(
    *, rows: Sequence[HeatRow], first: dt.date, scale: Scale, label: str
) -> dict[str, Any]:
    """Areas × months as percentages on the five-step scale."""
    stepped = [
        (row, [(cell, scale.step(cell.percent)) if cell.percent is not None else (cell, None)
               for cell in row.cells])
        for row in rows
    ]  # fmt: skip
    heads = months.month_heads(first, max((len(row.cells) for row in rows), default=0))
    return {"rows": stepped, "heads": heads, "scale": scale, "label": label}


@register.inclusion_tag("components/tile_map.html")
def tile_map(*, tiles: Sequence[Tile], scale: Scale) -> dict[str, Any]:
    """One tile per area, coloured by its share, with a square per commune."""
    drawn = [
        {
            "tile": tile,
            "step": scale.step(tile.percent),
            "share": f"{tile.percent:.1f}".replace(".", ",") + text.NBSP + "%",
            "squares": [(12 * n + 1, n < tile.squares_on) for n in range(tile.squares)],
            "width": max(12 * tile.squares - 2, 1),
        }
        for tile in tiles
    ]
    return {"tiles": drawn, "scale": scale}


@register.inclusion_tag("components/grades.html")
def grades(*, table: GradeTable, label: str) -> dict[str, Any]:
    """Yearly grades: two scales parted by the break of 2017/2018, never one line."""
    return {"table": table, "label": label}


# --- page parts --------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field with its label, help and error."""
    return {"field": bound, "is_tick": isinstance(bound.field.widget, CheckboxInput)}


@register.inclusion_tag("components/filter.html")
def filter_select(
    *, name: str, label: str, options: Sequence[tuple[str, str]], value: str = ""
) -> dict[str, Any]:
    """A drop-down of a filter row; `options` are pairs of value and words."""
    return {"name": name, "label": label, "options": options, "value": str(value)}


@register.inclusion_tag("components/tabs.html")
def tabs(*, label: str, items: Sequence[tuple[str, str, bool]]) -> dict[str, Any]:
    """Tabs: triples of words, address, and whether it is the one shown."""
    return {"label": label, "items": items}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(
    context: template.Context, *, page: Page, noun: str, param: str = "trang", at: str = ""
) -> dict[str, Any]:
    """Which part of a list is shown, and the way to the next; the other filters are kept.

    `at` is the id of the list on a page with several: the next part opens there, not at the top.
    """

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}{place}"

    place = f"#{at}" if at else ""
    return {
        "page": page,
        "noun": noun,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/empty.html")
def empty_state(*, text: str, href: str = "", act: str = "") -> dict[str, Any]:
    """Nothing here: why, and what would fill it."""
    return {"text": text, "href": href, "act": act}


@register.simple_block_tag
def fold(content: str, *, summary: str, open: bool = False) -> SafeString:
    """The method under a table, closed until wanted."""
    state = SafeString(" open") if open else ""
    return format_html(
        '<details class="fold"{}><summary>{}</summary><div>{}</div></details>',
        state,
        summary,
        conditional_escape(content),
    )


@register.simple_tag
def row_toggle(*, href: str, label: str, text: str, is_open: bool = False) -> SafeString:
    """Opens a row of a ranked list to what stands behind it.

    Without JavaScript it is a link to the page with that row open. With it, htmx asks the same
    address and puts the answer, one `<tr class="detail">`, behind the row.
    """
    return format_html(
        '<a class="open" href="{}" aria-expanded="{}" aria-label="{}" data-vungmanh-open '
        'hx-get="{}" hx-target="closest tr" hx-swap="afterend">{}</a>',
        href,
        "true" if is_open else "false",
        label,
        href,
        text,
    )
