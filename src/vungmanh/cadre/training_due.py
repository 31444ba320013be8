"""Who is due for which obligatory course, by the post held: facts, in the order of units."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import CourseMember
from vungmanh.core.vocabulary import Post, UnitKind, Vocabulary
from vungmanh.org.models import Appointment, UnitClosure, UnitVersion
from vungmanh.org.queries import versions_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.findings import PeopleFinding
from vungmanh.rulebook.people.training import CourseDue, HolderFacts, due_courses, judge_days


class DueKind(Vocabulary):
    """Which of the courses due a list shows."""

    OPEN = "open", "Cần xem"
    OVERDUE = "overdue", "Đã hết hạn, chưa học lại"
    SOON = "soon", "Đến hạn trong sáu tháng"
    NEVER = "never", "Chưa ghi lần nào"
    ALL = "all", "Tất cả"


SOON = dt.timedelta(days=183)


@dataclass(frozen=True)
class DueLine:
    """One course of one holder of a post in a unit."""

    version: UnitVersion
    appointment: Appointment
    due: CourseDue


@dataclass(frozen=True)
class UnitDues:
    """One course in a unit: how many holders, how many of them ran out or were never recorded."""

    version: UnitVersion
    due: CourseDue
    posts: int
    expired: int
    never: int


@dataclass(frozen=True)
class HolderDays:
    """Days of training of one holder in a year, and what the rule says of them."""

    appointment: Appointment
    days: Decimal
    finding: PeopleFinding


def dues_visible(
    viewer: Viewer, on: dt.date, *, above: UUID | None = None, kind: DueKind = DueKind.ALL,
    code: str = "",
) -> list[DueLine]:  # fmt: skip
    """The courses of everybody who holds a post in a unit in sight, by the rule of the day.

    Three queries, however many units. Sorted by unit, within it by post: nobody is ranked.
    """
    versions = versions_visible(viewer, on)
    if above is not None:
        below = UnitClosure.objects.filter(ancestor_id=above, valid__contains=on)
        versions = versions.filter(unit_id__in=below.values("descendant_id"))
    units = {one.unit_id: one for one in versions}
    rows = Appointment.objects.filter(valid__contains=on)
    held = [one for one in rows if one.unit_id in units]
    done = _done(held, on)
    view = load_rulebook().on(on)
    place = {unit: n for n, unit in enumerate(units)}
    order = list(Post)
    found = []
    told: dict[HolderFacts, tuple[CourseDue, ...]] = {}  # many hold the same post since one day
    for row in sorted(
        held, key=lambda one: (place[one.unit_id], order.index(Post(one.post)), one.seat, one.pk)
    ):
        version = units[row.unit_id]
        facts = HolderFacts(
            Post(row.post), UnitKind(version.kind), row.valid.lower, tuple(done[row.pk])
        )
        if facts not in told:
            told[facts] = due_courses(view, facts, on=on)
        found += [
            DueLine(version, row, one)
            for one in told[facts]
            if _is_of(one, kind, on) and code in {"", one.code}
        ]
    return found


def dues_by_unit(lines: Iterable[DueLine]) -> list[UnitDues]:
    """Lines counted by unit and course, in the order of the lines."""
    groups: dict[tuple[UUID, str], list[DueLine]] = defaultdict(list)
    for line in lines:
        groups[line.version.unit_id, line.due.code].append(line)
    return [
        UnitDues(
            group[0].version, group[0].due, len(group),
            sum(is_expired(one.due) for one in group), sum(is_never(one.due) for one in group),
        )
        for group in groups.values()
    ]  # fmt: skip


def is_expired(due: CourseDue) -> bool:
    """Been to once, run out, and the day to go again is past."""
    return due.overdue and due.last_on is not None


def is_never(due: CourseDue) -> bool:
    """Nothing is recorded here; whether the person never went, nobody knows."""
    return due.course is not None and due.last_on is None


def _is_of(due: CourseDue, kind: DueKind, on: dt.date) -> bool:
    if kind is DueKind.OPEN:
        return is_never(due) or due.overdue or _is_of(due, DueKind.SOON, on)
    if kind is DueKind.OVERDUE:
        return is_expired(due)
    if kind is DueKind.SOON:
        return not due.overdue and due.due_on is not None and due.due_on <= on + SOON
    if kind is DueKind.NEVER:
        return is_never(due)
    return True


def _done(held: list[Appointment], on: dt.date) -> dict[int, list[tuple[str, dt.date]]]:
    """Courses been to, by appointment: by the post held then, or by the person of the list.

    A course that was not passed is not been to.
    """
    people = {one.person_id for one in held if one.person_id is not None}
    rows = CourseMember.objects.filter(
        Q(appointment_id__in=[one.pk for one in held]) | Q(person_id__in=people)
        | Q(appointment__person_id__in=people),
        session__ended_on__lte=on,
    ).exclude(has_passed=False).exclude(session__course__code="")  # fmt: skip
    of_person: dict[UUID, list[int]] = defaultdict(list)
    for one in held:
        if one.person_id is not None:
            of_person[one.person_id].append(one.pk)
    told: dict[int, list[tuple[str, dt.date]]] = defaultdict(list)
    for appointment, person, of_post, code, day in rows.values_list(
        "appointment_id", "person_id", "appointment__person_id", "session__course__code",
        "session__ended_on",
    ):  # fmt: skip
        who = person or of_post
        for pk in {appointment, *(of_person[who] if who else ())} - {None}:
            told[pk].append((code, day))
    return told


def days_of_holders(unit_id: UUID, year: int, on: dt.date) -> list[HolderDays]:
    """Days of training this year of whoever holds a post in a unit; the viewer may see the unit."""
    held = list(Appointment.objects.filter(unit_id=unit_id, valid__contains=on))
    people = [one.person_id for one in held if one.person_id is not None]
    rows = CourseMember.objects.filter(
        Q(appointment__in=held) | Q(person_id__in=people), session__began_on__year=year
    ).values_list("appointment_id", "person_id", "session_id", "session__course__days")
    told = list(rows)
    view = load_rulebook().on(on)
    found = []
    for one in sorted(held, key=lambda row: (list(Post).index(Post(row.post)), row.seat)):
        been = {
            session: days
            for appointment, person, session, days in told
            if appointment == one.pk or (person is not None and person == one.person_id)
        }
        days = sum(been.values(), Decimal(0))
        finding = judge_days(view, Post(one.post), int(days) if been else None)
        found.append(HolderDays(one, days, finding))
    return found
