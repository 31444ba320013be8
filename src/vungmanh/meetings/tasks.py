"""Reads about tasks: what is open, how often carried, how much of the last resolution was done.

What a unit that ended left open is carried on by its heir, the one with the largest share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import ObligationKind, ReportState, Role
from vungmanh.meetings import task_rules
from vungmanh.meetings.models import MeetingReport, Task
from vungmanh.meetings.task_rules import Share
from vungmanh.org.models import Ancestry, UnitClosure
from vungmanh.org.queries import ended_units_visible, units_held, units_visible

Days = dict[UUID, set[dt.date]]


@dataclass(frozen=True)
class OpenTask:
    """A task still open on a day, with how often it was carried by then.

    `unit_id` is who answers for it on that day: the heir where the unit it was given to has ended.
    """

    id: UUID
    unit_id: UUID
    given_to: UUID
    title: str
    owner: str
    output: str
    due_on: dt.date
    given_on: dt.date
    percent: int | None
    note: str
    resolution_id: UUID | None
    resolution: str  # its number, else its title; "" without one
    from_above: bool
    revision: int
    carried: int
    is_overdue: bool


def open_tasks(unit_ids: Iterable[UUID], on: dt.date) -> list[OpenTask]:
    """What these units have open on a day, the longest due first. Three queries for any number."""
    answers = answering_for(unit_ids, on)
    tasks = _open_on(Task.objects.filter(unit_id__in=answers), on).select_related("resolution")
    found = list(tasks.order_by("due_on", "id"))
    held = held_days({one.unit_id for one in found} | {answers[one.unit_id] for one in found}, on)
    return [_as_open(one, answers[one.unit_id], held, on) for one in found]


def done_share(unit_id: UUID, day: dt.date) -> tuple[int, int]:
    """(done, due) of the last resolution as a meeting on `day` finds it: see `task_rules`."""
    share = reviewed_share(unit_id, day)
    return share.done, share.due


def reviewed_share(unit_id: UUID, day: dt.date) -> Share:
    """The same with how many were done by their own term."""
    units = list(answering_for([unit_id], day))
    before = max((one for one in _all_of(held_days(units, day)) if one < day), default=None)
    return task_rules.share_at(_given_by(units, day), before, day)


def month_counts(unit_id: UUID, month: dt.date) -> tuple[int, int, int] | None:
    """(tasks due, done on time, most often carried) of a month, as it stands at its end.

    None where the unit has no task in the system by then: nothing is known, which is not zero.
    What is due later in a month that still runs counts as due already; each change of a task
    writes the ledger anew (`actions.task_counts`).
    """
    return counts_of_months([(unit_id, month)])[unit_id, month_of(month)]


def counts_of_months(
    wanted: Iterable[tuple[UUID, dt.date]],
) -> dict[tuple[UUID, dt.date], tuple[int, int, int] | None]:
    """The same of many units and months, in four queries."""
    keys = {(unit, month_of(month)) for unit, month in wanted}
    if not keys:
        return {}
    until = last_day(max(month for _, month in keys))
    answers = answering_for({unit for unit, _ in keys}, until)
    by_unit: dict[UUID, list[Task]] = {}
    for task in _given_by(answers, until):
        by_unit.setdefault(answers[task.unit_id], []).append(task)
    held = _by_heir(held_days(answers, until), answers)
    return {
        (unit, month): _counts(by_unit.get(unit, []), held.get(unit, set()), month)
        for unit, month in keys
    }


def _counts(tasks: list[Task], held: set[dt.date], month: dt.date) -> tuple[int, int, int] | None:
    day = last_day(month)
    known = [one for one in tasks if one.given_on <= day]
    if not known:
        return None
    share = task_rules.share_of_month(known, month, day)
    return share.due, share.on_time, task_rules.longest_carried(known, held, month, day)


def _by_heir(held: Days, answers: dict[UUID, UUID]) -> Days:
    found: Days = {}
    for unit, days in held.items():
        found.setdefault(answers[unit], set()).update(days)
    return found


# --- who sees and who answers ------------------------------------------------------------------


def tasks_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Task]:
    """The tasks of units in sight on a day, and of those gone by then whose past one sees."""
    gone = ended_units_visible(viewer, on)
    return Task.objects.filter(Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone))


def task_visible(viewer: Viewer | None, task_id: UUID, on: dt.date) -> Task:
    """One task. Raises NotFound alike for absent and out of sight."""
    found = tasks_visible(viewer, on).select_related("resolution", "origin").filter(pk=task_id)
    task = found.first()
    if task is None:
        raise NotFound("Không tìm thấy việc này trong phạm vi của đồng chí.", code="no-task")
    return task


def answers_for(viewer: Viewer | None, unit_id: UUID, on: dt.date) -> bool:
    """Whether a unit's tasks are the viewer's: he holds it, or its heir."""
    return unit_id in _answered(viewer, [unit_id], on)


def reports_for(viewer: Viewer | None, unit_id: UUID, on: dt.date) -> bool:
    """Whether the viewer reports on a unit's tasks: as `answers_for`, but an analyst, who reaches
    every unit, only for those in which the role is held."""
    return unit_id in reported_by(viewer, [unit_id], on)


def reported_by(viewer: Viewer | None, unit_ids: Iterable[UUID], on: dt.date) -> set[UUID]:
    """Of these units, those on whose tasks the viewer reports; two queries."""
    if viewer is not None and viewer.role is Role.PROVINCIAL_ANALYST:
        return carried_by(viewer, on) & set(unit_ids)
    return _answered(viewer, unit_ids, on)


def carried_by(viewer: Viewer, on: dt.date) -> set[UUID]:
    """The very units in which the role is held, and the ended ones that they carry on."""
    return set(answering_for([grant.unit_id for grant in viewer.grants], on))


def _answered(viewer: Viewer | None, unit_ids: Iterable[UUID], on: dt.date) -> set[UUID]:
    units = set(unit_ids)
    heirs = heirs_of(units, on)
    around = units | set(heirs.values())
    held = set(units_held(viewer, on).filter(descendant_id__in=around))
    return {one for one in units if one in held or heirs.get(one) in held}


def answering_for(unit_ids: Iterable[UUID], on: dt.date) -> dict[UUID, UUID]:
    """These units, and the ended ones whose open tasks they carry on: unit → who answers."""
    units = set(unit_ids)
    behind = Ancestry.objects.filter(successor_id__in=units).values("predecessor_id")
    left = _heirs(Ancestry.objects.filter(predecessor_id__in=behind), on)
    return {one: one for one in units} | {old: new for old, new in left.items() if new in units}


def heirs_of(unit_ids: Iterable[UUID], on: dt.date) -> dict[UUID, UUID]:
    """Of the units gone by a day: the living unit with the largest share of each."""
    return _heirs(Ancestry.objects.filter(predecessor_id__in=list(unit_ids)), on)


def _heirs(found: QuerySet[Ancestry], on: dt.date) -> dict[UUID, UUID]:
    lives = UnitClosure.objects.filter(depth=0, valid__contains=on)
    left = found.filter(
        ~Exists(lives.filter(descendant_id=OuterRef("predecessor_id"))),
        Exists(lives.filter(descendant_id=OuterRef("successor_id"))),
    )
    first = left.order_by("predecessor_id", F("share").desc(), "successor_id")
    return dict(first.distinct("predecessor_id").values_list("predecessor_id", "successor_id"))


# --- inside ------------------------------------------------------------------------------------


def held_days(unit_ids: Iterable[UUID], until: dt.date) -> Days:
    """The days of the regular meetings of each unit, as reported.

    Of one whose day is not known, the first of its month: it never carries a task due within it.
    """
    rows = MeetingReport.objects.filter(
        unit_id__in=list(unit_ids),
        kind=ObligationKind.REGULAR,
        state=ReportState.HELD,
        month__lte=until,
    ).values_list("unit_id", "month", "held_on")
    days: Days = {}
    for unit, month, held_on in rows:
        day = held_on or month
        if day <= until:
            days.setdefault(unit, set()).add(day)
    return days


def carried_of(tasks: Iterable[Task], on: dt.date) -> dict[UUID, int]:
    """How often each task was carried by a day, heirs' meetings included; two queries."""
    found = list(tasks)
    units = {one.unit_id for one in found}
    heirs = heirs_of(units, on)
    held = held_days(units | set(heirs.values()), on)
    return {
        one.pk: task_rules.carried(one, _days_for(held, one.unit_id, heirs.get(one.unit_id)), on)
        for one in found
    }


