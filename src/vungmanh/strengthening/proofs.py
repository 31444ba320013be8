"""The records that show that a measure was carried out: each type names its own.

A proof is looked for in the chosen unit and below it, from the day the measure began. Where the
measure is about all of them, one record is no proof until the others are there too (`lacking`);
and no record proves two measures of a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from vungmanh.access.models import RoleGrant
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.programme_words import MeasureState
from vungmanh.core.text import date_vi, sort_key
from vungmanh.core.vocabulary import (
    CELL_KINDS,
    MeetingState,
    Post,
    ReformState,
    Role,
    TaskState,
)
from vungmanh.meetings.models import Meeting, Task, Visit
from vungmanh.org.models import AdmissionCount, Appointment, Lineage, UnitClosure, UnitVersion
from vungmanh.rulebook.values.programmes import MeasureProof
from vungmanh.strengthening.following import last_whole, totals_of
from vungmanh.strengthening.models import FileMeasure

MOST = 50
Units = QuerySet[UnitClosure, Any]
_RECORDED = (MeetingState.FILED, MeetingState.CONFIRMED, MeetingState.SEALED)


@dataclass(frozen=True)
class Proof:
    """A record that may be named as proof: its kind, its id, what it says and of which day."""

    kind: MeasureProof
    id: str
    text: str
    on: dt.date


def proofs_of(measure: FileMeasure, kind: MeasureProof, until: dt.date) -> list[Proof]:
    """What could be named on day `until`, the latest first; nothing before the measure begins."""
    if until < measure.starts_on:
        return []
    if lacking(measure, kind, until) is not None:
        return []
    span = DateRange(measure.starts_on, until, "[]")
    links = UnitClosure.objects.filter(ancestor_id=measure.file.unit_id, valid__overlap=span)
    found = [Proof(kind, *told) for told in _FINDERS[kind](links.values("descendant_id"), span)]
    used = _named_before(measure)
    found = [one for one in found if (one.kind.value, one.id) not in used]
    return sorted(found, key=lambda one: (one.on, one.id), reverse=True)[:MOST]


def proof_named(
    measure: FileMeasure, kind: MeasureProof, named: str, until: dt.date
) -> Proof | None:
    """The proof with this id, if it is one for this measure."""
    return next((one for one in proofs_of(measure, kind, until) if one.id == named), None)


@dataclass(frozen=True)
class Lacking:
    """What is not there yet: cells in nobody's charge, or most of the meetings that were due."""

    cells: tuple[str, ...] = ()
    held: int = 0
    due: int = 0


def lacking(measure: FileMeasure, kind: MeasureProof, until: dt.date) -> Lacking | None:
    """What a measure about every cell, or about meeting regularly, still lacks on a day."""
    if kind is MeasureProof.OVERSIGHT:
        return _cells_without(measure.file.unit_id, until)
    if kind is MeasureProof.MEETINGS:
        return _meetings_without(measure, until)
    return None


def _cells_without(unit_id: UUID, on: dt.date) -> Lacking | None:
    below = UnitClosure.objects.filter(ancestor_id=unit_id, valid__contains=on)
    cells = UnitVersion.objects.filter(
        unit_id__in=below.values("descendant_id"), kind__in=CELL_KINDS, valid__contains=on
    )
    charged = RoleGrant.objects.filter(
        role=Role.OVERSEER, on_behalf_of=None, valid__contains=on,
        unit_id__in=cells.values("unit_id"),
    )  # fmt: skip
    names = cells.exclude(unit_id__in=charged.values("unit_id")).values_list("name", flat=True)
    without = tuple(sorted(names, key=sort_key))
    return Lacking(cells=without) if without else None


def _meetings_without(measure: FileMeasure, until: dt.date) -> Lacking | None:
    """Of the whole months since the measure began; None once most of what was due was held."""
    start = measure.starts_on
    first, last = add_months(month_of(start), 0 if start.day == 1 else 1), last_whole(until)
    if last < first:
        return Lacking()
    months = totals_of(measure.file.unit_id, first, last).values()
    held, due = sum(one.held for one in months), sum(one.due for one in months)
    return None if 2 * held > due else Lacking(held=round(held), due=round(due))


def _named_before(measure: FileMeasure) -> set[tuple[str, str]]:
    """The records that other measures of the file were proved with."""
    others = measure.file.measures.exclude(pk=measure.pk).filter(state=MeasureState.DONE)
    proofs = others.values_list("proof", flat=True)
    return {(str(one.get("kind", "")), str(one.get("id", ""))) for one in proofs}


