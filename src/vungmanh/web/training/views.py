"""Plans of training by year and committee, one plan, courses, one course, a unit's training."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.actions.sessions import RECORD
from vungmanh.cadre.actions.training import PLAN
from vungmanh.cadre.models import TrainingPlan
from vungmanh.cadre.training import (
    causes_on,
    counts_visible,
    course_visible,
    courses_visible,
    figures_of,
    members_visible,
    plan_visible,
    plans_found,
    words_of_cause,
)
from vungmanh.cadre.training_due import days_of_holders, dues_visible
from vungmanh.core.errors import NotAllowed
from vungmanh.core.people_words import CourseKind, LessonState, TrainingPlanState
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.listing import tops_visible
from vungmanh.org.queries import units_held, visible_unit
from vungmanh.strengthening.training_effects import effect_of, files_answered
from vungmanh.web.access import needs
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.training import effect_words, present

VIEW = "cadre.training.view"
ON_A_PAGE, SESSIONS, TAKEN_PART = 50, 30, 20


@require_safe
@needs(VIEW, ahead=True)
def plans(request: ViewerRequest) -> HttpResponse:
    """Plans in sight, by year and committee, found by words with or without marks."""
    viewer, today = request.viewer, timezone.localdate()
    year, unit = number(request.GET.get("nam")), uuid_of(request.GET.get("don-vi"))
    text, state = request.GET.get("q", ""), request.GET.get("tt", "")
    found = plans_found(viewer, today, year=year, unit_id=unit, state=state, text=text)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    shown = list(page.object_list)
    told = figures_of(viewer, [one.pk for one in shown], today)
    names = unit_names({one.unit_id for one in shown})
    context = {
        "finding": present.finding_of_plans(len(found), year),
        "rows": [present.plan_row(one, names, told[one.pk]) for one in shown],
        "page": page,
        "text": text,
        "year": "" if year is None else str(year),
        "years": years(today.year, _("Mọi năm")),
        "state": state,
        "states": [("", _("Tất cả")), *((one.value, _(one.label)) for one in TrainingPlanState)],
        "tops": _may_plan_in(viewer),
    }
    return render(request, "training/plans.html", context)


@require_safe
@needs(VIEW, ahead=True)
def plan(request: ViewerRequest, training_id: UUID) -> HttpResponse:
    """One plan: its courses, and planned beside held and come."""
    viewer, today = request.viewer, timezone.localdate()
    one = plan_visible(viewer, training_id, today)
    name = unit_names({one.unit_id}).get(one.unit_id, "")
    told = figures_of(viewer, [one.pk], today)[one.pk]
    context = {
        "row": present.plan_row(one, {one.unit_id: name}, told),
        "plan": one,
        "figures": present.figures_rows(told),
        "courses": [present.course_row(each, today) for each in one.courses.all()],
        "may_plan": holds(viewer, one, PLAN),
    }
    return render(request, "training/plan.html", context)


@require_safe
@needs(VIEW, ahead=True)
def courses(request: ViewerRequest) -> HttpResponse:
    """Courses across plans, by the cause they answer, kind and year."""
    viewer, today = request.viewer, timezone.localdate()
    cause, kind = request.GET.get("nguyen-nhan", "").replace("\0", ""), request.GET.get("loai", "")
    year = number(request.GET.get("nam"))
    found = courses_visible(viewer, today).exclude(state=LessonState.DROPPED)
    found = found.filter(cause=cause) if cause else found
    found = found.filter(kind=kind) if kind in set(CourseKind) else found
    found = found.filter(plan__year=year) if year is not None else found
    page = Paginator(found.order_by("-planned_on", "pk"), ON_A_PAGE).get_page(
        request.GET.get("trang")
    )
    names = unit_names({one.plan.unit_id for one in page.object_list})
    context = {
        "finding": _finding_of_courses(page.paginator.count, cause),
        "rows": [
            present.course_row(one, today, names.get(one.plan.unit_id, ""))
            for one in page.object_list
        ],
        "page": page,
        "cause": cause,
        "causes": [("", _("Mọi nguyên nhân")), *((one.code, one.text) for one in causes_on(today))],
        "kind": kind,
        "kinds": [("", _("Mọi loại")), *((one.value, _(one.label)) for one in CourseKind)],
        "year": "" if year is None else str(year),
        "years": years(today.year, _("Mọi năm")),
    }
    return render(request, "training/courses.html", context)


def _finding_of_courses(count: int, cause: str) -> str:
    if not cause:
        return _("%s lớp trong các kế hoạch đang xem.") % number_vi(count)
    words = {"n": number_vi(count), "cause": words_of_cause(cause, timezone.localdate())}
    return _("%(n)s lớp trả lời nguyên nhân: %(cause)s.") % words


@require_safe
@needs(VIEW, ahead=True)
def course(request: ViewerRequest, course_id: UUID) -> HttpResponse:
    """One course: what it asks, its sessions, who came, and what became of the units."""
    viewer, today = request.viewer, timezone.localdate()
    one = course_visible(viewer, course_id, today)
    plan_row = one.plan
    page = Paginator(one.sessions.order_by("-began_on", "pk"), SESSIONS).get_page(
        request.GET.get("trang")
    )
    context = {
        "row": present.course_row(one, today),
        "one": one,
        "plan": plan_row,
        "unit": unit_names({plan_row.unit_id}).get(plan_row.unit_id, ""),
        "obligatory": present.obligatory_row(one),
        "sessions": _sessions(viewer, page.object_list, today),
        "page": page,
        "is_issued": plan_row.state == TrainingPlanState.APPROVED,
        "may_plan": holds(viewer, plan_row, PLAN),
        "may_record": holds(viewer, plan_row, RECORD),
        "files": _files(viewer, one.cause, today),
        "effect": effect_words.shown(effect_of(viewer, one, today))
        if can(viewer, "strengthening.assessment.list")
        else None,
    }
    return render(request, "training/course.html", context)


def _sessions(viewer: Viewer, found: Any, today: Any) -> list[dict[str, Any]]:
    """Each session with who came of the units in sight; three queries however many."""
    shown = list(found)
    counts = list(counts_visible(viewer, today).filter(session__in=shown))
    names = unit_names({one.unit_id for one in counts})
    named = list(members_visible(viewer, today).filter(session__in=shown))
    of = {one.pk: [each for each in counts if each.session_id == one.pk] for one in shown}
    return [
        {
            "one": one,
            "counts": sorted(present.count_rows(of[one.pk], names), key=lambda row: row["unit"]),
            "total": present.came_words(
                sum(each.came for each in of[one.pk]),
                sum(each.called for each in of[one.pk]),
                len(of[one.pk]),
            ),
            "named": sum(each.session_id == one.pk for each in named),
        }
        for one in shown
    ]


def _files(viewer: Viewer, cause: str, today: Any) -> list[tuple[UUID, str]] | None:
    if not cause or not can(viewer, "strengthening.file.view"):
        return None
    found = files_answered(viewer, cause)
    names = unit_names({one.unit_id for one in found})
    return [(one.pk, names.get(one.unit_id, "")) for one in found]


@require_safe
@needs(VIEW, ahead=True)
def unit_training(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The training of one unit: plans of its own, what it took part in, who is due."""
    viewer, today = request.viewer, timezone.localdate()
    version = visible_unit(viewer, unit_id, today)
    lines = [one for one in dues_visible(viewer, today, above=unit_id)
             if one.version.unit_id == unit_id]  # fmt: skip
    own = plans_found(viewer, today, unit_id=unit_id)
    told = figures_of(viewer, [one.pk for one in own], today)
    context = {
        "version": version,
        "finding": present.finding_of_dues(lines),
        "dues": [present.due_row(one) for one in lines],
        "days": [present.days_row(one) for one in days_of_holders(unit_id, today.year, today)],
        "year": today.year,
        "attended": present.attended_rows(viewer, unit_id, today, TAKEN_PART),
        "plans": [present.plan_row(one, {}, told[one.pk]) for one in own],
        "may_plan": can(viewer, PLAN)
        and version.kind != UnitKind.CHI_BO
        and units_held(viewer, viewer.on).filter(descendant_id=unit_id).exists(),
    }
    return render(request, "training/unit.html", context)


def holds(viewer: Viewer, one: TrainingPlan, permission: str) -> bool:
    """Whether the viewer may write this plan: allowed, and the committee is theirs."""
    held = units_held(viewer, viewer.on).filter(descendant_id=one.unit_id)
    return can(viewer, permission) and held.exists()


def check_holds(viewer: Viewer, one: TrainingPlan, permission: str) -> None:
    """No form for whoever reads an issued plan of a committee above. Raises NotAllowed."""
    if not holds(viewer, one, permission):
        raise NotAllowed("Kế hoạch này của cấp ủy khác; chỉ cấp ủy ấy ghi buổi học.")


def _may_plan_in(viewer: Viewer) -> list[tuple[UUID, str]]:
    if not can(viewer, PLAN):
        return []
    tops = tops_visible(viewer, viewer.on).exclude(kind=UnitKind.CHI_BO)
    return [(one.unit_id, one.name) for one in tops[:5]]


def years(now: int, words: str) -> list[tuple[str, str]]:
    return [("", words), *((str(one), str(one)) for one in range(now + 1, now - 10, -1))]


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) == 4 else None
