"""Resolutions: adopted with their tasks, sent down, received. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import ResolutionState, TaskState
from vungmanh.meetings.actions.task_counts import tell_task_counts
from vungmanh.meetings.actions.tasks import (
    GIVE,
    REPORT,
    Hand,
    check_may_give,
    first_steps,
    new_task,
)
from vungmanh.meetings.models import Meeting, Receipt, Resolution, Task
from vungmanh.meetings.resolutions import (
    receipt_of,
    resolution_visible,
    sends_from,
    units_to_send,
)
from vungmanh.meetings.tasks import reports_for
from vungmanh.meetings.wishes import (
    MOST_TASKS,
    ResolutionWish,
    TaskWish,
    clean_resolution,
    clean_task,
    fold_resolution,
)
from vungmanh.org.turns import beside_register

RECEIVER = "Bí thư"  # who does what was sent down, until the receiver names somebody


class TaskRefused(InputError):
    """One task of a resolution cannot be so; `number` counts them from 1."""

    def __init__(self, number: int, error: InputError) -> None:
        place = f"việc thứ {number}"
        super().__init__(error.message, field=error.field, place=place, code=error.code)
        self.number = number


@transaction.atomic
def adopt_resolution(
    *, unit_id: UUID, wish: ResolutionWish, tasks: Sequence[TaskWish] = (), by: Viewer,
    at: dt.datetime,
) -> Resolution:  # fmt: skip
    """Enter a resolution, plan or guidance of a unit with the tasks it gives.

    Raises NotFound for a unit, meeting or higher resolution out of reach, InputError naming the
    field, TaskRefused where it is one of a task.
    """
    check_can(by, GIVE)
    beside_register()
    check_may_give(by, unit_id)
    today = localdate(at)
    wish = clean_resolution(wish, today)
    wishes = _clean_tasks(tasks, wish, today)
    if wish.origin_id is not None:
        resolution_visible(by, wish.origin_id, by.on)
    if wish.meeting_id is not None:
        _check_meeting(wish.meeting_id, unit_id)
    resolution = Resolution.objects.create(
        unit_id=unit_id,
        kind=wish.kind,
        number=wish.number,
        title=wish.title,
        title_fold=fold_resolution(wish.number, wish.title),
        text=wish.text,
        adopted_on=wish.adopted_on,
        meeting_id=wish.meeting_id,
        vote_for=wish.vote_for,
        vote_base=wish.vote_base,
        origin_id=wish.origin_id,
        state=ResolutionState.IN_FORCE,
        by=by.user,
    )
    made = [new_task(unit_id, one, at) for one in wishes]
    for task in made:
        task.resolution, task.meeting_id = resolution, wish.meeting_id
    Task.objects.bulk_create(made)
    first_steps(made, Hand(by, at))
    record_resolution("resolution.adopted", resolution, by, at, tasks=len(made))
    if made:
        tell_task_counts([unit_id], min(one.given_on for one in made), at=at)
    return resolution


@transaction.atomic
def send_down(
    *, resolution_id: UUID, from_unit: UUID, unit_ids: Iterable[UUID], task_ids: Iterable[UUID],
    at_once: bool, by: Viewer, at: dt.datetime,
) -> list[Receipt]:  # fmt: skip
    """Send a resolution to units below, with the tasks of the sender that each of them is to do.

    The sender is the unit that adopted it, or one that received it and passes it on: the resolution
    stays the same. With `at_once` each unit has its tasks now, else when it receives. A unit that
    already has it is passed over. Raises NotNow where nobody is left or a term is over.
    """
    check_can(by, GIVE)
    resolution_visible(by, resolution_id, by.on)
    beside_register()
    resolution = Resolution.objects.select_for_update().get(pk=resolution_id)  # sent once
    check_in_force(resolution)
    sends_from(by, resolution, from_unit)
    today = localdate(at)
    asked = _asked(resolution, from_unit, task_ids, today)
    units = _new_units(resolution, from_unit, unit_ids, by)
    receipts = Receipt.objects.bulk_create(
        Receipt(
            resolution=resolution,
            unit_id=unit,
            sent_from_id=from_unit,
            sent_on=today,
            sent_at=at,
            sent_by=by.user,
            asked=[str(one.pk) for one in asked],
        )
        for unit in units
    )
    if at_once and asked:
        _hand_over(asked, receipts, Hand(by, at))
    record_resolution(
        "resolution.sent", resolution, by, at,
        units=len(units), tasks=len(asked), at_once=at_once,
    )  # fmt: skip
    return receipts


@transaction.atomic
def receive(*, receipt_id: UUID, by: Viewer, at: dt.datetime) -> Receipt:
    """A unit says that it has what was sent; its part of the tasks becomes its own.

    Raises NotAllowed for others than the unit or its heir, NotNow where it was received already.
    """
    check_can(by, REPORT)
    seen = receipt_of(by, receipt_id, by.on)
    beside_register()
    if not reports_for(by, seen.unit_id, by.on):
        raise NotAllowed("Chỉ đơn vị được gửi mới ghi là đã nhận.", code="not-the-unit")
    receipt = Receipt.objects.select_for_update().get(pk=seen.pk)
    if receipt.received_at is not None:
        raise NotNow("Văn bản này đã ghi nhận rồi; không cần nhận lại.", code="already-received")
    receipt.received_at, receipt.received_by = at, by.user
    receipt.save(update_fields=["received_at", "received_by"])
    resolution = receipt.resolution
    if resolution.state == ResolutionState.IN_FORCE:
        mine = Task.objects.filter(unit_id=receipt.unit_id, origin_id__in=receipt.asked)
        asked = Task.objects.filter(pk__in=receipt.asked, state=TaskState.OPEN)
        left = list(asked.exclude(pk__in=mine.values("origin_id")).order_by("due_on", "pk"))
        _hand_over(left, [receipt], Hand(by, at))
    record_resolution("resolution.received", resolution, by, at, unit=str(receipt.unit_id))
    return receipt


# --- inside --------------------------------------------------------------------------------------


def _clean_tasks(tasks: Sequence[TaskWish], wish: ResolutionWish, today: dt.date) -> list[TaskWish]:
    if len(tasks) > MOST_TASKS:
        raise InputError(
            f"Một nghị quyết ghi nhiều nhất {MOST_TASKS} việc; gộp bớt các việc nhỏ.",
            code="too-many-tasks",
        )
    clean = []
    for number, task in enumerate(tasks, start=1):
        try:
            given = replace(task, given_on=task.given_on or wish.adopted_on)
            clean.append(clean_task(given, today))
        except InputError as error:
            raise TaskRefused(number, error) from None
    return clean


def _check_meeting(meeting_id: UUID, unit_id: UUID) -> None:
    if not Meeting.objects.filter(pk=meeting_id, unit_id=unit_id).exists():
        raise NotFound(
            "Không tìm thấy buổi họp này của đơn vị; mở lại từ trang buổi họp.", code="no-meeting"
        )


def check_in_force(resolution: Resolution) -> None:
    if resolution.state != ResolutionState.IN_FORCE:
        raise NotNow("Nghị quyết, kế hoạch này đã kết thúc.", code="resolution-ended")


def _asked(
    resolution: Resolution, from_unit: UUID, task_ids: Iterable[UUID], today: dt.date
) -> list[Task]:
    """The sender's open tasks that are to be handed on."""
    wanted = set(task_ids)
    own = Task.objects.filter(pk__in=wanted, unit_id=from_unit, resolution=resolution)
    asked = list(own.filter(state=TaskState.OPEN).order_by("due_on", "pk"))
    if len(asked) < len(wanted):
        raise InputError(
            "Có việc không còn là việc đang làm của nghị quyết này; tải lại trang rồi chọn lại.",
            field="tasks",
            code="not-a-task",
        )
    late = [one for one in asked if one.due_on < today]
    if late:
        raise InputError(
            f"Việc “{late[0].title}” đã quá hạn {date_vi(late[0].due_on)}; không giao xuống được "
            "với hạn ấy. Bỏ việc ấy và ghi việc mới có hạn mới.",
            field="tasks",
            code="term-over",
        )
    return asked


