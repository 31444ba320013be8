"""Which scoring sheet a meeting is scored by, and that sheet as a phone carries it.

The day that decides is the first of the month: both sides, and a phone without a network, find the
same one, and a sheet never reaches back before it was in force.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from vungmanh.core.periods import month_of
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.evidence import evidence_for
from vungmanh.meetings.tasks import month_counts
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.rulebook import Rule, load_rulebook
from vungmanh.rulebook.scoring import Answers, Line, line_of, rows_of, sheet_rule
from vungmanh.rulebook.scoring.answers import points_text
from vungmanh.rulebook.values import MeetingGrades
from vungmanh.rulebook.values.sheets import MEASURED, MeetingSheet
from vungmanh.rulebook.values.words import CriterionMeasure

#: The fields of the record that decide a criterion, by what it measures.
FROM_RECORD = {
    CriterionMeasure.MINUTES: ("starts", "ends"),
    CriterionMeasure.ATTENDANCE: ("present", "excused", "unexcused"),
    CriterionMeasure.SPEAKERS: ("present", "speakers"),
}


@dataclass(frozen=True)
class SheetInForce:
    """The rule of the sheet, its value, the bands of grades, and the rulebook they stand in."""

    rule: Rule
    sheet: MeetingSheet
    bands: MeetingGrades | None
    version: str


def sheet_in_force(unit_id: UUID, kind: str, month: dt.date, *, sent: str = "") -> SheetInForce:
    """The sheet for one unit, kind and month. `sent`: the sheet that a form was made of.

    Raises NotNow where there is none, InputError (`sheet`, `kind`) for another one.
    """
    day = month_of(month)
    links = UnitClosure.objects.filter(descendant_id=unit_id, valid__contains=day)
    path = links.order_by("-depth").values_list("ancestor_id", flat=True)
    sectors = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=day)
    sector = sectors.values_list("sector", flat=True).first() or ""
    view = load_rulebook().on(day, sector=sector, unit=[str(one) for one in path])
    rule = sheet_rule(view, kind, sent)
    assert isinstance(rule.value, MeetingSheet)
    bands = view.of(MeetingGrades) if view.has(MeetingGrades.key) else None
    return SheetInForce(rule, rule.value, bands, view.version)


def sheet_for_phone(unit_id: UUID, kind: str, month: dt.date) -> dict[str, Any]:
    """The sheet of one meeting, small and without words that only a page needs.

    `criteria`: `bands` are the points to choose from, null for any number up to `max`; `typed` is
    false where the server works it out from `from` (fields of the record) or from the tasks;
    `may_not_apply`: "none" may be answered instead of points. Raises as `sheet_in_force`.
    """
    found = sheet_in_force(unit_id, kind, month)
    facts = evidence_for(unit_id, kind, month_of(month), {})
    has_tasks = month_counts(unit_id, month_of(month)) is not None
    lines = [
        line_of(group, criterion, found.sheet, facts, Answers())
        for group, criterion in rows_of(found.sheet)
    ]
    # Without knowing whether the month had a theme, nobody knows how long the meeting had to be.
    unsure = facts.thematic is None and any(one.thematic for one in found.sheet.required)
    return {
        "id": found.rule.id,
        "title": found.rule.title,
        "kind": ObligationKind(kind).value,
        "total": None if found.sheet.total is None else points_text(found.sheet.total),
        "criteria": [
            _for_phone(
                line,
                has_tasks=has_tasks,
                is_open=unsure and line.criterion.measure is CriterionMeasure.MINUTES,
            )
            for line in lines
        ],
        "vetoes": [{"code": one.code, "text": one.text} for one in found.sheet.vetoes],
    }


def _for_phone(line: Line, *, has_tasks: bool, is_open: bool) -> dict[str, Any]:
    criterion = line.criterion
    fields = FROM_RECORD.get(criterion.measure, ()) if criterion.levels else ()
    tells = fields or (criterion.measure is CriterionMeasure.TASKS and has_tasks)
    computed = bool(tells) and criterion.measure in MEASURED and not is_open
    choices = line.choices
    return {
        "code": line.code,
        "group": line.group.title,
        "text": criterion.text,
        "max": points_text(line.most),
        "bands": None if choices is None else [points_text(one) for one in choices],
        "typed": line.may_be_typed and not computed,
        "from": list(fields),
        "may_not_apply": line.may_be_absent,
        "why": line.why if not line.may_be_typed else "",
    }
