"""*Sinh hoạt* for each role: what one must do first, then the months it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months, month_label, month_of, month_slug
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import (
    MeetingState,
    MonthState,
    ObligationKind,
    ReportState,
    Scorer,
)
from vungmanh.meetings.models import SheetScore
from vungmanh.meetings.queue import MonthLine, lines_of
from vungmanh.org.models import UnitVersion
from vungmanh.web.marks import CHARACTERS, YearRow
from vungmanh.web.meetings.words import KINDS, month_of_kind

S = MeetingState
#: Months back in which a missing report is still the first thing to do; older ones are counted.
LOOK_BACK = 12
RECENT = 3


@dataclass(frozen=True)
class Todo:
    """The one thing to do now: what, by when, where."""

    words: str
    due: str
    button: str
    href: str
    is_late: bool = False
    others: int = 0  # other months whose term is over


@dataclass(frozen=True)
class LineRow:
    """One month as a list shows it."""

    line: MonthLine
    name: str
    href: str
    label: str
    words: str
    mark: MonthState


def href_of(unit_id: UUID, kind: str, month: dt.date) -> str:
    return reverse("meeting", args=[unit_id, str(kind), month_slug(month)])


def row_of(line: MonthLine, name: str, today: dt.date) -> LineRow:
    return LineRow(
        line,
        name,
        href_of(line.unit_id, line.kind.value, line.month),
        month_of_kind(line.kind, line.month),
        state_words(line, today),
        _mark(line, today),
    )


def state_words(line: MonthLine, today: dt.date) -> str:
    """How far one month is, in a few words."""
    if line.state in (S.PREPARING, S.ANNOUNCED) and line.report is None and not line.is_excused:
        assert line.state is not None
        planned = f", {date_vi(line.planned_on)}" if line.planned_on else ""
        return f"{_(line.state.label)}{planned}"
    if line.state is not None and line.state not in (S.PREPARING, S.ANNOUNCED):
        return _(line.state.label)
    if line.report is not None:
        return _("Đã có trong sổ, nhập từ tệp")
    return _("Được miễn") if line.is_excused else _not_begun(line, today)


def _not_begun(line: MonthLine, today: dt.date) -> str:
    if line.due_by is not None and line.due_by < today:
        return _("Chưa nộp")
    return _("Chưa chuẩn bị") if line.month <= today else _("Chưa đến hạn")


def _mark(line: MonthLine, today: dt.date) -> MonthState:
    if line.report is not None:
        return MonthState.HELD if line.report is ReportState.HELD else MonthState.NOT_HELD
    if line.is_excused:
        return MonthState.EXCUSED
    is_over = line.due_by is not None and line.due_by < today
    return MonthState.NO_REPORT if is_over else MonthState.NOT_DUE


# --- the secretary -----------------------------------------------------------------------------


def year_of_cell(unit_id: UUID, name: str, year: int, today: dt.date) -> list[LineRow]:
    """Every month of a cell's year, the latest first."""
    lines = lines_of([unit_id], dt.date(year, 1, 1), dt.date(year, 12, 1))
    return [row_of(line, name, today) for line in reversed(lines)]


def strip_of(rows: Iterable[LineRow], year: int, today: dt.date) -> YearRow:
    """The regular months of a year as twelve marks."""
    marks = [" "] * 12
    for row in rows:
        if row.line.kind is ObligationKind.REGULAR:
            marks[row.line.month.month - 1] = CHARACTERS[row.mark]
    if year == today.year:
        marks[today.month :] = ["."] * (12 - today.month)
    return YearRow(year, "".join(marks))


def todo_of(unit_id: UUID, today: dt.date) -> Todo | None:
    """The one thing a cell must do now: what came back, then what is late, then this month."""
    this = month_of(today)
    lines = lines_of([unit_id], add_months(this, -LOOK_BACK), this)
    returned = [line for line in lines if line.state is S.RETURNED]
    if returned:
        words = _("Sửa bản ghi %(month)s đã bị trả lại")
        return _todo(returned[0], words, _("Xem lý do và sửa"), today)
    late = [line for line in lines if line.is_open and line.due_by and line.due_by < today]
    recent = [line for line in late if line.month >= add_months(this, -RECENT)]
    recent.sort(key=lambda line: (line.kind is not ObligationKind.REGULAR, line.month))
    if recent:
        words = _("Ghi và nộp %(month)s")
        return _todo(recent[0], words, _button(recent[0]), today, others=len(late) - 1)
    now = [line for line in lines if line.month == this and line.is_open]
    if not now:
        return None
    return _todo(now[0], _words(now[0], today), _button(now[0]), today, others=len(late))


