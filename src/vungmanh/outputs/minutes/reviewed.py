"""The tasks a meeting looked at and those it gave, as they stood when its record was filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import TaskState
from vungmanh.meetings.models import Task, TaskStep
from vungmanh.meetings.task_rules import Share, carried, share_at
from vungmanh.meetings.tasks import answering_for, held_days

_AS_REPORTED = ("percent", "note", "proof", "done_on")


@dataclass(frozen=True)
class Reviewed:
    """What the meeting of a day found of earlier tasks, and what it gave."""

    rows: tuple[tuple[str, str, str], ...]  # task, how it stood when the meeting began, result
    given: tuple[tuple[str, str, str, str], ...]  # task, owner, term, what must come of it
    share: Share


@dataclass(frozen=True)
class _Then:
    """A task as it was known at a moment; what happened to it afterwards is not told."""

    task: Task
    state: str
    ended_on: dt.date | None
    percent: int | None
    note: str
    proof: str

    @property
    def given_on(self) -> dt.date:
        return self.task.given_on

    @property
    def due_on(self) -> dt.date:
        return self.task.due_on


def tasks_at(
    unit_id: UUID, on: dt.date, *, meeting_id: UUID | None = None, until: dt.datetime | None = None
) -> Reviewed:
    """Of the meeting held on `on`; everything as it was known by `until` (None: by now).

    A fixed number of queries for any number of tasks.
    """
    units = list(answering_for([unit_id], on))
    held = set().union(*held_days(units, on).values())
    before = max((one for one in held if one < on), default=None)
    rows = Task.objects.filter(unit_id__in=units, given_on__lte=on).order_by("due_on", "id")
    tasks = _as_known(rows, until)
    looked_at = [one for one in tasks if _is_looked_at(one, before, on, meeting_id)]
    given = Task.objects.filter(Q(meeting_id=meeting_id) | Q(given_on=on, unit_id__in=units))
    return Reviewed(
        rows=tuple(
            (one.task.title, _at_start(one, held, on), _result(one, on)) for one in looked_at
        ),
        given=tuple(
            (one.title, one.owner, date_vi(one.due_on), one.output)
            for one in given.order_by("due_on", "id")
        ),
        share=share_at(tasks, before, on),
    )


def _as_known(rows: Iterable[Task], until: dt.datetime | None) -> list[_Then]:
    """Each task as its steps tell it by a moment; one entered only later, as it stands."""
    tasks = list(rows)
    told = _told(tasks, until) if until is not None else {}
    return [_then(one, told.get(one.pk)) for one in tasks]


def _then(task: Task, told: dict[str, Any] | None) -> _Then:
    if told is None:
        return _Then(task, task.state, task.ended_on, task.percent, task.note, task.proof)
    state = told["state"]
    ended_on = None if state == TaskState.OPEN else _ended_on(task, told)
    return _Then(
        task, state, ended_on, told.get("percent"), told.get("note") or "", told.get("proof") or ""
    )


def _ended_on(task: Task, told: dict[str, Any]) -> dt.date:
    """The day that was said; where none was, that of the act."""
    if told.get("done_on"):
        return dt.date.fromisoformat(told["done_on"])
    return task.ended_on or told["on"]


def _told(tasks: list[Task], until: dt.datetime) -> dict[UUID, dict[str, Any]]:
    """The last word on each task by a moment."""
    steps = TaskStep.objects.filter(task__in=tasks, at__lte=until).order_by("task_id", "revision")
    found: dict[UUID, dict[str, Any]] = {}
    for task_id, fields, state, at in steps.values_list("task_id", "fields", "state", "at"):
        told = found.setdefault(task_id, {})
        told.update({name: fields[name][1] for name in _AS_REPORTED if name in fields})
        told |= {"state": state, "on": localdate(at)}
    return found


def _is_looked_at(one: _Then, before: dt.date | None, on: dt.date, meeting_id: UUID | None) -> bool:
    """Open when the meeting began, or ended since the one before; not what the meeting gave."""
    if one.given_on == on or (meeting_id is not None and one.task.meeting_id == meeting_id):
        return False
    return one.ended_on is None or before is None or one.ended_on > before


def _at_start(one: _Then, held: set[dt.date], on: dt.date) -> str:
    times = carried(one, [day for day in held if day < on], on)
    told = f"Giao {date_vi(one.given_on)}, hạn {date_vi(one.due_on)}"
    return f"{told}, chuyển tiếp {times} lần" if times else told


def _result(one: _Then, on: dt.date) -> str:
    if one.ended_on is not None and one.ended_on <= on:
        if one.state == TaskState.DROPPED:
            return f"Thôi làm: {one.task.drop_reason}"
        return f"Xong {date_vi(one.ended_on)}: {one.proof}"
    told = "Chưa xong" if one.percent is None else f"Chưa xong, {one.percent}%"
    return f"{told}: {one.note}" if one.note else told
