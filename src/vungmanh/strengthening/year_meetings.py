"""Facts of a year from the ledger: meetings due, held and not reported, attendance, inspections."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import (
    InspectionState,
    ObligationKind,
    ReportedThen,
    ReportState,
    Verdict,
)
from vungmanh.meetings.models import InspectionMonth, MeetingReport, Obligation
from vungmanh.meetings.queries import happened
from vungmanh.rulebook.grading.facts import Fact, FactName, unknown
from vungmanh.strengthening import year_words as words
from vungmanh.strengthening.year_addresses import inspection_record, ledger_record, rule_record
from vungmanh.strengthening.year_placing import Placing

Key = tuple[UUID, str, dt.date]
#: (unit, month) → (tasks due, done on time) as a report said them.
TasksReported = dict[tuple[UUID, dt.date], tuple[int, int]]


@dataclass
class _Duty:
    """Meetings of one duty in a rated unit's year."""

    due: int = 0
    held: int = 0
    unreported: int = 0
    present: int = 0
    owing: int = 0
    rules: set[str] = field(default_factory=set)
    units: set[UUID] = field(default_factory=set)
    attended: set[UUID] = field(default_factory=set)
    silent: set[UUID] = field(default_factory=set)


@dataclass(frozen=True)
class _Seen:
    """What the latest inspection that could tell saw of one month."""

    verdict: ReportState
    reported: str
    inspection_id: UUID


def meeting_facts(
    placed: Placing, first: dt.date, day: dt.date, at: dt.datetime
) -> tuple[dict[UUID, list[Fact]], TasksReported]:
    """Facts of each rated unit, and what reports say of tasks; three queries."""
    span: dict[str, Any] = {"unit_id__in": placed.units, "month__range": (first, month_of(day))}
    reports = {
        (one.unit_id, one.kind, one.month): one
        for one in MeetingReport.objects.filter(**span, recorded_at__lte=at)
    }
    seen = _inspected(span, at)
    lines = Obligation.objects.filter(**span)
    duties = _counted(placed, lines, reports, seen, (month_of(day), localdate(at)))
    refuted = _refuted(placed, seen)
    month = month_of(day)
    facts = {
        unit: [*_duty_facts(duties.get(unit, {}), month), _inspection_fact(refuted.get(unit, []))]
        for unit in placed.own
    }
    tasks = {
        (unit, when): (one.tasks_due, one.tasks_on_time)
        for (unit, kind, when), one in reports.items()
        if kind == ObligationKind.REGULAR
        and one.tasks_due is not None
        and one.tasks_on_time is not None
    }
    return facts, tasks


def _inspected(span: dict[str, Any], at: dt.datetime) -> dict[Key, _Seen]:
    """As `meetings.actions.inspections` lets the latest stand, among those recorded by then."""
    rows = (
        InspectionMonth.objects.filter(**span, inspection__recorded_at__lte=at)
        .exclude(verified=Verdict.UNKNOWN)
        .exclude(inspection__state=InspectionState.WITHDRAWN)
        .order_by("inspection__on", "inspection__recorded_at", "inspection_id")
    )
    return {
        (unit, kind, month): _Seen(ReportState(verdict), reported, inspection)
        for unit, kind, month, verdict, reported, inspection in rows.values_list(
            "unit_id", "kind", "month", "verified", "reported", "inspection_id"
        )
    }


def _counted(
    placed: Placing,
    lines: Iterable[Obligation],
    reports: dict[Key, MeetingReport],
    seen: dict[Key, _Seen],
    until: tuple[dt.date, dt.date],
) -> dict[UUID, dict[str, _Duty]]:
    duties: dict[UUID, dict[str, _Duty]] = defaultdict(lambda: defaultdict(_Duty))
    for line in lines:
        key = (line.unit_id, line.kind, line.month)
        report, found = reports.get(key), seen.get(key)
        told = happened(report, found.verdict if found else None)
        if told is not ReportState.HELD and _is_not_asked(line, told, *until):
            continue
        for rated in placed.rated_of(line.unit_id, last_day(line.month)):
            _add(duties[rated][line.kind], line, report, told)
    return duties


