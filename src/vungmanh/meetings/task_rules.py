"""What is carried, due, done and late: the rules of tasks, over plain days. No clock, no database.

* A task is **carried** once for each regular meeting held after its due day while it was still
  open: due on the 15th, two meetings later still open is "chuyển tiếp 2 lần". A meeting on the very
  day on which the task ended no longer carries it.
* What a meeting **reviews** of the last resolution are the tasks whose term came by that day and
  that the meeting before had not already seen ended: those newly due, done early or not, and those
  carried. Of these, done is what ended with its proof by the day.
* A task dropped by its term leaves the count; one dropped after it was due and not done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import TaskState

NEVER: Final = dt.date.min


class Dated(Protocol):
    """As much of a task as its rules look at; a row of the database will do."""

    @property
    def given_on(self) -> dt.date: ...
    @property
    def due_on(self) -> dt.date: ...
    @property
    def ended_on(self) -> dt.date | None: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True)
class Share:
    """So many done of those due, and how many of these by their own term."""

    done: int
    due: int
    on_time: int

    @property
    def of_one(self) -> float | None:
        """Done as a share of one; None where nothing was due, which is not zero."""
        return self.done / self.due if self.due else None


def is_open(task: Dated, day: dt.date) -> bool:
    """Whether the task was given by the end of a day and had not ended by then."""
    return task.given_on <= day and not _ended(task, day)


def is_overdue(task: Dated, day: dt.date) -> bool:
    """Open when its term is over; on the due day itself it is not."""
    return task.due_on < day and is_open(task, day)


def carried(task: Dated, held: Iterable[dt.date], day: dt.date) -> int:
    """How many regular meetings, of those held on the days `held`, carried the task by `day`."""
    end = task.ended_on or dt.date.max
    return sum(task.due_on < one <= day and one < end for one in set(held))


def counts_as_due(task: Dated) -> bool:
    """Not where it was dropped by its term."""
    dropped = task.state == TaskState.DROPPED and task.ended_on is not None
    return not (dropped and task.ended_on is not None and task.ended_on <= task.due_on)


def is_reviewed(task: Dated, before: dt.date | None, day: dt.date) -> bool:
    """Whether the meeting of `day`, after one held on the day `before`, reviews the task."""
    if not (task.given_on <= day and task.due_on <= day and counts_as_due(task)):
        return False
    return before is None or task.due_on > before or not _ended(task, before)


def share_at(tasks: Iterable[Dated], before: dt.date | None, day: dt.date) -> Share:
    """The result of the last resolution as the meeting of `day` finds it."""
    return _share([one for one in tasks if is_reviewed(one, before, day)], day)


def share_of_month(tasks: Iterable[Dated], month: dt.date, day: dt.date) -> Share:
    """Of the tasks due in a month and by `day`, those done by then."""
    due = (
        one
        for one in tasks
        if month_of(one.due_on) == month_of(month) and one.due_on <= day and counts_as_due(one)
    )
    return _share([one for one in due if one.given_on <= day], day)


def longest_carried(
    tasks: Iterable[Dated], held: Iterable[dt.date], month: dt.date, day: dt.date
) -> int:
    """The most often carried of the tasks still open at the end of a month, or earlier on `day`."""
    until, days = min(last_day(month), day), set(held)
    return max((carried(one, days, until) for one in tasks if is_open(one, until)), default=0)


def _share(due: list[Dated], day: dt.date) -> Share:
    done = [one for one in due if one.state == TaskState.DONE and _ended(one, day)]
    on_time = sum((one.ended_on or NEVER) <= one.due_on for one in done)
    return Share(len(done), len(due), on_time)


def _ended(task: Dated, day: dt.date) -> bool:
    return task.ended_on is not None and task.ended_on <= day
