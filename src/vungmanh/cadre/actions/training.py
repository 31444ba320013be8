"""The yearly plan of training of a committee: drafted, issued, opened again, taken back.

Only whoever holds the committee writes its plan. Its courses: `courses`, its sessions: `sessions`.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.cadre import placing
from vungmanh.cadre.models import TrainingPlan
from vungmanh.cadre.training import plan_visible
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.people_words import LessonState, TrainingPlanState
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.queries import visible_unit

PLAN = "cadre.training.plan"
FIRST_YEAR = 2014


@transaction.atomic
def make_plan(*, unit_id: UUID, year: int, title: str, by: Viewer, at: dt.datetime) -> TrainingPlan:
    """Begin the plan of a committee for a year. Raises InputError, Conflict, NotFound."""
    check_can(by, PLAN)
    placing.take_unit(by, unit_id)
    placing.check_goes_on(unit_id)
    if visible_unit(by, unit_id, by.on).kind == UnitKind.CHI_BO:
        raise InputError(
            "Chi bộ học theo kế hoạch của đảng ủy cấp trên; lập kế hoạch ở đảng ủy ấy.",
            field="unit", code="plan-of-cell",
        )  # fmt: skip
    if not FIRST_YEAR <= year <= localdate(at).year + 1:
        raise InputError(
            f"Năm phải từ {FIRST_YEAR} đến {localdate(at).year + 1}.", field="year", code="bad-year"
        )
    if TrainingPlan.objects.filter(unit_id=unit_id, year=year).exists():
        raise Conflict(
            f"Cấp ủy này đã có kế hoạch năm {year}; mở kế hoạch ấy và thêm lớp vào.",
            code="plan-exists",
        )
    plan = TrainingPlan.objects.create(
        unit_id=unit_id, year=year, title=_title(title), state=TrainingPlanState.DRAFT, by=by.user
    )
    _tell("training_plan.made", plan, by, at)
    return plan


@transaction.atomic
def rename_plan(*, plan_id: UUID, title: str, by: Viewer, at: dt.datetime) -> TrainingPlan:
    """Call a draft something else."""
    plan = own_plan(by, plan_id, PLAN)
    _only(plan, TrainingPlanState.DRAFT)
    before, plan.title = plan.title, _title(title)
    keep_plan(plan)
    _tell("training_plan.renamed", plan, by, at, before=before)
    return plan


@transaction.atomic
def approve_plan(
    *, plan_id: UUID, document: str, signed_on: dt.date, by: Viewer, at: dt.datetime
) -> TrainingPlan:
    """The plan was issued by a document. No course still to come lies before that day."""
    plan = own_plan(by, plan_id, PLAN)
    _only(plan, TrainingPlanState.DRAFT)
    if signed_on > localdate(at):
        raise InputError("Ngày ban hành không được sau hôm nay.", field="signed_on",
                         code="in-future")  # fmt: skip
    if signed_on.year < plan.year - 1:
        raise InputError(
            f"Kế hoạch năm {plan.year} ban hành sớm nhất từ năm {plan.year - 1}; xem lại ngày.",
            field="signed_on", code="long-before",
        )  # fmt: skip
    courses = list(plan.courses.exclude(state=LessonState.DROPPED))
    if not courses:
        raise NotNow("Kế hoạch chưa có lớp nào; thêm lớp rồi mới ban hành.", code="no-courses")
    for one in courses:
        if one.state == LessonState.PLANNED and one.planned_on < signed_on:
            raise InputError(
                f"Lớp “{one.title}” dự kiến mở ngày {date_vi(one.planned_on)}, trước ngày ban hành;"
                " sửa ngày của lớp hoặc ngày ban hành.", field="signed_on", code="before-approval",
            )  # fmt: skip
    plan.document, plan.signed_on = placing.document_of(document), signed_on
    plan.state = TrainingPlanState.APPROVED
    keep_plan(plan)
    _tell("training_plan.approved", plan, by, at)
    return plan


@transaction.atomic
def reopen_plan(*, plan_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> TrainingPlan:
    """Back to a draft, to be issued anew: a plan that was issued by mistake, or is replaced."""
    plan = own_plan(by, plan_id, PLAN)
    _only(plan, TrainingPlanState.APPROVED)
    why = checked_reason(reason)
    plan.state = TrainingPlanState.DRAFT
    keep_plan(plan)
    _tell("training_plan.reopened", plan, by, at, reason=why)
    return plan


@transaction.atomic
def take_back_plan(*, plan_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """A draft begun by mistake, while it has no course."""
    plan = own_plan(by, plan_id, PLAN)
    _only(plan, TrainingPlanState.DRAFT)
    if plan.courses.exists():
        raise NotNow("Kế hoạch còn lớp; rút từng lớp trước.", code="has-courses")
    why = checked_reason(reason)
    _tell("training_plan.taken_back", plan, by, at, reason=why)
    plan.delete()


def own_plan(by: Viewer, plan_id: UUID, permission: str) -> TrainingPlan:
    """The plan, its committee locked. Raises NotAllowed, NotFound."""
    check_can(by, permission)
    found = plan_visible(by, plan_id, by.on)
    placing.take_unit(by, found.unit_id)
    return TrainingPlan.objects.select_for_update().get(pk=found.pk)


def _title(text: str) -> str:
    return placing.line(text, field="title", message="Ghi tên kế hoạch.")


def _only(plan: TrainingPlan, state: TrainingPlanState) -> None:
    if plan.state == state:
        return
    if plan.state == TrainingPlanState.APPROVED:
        raise NotNow("Kế hoạch đã ban hành; mở lại kế hoạch trước.", code="plan-issued")
    raise NotNow("Kế hoạch đang soạn, chưa ban hành.", code="plan-draft")


def keep_plan(plan: TrainingPlan) -> None:
    plan.revision += 1
    plan.save()


def _tell(
    verb: str, plan: TrainingPlan, by: Viewer, at: dt.datetime, *, reason: str = "",
    before: str = "",
) -> None:  # fmt: skip
    data = {
        "unit": str(plan.unit_id), "year": plan.year, "title": plan.title, "state": plan.state,
        "document": plan.document, "revision": plan.revision,
        "signed_on": plan.signed_on.isoformat() if plan.signed_on else None,
    } | ({"before": before} if before else {})  # fmt: skip
    record(
        verb, by=by.user, at=at, subject=f"training_plan:{plan.pk}", data=data,
        personal={"reason": reason} if reason else {},
    )  # fmt: skip
