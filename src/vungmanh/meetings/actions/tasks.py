"""Tasks: given, reported with proof, dropped or reopened with a reason. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import FiledVia, ResolutionState, TaskState
from vungmanh.meetings.actions.task_counts import tell_task_counts
from vungmanh.meetings.inspections import inspection_visible
from vungmanh.meetings.merging import FieldConflict, merged
from vungmanh.meetings.models import Resolution, Task, TaskStep
from vungmanh.meetings.models.tasks import LINE
from vungmanh.meetings.reported import REPORTED, clean_report, said_only, task_facts
from vungmanh.meetings.tasks import answers_for, reports_for, task_visible
from vungmanh.meetings.wishes import TaskWish, clean_task, fold_task, line
from vungmanh.org.models import Unit
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register

GIVE, REPORT = "meetings.task.give", "meetings.task.report"


class TaskConflict(FieldConflict):
    """Somebody else reported the same of a task meanwhile: both values are told."""

    def __init__(self, fields: Mapping[str, tuple[Any, Any, Any]]) -> None:
        labels = ", ".join(REPORTED[name] for name in fields)
        Conflict.__init__(
            self,
            f"Có người vừa báo khác ở: {labels}. Xem hai giá trị, chọn một rồi báo lại.",
            code="field-conflict",
        )
        self.fields = dict(fields)


@dataclass(frozen=True)
class Hand:
    """Who does it, when, and by which way."""

    by: Viewer
    at: dt.datetime
    via: FiledVia = FiledVia.WEB


@transaction.atomic
def give_task(
    *, unit_id: UUID, wish: TaskWish, resolution_id: UUID | None = None,
    meeting_id: UUID | None = None, inspection_id: UUID | None = None,
    task_id: UUID | None = None, by: Viewer, at: dt.datetime, via: FiledVia = FiledVia.WEB,
) -> Task:  # fmt: skip
    """Give a unit something to do, of its own accord, by a resolution, at a meeting, or because an
    inspection found it. The id may have been made by a phone.

    Giving the very same task with the same id again changes nothing; another one with it is a
    Conflict (`id-reused`). Raises NotFound for a unit out of reach, InputError naming the field,
    NotNow for a resolution that has ended.
    """
    check_can(by, GIVE)
    beside_register()
    check_may_give(by, unit_id)
    wish = clean_task(wish, localdate(at))
    if task_id is not None:  # the same from two connections at once: one waits for the other
        Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    known = Task.objects.filter(pk=task_id).first() if task_id else None
    if known is not None:
        return _same_task(known, unit_id, wish)
    if resolution_id is not None:
        _check_resolution(resolution_id, unit_id)
    if (
        inspection_id is not None
        and inspection_visible(by, inspection_id, by.on).unit_id != unit_id
    ):
        raise NotFound("Lần kiểm tra này là của tổ chức khác; xem lại.", code="no-inspection")
    task = new_task(unit_id, wish, at)
    task.pk = task_id or task.pk
    task.resolution_id, task.meeting_id = resolution_id, meeting_id
    task.inspection_id = inspection_id
    task.save(force_insert=True)
    first_steps([task], Hand(by, at, via))
    record(
        "task.given",
        by=by.user,
        at=at,
        subject=f"task:{task.pk}",
        data={"unit": str(unit_id), "due_on": task.due_on.isoformat(), "via": via.value},
        personal={"title": task.title, "owner": task.owner},
    )
    tell_task_counts([unit_id], task.given_on, at=at)  # from then on tasks are known
    return task


@transaction.atomic
def report_task(
    *, task_id: UUID, set: Mapping[str, Any], was: Mapping[str, Any], by: Viewer, at: dt.datetime,
    via: FiledVia = FiledVia.WEB,
) -> Task:  # fmt: skip
    """Report how a task stands, or that it is done.

    `set` maps names of `REPORTED` to new values (null: not said), `was` to those the writer had
    before. `state` may become "done" if there is proof; `done_on` is the day, today where not said.
    What somebody else wrote meanwhile is a TaskConflict unless both wrote the same; nothing is
    written then. Raises NotNow for a task that has ended, InputError naming the field.
    """
    task = _held(task_id, by)
    said = clean_report(set, task, localdate(at))
    try:
        values, changed = merged(task_facts(task), said, said_only(was))
    except FieldConflict as error:
        raise TaskConflict(error.fields) from None
    if not changed:
        return task
    if task.state != TaskState.OPEN:
        raise NotNow(
            f"Việc này đã kết thúc: {TaskState(task.state).label.lower()}. Cần ghi tiếp thì mở lại "
            "việc, có lý do.",
            code="task-ended",
        )
    _write(task, values, localdate(at))
    verb = "task.closed" if task.state == TaskState.DONE else "task.reported"
    _step(task, verb, changed, Hand(by, at, via))
    if task.state == TaskState.DONE:
        tell_task_counts([task.unit_id], task.due_on, at=at)
    return task


def close_task(
    *, task_id: UUID, proof: str, done_on: dt.date | None = None, by: Viewer, at: dt.datetime,
    via: FiledVia = FiledVia.WEB,
) -> Task:  # fmt: skip
    """A task is done when its output is there: `proof` says what it is and where to find it."""
    seen = task_visible(by, task_id, by.on)
    said = {"state": TaskState.DONE.value, "proof": proof}
    if done_on is not None:
        said["done_on"] = done_on.isoformat()
    was = {name: value for name, value in task_facts(seen).items() if name in said}
    return report_task(task_id=task_id, set=said, was=was, by=by, at=at, via=via)


@transaction.atomic
def drop_task(*, task_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Task:
    """Give a task up, with a reason. One that came from above is dropped by whoever gave it."""
    task = _held(task_id, by, permission=GIVE)
    if task.origin_id and not answers_for(by, _giver(task), by.on):
        raise NotAllowed(
            "Việc này do cấp trên giao; chỉ nơi giao mới bỏ được. Đề nghị cấp trên bỏ hoặc giao "
            "việc khác.",
            code="given-from-above",
        )
    why = line(reason, "reason", LINE, "lý do bỏ việc này")
    if task.state != TaskState.OPEN:
        raise NotNow("Việc này đã kết thúc; không cần bỏ nữa.", code="task-ended")
    task.state, task.ended_on, task.drop_reason = TaskState.DROPPED, localdate(at), why
    moved = {"state": [TaskState.OPEN.value, TaskState.DROPPED.value]}
    _step(task, "task.dropped", moved, Hand(by, at), reason=why)
    tell_task_counts([task.unit_id], task.due_on, at=at)
    return task


@transaction.atomic
def reopen_task(*, task_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Task:
    """Take back that a task had ended. Its proof stays to be read; its term stays as it was."""
    task = _held(task_id, by)
    why = line(reason, "reason", LINE, "lý do mở lại")
    if task.state == TaskState.OPEN:
        raise NotNow("Việc này còn đang làm; không cần mở lại.", code="task-open")
    if task.resolution_id and task.resolution is not None:
        _check_in_force(task.resolution)
    moved = {"state": [task.state, TaskState.OPEN.value], "percent": [task.percent, None]}
    task.state, task.ended_on, task.drop_reason = TaskState.OPEN, None, ""
    task.percent = None  # how far it is now, nobody has said
    _step(task, "task.reopened", moved, Hand(by, at), reason=why)
    tell_task_counts([task.unit_id], task.due_on, at=at)
    return task


# --- for the actions of resolutions too ----------------------------------------------------------


def check_may_give(by: Viewer, unit_id: UUID) -> None:
    """Raise NotFound unless the unit is in sight and its tasks are the viewer's to give."""
    visible_unit(by, unit_id, by.on)
    if not answers_for(by, unit_id, by.on):
        raise NotFound(
            "Không tìm thấy tổ chức này trong phạm vi của đồng chí.", code="unit-not-found"
        )