def _open_on(tasks: QuerySet[Task], on: dt.date) -> QuerySet[Task]:
    return tasks.filter(Q(ended_on=None) | Q(ended_on__gt=on), given_on__lte=on)


def _given_by(units: Iterable[UUID], day: dt.date) -> QuerySet[Task]:
    return Task.objects.filter(unit_id__in=list(units), given_on__lte=day)


def _as_open(one: Task, unit_id: UUID, held: Days, on: dt.date) -> OpenTask:
    resolution = one.resolution
    return OpenTask(
        id=one.pk,
        unit_id=unit_id,
        given_to=one.unit_id,
        title=one.title,
        owner=one.owner,
        output=one.output,
        due_on=one.due_on,
        given_on=one.given_on,
        percent=one.percent,
        note=one.note,
        resolution_id=one.resolution_id,
        resolution=(resolution.number or resolution.title) if resolution else "",
        from_above=one.origin_id is not None,
        revision=one.revision,
        carried=task_rules.carried(one, _days_for(held, one.unit_id, unit_id), on),
        is_overdue=task_rules.is_overdue(one, on),
    )


def _days_for(held: Days, unit_id: UUID, heir_id: UUID | None) -> set[dt.date]:
    days = held.get(unit_id, set())
    return days | held.get(heir_id, set()) if heir_id and heir_id != unit_id else days


def _all_of(held: Days) -> set[dt.date]:
    return set().union(*held.values())