def _is_not_asked(
    line: Obligation, told: ReportState | None, month: dt.date, today: dt.date
) -> bool:
    """Excused, postponed beyond the month, or not reported while its term still runs."""
    if line.excuse_document or (line.postponed_until and line.postponed_until > month):
        return True
    return told is None and (line.due_by or last_day(line.month)) >= today


def _add(
    duty: _Duty, line: Obligation, report: MeetingReport | None, told: ReportState | None
) -> None:
    duty.due += 1
    duty.rules.add(line.rule_id)
    duty.units.add(line.unit_id)
    if told is None:
        duty.unreported += 1
        duty.silent.add(line.unit_id)
    if told is not ReportState.HELD:
        return
    duty.held += 1
    if report is None or report.present is None or report.members is None:
        return
    owing = report.members - (report.exempt or 0)
    if owing > 0:
        duty.present += min(report.present, owing)
        duty.owing += owing
        duty.attended.add(line.unit_id)


def _duty_facts(duties: dict[str, _Duty], month: dt.date) -> list[Fact]:
    regular = duties.get(ObligationKind.REGULAR, _Duty())
    thematic = duties.get(ObligationKind.THEMATIC, _Duty())
    if regular.due:
        rules = _records(regular.units, month, regular.rules)
        told = [
            _fact(FactName.MEETINGS_DUE, regular.due, None, words.LEDGER, rules),
            _fact(FactName.MEETINGS_HELD, regular.held, regular.due, words.LEDGER, rules),
            _fact(
                FactName.MEETINGS_UNREPORTED, regular.unreported, regular.due, words.LEDGER,
                _records(regular.silent, month, set()),
            ),
        ]  # fmt: skip
    else:
        told = [
            unknown(name, words.LEDGER_EMPTY)
            for name in (
                FactName.MEETINGS_DUE, FactName.MEETINGS_HELD, FactName.MEETINGS_UNREPORTED,
            )
        ]  # fmt: skip
    if regular.owing:
        attended = _records(regular.attended, month, set())
        told.append(
            _fact(FactName.ATTENDANCE, regular.present, regular.owing, words.ATTENDANCE, attended)
        )
    else:
        told.append(unknown(FactName.ATTENDANCE, words.ATTENDANCE))
    if thematic.due:
        rules = _records(thematic.units, month, thematic.rules)
        told.append(_fact(FactName.THEMATIC_HELD, thematic.held, thematic.due, words.LEDGER, rules))
    else:
        told.append(unknown(FactName.THEMATIC_HELD, words.THEMATIC_EMPTY))
    return told


def _fact(name: FactName, value: int, of: int | None, source: str, records: list[str]) -> Fact:
    return Fact(name, Fraction(value), of, source, tuple(records))


def _records(units: set[UUID], month: dt.date, rules: set[str]) -> list[str]:
    return [ledger_record(one, month) for one in sorted(units)] + [
        rule_record(one) for one in sorted(rules)
    ]


def _refuted(placed: Placing, seen: dict[Key, _Seen]) -> dict[UUID, list[tuple[bool, UUID]]]:
    """Of each rated unit the months inspected: whether refuted, and by which inspection."""
    found: dict[UUID, list[tuple[bool, UUID]]] = defaultdict(list)
    for (unit, _, month), one in seen.items():
        is_refuted = one.reported == ReportedThen.HELD and one.verdict is ReportState.NOT_HELD
        for rated in placed.rated_of(unit, last_day(month)):
            found[rated].append((is_refuted, one.inspection_id))
    return found


def _inspection_fact(found: list[tuple[bool, UUID]]) -> Fact:
    name = FactName.INSPECTIONS_REFUTED
    if not found:
        return unknown(name, words.INSPECTIONS_NONE)
    refuted = sum(is_refuted for is_refuted, _ in found)
    records = [inspection_record(one) for one in sorted({one for _, one in found})]
    return _fact(name, refuted, len(found), words.INSPECTIONS, records)