def new_task(unit_id: UUID, wish: TaskWish, at: dt.datetime) -> Task:
    """A row, not yet kept, of a wish that was cleaned."""
    assert wish.given_on is not None, "a cleaned wish knows its day"
    return Task(
        pk=uuid7(),
        unit_id=unit_id,
        title=wish.title,
        title_fold=fold_task(wish.title, wish.owner),
        owner=wish.owner,
        due_on=wish.due_on,
        output=wish.output,
        given_on=wish.given_on,
        changed_at=at,
    )


def first_steps(tasks: list[Task], hand: Hand) -> None:
    """The step with which each of these tasks begins."""
    TaskStep.objects.bulk_create(
        TaskStep(
            task=task,
            revision=1,
            fields={},
            state=TaskState.OPEN,
            by=hand.by.user,
            at=hand.at,
            via=hand.via,
        )
        for task in tasks
    )


# --- inside --------------------------------------------------------------------------------------


def _held(task_id: UUID, by: Viewer, *, permission: str = REPORT) -> Task:
    """The task, locked, if it is the viewer's to report."""
    check_can(by, permission)
    seen = task_visible(by, task_id, by.on)
    beside_register()
    may = answers_for if permission == GIVE else reports_for
    if not may(by, seen.unit_id, by.on):
        raise NotAllowed(
            "Chỉ đơn vị được giao, hoặc văn phòng cấp trên của đơn vị ấy, mới ghi được việc này.",
            code="not-the-unit",
        )
    return Task.objects.select_for_update(of=("self",)).select_related("resolution").get(pk=seen.pk)