def _new_units(
    resolution: Resolution, from_unit: UUID, unit_ids: Iterable[UUID], by: Viewer
) -> list[UUID]:
    wanted = set(unit_ids)
    below = set(units_to_send(by, from_unit, by.on).values_list("unit_id", flat=True))
    if not wanted <= below:
        raise NotFound(
            "Có nơi nhận không ở dưới đơn vị gửi, hoặc đã kết thúc; tải lại trang rồi chọn lại.",
            code="unit-not-found",
        )
    has = resolution.receipts.filter(unit_id__in=wanted).values_list("unit_id", flat=True)
    units = sorted(wanted - set(has))
    if not units:
        raise NotNow(
            "Chưa chọn nơi nhận nào, hoặc mọi nơi đã chọn đều được gửi rồi.", code="nobody-left"
        )
    return units


def _hand_over(asked: Sequence[Task], receipts: Sequence[Receipt], hand: Hand) -> None:
    """Each receiver's own task for each that was asked; the term runs from the sending."""
    made = []
    for receipt in receipts:
        for above in asked:
            wish = TaskWish(above.title, RECEIVER, above.due_on, above.output, receipt.sent_on)
            task = new_task(receipt.unit_id, wish, hand.at)
            task.origin_id, task.resolution_id = above.pk, receipt.resolution_id
            made.append(task)
    Task.objects.bulk_create(made, batch_size=500)
    first_steps(made, hand)
    if made:
        units = {one.unit_id for one in made}
        tell_task_counts(units, min(one.given_on for one in made), at=hand.at)


def record_resolution(
    verb: str, resolution: Resolution, by: Viewer, at: dt.datetime, *, reason: str = "",
    **data: str | int | bool,
) -> None:  # fmt: skip
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"resolution:{resolution.pk}",
        data={"of": str(resolution.unit_id), **data},
        personal={"reason": reason} if reason else {},
    )


__all__ = [
    "adopt_resolution",
    "receive",
    "send_down",
]
