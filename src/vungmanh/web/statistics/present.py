"""A statistic as its tables show it: columns that hold something, rows in order, words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.people_words import MemberChange
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.statistics_balance import DOWNS, UPS

#: Shown even where there were none: what every period is asked for.
_ALWAYS = {
    "up.admitted", "up.arrived", "down.sent", "down.died", "closing.official",
    "closing.probationary", "closing.exempt",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: the name of its figure and its words; `side` is "up", "down" or neither."""

    key: str
    label: str
    side: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a table, its cells in the order of the columns."""

    name: str
    unit_id: str
    is_ended: bool
    cells: list[tuple[Column, int]]


def label_of(key: str) -> str:
    """The words of a figure of `org.statistics.figures_of`."""
    side, _dot, code = key.partition(".")
    if side in {"up", "down"}:
        words = _(MemberChange(code).label)
        return (_("Tăng: %s") if side == "up" else _("Giảm: %s")) % words
    if code:
        when = _("Đầu kỳ: %s") if side == "opening" else _("Cuối kỳ: %s")
        return when % _(MembershipStatus(code).label)
    return {
        "opening": _("Đầu kỳ"),
        "closing": _("Cuối kỳ"),
        "made_official": _("Chuyển chính thức"),
        "cells": _("Số chi bộ"),
        "uncounted": _("Chi bộ chưa có số"),
    }[side]


def moving_columns(content: dict[str, Any]) -> list[Column]:
    """From the opening to the closing, by causes that occur."""
    ups = [Column(f"up.{one}", _(one.label), "up") for one in UPS]
    downs = [Column(f"down.{one}", _(one.label), "down") for one in DOWNS]
    return [
        Column("opening", _("Đầu kỳ")),
        *_occurring(content, [*ups, *downs]),
        Column("closing", _("Cuối kỳ")),
    ]


def heads_of(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """The upper row of headings: increases and decreases over their columns, others alone (0)."""
    words = {"up": _("Tăng"), "down": _("Giảm")}
    found: list[tuple[str, int]] = []
    for column in columns:
        if not column.side:
            found.append((column.label, 0))
        elif found and found[-1][0] == words[column.side] and found[-1][1]:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((words[column.side], 1))
    return found


def status_columns(content: dict[str, Any]) -> list[Column]:
    """The closing count by standing."""
    found = [Column(f"closing.{one}", _(one.label)) for one in MembershipStatus]
    return [Column("cells", _("Số chi bộ")), *_occurring(content, found),
            Column("made_official", _("Chuyển chính thức trong kỳ"))]  # fmt: skip


def _occurring(content: dict[str, Any], columns: Sequence[Column]) -> list[Column]:
    told = [content["total"], *content["lines"]]
    return [
        column
        for column in columns
        if column.key in _ALWAYS or any(line[column.key] for line in told)
    ]


def rows_of(lines: Iterable[dict[str, Any]], columns: Sequence[Column]) -> list[Row]:
    return [
        Row(line["name"], line["unit"], line["is_ended"], cells_of(line, columns)) for line in lines
    ]


def cells_of(line: dict[str, Any], columns: Sequence[Column]) -> list[tuple[Column, int]]:
    return [(column, line[column.key]) for column in columns]


def signed(number: int) -> str:
    """With its sign: a change, never a state."""
    return f"+{number_vi(number)}" if number > 0 else number_vi(number).replace("-", "−")
