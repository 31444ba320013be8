"""What the pages of the ledger say: findings, lines with their reasons, excuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import month_label
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import (
    DutyReason,
    MonthState,
    ObligationKind,
    Relief,
    ReliefCause,
    ReportState,
)
from vungmanh.meetings.calendar import SOURCE, notable_days
from vungmanh.meetings.ledger import DutyLine, Relieved, Year
from vungmanh.meetings.models import Excuse, ExcuseRequest, Obligation
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import versions_visible
from vungmanh.rulebook import Rule, load_rulebook


@dataclass(frozen=True)
class LineRow:
    """One line of a unit's year as the page shows it."""

    line: DutyLine
    state: MonthState | None  # None: not due, there is no mark for it
    words: str
    why: str
    relief: str
    is_frozen: bool
    holidays: str = ""  # a quiet note; nothing that is due moves by it


@dataclass(frozen=True)
class DutyRows:
    """The lines of one duty, with the rule they stand on (None before there was one)."""

    label: str
    is_regular: bool
    rows: list[LineRow]
    rule: Rule | None


def duty_rows(year: Year, until: dt.date) -> list[DutyRows]:
    """The lines of a year by duty, each with its state on the day `until`.

    A duty that this kind of unit does not owe at all is left out.
    """
    rules = {rule.id: rule for rule in load_rulebook().rules}
    groups = []
    for duty, lines in groupby(year.lines, key=lambda line: line.duty):
        rows = [_row(line, until, year.frozen) for line in lines]
        if all(row.line.why is DutyReason.OTHER_KIND for row in rows):
            continue
        named = [row.line.rule_id for row in rows if row.line.rule_id]
        rule = rules.get(named[-1]) if named else None
        groups.append(DutyRows(_(duty.label), duty is ObligationKind.REGULAR, rows, rule))
    return groups


def _row(line: DutyLine, until: dt.date, frozen: set[dt.date]) -> LineRow:
    state, words = _state(line, until)
    relief = relief_words(line.excuse) if line.excuse else ""
    is_frozen = line.obligation is not None and line.month in frozen
    told = holiday_words(line.month) if line.obligation is not None else ""
    return LineRow(line, state, words, _(line.why.label), relief, is_frozen, told)


def holiday_words(month: dt.date) -> str:
    """Of a month with Tết, the days on which nobody should have to meet; else nothing."""
    days = [one.day for one in notable_days(month) if one.is_tet]
    if not days:
        return ""
    return _("Tháng có Tết: nghỉ %(first)s – %(last)s (%(source)s)") % {
        "first": f"{days[0]:%d/%m}",
        "last": f"{days[-1]:%d/%m}",
        "source": SOURCE,
    }


def _state(line: DutyLine, until: dt.date) -> tuple[MonthState | None, str]:
    due = line.obligation
    if due is None:
        return None, _("Không phải làm")
    if line.is_held:
        return MonthState.HELD, _(MonthState.HELD.label)
    if relief := _relief(due, until):
        return MonthState.EXCUSED, relief
    if line.told is ReportState.NOT_HELD:
        return MonthState.NOT_HELD, _(MonthState.NOT_HELD.label)
    if line.duty is not ObligationKind.REGULAR and line.due_by > until:
        return MonthState.NOT_DUE, _(MonthState.NOT_DUE.label)
    return MonthState.NO_REPORT, _(MonthState.NO_REPORT.label)


def _relief(due: Obligation, until: dt.date) -> str:
    """What keeps the line from missing; empty when nothing does, or its term is over."""
    if due.excuse_document:
        return _(Relief.EXCUSED.label)
    if due.postponed_until and due.postponed_until > until:
        return _("Hoãn đến hết %(month)s") % {"month": month_label(due.postponed_until)}
    return ""


def relief_words(excuse: Excuse) -> str:
    """What was granted, on what ground: "Hoãn đến tháng 12/2026: bão lũ …; CV 12 ngày …"."""
    head = _(excuse.get_relief_display())
    if excuse.until:
        head = _("%(what)s đến hết %(month)s") % {
            "what": head,
            "month": month_label(excuse.until),
        }
    cause = ReliefCause(excuse.cause)
    ground = [excuse.reason] if cause is ReliefCause.OTHER else [_(cause.label), excuse.reason]
    day = date_vi(excuse.granted_on)
    document = excuse.document if day in excuse.document else f"{excuse.document}, {day}"
    return f"{head}: {', '.join(ground)} ({document})"


