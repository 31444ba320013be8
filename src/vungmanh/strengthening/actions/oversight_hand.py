"""What every act on a plan of overseers does alike: find and lock it, ask who and when, check."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import PlanState
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import Role
from vungmanh.org.queries import units_held
from vungmanh.org.turns import beside_register
from vungmanh.strengthening.actions.choosing_hand import check_committee
from vungmanh.strengthening.assigning_records import PlanAsked, charges_at, most_cells
from vungmanh.strengthening.assigning_walls import Walls, walls_of
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.models import OversightPlan
from vungmanh.strengthening.models.oversight import REASON
from vungmanh.strengthening.persons import is_one_of

PLAN, APPROVE = "strengthening.oversight.plan", "strengthening.oversight.approve"
MOST_DAYS = 5 * 366  # a term
MOST_PEOPLE, MOST_CELLS = 300, 3000  # what the planner was measured with
MOST_METRES = 500_000


def held_plan(
    plan_id: UUID, revision: int, permission: str, *, by: Viewer, at: dt.datetime
) -> OversightPlan:
    """The plan, locked, below the grants of whoever acts. Raises NotAllowed, NotFound, Conflict."""
    check_can(by, permission)
    beside_register()
    found = (
        OversightPlan.objects.select_for_update(of=("self",))
        .filter(pk=plan_id, unit_id__in=units_held(by, localdate(at)))
        .first()
    )
    if found is None:
        raise NotFound("Không tìm thấy kế hoạch này.", code="no-plan")
    if found.revision != revision:
        raise Conflict(
            "Kế hoạch vừa được người khác sửa. Mở lại trang để xem bản mới rồi làm tiếp."
        )
    return found


def own_plan(
    plan_id: UUID, revision: int, *states: PlanState, by: Viewer, at: dt.datetime
) -> OversightPlan:
    """A plan of the committee in which the role of the office is held, in one of the states."""
    found = held_plan(plan_id, revision, PLAN, by=by, at=at)
    check_committee(by, found.unit_id, localdate(at))
    check_state(found, *states)
    return found


def asked_plan(plan_id: UUID, revision: int, *, by: Viewer, at: dt.datetime) -> OversightPlan:
    """A plan that waits, before somebody who may answer it: not who put it forward."""
    found = held_plan(plan_id, revision, APPROVE, by=by, at=at)
    check_state(found, PlanState.SUBMITTED)
    if is_one_of(by, *askers_of(found)):
        raise NotAllowed(
            "Đồng chí (hoặc người ủy quyền cho đồng chí) đã lập hoặc trình kế hoạch này nên không "
            "duyệt; nhờ đồng chí khác.",
            code="asked-it",
        )
    return found


def askers_of(found: OversightPlan) -> tuple[UUID | None, ...]:
    """Who drafted a plan or put it forward, and on whose behalf: they do not answer it."""
    return (
        found.submitted_by_id, found.submitted_on_behalf_id, found.made_by_id,
        found.made_on_behalf_id,
    )  # fmt: skip


def check_state(found: OversightPlan, *states: PlanState) -> None:
    if found.state not in states:
        now = PlanState(found.state).label.lower()
        raise NotNow(f"Kế hoạch {now}; không làm được việc này lúc này.", code="plan-state")


def check_asked(asked: PlanAsked, on: dt.date) -> None:
    """Days, numbers and people that can be meant. Raises InputError naming the field."""
    if asked.valid_from < on:
        raise InputError(
            f"Ngày bắt đầu sớm nhất là hôm nay, {date_vi(on)}.", field="valid_from", code="bad-day"
        )
    if not asked.valid_from < asked.valid_until:
        raise InputError(
            "Ngày cuối phải từ ngày bắt đầu trở đi.", field="valid_until", code="bad-day"
        )
    if (asked.valid_until - asked.valid_from).days > MOST_DAYS:
        raise InputError(
            "Một kế hoạch dài nhất một nhiệm kỳ (5 năm).", field="valid_until", code="bad-day"
        )
    _check_people(asked, on)
    if any(not 0 <= metres <= MOST_METRES for metres in asked.ways.values()):
        raise InputError("Quãng đường từ 0 đến 500 km.", field="ways", code="bad-number")
    if asked.max_hard is not None and asked.max_hard < 0:
        raise InputError("Số chi bộ khó từ 0 trở lên.", field="max_hard", code="bad-number")


def _check_people(asked: PlanAsked, on: dt.date) -> None:
    ids = [one.user_id for one in asked.overseers]
    if not 0 < len(ids) == len(set(ids)) <= MOST_PEOPLE:
        raise InputError(
            f"Chọn từ 1 đến {MOST_PEOPLE} người có thể phụ trách, mỗi người một lần.",
            field="overseers", code="bad-people",
        )  # fmt: skip
    most = most_cells(on)
    for one in asked.overseers:
        if one.most < 0 or (most is not None and one.most > most):
            raise InputError(
                f"Mỗi người phụ trách nhiều nhất {most} chi bộ theo quy định đang dùng.",
                field="overseers", code="bad-number",
            )  # fmt: skip
    users = {one.pk: one for one in User.objects.filter(pk__in=ids)}
    gone = sorted(str(users.get(one, "không rõ")) for one in ids
                  if one not in users or not users[one].is_active)  # fmt: skip
    if gone:
        raise InputError(
            f"Không còn dùng tài khoản: {', '.join(gone)}. Bỏ khỏi danh sách, hoặc nhờ quản trị mở "
            "lại tài khoản.",
            field="overseers", code="overseer-left",
        )  # fmt: skip


# --- lines held against the register -------------------------------------------------------------


def effective_day(plan: OversightPlan, at: dt.datetime) -> dt.date:
    """The first day that a decision taken now can count from: the past is not rewritten."""
    return max(plan.valid_from, localdate(at))


def walls_now(plan: OversightPlan, at: dt.datetime) -> Walls:
    """What keeps the people of a plan from its cells, as the records stand now."""
    first = effective_day(plan, at)
    found = walls_of(
        [UUID(one["id"]) for one in plan.inputs["overseers"]],
        plan.unit_id,
        [UUID(one["id"]) for one in plan.inputs["cells"]],
        first=first,
        until=max(plan.valid_until, first + dt.timedelta(days=1)),
    )
    for one in plan.inputs["overseers"]:
        found.avoids[UUID(one["id"])] = {UUID(cell) for cell in one["avoids"]}
    return found


def check_lines(plan: OversightPlan, at: dt.datetime) -> None:
    """Every line against the rules that no hand breaks. Raises NotNow (`line-barred`), by name."""
    walls = walls_now(plan, at)
    lines = list(plan.lines.select_related("overseer"))
    said = [(one, walls.why_not(one.unit_id, one.overseer_id)) for one in lines]
    _refuse(plan, [(one.unit_id, one.overseer, why) for one, why in said if why], "line-barred")


def check_loads(plan: OversightPlan, at: dt.datetime) -> None:
    """Nobody ends with more cells than the rule of the day allows: those of the plan, those of
    other plans, and those left open in it that they have. Raises NotNow (`too-much`), by name."""
    day = effective_day(plan, at)
    most = most_cells(day)
    if most is None:
        return
    lines = list(plan.lines.all())
    given = [one for one in lines if one.overseer_id or one.changed_by_id]
    people = [UUID(one["id"]) for one in plan.inputs["overseers"]]
    _current, beside = charges_at(people, {one.unit_id for one in given}, day)
    held = beside + Counter(one.overseer_id for one in given if one.overseer_id)
    wrong = {who: count for who, count in held.items() if count > most}
    told = [
        f"{one} sẽ phụ trách {wrong[one.pk]} chi bộ, kể cả nơi đang giữ ngoài kế hoạch"
        for one in sorted(User.objects.filter(pk__in=wrong), key=str)
    ]
    if told:
        raise NotNow(
            f"{'; '.join(told[:5])}. Quy định đang dùng cho nhiều nhất {most}: đổi bớt dòng cho "
            "người khác (hoặc không ai) rồi làm tiếp.",
            code="too-much",
        )


def is_overseer_in(plan: OversightPlan, by: Viewer) -> bool:
    """Whether whoever acts, or lent the role, is given a cell by the plan."""
    people = plan.lines.exclude(overseer=None).values_list("overseer_id", flat=True)
    return is_one_of(by, *people)


def check_unchanged(plan: OversightPlan, at: dt.datetime) -> None:
    """Whether those in charge when it was computed still are. Raises NotNow (`plan-stale`)."""
    told = {UUID(one["id"]): {UUID(who) for who in one["current"]} for one in plan.inputs["cells"]}
    now, _elsewhere = charges_at((), told, effective_day(plan, at))
    stale: list[tuple[UUID, User | None, str]] = [
        (cell, None, "người đang phụ trách đã đổi sau khi lập; lập lại kế hoạch từ số liệu mới.")
        for cell, was in told.items() if now.get(cell, set()) != was
    ]  # fmt: skip
    _refuse(plan, stale, "plan-stale")


def _refuse(plan: OversightPlan, wrong: list[tuple[UUID, User | None, str]], code: str) -> None:
    if not wrong:
        return
    names = line_names(plan)
    told = sorted(
        f"{names.get(cell, 'chi bộ đã kết thúc')}{f' ({who})' if who else ''}: {why}"
        for cell, who, why in wrong
    )
    more = f" Và {len(told) - 5} dòng nữa." if len(told) > 5 else ""
    raise NotNow(f"{len(told)} dòng chưa đúng. {' '.join(told[:5])}{more}", code=code)


def line_names(plan: OversightPlan) -> dict[UUID, str]:
    """What the cells of a plan are called on its first day, or were last called before."""
    cells = [UUID(one["id"]) for one in plan.inputs["cells"]]
    return named(cells, localdate(plan.made_at)) | named(cells, plan.valid_from)


def grants_of_cells(cells: list[UUID]) -> QuerySet[RoleGrant]:
    """The charges of these very cells, locked in one order until the transaction ends."""
    return (
        RoleGrant.objects.select_for_update(of=("self",))
        .filter(role=Role.OVERSEER, on_behalf_of=None, unit_id__in=cells)
        .order_by("pk")
    )


# --- what is kept --------------------------------------------------------------------------------


def sentence(text: str) -> str:
    """A reason of at least ten letters. Raises InputError (`reason`)."""
    said = " ".join(nfc(text).split())
    if not 10 <= len(said) <= REASON:
        raise InputError(
            f"Ghi rõ lý do bằng lời, từ 10 đến {REASON} chữ.", field="reason", code="bad-text"
        )
    return said


def saved(found: OversightPlan) -> None:
    found.revision += 1
    found.save()


def note(
    verb: str, found: OversightPlan, by: Viewer, at: dt.datetime,
    data: Mapping[str, Any] | None = None, *, personal: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """The event of an act on a plan."""
    record(
        f"oversight_plan.{verb}", by=by.user, at=at, subject=f"oversight_plan:{found.pk}",
        data={"unit": str(found.unit_id), **(data or {})}, personal=dict(personal or {}),
    )  # fmt: skip
