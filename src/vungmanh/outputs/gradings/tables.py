"""The tables of a whole cycle: every dossier by group with its points, grades and place under the
cap, and the complaints. `workbook` writes them as Excel.

For the committee that decides. A blank stays a blank: no points where a row is not said, no grade
where none is decided in the current version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import DossierAct, DossierSubject, UnitKind
from vungmanh.evaluation.models import Cycle, Dossier, GradeDecision, YearGrade
from vungmanh.evaluation.reads import decisions_of
from vungmanh.outputs.gradings.cycle import group_of
from vungmanh.outputs.gradings.folder import dossiers_of
from vungmanh.outputs.gradings.matter import Matter, gathered
from vungmanh.outputs.gradings.sender import labels_of
from vungmanh.rulebook import RulebookError, load_rulebook
from vungmanh.rulebook.grading.points import YearPoints
from vungmanh.rulebook.values.words import CriterionLevel, SheetWay
from vungmanh.strengthening.year_quota import cycle_quota, place_of

A = DossierAct
_OBJECTIONS = {
    A.COMPLAIN: "Tổ chức", A.REVERIFY: "Cấp quyết định", A.ANSWER_COMPLAINT: "Cấp quyết định",
    A.APPEAL: "Tổ chức", A.ANSWER_APPEAL: "Cấp trên",
}  # fmt: skip
OUTSIDE, WITHIN, HELD = "để ngoài tỷ lệ", "trong tỷ lệ", "bị giữ lại"

#: Points, or the levels in words; None where something is not said.
Figure = Fraction | str | None


@dataclass(frozen=True)
class TableRow:
    """One dossier. `cap` is its place under the cap in words, "" where it was not proposed."""

    name: str
    kind: str
    parts: tuple[Figure, ...]
    total: Fraction | None
    own: str
    proposed: str
    grade: str
    before: str
    cap: str
    document: str
    document_date: dt.date | None
    note: str


@dataclass(frozen=True)
class TableGroup:
    """Dossiers of like kind, and the parts of their sheet."""

    name: str
    parts: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Objection:
    """One act of a complaint or an appeal."""

    name: str
    whose: str
    act: str
    on: dt.date
    reason: str
    grade: str
    document: str
    document_date: dt.date | None


@dataclass(frozen=True)
class CycleTables:
    """Everything of a cycle. `grades` are the labels of the year's scale, the best first;
    `is_break`: the grade of the year before is on a scale that is not compared with it."""

    committee: str
    year: int
    on: dt.date
    grades: tuple[str, ...]
    groups: tuple[TableGroup, ...]
    objections: tuple[Objection, ...]
    caution: str
    is_break: bool
    is_simulated: bool


def cycle_tables(cycle: Cycle, viewer: Viewer, *, at: dt.datetime) -> CycleTables:
    """The tables of a cycle as its committee may read them; the same queries however many."""
    matters = gathered(dossiers_of(cycle, viewer), viewer, at=at)
    before, is_break = _year_before(matters, cycle.year, at)
    caps = _caps(cycle, matters, at)
    by_group: dict[str, list[Matter]] = {}
    for one in sorted(matters, key=lambda one: group_of(one.dossier)):
        by_group.setdefault(group_of(one.dossier), []).append(one)
    groups = tuple(
        TableGroup(name, _parts(own), tuple(_row(one, before, caps) for one in own))
        for name, own in by_group.items()
    )
    return CycleTables(
        matters[0].sender.issuer if matters else cycle.name,
        cycle.year,
        localdate(at),
        tuple(labels_of(cycle.year).values()),
        groups,
        tuple(_objections(matters, viewer)),
        _caution(matters),
        is_break,
        bool(matters) and matters[0].sender.is_simulated,
    )


def _parts(matters: Sequence[Matter]) -> tuple[str, ...]:
    points = _points(matters[0])
    return tuple(f"{one.code}. {one.title}" for one in points.groups) if points else ()


def _points(matter: Matter) -> YearPoints | None:
    return matter.found.points if matter.found else None


def _row(
    matter: Matter, before: Mapping[UUID, str], caps: Mapping[UUID, Mapping[str, Any] | None]
) -> TableRow:
    one, decision, points = matter.dossier, matter.decision, _points(matter)
    leads = one.subject == DossierSubject.LEADERSHIP
    grade = decision.grade if decision else ""
    return TableRow(
        name=one.name,
        kind=UnitKind(one.tier).label,
        parts=tuple(_figure(points, group.code) for group in points.groups) if points else (),
        total=points.total if points else None,
        own=matter.labels.get(one.self_grade, ""),
        proposed=matter.labels.get(one.proposed_grade, ""),
        grade=matter.labels.get(grade, ""),
        before="" if leads else before.get(one.unit_id, ""),
        cap=OUTSIDE if one.protected else _cap(caps[one.pk]),
        document=decision.document if decision else "",
        document_date=decision.document_date if decision else None,
        note=f"bản thứ {one.version}" if one.version > 1 else "",
    )


def _figure(points: YearPoints, code: str) -> Figure:
    """The points of a part, or how many rows have each level."""
    if points.way is SheetWay.POINTS:
        return next(one.points for one in points.groups if one.code == code)
    lines = [line for line in points.lines if line.group == code]
    said = [
        f"{level.label} {count}"
        for level in CriterionLevel
        if (count := sum(line.level is level for line in lines))
    ]
    blank = sum(line.is_blank for line in lines)
    return "; ".join([*said, *([f"trống {blank}"] if blank else [])]) or None


def _caps(
    cycle: Cycle, matters: Sequence[Matter], at: dt.datetime
) -> dict[UUID, Mapping[str, Any] | None]:
    """What the cap made of each: kept with its decision, else by what is proposed now."""
    found = cycle_quota(cycle, at=at)
    places: dict[UUID, Mapping[str, Any] | None] = {}
    for one in matters:
        kept = one.decision.result.get("quota") if one.decision else None
        places[one.dossier.pk] = kept or place_of(found, str(one.dossier.pk))
    return places


def _cap(place: Mapping[str, Any] | None) -> str:
    if not place:
        return ""
    if place.get("chosen"):
        return WITHIN
    return HELD if place.get("held_back") else ""


def _year_before(
    matters: Sequence[Matter], year: int, at: dt.datetime
) -> tuple[dict[UUID, str], bool]:
    """The grade of each unit a year before in the words of that year, as recorded by `at`."""
    book, last = load_rulebook(), year - 1
    try:
        labels, is_break = labels_of(last), book.is_break(last, year)
    except RulebookError:
        labels, is_break = {}, True
    units = {one.dossier.unit_id for one in matters}
    rows = YearGrade.objects.filter(unit_id__in=units, year=last, recorded_at__lte=at)
    grades = dict(rows.values_list("unit_id", "grade"))
    return {unit: labels.get(grade, grade) for unit, grade in grades.items()}, is_break


def _objections(matters: Sequence[Matter], viewer: Viewer) -> Iterator[Objection]:
    objected: list[Dossier] = [
        one.dossier for one in matters if any(entry.act in _OBJECTIONS for entry in one.entries)
    ]
    answers: dict[tuple[UUID, dt.datetime], GradeDecision] = {
        (key, decision.at): decision
        for key, made in decisions_of(viewer, objected).items()
        for decision in made
    }
    for matter in matters:
        for entry in matter.entries:
            act = A(entry.act)
            if act not in _OBJECTIONS:
                continue
            answer = None
            if act in {A.ANSWER_COMPLAINT, A.ANSWER_APPEAL}:
                answer = answers.get((matter.dossier.pk, entry.at))
            yield Objection(
                matter.dossier.name,
                _OBJECTIONS[act],
                act.label,
                localdate(entry.at),
                entry.reason,
                matter.labels.get(entry.grade, "") if answer else "",
                answer.document if answer else "",
                answer.document_date if answer else None,
            )


def _caution(matters: Sequence[Matter]) -> str:
    """By which sheets the points stand, each once, with what its rule warns of."""
    rules = [one.found.sheet_rule for one in matters if one.found and one.found.sheet_rule]
    said = [f"{rule.title} ({rule.caution})" if rule.caution else rule.title for rule in rules]
    return "; ".join(dict.fromkeys(said))
