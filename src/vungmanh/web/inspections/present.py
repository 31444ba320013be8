"""What the pages of inspections say: findings with their counts, rows, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.periods import month_label, parse_month
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import (
    InspectionKind,
    InspectionState,
    MonthState,
    ReportedThen,
    Verdict,
)
from vungmanh.meetings.actions.inspections import FIELDS
from vungmanh.meetings.inspections import Agreement
from vungmanh.meetings.models import Inspection, InspectionChange, InspectionMonth

_MARKS = {
    "held": MonthState.HELD,
    "not_held": MonthState.NOT_HELD,
    "none": MonthState.NO_REPORT,
    "unknown": None,
}


@dataclass(frozen=True)
class MonthRow:
    """One month: what was reported then, what was seen, whether the two differ."""

    row: InspectionMonth
    reported: str
    reported_mark: MonthState | None
    verified: str
    verified_mark: MonthState | None
    differs: bool


def finding_of_list(found: Agreement, count: int) -> str:
    """What all inspections in sight amount to."""
    if not count:
        return _("Chưa có cuộc kiểm tra, giám sát nào trong phạm vi của đồng chí.")
    if found.factor is None:
        return _("Chưa cuộc nào xác định được một buổi đã báo cáo là có họp.")
    return _(
        "Kiểm tra %(checked)s buổi đã báo cáo là có họp: %(confirmed)s buổi đúng là có họp,"
        " %(refuted)s buổi không họp; hệ số xác minh %(factor)s."
    ) % {
        "checked": number_vi(found.checked),
        "confirmed": number_vi(found.confirmed),
        "refuted": number_vi(found.refuted),
        "factor": percent_vi(found.factor),
    }


def finding_of(rows: Iterable[MonthRow], one: Inspection) -> str:
    """What one inspection found, in a sentence."""
    if one.state == InspectionState.WITHDRAWN:
        return _("Bản ghi này đã được rút, không còn tính vào số liệu.")
    months = list(rows)
    claimed = [
        row.row
        for row in months
        if row.row.reported == ReportedThen.HELD and row.row.verified != Verdict.UNKNOWN
    ]
    if not claimed:
        told = _("Cuộc này xem %(n)s tháng, không có buổi nào đã báo là có họp mà xác định được.")
        return told % {"n": number_vi(len(months))}
    refuted = sum(row.verified == Verdict.NOT_HELD for row in claimed)
    counts = {"n": number_vi(refuted), "of": number_vi(len(claimed))}
    if not refuted:
        return _("Cả %(of)s buổi đã báo cáo là có họp, kiểm tra thấy đều có họp.") % counts
    return _("Kiểm tra thấy %(n)s trong %(of)s buổi đã báo cáo là có họp thì không họp.") % counts


def month_rows(one: Inspection) -> list[MonthRow]:
    """The months of a record, the earliest first."""
    return [
        MonthRow(
            row,
            _(ReportedThen(row.reported).label),
            _MARKS[row.reported],
            _(Verdict(row.verified).label),
            _MARKS[row.verified],
            {row.reported, row.verified} == {"held", "not_held"},
        )
        for row in one.months.all()
    ]


def head_of(one: Inspection) -> list[tuple[str, str]]:
    """The facts of a record beside its months."""
    scope = f"{month_label(one.first_month)} – {month_label(one.last_month)}"
    concluded = _("chưa có")
    if one.conclusion_number and one.conclusion_on:
        day = date_vi(one.conclusion_on)
        concluded = f"{one.conclusion_number}, {day}, {one.conclusion_issuer}"
    return [
        (_("Hình thức"), _(InspectionKind(one.kind).label)),
        (_("Ai kiểm tra, giám sát"), one.body),
        (_("Ngày"), date_vi(one.on)),
        (_("Phạm vi"), scope),
        (_("Văn bản"), one.document),
        (_("Kết luận"), concluded),
        (_("Tình trạng"), _(InspectionState(one.state).label)),
    ]


@dataclass(frozen=True)
class ChangeRow:
    """One change with its values in words."""

    change: InspectionChange
    values: list[tuple[str, str, str]]  # label, was, now


def change_rows(found: Iterable[InspectionChange]) -> list[ChangeRow]:
    return [
        ChangeRow(one, [(_label(name), *map(_words, pair)) for name, pair in one.fields.items()])
        for one in found
    ]


def _label(name: str) -> str:
    if name == "state":
        return _("Tình trạng")
    return _(FIELDS[name]).capitalize() if name in FIELDS else month_label(parse_month(name))


def _words(value: Any) -> str:
    """A stored value as a reader says it; a month is a pair (verdict, what it rests on)."""
    if value in (None, ""):
        return _("để trống")
    if isinstance(value, list):
        verdict, basis = value
        told = _(Verdict(verdict).label)
        return f"{told} ({basis})" if basis else told
    for words in (InspectionState, InspectionKind):
        if value in set(words):
            return _(words(value).label)
    try:
        return date_vi(dt.date.fromisoformat(value))
    except ValueError:
        return str(value)
