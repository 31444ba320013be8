"""Reads about training: plans in sight, their courses and sessions, planned beside held and come.

A plan that was issued is read by everybody below the committee too: it says what they are called
to. Who came is read of units in sight alone; whoever holds the committee reads all its sessions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import Course, CourseCount, CourseMember, CourseSession, TrainingPlan
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import LessonState, TrainingPlanState
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import Reach
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import units_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.findings import Citation, ruling
from vungmanh.rulebook.values.programmes import Cause, CauseCatalogue
from vungmanh.rulebook.values.training import ObligatoryCourse, ObligatoryTraining

_NOT_FOUND = "Không tìm thấy %s này trong phạm vi của đồng chí."


@dataclass(frozen=True)
class PlanFigures:
    """What a plan asked for and what became of it. `planned` leaves out what was dropped; `passed`
    is None where nothing was tested."""

    planned: int = 0
    held: int = 0
    dropped: int = 0
    days: Decimal = Decimal(0)
    sessions: int = 0
    units: int = 0
    called: int = 0
    came: int = 0
    passed: int | None = None


def plans_visible(viewer: Viewer, on: dt.date) -> QuerySet[TrainingPlan]:
    """Plans of units in sight, and those issued by the committees above one's own unit."""
    seen = Q(unit_id__in=units_visible(viewer, on))
    own = {*viewer.units_with(Reach.UNIT_AND_BELOW), *viewer.units_with(Reach.UNIT)}
    up = UnitClosure.objects.filter(descendant_id__in=own, valid__contains=on).values("ancestor_id")
    if not units_visible(viewer, on).exists():
        return TrainingPlan.objects.none()
    issued = Q(state=TrainingPlanState.APPROVED, unit_id__in=up)
    return TrainingPlan.objects.filter(seen | issued)


def plans_found(
    viewer: Viewer, on: dt.date, *, year: int | None = None, unit_id: UUID | None = None,
    state: str = "", text: str = "",
) -> list[TrainingPlan]:  # fmt: skip
    """Plans in sight, the latest year first, within it by the name of the committee."""
    found = plans_visible(viewer, on)
    if year is not None:
        found = found.filter(year=year)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if state in set(TrainingPlanState):
        found = found.filter(state=state)
    plans = list(found)
    keys = _names({one.unit_id for one in plans})
    words = fold(text).split()
    kept = [
        one
        for one in plans
        if all(word in f"{keys.get(one.unit_id, ('', b''))[0]} {fold(one.title)}" for word in words)
    ]
    return sorted(kept, key=lambda one: (-one.year, keys.get(one.unit_id, ("", b""))[1], one.pk))


def _names(ids: set[UUID]) -> dict[UUID, tuple[str, bytes]]:
    rows = UnitVersion.objects.filter(unit_id__in=ids).order_by("valid")
    return {
        unit: (folded, bytes(key))
        for unit, folded, key in rows.values_list("unit_id", "name_fold", "name_key")
    }


def plan_visible(viewer: Viewer, plan_id: UUID, on: dt.date) -> TrainingPlan:
    """One plan. Raises NotFound alike for absent and out of sight."""
    found = plans_visible(viewer, on).filter(pk=plan_id).first()
    if found is None:
        raise NotFound(_NOT_FOUND % "kế hoạch bồi dưỡng", code="no-training-plan")
    return found


def courses_visible(viewer: Viewer, on: dt.date) -> QuerySet[Course]:
    return Course.objects.filter(plan__in=plans_visible(viewer, on)).select_related("plan")


def course_visible(viewer: Viewer, course_id: UUID, on: dt.date) -> Course:
    """One course with its plan. Raises NotFound alike for absent and out of sight."""
    found = courses_visible(viewer, on).filter(pk=course_id).first()
    if found is None:
        raise NotFound(_NOT_FOUND % "lớp", code="no-course")
    return found


def session_visible(viewer: Viewer, session_id: UUID, on: dt.date) -> CourseSession:
    """One session with its course and plan. Raises NotFound alike for absent and out of sight."""
    found = CourseSession.objects.filter(course__in=courses_visible(viewer, on), pk=session_id)
    one = found.select_related("course__plan").first()
    if one is None:
        raise NotFound(_NOT_FOUND % "buổi học", code="no-session")
    return one


