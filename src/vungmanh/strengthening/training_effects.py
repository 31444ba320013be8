"""What became of the units that took part in a course, beside like units that were not taught.

Told of several units together and never of one (decisions.md 13): where they stood before and
stand now, and the share of meetings held in the year before and after, beside what comes by itself.
Nobody drew by lot who was called, so nothing here says that the course did it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.analysis.rebound import FEWEST
from vungmanh.cadre.models import Course, CourseCount
from vungmanh.cadre.training import counts_visible
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.programme_words import FileState
from vungmanh.core.vocabulary import Status
from vungmanh.org.models import UnitVersion
from vungmanh.strengthening.comparison import Helped, TurnOf, compare_many
from vungmanh.strengthening.effects import TOLD_FROM
from vungmanh.strengthening.file_reads import files_visible
from vungmanh.strengthening.following import last_whole
from vungmanh.strengthening.models import Assessment, SupportFile

MONTHS = 3  # whole months after a unit took part before anything is told of it
#: Files of which somebody approved the causes, and which are still worked on.
_CONFIRMED = (
    FileState.DIAGNOSED, FileState.PLAN_ASKED, FileState.ACTING, FileState.EXIT_ASKED,
    FileState.LINEAGE_ASKED, FileState.HOLDING,
)  # fmt: skip


@dataclass(frozen=True)
class Stood:
    """How many units stood where before, and now; `ended`: they are units no more."""

    units: int
    before: Mapping[Status, int]
    now: Mapping[Status, int]
    ended: int = 0


@dataclass(frozen=True)
class Means:
    """Percent held: means over the units of which it can be told. `low`, `high`: what such units
    show by themselves."""

    units: int
    before: float
    after: float
    like_before: float
    like_after: float
    low: float
    high: float


@dataclass(frozen=True)
class CourseEffect:
    """`units` took part, `waited` of them at least MONTHS ago. What is None cannot be told yet, or
    of too few (`like`: of too few units of their kind that were not taught)."""

    units: int
    waited: int
    taught: Stood | None
    like: Stood | None
    means: Means | None


def effect_of(viewer: Viewer, course: Course, until: dt.date) -> CourseEffect:
    """What may be told of a course by a day, of the units in sight that came. Bounded queries.

    Others are read past the wall: they leave it only as counts and means over many.
    """
    rows = counts_visible(viewer, until).filter(session__course=course, came__gt=0)
    first: dict[UUID, dt.date] = {}
    for unit, day in rows.order_by("session__began_on").values_list("unit_id", "session__began_on"):
        first.setdefault(unit, day)
    months = add_months(last_whole(until), -MONTHS)
    waited = {unit: day for unit, day in first.items() if month_of(day) <= months}
    if len(waited) < TOLD_FROM:
        return CourseEffect(len(first), len(waited), None, None, None)
    with lowered():
        taught = _stood(waited, _before(waited), until)
        like = _like(course, waited, until)
        means = _means(course, waited, until)
    return CourseEffect(len(first), len(waited), taught, like, means)


def files_answered(viewer: Viewer, cause: str) -> list[SupportFile]:
    """Files in sight, worked on, whose approved diagnosis names a cause."""
    found = files_visible(viewer).filter(
        state__in=_CONFIRMED, causes__cause=cause, causes__withdrawn_at=None
    )
    return list(found.distinct().order_by("-entered_on", "pk"))


def _before(waited: Mapping[UUID, dt.date]) -> Counter[Status]:
    """Where each stood at the last month over when it took part; a query for each month."""
    told: Counter[Status] = Counter()
    for month in sorted({month_of(day) for day in waited.values()}):
        units = [unit for unit, day in waited.items() if month_of(day) == month]
        told += _last(units, month)
    return told


def _stood(units: Collection[UUID], before: Mapping[Status, int], day: dt.date) -> Stood:
    """A unit that ended stands nowhere now, whatever its last assessment said."""
    rows = UnitVersion.objects.filter(unit_id__in=list(units), valid__contains=day)
    alive = set(rows.values_list("unit_id", flat=True))
    return Stood(len(units), before, _last(alive, month_of(day)), len(units) - len(alive))


def _last(units: Iterable[UUID], month: dt.date) -> Counter[Status]:
    """Where units stood by their last assessment before a month."""
    rows = Assessment.objects.filter(unit_id__in=list(units), run__month__lt=month)
    last = rows.order_by("unit_id", "-run__month").distinct("unit_id")
    return Counter(Status(status) for status in last.values_list("status", flat=True))


def _like(course: Course, waited: Mapping[UUID, dt.date], until: dt.date) -> Stood | None:
    """Units of the same kinds that neither took part nor had an open file since."""
    day = min(waited.values())
    kinds = {
        unit: (sector, is_organisation)
        for unit, sector, is_organisation in UnitVersion.objects.filter(
            valid__contains=day
        ).values_list("unit_id", "sector", "is_organisation")
    }
    wanted = {kinds.get(unit) for unit in waited}
    apart = _taught(course) | Helped.read().between(day, until)
    like = [unit for unit, kind in kinds.items() if kind in wanted and unit not in apart]
    before = _last(like, month_of(day))
    if sum(before.values()) < FEWEST:
        return None
    return _stood(like, before, until)


def _means(course: Course, waited: Mapping[UUID, dt.date], until: dt.date) -> Means | None:
    turns = [TurnOf(unit, day) for unit, day in waited.items()]
    found = compare_many(turns, until, leave_out=_taught(course))
    pairs = [
        (one.before, one.after, one.like_before, one.like_after, told.low, told.high)
        for one in found.values()
        if (told := one.expected) is not None and one.after is not None
    ]
    if len(pairs) < TOLD_FROM:
        return None
    columns = zip(*pairs, strict=True)
    before, after, like_before, like_after, low, high = (
        sum(value or 0.0 for value in column) / len(pairs) for column in columns
    )
    return Means(len(pairs), before, after, like_before, like_after, low, high)


def _taught(course: Course) -> set[UUID]:
    """Whoever came to a course that answers the same cause, or to this one, whenever."""
    rows = CourseCount.objects.filter(came__gt=0)
    mine = rows.filter(session__course=course)
    same = rows.filter(session__course__cause=course.cause) if course.cause else mine
    return {*mine.values_list("unit_id", flat=True), *same.values_list("unit_id", flat=True)}
