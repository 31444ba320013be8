"""The units of a rotation, and of a new secretary, beside what they were: facts, never a claim.

What a unit was on a day is read from the last assessment up to that day; its course before and
after stands beside like units that nobody chose (decisions.md 13).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from vungmanh.cadre.models import Rotation
from vungmanh.cadre.posts import is_acting
from vungmanh.core.people_words import RotationState
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.text import same_name_key
from vungmanh.core.vocabulary import Post, Status
from vungmanh.evaluation.queries import grades_of
from vungmanh.meetings.models import Task
from vungmanh.meetings.tasks import OpenTask, open_tasks
from vungmanh.org.models import Appointment, UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.comparison import Comparison, TurnOf, compare
from vungmanh.strengthening.following import YEAR, last_whole
from vungmanh.strengthening.models import Assessment


@dataclass(frozen=True)
class Graded:
    """The last yearly grade that a unit had by a day, in the words of its year's scale."""

    year: int
    words: str


@dataclass(frozen=True)
class UnitState:
    """What the last assessment up to a day said of a unit, and its last yearly grade; None where
    there was none."""

    day: dt.date
    month: dt.date | None
    status: Status | None
    held: int
    due: int
    reasons: int
    grade: Graded | None = None


@dataclass(frozen=True)
class RotationSide:
    """One of the two units: its state at the start and at the end, and its course beside others.

    `end` is of the day of return or stay, else of the day looked at. `course` is None until a
    whole year after is over.
    """

    unit_id: UUID
    name: str
    start: UnitState
    end: UnitState
    course: Comparison | None


@dataclass(frozen=True)
class HandedOver:
    """One task open on the day a new holder came: whose it was, and who has to answer for it now.

    `to_new`: it lay with the post, or with the one who left by name; it goes to the new holder.
    """

    task: OpenTask
    to_new: bool
    state_now: str


@dataclass(frozen=True)
class Replacement:
    """A new secretary: the vacancy before, who acted in it, the decision, what lay open."""

    appointment: Appointment
    before: Appointment | None
    vacant_from: dt.date | None
    vacant_days: int
    acting: tuple[Appointment, ...]
    tasks: tuple[HandedOver, ...]
    start: UnitState
    now: UnitState
    course: Comparison | None


def sides_of(rotation: Rotation, seen: Iterable[UUID], on: dt.date) -> list[RotationSide]:
    """The unit left, then the unit come to, of those in sight."""
    seen = set(seen)
    units = [one for one in (rotation.from_unit_id, rotation.to_unit_id) if one in seen]
    over = rotation.state in {RotationState.RETURNED, RotationState.STAYED}
    end = rotation.ended_on if over and rotation.ended_on is not None else on
    return [
        RotationSide(
            unit_id,
            _name(unit_id, rotation.began_on),
            state_of(unit_id, rotation.began_on),
            state_of(unit_id, min(end, on)),
            course_of(unit_id, rotation.began_on, on),
        )
        for unit_id in units
    ]


def replacement_of(appointment: Appointment, on: dt.date) -> Replacement:
    """What came before somebody took over a post in full, and what has come since."""
    day, unit_id = appointment.valid.lower, appointment.unit_id
    earlier = Appointment.objects.filter(
        unit_id=unit_id, post=appointment.post, seat=appointment.seat, valid__startswith__lt=day
    ).order_by("-valid")
    before = holder_before(appointment)
    since = before.valid.upper if before is not None else None
    acting = [
        one
        for one in earlier
        if is_acting(one) and (before is None or one.valid.lower >= before.valid.lower)
    ]
    return Replacement(
        appointment, before,
        since if since is not None and since < day else None,
        (day - since).days if since is not None else 0,
        tuple(reversed(acting)),
        tuple(_handed(unit_id, appointment, before, day, on)),
        state_of(unit_id, day),
        state_of(unit_id, on),
        course_of(unit_id, day, on),
    )  # fmt: skip


def holder_before(appointment: Appointment) -> Appointment | None:
    """Who held the post in full before, whoever acted between."""
    rows = Appointment.objects.filter(
        unit_id=appointment.unit_id, post=appointment.post, seat=appointment.seat,
        valid__startswith__lt=appointment.valid.lower,
    ).order_by("-valid")  # fmt: skip
    return next((one for one in rows if not is_acting(one)), None)


def state_of(unit_id: UUID, day: dt.date) -> UnitState:
    """The last assessment of a unit whose month was over by a day."""
    rows = Assessment.objects.filter(unit_id=unit_id, run__month__lt=day.replace(day=1))
    row = rows.select_related("run").order_by("-run__month").first()
    graded = graded_by(unit_id, day)
    if row is None:
        return UnitState(day, None, None, 0, 0, 0, graded)
    return UnitState(
        day, row.run.month, Status(row.status), row.held, row.due, row.heavy + row.light, graded
    )  # fmt: skip


def graded_by(unit_id: UUID, day: dt.date) -> Graded | None:
    """The last grade decided by a day; one without a day counts from the end of its year."""
    rows = [
        one
        for one in grades_of(unit_id, until=day.year)
        if (one.decided_on or dt.date(one.year, 12, 31)) <= day
    ]
    if not rows:
        return None
    last = rows[-1]
    known = {each.code: each.label for each in load_rulebook().grade_scale(last.year).grades}
    return Graded(last.year, known.get(last.grade, last.grade))


def course_of(unit_id: UUID, day: dt.date, until: dt.date) -> Comparison | None:
    """Before and after beside like units; None before a whole year is over."""
    if last_whole(until) < add_months(month_of(day), YEAR):
        return None
    return compare(TurnOf(unit_id, day), until)


def _handed(
    unit_id: UUID, new: Appointment, before: Appointment | None, day: dt.date, on: dt.date
) -> Iterable[HandedOver]:
    tasks = open_tasks([unit_id], day)
    states = dict(Task.objects.filter(pk__in=[one.id for one in tasks]).values_list("pk", "state"))
    of_post = {same_name_key(Post(new.post).label)}
    if before is not None and before.holder_name:
        of_post.add(same_name_key(before.holder_name))
    still_open = {one.id for one in open_tasks([unit_id], on)}
    for one in tasks:
        now = "open" if one.id in still_open else states.get(one.id, "")
        yield HandedOver(one, same_name_key(one.owner) in of_post, now)


def _name(unit_id: UUID, day: dt.date) -> str:
    found = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=day)
    return found.values_list("name", flat=True).first() or ""