def counts_visible(viewer: Viewer, on: dt.date) -> QuerySet[CourseCount]:
    """Who came, by counts: of units in sight, and of every session of a committee in sight."""
    seen = units_visible(viewer, on)
    mine = Q(session__course__plan__unit_id__in=seen)
    return CourseCount.objects.filter(mine | Q(unit_id__in=seen))


def members_visible(viewer: Viewer, on: dt.date) -> QuerySet[CourseMember]:
    """Who came, one by one, as counts are read; a name is shown by the rules of names."""
    seen = units_visible(viewer, on)
    mine = Q(session__course__plan__unit_id__in=seen)
    rows = CourseMember.objects.filter(mine | Q(unit_id__in=seen))
    return rows.select_related("person", "appointment")


def figures_of(
    viewer: Viewer, plan_ids: Iterable[UUID], on: dt.date
) -> dict[UUID, PlanFigures]:  # fmt: skip
    """Planned, held and come of each plan, in three queries, however many plans."""
    ids = list(plan_ids)
    told: dict[UUID, dict[str, Any]] = {one: {} for one in ids}
    courses = Course.objects.filter(plan_id__in=ids).order_by().values("plan_id", "state")
    for row in courses.annotate(n=Count("pk"), all_days=Sum("days")):
        plan = told[row["plan_id"]]
        if row["state"] == LessonState.DROPPED:
            plan["dropped"] = row["n"]
            continue
        plan["planned"] = plan.get("planned", 0) + row["n"]
        plan["days"] = plan.get("days", Decimal(0)) + row["all_days"]
        if row["state"] == LessonState.HELD:
            plan["held"] = row["n"]
    sessions = CourseSession.objects.filter(course__plan_id__in=ids).order_by()
    for plan_id, n in sessions.values_list("course__plan_id").annotate(n=Count("pk")):
        told[plan_id]["sessions"] = n
    counts = counts_visible(viewer, on).filter(session__course__plan_id__in=ids).order_by()
    for said in counts.values("session__course__plan_id").annotate(
        units=Count("unit_id", distinct=True), all_called=Sum("called"), all_came=Sum("came"),
        all_passed=Sum("passed"),
    ):  # fmt: skip
        told[said["session__course__plan_id"]] |= {
            "units": said["units"], "called": said["all_called"], "came": said["all_came"],
            "passed": said["all_passed"],
        }  # fmt: skip
    return {one: PlanFigures(**facts) for one, facts in told.items()}


@dataclass(frozen=True)
class Attended:
    """One unit at one session of a course."""

    count: CourseCount
    session: CourseSession
    course: Course


def attended_by(viewer: Viewer, unit_id: UUID, on: dt.date, *, limit: int) -> list[Attended]:
    """What a unit in sight took part in up to a day, the latest first. One query."""
    rows = counts_visible(viewer, on).filter(unit_id=unit_id, session__began_on__lte=on)
    found = rows.select_related("session__course__plan").order_by(
        "-session__began_on", "-session_id"
    )
    return [Attended(one, one.session, one.session.course) for one in found[:limit]]


# --- what the rules name --------------------------------------------------------------------------


def obligatory_on(day: dt.date) -> tuple[tuple[ObligatoryCourse, ...], Citation | None]:
    """The courses that posts ask for by the rule of a day, with where it is written."""
    rule = ruling(load_rulebook().on(day), ObligatoryTraining)
    return (rule.value.courses, rule.cite()) if rule else ((), None)


def causes_on(day: dt.date) -> tuple[Cause, ...]:
    """The catalogue of causes by which files are diagnosed; a course may answer one."""
    view = load_rulebook().on(day)
    return view.of(CauseCatalogue).causes if view.has(CauseCatalogue.key) else ()


def words_of_cause(code: str, day: dt.date) -> str:
    """What a cause is called by the rule of a day; its code where the rule no longer names it."""
    return next((one.text for one in causes_on(day) if one.code == code), code)