Told = tuple[str, str, dt.date]


def _oversight(units: Units, span: DateRange) -> list[Told]:
    grants = RoleGrant.objects.filter(
        role=Role.OVERSEER, on_behalf_of=None, unit_id__in=units, valid__startswith__gte=span.lower,
        valid__startswith__lte=span.upper,
    ).select_related("user")  # fmt: skip
    names = _names([one.unit_id for one in grants], span)
    return [
        (str(one.pk), f"{one.user} phụ trách {names.get(one.unit_id, '')}", one.valid.lower)
        for one in grants
    ]


def _appointments(units: Units, span: DateRange) -> list[Told]:
    """Secretaries who came: somebody else than held the post before."""
    posts = Appointment.objects.filter(
        post=Post.SECRETARY, unit_id__in=units, valid__startswith__lte=span.upper
    )
    last: dict[UUID, str] = {}
    found = []
    for one in posts.order_by("valid", "pk"):
        if one.valid.lower >= span.lower and one.holder_name != last.get(one.unit_id):
            found.append(one)
        last[one.unit_id] = one.holder_name
    names = _names([one.unit_id for one in found], span)
    return [
        (
            str(one.pk),
            f"{one.get_post_display()}, {names.get(one.unit_id, '')}: {one.holder_name}",
            one.valid.lower,
        )
        for one in found
    ]


def _meetings(units: Units, span: DateRange) -> list[Told]:
    found = Meeting.objects.filter(
        unit_id__in=units, month__gte=span.lower.replace(day=1), month__lte=span.upper,
        state__in=_RECORDED,
    )  # fmt: skip
    names = _names([one.unit_id for one in found], span)
    return [
        (str(one.pk), f"Sinh hoạt tháng {one.month:%m/%Y}, {names.get(one.unit_id, '')}", one.month)
        for one in found
    ]


def _admissions(units: Units, span: DateRange) -> list[Told]:
    found = AdmissionCount.objects.filter(
        unit_id__in=units, month__gte=span.lower.replace(day=1), month__lte=span.upper, count__gt=0
    )
    names = _names([one.unit_id for one in found], span)
    return [
        (str(one.pk), f"Kết nạp {one.count}, {names.get(one.unit_id, '')}", one.month)
        for one in found
    ]


def _reforms(units: Units, span: DateRange) -> list[Told]:
    found = Lineage.objects.filter(
        predecessor_id__in=units, on__gte=span.lower, on__lte=span.upper,
        reform__state=ReformState.COMMITTED,
    ).select_related("reform")  # fmt: skip
    reforms = {one.reform_id: one for one in found}
    return [(str(key), one.reform.title, one.on) for key, one in reforms.items() if one.reform]


def _tasks(units: Units, span: DateRange) -> list[Told]:
    found = Task.objects.filter(
        unit_id__in=units, state=TaskState.DONE, ended_on__gte=span.lower,
        ended_on__lte=span.upper,
    )  # fmt: skip
    return [
        (str(one.pk), f"{one.title}: {one.output}", one.ended_on) for one in found if one.ended_on
    ]


def _visits(units: Units, span: DateRange) -> list[Told]:
    found = Visit.objects.filter(
        unit_id__in=units, on__gte=span.lower, on__lte=span.upper, withdrawn_at=None
    )
    names = _names([one.unit_id for one in found], span)
    return [
        (str(one.pk), f"Đến {names.get(one.unit_id, '')} ngày {date_vi(one.on)}", one.on)
        for one in found
    ]


_FINDERS: dict[MeasureProof, Callable[[Units, DateRange], list[Told]]] = {
    MeasureProof.OVERSIGHT: _oversight,
    MeasureProof.APPOINTMENT: _appointments,
    MeasureProof.MEETINGS: _meetings,
    MeasureProof.ADMISSION: _admissions,
    MeasureProof.REFORM: _reforms,
    MeasureProof.TASK: _tasks,
    MeasureProof.VISIT: _visits,
}


def _names(units: list[UUID], span: DateRange) -> dict[UUID, str]:
    """What each was called last in the span."""
    versions = UnitVersion.objects.filter(unit_id__in=units, valid__overlap=span)
    return dict(versions.order_by("valid").values_list("unit_id", "name"))
