"""Posts at risk, as facts about units: a term that ends, a vacancy, acting, too many posts at once.

Nobody is named as who should follow, and nothing here is an order of persons: the list goes by
units. All of a province is read in five queries.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Func, Max, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import Term
from vungmanh.core.people_words import AppointmentWay, PostConcern
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment, UnitClosure, UnitVersion
from vungmanh.org.queries import versions_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.findings import Citation, Ruling, ruling
from vungmanh.rulebook.values.posts import ConcurrentPosts


@dataclass(frozen=True)
class Concern:
    """One fact about one unit. `day` is when it began, or when it is due; `days` until or since.

    Of a planned end, `days` is negative once it is past.
    """

    unit_id: UUID
    kind: PostConcern
    post: Post | None
    day: dt.date
    days: int
    holder: str = ""
    number: int = 0
    citation: Citation | None = None


@dataclass(frozen=True)
class UnitConcerns:
    """The facts of one unit, with its name on the day."""

    version: UnitVersion
    facts: tuple[Concern, ...]


def concerns_visible(
    viewer: Viewer, on: dt.date, *, within: dt.timedelta, kinds: Collection[PostConcern] = (),
    above: UUID | None = None,
) -> list[UnitConcerns]:  # fmt: skip
    """Units in sight with something at risk on a day or due `within`, in Vietnamese order.

    `above`: only this unit and those below it.
    """
    versions = versions_visible(viewer, on)
    if above is not None:
        inside = UnitClosure.objects.filter(ancestor_id=above, valid__contains=on)
        versions = versions.filter(unit_id__in=inside.order_by().values("descendant_id"))
    found: dict[UUID, list[Concern]] = defaultdict(list)
    units = versions.order_by().values("unit_id")
    for one in _all(units, on, on + within):
        if not kinds or one.kind in kinds:
            found[one.unit_id].append(one)
    # Found among what is in sight: sight need not be asked once more.
    named = UnitVersion.objects.filter(unit_id__in=list(found), valid__contains=on)
    listed = named.order_by("name_key", "id")
    order = list(PostConcern)
    return [
        UnitConcerns(
            version,
            tuple(sorted(found[version.unit_id], key=lambda one: (order.index(one.kind), one.day))),
        )
        for version in listed
    ]


def concerns_of(unit_id: UUID, on: dt.date, *, within: dt.timedelta) -> list[Concern]:
    """What is at risk in one unit that the viewer was let see."""
    version = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=on)
    return list(_all(version.order_by().values("unit_id"), on, on + within))


def _all(units: QuerySet, on: dt.date, until: dt.date) -> Iterator[Concern]:
    yield from _terms(units, on, until)
    yield from _vacancies(units, on)
    # Of thousands who simply hold a post nothing is at risk: they are not fetched.
    asked = Q(planned_until__lte=until) | Q(way=AppointmentWay.ACTING) | Q(person__isnull=False)
    now = Appointment.objects.filter(asked, unit_id__in=units, valid__contains=on)
    held = list(now.order_by("post", "seat"))
    yield from _planned(held, on, until)
    yield from _acting(held, on)
    yield from _concurrent(held, on)


def _terms(units: QuerySet, on: dt.date, until: dt.date) -> Iterator[Concern]:
    running = Term.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on), unit_id__in=units)
    for term in running.filter(began_on__lte=on, due_on__lte=until):
        kind = PostConcern.TERM_OVER if term.due_on <= on else PostConcern.TERM_DUE
        yield Concern(term.unit_id, kind, None, term.due_on, abs((term.due_on - on).days))


def _vacancies(units: QuerySet, on: dt.date) -> Iterator[Concern]:
    """Units whose secretary left and nobody came; where nothing was recorded is no vacancy."""
    of_post = Appointment.objects.filter(post=Post.SECRETARY, unit_id__in=units)
    gone = Q(valid__endswith__lte=on)
    ends = of_post.order_by().values("unit_id").annotate(
        last=Max(Func(F("valid"), function="upper"), filter=gone),
        now=Count("pk", filter=Q(valid__contains=on)),
    )  # fmt: skip
    found = ends.filter(now=0, last__isnull=False)
    for unit_id, last in found.values_list("unit_id", "last"):
        yield Concern(unit_id, PostConcern.VACANT, Post.SECRETARY, last, (on - last).days + 1)


def _planned(held: list[Appointment], on: dt.date, until: dt.date) -> Iterator[Concern]:
    """Whoever is to leave by plan; of whom the end is decided, the plan is no longer looked at."""
    for one in held:
        if one.planned_until is None or one.valid.upper is not None:
            continue
        if one.planned_until <= until:
            yield Concern(one.unit_id, PostConcern.PLANNED_END, Post(one.post), one.planned_until,
                          (one.planned_until - on).days, one.holder_name)  # fmt: skip


def _acting(held: list[Appointment], on: dt.date) -> Iterator[Concern]:
    for one in held:
        if one.way == AppointmentWay.ACTING:
            since = one.valid.lower
            yield Concern(one.unit_id, PostConcern.ACTING, Post(one.post), since,
                          (on - since).days + 1, one.holder_name)  # fmt: skip


def _concurrent(held: list[Appointment], on: dt.date) -> Iterator[Concern]:
    """Posts of people known as persons; by name alone two people may be one."""
    rule: Ruling[ConcurrentPosts] | None = ruling(load_rulebook().on(on), ConcurrentPosts)
    if rule is None:
        return
    by_person: dict[UUID, list[Appointment]] = defaultdict(list)
    for one in held:
        if one.person_id is not None:
            by_person[one.person_id].append(one)
    for rows in by_person.values():
        secretary = sum(one.post == Post.SECRETARY for one in rows)
        if len(rows) > rule.value.most_posts or secretary > rule.value.most_as_secretary:
            for one in rows:
                since = one.valid.lower
                yield Concern(
                    one.unit_id, PostConcern.CONCURRENT, Post(one.post), since,
                    (on - since).days + 1, one.holder_name, len(rows), rule.cite(),
                )  # fmt: skip