def unit_finding(name: str, year: int, lines: Iterable[DutyLine]) -> str:
    """One sentence: how many regular meetings were owed, and what of it was excused."""
    due = [line.obligation for line in lines if line.obligation is not None]
    regular = [one for one in due if one.kind == ObligationKind.REGULAR]
    told = {
        "unit": name,
        "year": year,
        "due": len(regular),
        "excused": sum(1 for one in regular if one.excuse_document),
        "postponed": sum(1 for one in regular if one.postponed_until),
        "others": len(due) - len(regular),
    }
    return (
        _(
            "Năm %(year)s, %(unit)s có %(due)s kỳ họp thường kỳ trong sổ: miễn %(excused)s,"
            " hoãn %(postponed)s; và %(others)s việc khác."
        )
        % told
    )


def below_finding(name: str, year: int, shares: Iterable[Relieved]) -> str:
    """One sentence on the cells of a committee."""
    due = excused = postponed = 0
    for one in shares:
        due, excused = due + one.due, excused + one.excused
        postponed += one.postponed
    return _(
        "Năm %(year)s, các chi bộ thuộc %(unit)s phải họp %(due)s kỳ thường kỳ: miễn %(excused)s,"
        " hoãn %(postponed)s."
    ) % {
        "year": year,
        "unit": name,
        "due": number_vi(due),
        "excused": number_vi(excused),
        "postponed": number_vi(postponed),
    }


def overview_finding(total: Relieved | None, month: dt.date) -> str:
    """One sentence on everything in sight."""
    if total is None or not total.due:
        return _("Chưa có kỳ nào phải họp trong phạm vi và năm đang xem.")
    return _(
        "Đến hết %(month)s, năm nay phải họp %(due)s kỳ thường kỳ; %(relieved)s kỳ (%(share)s)"
        " được miễn hoặc hoãn."
    ) % {
        "month": month_label(month),
        "due": number_vi(total.due),
        "relieved": number_vi(total.relieved),
        "share": percent_vi(total.share),
    }


def assessed_words(months: Sequence[dt.date]) -> str:
    """What was computed anew, so that nobody looks for old reasons."""
    if not months:
        return _("Chưa có kỳ nhận diện nào phải tính lại.")
    return _("Lý do và trạng thái đã tính lại từ %(first)s đến %(last)s.") % {
        "first": month_label(months[0]),
        "last": month_label(months[-1]),
    }


@dataclass(frozen=True)
class ShareRow:
    """A unit with how much of what it owed was excused."""

    version: UnitVersion
    told: Relieved


def share_rows(viewer: Viewer, shares: dict[UUID, Relieved], as_of: dt.date) -> list[ShareRow]:
    """The units with a name, the largest share first; like shares in Vietnamese order."""
    versions = versions_visible(viewer, as_of).filter(unit_id__in=shares)
    rows = [ShareRow(version, shares[version.unit_id]) for version in versions]
    return sorted(rows, key=lambda row: -row.told.share)


@dataclass(frozen=True)
class TotalRow:
    """One duty over everything in sight, with its rule."""

    label: str
    told: Relieved
    rule: Rule | None


def total_rows(
    totals: dict[ObligationKind, Relieved], rules: dict[ObligationKind, Rule]
) -> list[TotalRow]:
    return [TotalRow(_(duty.label), told, rules.get(duty)) for duty, told in totals.items()]


@dataclass(frozen=True)
class ExcuseRow:
    """One excuse of the list: for whom, which months, what stands in the document."""

    excuse: Excuse
    name: str
    duty: str
    months: str
    words: str


def excuse_rows(viewer: Viewer, excuses: Iterable[Excuse], as_of: dt.date) -> list[ExcuseRow]:
    found = list(excuses)
    units = {one.unit_id for one in found}
    names = dict(
        versions_visible(viewer, as_of).filter(unit_id__in=units).values_list("unit_id", "name")
    )
    return [
        ExcuseRow(
            one,
            names.get(one.unit_id, ""),
            _(ObligationKind(one.duty).label),
            _months(one),
            relief_words(one),
        )
        for one in found
    ]


def _months(excuse: Excuse) -> str:
    if excuse.first_month == excuse.last_month:
        return month_label(excuse.first_month)
    return _("%(first)s đến %(last)s") % {
        "first": month_label(excuse.first_month),
        "last": month_label(excuse.last_month),
    }


def asked_words(one: ExcuseRequest) -> str:
    """What a cell asked for: "Hoãn đến hết tháng 1/2020: họp thường kỳ, tháng 10/2019; …"."""
    head = _(one.get_relief_display())
    if one.until:
        head = _("%(what)s đến hết %(month)s") % {"what": head, "month": month_label(one.until)}
    months = month_label(one.first_month)
    if one.last_month != one.first_month:
        months = f"{months} – {month_label(one.last_month)}"
    cause = ReliefCause(one.cause)
    ground = one.reason if cause is ReliefCause.OTHER else f"{_(cause.label)}, {one.reason}"
    return f"{head}: {_(ObligationKind(one.duty).label)}, {months}; {ground}"
