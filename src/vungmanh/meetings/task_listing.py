"""Reads for lists of tasks and resolutions: stages, filters, counts, in few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import last_day
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import TaskState, Vocabulary
from vungmanh.meetings.models import Receipt, Resolution, Task
from vungmanh.meetings.resolutions import receipts_visible
from vungmanh.meetings.tasks import answering_for, tasks_visible
from vungmanh.org.models import UnitClosure


class TaskStage(Vocabulary):
    """Where a task stands on a day, most pressing first."""

    OVERDUE = "overdue", "Quá hạn"
    THIS_MONTH = "this_month", "Hạn trong tháng này"
    LATER = "later", "Còn hạn"
    DONE = "done", "Đã xong"
    DROPPED = "dropped", "Đã bỏ"


@dataclass(frozen=True)
class TaskFilter:
    """What a list is narrowed to; nothing by default."""

    words: str = ""
    below: UUID | None = None  # the tasks of this unit and of all below it
    own: bool = False  # only of the units in which the role is held, or that they carry on
    resolution: UUID | None = None
    origin: UUID | None = None  # the local tasks made of this one


def listed_tasks(viewer: Viewer, chosen: TaskFilter, on: dt.date) -> QuerySet[Task]:
    """The tasks in sight that pass the filter. Words are found with or without diacritics."""
    found = tasks_visible(viewer, on)
    for word in fold(chosen.words).split():
        found = found.filter(
            Q(title_fold__contains=word) | Q(resolution__title_fold__contains=word)
        )
    if chosen.below is not None:
        inside = UnitClosure.objects.filter(ancestor_id=chosen.below, valid__contains=on)
        units = Q(unit_id__in=inside.values("descendant_id"))
        found = found.filter(units | Q(unit_id__in=answering_for([chosen.below], on)))
    if chosen.own:
        units_held = [grant.unit_id for grant in viewer.grants]
        found = found.filter(unit_id__in=answering_for(units_held, on))
    if chosen.resolution is not None:
        found = found.filter(resolution_id=chosen.resolution)
    if chosen.origin is not None:
        found = found.filter(origin_id=chosen.origin)
    return found


def at_stage(found: QuerySet[Task], stage: TaskStage, on: dt.date) -> QuerySet[Task]:
    """The tasks of one stage, in the order in which they are worked through."""
    staged = found.filter(_stage(stage, on))
    if stage in (TaskStage.DONE, TaskStage.DROPPED):
        return staged.order_by(F("ended_on").desc(), "id")
    return staged.order_by("due_on", "id")


def stage_counts(found: QuerySet[Task], on: dt.date) -> dict[TaskStage, int]:
    """How many stand at each stage, in one query."""
    counted = {stage.value: Count("pk", filter=_stage(stage, on)) for stage in TaskStage}
    counts = found.order_by().aggregate(**counted)
    return {stage: counts[stage.value] for stage in TaskStage}


def stage_of(task: Task, on: dt.date) -> TaskStage:
    """The stage of one task on a day."""
    if task.state == TaskState.DONE:
        return TaskStage.DONE
    if task.state == TaskState.DROPPED:
        return TaskStage.DROPPED
    if task.due_on < on:
        return TaskStage.OVERDUE
    return TaskStage.THIS_MONTH if task.due_on <= last_day(on) else TaskStage.LATER


def _stage(stage: TaskStage, on: dt.date) -> Q:
    still_open = Q(state=TaskState.OPEN)
    match stage:
        case TaskStage.OVERDUE:
            return still_open & Q(due_on__lt=on)
        case TaskStage.THIS_MONTH:
            return still_open & Q(due_on__range=(on, last_day(on)))
        case TaskStage.LATER:
            return still_open & Q(due_on__gt=last_day(on))
        case TaskStage.DONE:
            return Q(state=TaskState.DONE)
        case _:
            return Q(state=TaskState.DROPPED)


@dataclass(frozen=True)
class Carried:
    """How far the carrying out of one resolution has come, over what the viewer sees."""

    tasks: int = 0
    done: int = 0
    late: int = 0
    sent: int = 0
    received: int = 0

    @property
    def not_received(self) -> int:
        return self.sent - self.received


def carried_out(
    viewer: Viewer, resolutions: Iterable[Resolution], on: dt.date
) -> dict[UUID, Carried]:
    """The same for each of many resolutions, in two queries. Tasks dropped are not counted."""
    keys = [one.pk for one in resolutions]
    tasks = tasks_visible(viewer, on).filter(resolution_id__in=keys).order_by()
    done, late = Q(state=TaskState.DONE), _stage(TaskStage.OVERDUE, on)
    told = {
        key: counts
        for key, *counts in tasks.exclude(state=TaskState.DROPPED)
        .values_list("resolution_id")
        .annotate(n=Count("pk"), done=Count("pk", filter=done), late=Count("pk", filter=late))
    }
    sent = {
        key: counts
        for key, *counts in _receipts(viewer, keys, on)
        .values_list("resolution_id")
        .annotate(n=Count("pk"), has=Count("pk", filter=Q(received_at__isnull=False)))
    }
    return {key: Carried(*told.get(key, (0, 0, 0)), *sent.get(key, (0, 0))) for key in keys}


def _receipts(viewer: Viewer, keys: list[UUID], on: dt.date) -> QuerySet[Receipt]:
    return receipts_visible(viewer, on).filter(resolution_id__in=keys).order_by()
