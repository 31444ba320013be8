"""A plan of overseers: drafted by the planner, changed by hand, put forward, approved, withdrawn.

What holds is the dated grant (`access.RoleGrant`): approving ends and gives grants, withdrawing
ends them. Who drafted or put it forward never approves it. `revision` is that of the page looked
at: whoever acts on an older one is refused.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.analysis.assigning.model import AssigningRule
from vungmanh.core.errors import InputError, NotAllowed, NotNow
from vungmanh.core.programme_words import PlanState
from vungmanh.core.text import date_vi
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import OversightAttendance, VisitFrequency
from vungmanh.strengthening.actions.choosing_hand import check_committee, document_number
from vungmanh.strengthening.actions.oversight_grants import carried_out, taken_back
from vungmanh.strengthening.actions.oversight_hand import (
    APPROVE,
    MOST_CELLS,
    PLAN,
    asked_plan,
    check_asked,
    check_lines,
    check_loads,
    check_state,
    check_unchanged,
    effective_day,
    held_plan,
    is_overseer_in,
    note,
    own_plan,
    saved,
    sentence,
    walls_now,
)
from vungmanh.strengthening.assigning import compute
from vungmanh.strengthening.assigning_records import CellCover, PlanAsked, gather
from vungmanh.strengthening.assigning_walls import alive_below
from vungmanh.strengthening.choosing import hash_of
from vungmanh.strengthening.models import OversightPlan, PlannedOversight

__all__ = [
    "APPROVE", "PLAN", "approve_plan", "change_line", "draft_plan", "return_plan", "submit_plan",
    "withdraw_plan",
]  # fmt: skip


@transaction.atomic
def draft_plan(*, unit_id: UUID, asked: PlanAsked, by: Viewer, at: dt.datetime) -> OversightPlan:
    """Compute who oversees which cell and keep everything it rests on. 300 people and 3,000 cells
    take some 20 s.

    Raises NotAllowed, NotFound out of reach, InputError (`valid_from`, `valid_until`, `overseers`,
    `cells`, `ways`, `max_hard`), NotNow where no cell is to be covered (`no-cells`).
    """
    check_can(by, PLAN)
    beside_register()
    today = localdate(at)
    check_committee(by, unit_id, today)
    check_asked(asked, today)
    if asked.cells - alive_below(unit_id, asked.valid_from):
        raise InputError(
            "Có chi bộ đã chọn không còn (hoặc không thuộc cấp ủy) từ ngày bắt đầu; bỏ chọn nơi ấy "
            "hoặc đổi ngày.",
            field="cells", code="unit-gone",
        )  # fmt: skip
    inputs = gather(unit_id, asked, on=today)
    if not inputs["cells"]:
        raise NotNow(_no_cells(asked.cover), code="no-cells")
    if len(inputs["cells"]) > MOST_CELLS:
        raise InputError(
            f"Nhiều nhất {MOST_CELLS} chi bộ một kế hoạch; chọn phạm vi hẹp hơn.", field="cover",
            code="too-many",
        )  # fmt: skip
    result = compute(inputs)
    made = OversightPlan.objects.create(
        unit_id=unit_id, valid_from=asked.valid_from, valid_until=asked.valid_until,
        state=PlanState.DRAFT, rules=_rules(today), inputs=inputs, input_hash=hash_of(inputs),
        result={"computed": result}, made_by=by.user, made_on_behalf=by.on_behalf_of, made_at=at,
    )  # fmt: skip
    write_lines(made)
    told = {"cells": len(inputs["cells"]), "unassigned": len(result["unassigned"])}
    note("drafted", made, by, at, told)
    return made


@transaction.atomic
def change_line(
    *, plan_id: UUID, revision: int, unit_id: UUID, overseer_id: UUID | None, reason: str,
    by: Viewer, at: dt.datetime,
) -> PlannedOversight:  # fmt: skip
    """Give a cell of a draft to another of its people, or to nobody, with a reason.

    Raises NotFound, Conflict, NotNow (not a draft; `line-barred` for what no hand may break, with
    the way out), InputError (`overseer`, `reason`). Load, hard cases and language may be exceeded:
    `assigning.price_of` says what it costs.
    """
    found = own_plan(plan_id, revision, PlanState.DRAFT, by=by, at=at)
    line = found.lines.filter(unit_id=unit_id).first()
    if line is None:
        raise InputError(
            "Chi bộ này không có trong kế hoạch; lập kế hoạch khác có chi bộ ấy.", field="unit",
            code="no-line",
        )  # fmt: skip
    people = {UUID(one["id"]) for one in found.inputs["overseers"]}
    if overseer_id is not None and overseer_id not in people:
        raise InputError(
            "Người này không có trong kế hoạch; lập lại kế hoạch với người ấy.",
            field="overseer", code="no-overseer",
        )  # fmt: skip
    if overseer_id == line.overseer_id:
        raise InputError(
            "Chi bộ này đang giao đúng như vậy; không có gì thay đổi.", field="overseer",
            code="same",
        )  # fmt: skip
    why = walls_now(found, at).why_not(unit_id, overseer_id)
    if why:
        raise NotNow(f"Không giao được: {why}", code="line-barred")
    line.overseer_id, line.changed_by = overseer_id, by.user
    line.changed_reason = sentence(reason)
    line.save(update_fields=["overseer", "changed_by", "changed_reason"])
    saved(found)
    note(
        "line_changed", found, by, at, {"cell": str(unit_id)},
        personal={
            "to": str(overseer_id) if overseer_id else "", "reason": line.changed_reason,
        },
    )  # fmt: skip
    return line


@transaction.atomic
def submit_plan(*, plan_id: UUID, revision: int, by: Viewer, at: dt.datetime) -> OversightPlan:
    """Put a draft to who approves. Raises NotFound, Conflict, NotNow (not a draft; `nobody`;
    `line-barred`)."""
    found = own_plan(plan_id, revision, PlanState.DRAFT, by=by, at=at)
    _check_days(found, at)
    if not found.lines.exclude(overseer=None).exists():
        raise NotNow(
            "Kế hoạch chưa giao chi bộ nào cho ai; thêm người phụ trách rồi lập lại.",
            code="nobody",
        )
    check_lines(found, at)
    check_loads(found, at)
    found.state, found.submitted_by, found.submitted_at = PlanState.SUBMITTED, by.user, at
    found.submitted_on_behalf = by.on_behalf_of
    saved(found)
    note("submitted", found, by, at)
    return found


@transaction.atomic
def return_plan(
    *, plan_id: UUID, revision: int, reason: str, by: Viewer, at: dt.datetime
) -> OversightPlan:
    """Send it back to be mended. Raises NotFound, NotAllowed, Conflict, NotNow, InputError."""
    found = asked_plan(plan_id, revision, by=by, at=at)
    said = sentence(reason)
    found.state = PlanState.DRAFT
    found.result = found.result | {"returned": said}
    saved(found)
    note("returned", found, by, at, personal={"reason": said})
    return found


@transaction.atomic
def approve_plan(
    *, plan_id: UUID, revision: int, number: str, decided_on: dt.date, by: Viewer, at: dt.datetime
) -> OversightPlan:
    """Approve by another than who put it forward: from its first day (today at the earliest) the
    charges of its cells end and those of the plan begin.

    Raises NotFound, NotAllowed (`asked-it`; `in-plan`: a cell is given to them), Conflict, NotNow
    (`plan-stale`, `line-barred`, `too-much`, `plan-over`, `charge-to-come`, naming the lines),
    InputError (`number`, `decided_on`).
    """
    found = asked_plan(plan_id, revision, by=by, at=at)
    if is_overseer_in(found, by):
        raise NotAllowed(
            "Đồng chí (hoặc người ủy quyền cho đồng chí) được giao chi bộ trong kế hoạch này nên "
            "không tự duyệt; nhờ đồng chí khác của ban thường vụ, hoặc cấp ủy cấp trên.",
            code="in-plan",
        )
    if decided_on > localdate(at):
        raise InputError(
            "Ngày quyết định không được sau hôm nay.", field="decided_on", code="bad-day"
        )
    found.number, found.decided_on = document_number(number), decided_on
    _check_days(found, at)
    check_lines(found, at)
    check_loads(found, at)
    check_unchanged(found, at)
    given, ended = carried_out(found, by, at)
    found.state, found.approved_by, found.approved_at = PlanState.APPROVED, by.user, at
    found.result = found.result | {
        "given": [one.pk for one in given], "from": effective_day(found, at).isoformat(),
    }  # fmt: skip
    saved(found)
    told = {"number": found.number, "given": len(given), "ended": ended}
    note("approved", found, by, at, told)
    return found


@transaction.atomic
def withdraw_plan(
    *, plan_id: UUID, revision: int, reason: str, by: Viewer, at: dt.datetime,
    from_day: dt.date | None = None,
) -> OversightPlan:  # fmt: skip
    """Take a plan back; it stays readable. One that is not approved: its office, at once. One that
    is: who may approve, from a day (today at the earliest), on which what it gave ends.

    Raises NotFound, NotAllowed, Conflict, NotNow, InputError (`reason`, `from_day`).
    """
    found = held_plan(
        plan_id, revision, APPROVE if _is_approved(plan_id) else PLAN, by=by, at=at
    )  # fmt: skip
    check_state(found, PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED)
    found.withdrawn_reason = sentence(reason)
    ended = 0
    if found.state == PlanState.APPROVED:
        ended = taken_back(found, _day(found, from_day, at), by, at)
    else:
        check_committee(by, found.unit_id, localdate(at))
    found.state = PlanState.WITHDRAWN
    saved(found)
    note("withdrawn", found, by, at, {"ended": ended}, personal={"reason": found.withdrawn_reason})
    return found


# --- inside --------------------------------------------------------------------------------------


def _no_cells(cover: CellCover) -> str:
    if cover is CellCover.FILES:
        return (
            "Không nơi nào bên dưới đang được tập trung củng cố; chọn phạm vi khác hoặc đánh dấu "
            "từng chi bộ."
        )
    return "Không có chi bộ nào trong phạm vi đã chọn; đánh dấu ít nhất một chi bộ."


def _rules(on: dt.date) -> dict[str, str]:
    """The rules in force that the plan and its page rest on: key → id."""
    view = load_rulebook().on(on)
    keys = (OversightAttendance.key, VisitFrequency.key)
    return {key: view.rule(key).id for key in keys if view.has(key)}


def write_lines(made: OversightPlan) -> None:
    charges = {one["cell"]: one["overseer"] for one in made.result["computed"]["charges"]}
    open_ = {one["cell"]: one for one in made.result["computed"]["unassigned"]}
    lines = []
    for cell in sorted(made.inputs["cells"], key=lambda one: str(one["code"])):
        key, current = cell["id"], cell["current"]
        lines.append(
            PlannedOversight(
                plan=made, unit_id=UUID(key), overseer_id=charges.get(key),
                planned_id=charges.get(key), before_id=current[0] if current else None,
                why=_why(open_[key]) if key in open_ else "",
            )
        )  # fmt: skip
    PlannedOversight.objects.bulk_create(lines)


def _why(left: dict[str, object]) -> str:
    """Why nobody could be given, for the line of an open cell."""
    kept = left["kept_away"]
    assert isinstance(kept, list)
    said = [f"{count} người: {AssigningRule(rule).label}" for rule, count in kept]
    if left["allowed"]:
        said.append(f"{left['allowed']} người được phép nhưng đã hết chỗ")
    return "Chưa có người. " + ("; ".join(said) or "Không có ai để chọn") + "."


def _check_days(plan: OversightPlan, at: dt.datetime) -> None:
    if plan.valid_until <= localdate(at):
        raise NotNow(
            "Thời gian của kế hoạch đã qua; lập kế hoạch khác cho thời gian tới.",
            code="plan-over",
        )


def _is_approved(plan_id: UUID) -> bool:
    return OversightPlan.objects.filter(pk=plan_id, state=PlanState.APPROVED).exists()


def _day(plan: OversightPlan, from_day: dt.date | None, at: dt.datetime) -> dt.date:
    today = localdate(at)
    chosen = from_day or today
    if not today <= chosen < plan.valid_until:
        raise InputError(
            f"Chọn ngày từ hôm nay ({date_vi(today)}) đến trước ngày kế hoạch hết hạn "
            f"({date_vi(plan.valid_until)}).",
            field="from_day", code="bad-day",
        )  # fmt: skip
    return chosen