def _words(line: MonthLine, today: dt.date) -> str:
    if line.state is S.RECORDING:
        return _("Ghi tiếp rồi nộp %(month)s")
    if line.state is S.ANNOUNCED and line.planned_on and line.planned_on <= today:
        return _("Ghi buổi họp %(month)s")
    if line.state is S.ANNOUNCED:
        return _("Đã báo họp %(month)s; họp xong thì ghi")
    return _("Chuẩn bị và báo họp %(month)s")


def _button(line: MonthLine) -> str:
    if line.state is S.RECORDING:
        return _("Ghi tiếp")
    return _("Mở kỳ này")


def _todo(line: MonthLine, words: str, button: str, today: dt.date, *, others: int = 0) -> Todo:
    late = line.due_by is not None and line.due_by < today
    return Todo(
        words % {"month": month_of_kind(line.kind, line.month)},
        _term(line, today),
        button,
        href_of(line.unit_id, line.kind.value, line.month),
        late,
        others,
    )


def _term(line: MonthLine, today: dt.date) -> str:
    if line.due_by is None:
        return ""
    days = (line.due_by - today).days
    told = {"day": date_vi(line.due_by), "n": number_vi(abs(days))}
    if days < 0:
        return _("Hạn %(day)s, đã qua %(n)s ngày") % told
    return _("Hạn %(day)s, còn %(n)s ngày") % told


def finding_of_cell(name: str, todo: Todo | None) -> str:
    if todo is None:
        return _("%(unit)s không còn kỳ nào phải ghi lúc này.") % {"unit": name}
    return _("%(unit)s: %(what)s.") % {
        "unit": name, "what": todo.words[:1].lower() + todo.words[1:],
    }  # fmt: skip


# --- the overseer ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Charge:
    """A cell in charge: this month to attend, the last records to score."""

    version: UnitVersion
    this: LineRow | None
    to_score: list[LineRow]


def charges(viewer: Viewer, cells: list[UnitVersion], today: dt.date) -> list[Charge]:
    """The cells of an overseer with what is to attend and what is to score."""
    this = month_of(today)
    lines = lines_of([cell.unit_id for cell in cells], add_months(this, -3), this)
    given = set(
        SheetScore.objects.filter(
            meeting__in=[line.meeting_id for line in lines],
            scorer=Scorer.SUPERIOR,
            is_complete=True,
        ).values_list("meeting_id", flat=True)
    )
    found = []
    for cell in cells:
        own = [line for line in lines if line.unit_id == cell.unit_id]
        now = [one for one in own if one.month == this and one.kind is ObligationKind.REGULAR]
        score = [
            row_of(one, cell.name, today)
            for one in own
            if one.report is ReportState.HELD and one.superior_came and one.meeting_id not in given
        ]
        found.append(Charge(cell, row_of(now[0], cell.name, today) if now else None, score))
    return found


def finding_of_charges(found: list[Charge]) -> str:
    score = sum(len(one.to_score) for one in found)
    told = {"cells": number_vi(len(found)), "score": number_vi(score)}
    if not found:
        return _("Chưa chi bộ nào được giao cho đồng chí phụ trách.")
    if score:
        return _("Phụ trách %(cells)s chi bộ; %(score)s buổi đã dự còn phải chấm điểm.") % told
    return _("Phụ trách %(cells)s chi bộ; không còn buổi nào phải chấm điểm.") % told


# --- the analyst -------------------------------------------------------------------------------


def finding_of_standing(rows: list[Any], month: dt.date) -> str:
    due = sum(row.told.due for row in rows)
    told = {
        "month": month_label(month),
        "due": number_vi(due),
        "reported": number_vi(sum(row.told.reported for row in rows)),
        "waiting": number_vi(sum(row.told.waiting for row in rows)),
    }
    if not due:
        return _("Chưa có kỳ nào phải họp trong %(month)s.") % told
    return _(
        "%(reported)s trong %(due)s kỳ phải họp của %(month)s đã có báo cáo; %(waiting)s kỳ chờ"
        " văn phòng xác nhận."
    ) % told  # fmt: skip


def kind_words(kind: str) -> str:
    return str(KINDS[ObligationKind(kind)])