def _same_task(known: Task, unit_id: UUID, wish: TaskWish) -> Task:
    same = (known.unit_id, known.title, known.due_on, known.output) == (
        unit_id, wish.title, wish.due_on, wish.output,
    )  # fmt: skip
    if not same:
        raise Conflict("Mã này đã dùng cho một việc khác; giao lại việc này.", code="id-reused")
    return known


def _check_resolution(resolution_id: UUID, unit_id: UUID) -> None:
    found = Resolution.objects.filter(pk=resolution_id)
    known = found.filter(unit_id=unit_id) | found.filter(receipts__unit_id=unit_id)
    resolution = known.distinct().first()
    if resolution is None:
        raise NotFound(
            "Không tìm thấy nghị quyết này trong phạm vi của đồng chí.", code="no-resolution"
        )
    _check_in_force(resolution)


def _check_inspection(by: Viewer, inspection_id: UUID, unit_id: UUID) -> None:
    if inspection_visible(by, inspection_id, by.on).unit_id != unit_id:
        raise NotFound("Lần kiểm tra này là của tổ chức khác; xem lại.", code="no-inspection")


def _check_in_force(resolution: Resolution) -> None:
    if resolution.state != ResolutionState.IN_FORCE:
        raise NotNow(
            "Nghị quyết, kế hoạch này đã kết thúc. Cho thực hiện tiếp rồi mới giao thêm việc.",
            code="resolution-ended",
        )


def _giver(task: Task) -> UUID:
    assert task.origin is not None
    return task.origin.unit_id


def _write(task: Task, values: dict[str, Any], today: dt.date) -> None:
    task.owner = values.get("owner", task.owner)
    task.title_fold = fold_task(task.title, task.owner)
    task.percent = values.get("percent")
    task.note, task.proof = values.get("note", ""), values.get("proof", "")
    task.state = values["state"]
    if task.state != TaskState.DONE:
        if "done_on" in values:
            raise InputError(
                "Có ngày xong thì chọn thêm “đã xong”.", field="done_on", code="not-done"
            )
        return
    if not task.proof:
        raise InputError(
            f"Ghi kết quả đã có rồi mới xong được. Việc này phải có: {task.output}.",
            field="proof",
            code="no-proof",
        )
    said = values.get("done_on")
    task.ended_on = dt.date.fromisoformat(said) if said else max(today, task.given_on)
    task.percent = 100


def _step(
    task: Task, verb: str, changed: Mapping[str, Any], hand: Hand, *, reason: str = ""
) -> None:
    """Keep the task, the step and the event."""
    task.revision += 1
    task.changed_at = hand.at
    task.save()
    TaskStep.objects.create(
        task=task,
        revision=task.revision,
        fields=dict(changed),
        state=task.state,
        reason=reason,
        by=hand.by.user,
        at=hand.at,
        via=hand.via,
    )
    record(
        verb,
        by=hand.by.user,
        at=hand.at,
        subject=f"task:{task.pk}",
        data={
            "unit": str(task.unit_id),
            "state": str(task.state),
            "fields": sorted(changed),
            "via": hand.via.value,
        },
        personal={"reason": reason} if reason else {},
    )
