"""How a resolution ends, carried out or given up, and goes on again. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotNow
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import ResolutionState, TaskState
from vungmanh.meetings.actions.resolutions import check_in_force, record_resolution
from vungmanh.meetings.actions.task_counts import tell_task_counts
from vungmanh.meetings.actions.tasks import GIVE, Hand
from vungmanh.meetings.models import Resolution, Task, TaskStep
from vungmanh.meetings.models.tasks import LINE
from vungmanh.meetings.resolutions import resolution_visible
from vungmanh.meetings.tasks import answers_for
from vungmanh.meetings.wishes import line
from vungmanh.org.turns import beside_register


@transaction.atomic
def end_resolution(
    *, resolution_id: UUID, state: ResolutionState, reason: str = "", by: Viewer, at: dt.datetime
) -> Resolution:
    """Say that a resolution was carried out, or is given up with a reason.

    Carried out: only when none of its tasks is open, here or below, and whoever was sent it has
    received it (NotNow). Given up: what is still open of it, here and below, is dropped with the
    same reason.
    """
    check_can(by, GIVE)
    resolution = _own(resolution_id, by)
    check_in_force(resolution)
    why = line(reason, "reason", LINE, "lý do", needed=state is not ResolutionState.DONE)
    left = list(resolution.tasks.filter(state=TaskState.OPEN).select_for_update().order_by("pk"))
    if state is ResolutionState.DONE and left:
        raise NotNow(
            f"Còn {number_vi(len(left))} việc của nghị quyết này đang làm, kể cả ở cấp dưới. Xong "
            "hoặc bỏ hết các việc ấy rồi mới ghi là đã thực hiện xong.",
            code="tasks-open",
        )
    unreceived = resolution.receipts.filter(received_at=None).count()
    if state is ResolutionState.DONE and unreceived:
        raise NotNow(
            f"Còn {number_vi(unreceived)} nơi chưa nhận văn bản này. Nhắc nơi ấy nhận, hoặc cho "
            "thôi thực hiện, có lý do.",
            code="not-received",
        )
    resolution.state, resolution.end_reason = state, why
    resolution.ended_on = max(localdate(at), resolution.adopted_on)
    resolution.save(update_fields=["state", "end_reason", "ended_on"])
    _drop_all(left, why, Hand(by, at))
    record_resolution(
        "resolution.ended", resolution, by, at, state=state.value, tasks=len(left), reason=why
    )
    return resolution


@transaction.atomic
def resume_resolution(
    *, resolution_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> Resolution:
    """Take back that a resolution had ended. Tasks dropped with it are reopened one by one."""
    check_can(by, GIVE)
    resolution = _own(resolution_id, by)
    why = line(reason, "reason", LINE, "lý do cho thực hiện tiếp")
    if resolution.state == ResolutionState.IN_FORCE:
        raise NotNow("Nghị quyết, kế hoạch này vẫn đang thực hiện.", code="in-force")
    resolution.state, resolution.end_reason = ResolutionState.IN_FORCE, ""
    resolution.ended_on = None
    resolution.save(update_fields=["state", "end_reason", "ended_on"])
    record_resolution("resolution.resumed", resolution, by, at, reason=why)
    return resolution


# --- inside --------------------------------------------------------------------------------------


def _own(resolution_id: UUID, by: Viewer) -> Resolution:
    seen = resolution_visible(by, resolution_id, by.on)
    beside_register()
    if not answers_for(by, seen.unit_id, by.on):
        raise NotAllowed(
            "Nghị quyết, kế hoạch này của nơi khác; chỉ nơi ban hành mới cho kết thúc.",
            code="not-the-unit",
        )
    return Resolution.objects.select_for_update().get(pk=seen.pk)


def _drop_all(tasks: Sequence[Task], reason: str, hand: Hand) -> None:
    today = localdate(hand.at)
    moved = {"state": [TaskState.OPEN.value, TaskState.DROPPED.value]}
    for task in tasks:
        task.state, task.drop_reason = TaskState.DROPPED, reason
        task.ended_on = max(today, task.given_on)
        task.revision += 1
        task.changed_at = hand.at
    columns = ["state", "drop_reason", "ended_on", "revision", "changed_at"]
    Task.objects.bulk_update(tasks, columns, batch_size=500)
    TaskStep.objects.bulk_create(
        TaskStep(
            task=task,
            revision=task.revision,
            fields=moved,
            state=task.state,
            reason=reason,
            by=hand.by.user,
            at=hand.at,
            via=hand.via,
        )
        for task in tasks
    )
    if tasks:
        units = {one.unit_id for one in tasks}
        tell_task_counts(units, min(one.due_on for one in tasks), at=hand.at)
