"""What is carried, due and done, against a twin that walks through the days one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import TaskState
from vungmanh.meetings.task_rules import (
    carried,
    counts_as_due,
    is_open,
    is_overdue,
    is_reviewed,
    longest_carried,
    share_at,
    share_of_month,
)

FIRST, LAST = dt.date(2025, 12, 1), dt.date(2026, 4, 30)
SPAN = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
DAYS = st.sampled_from(SPAN)
HELD = st.sets(DAYS, max_size=8)


@dataclass(frozen=True)
class Plain:
    """A task as its rules look at it."""

    given_on: dt.date
    due_on: dt.date
    ended_on: dt.date | None = None
    state: str = TaskState.OPEN


@st.composite
def tasks(draw) -> Plain:
    given_on, due_on, ended_on = sorted([draw(DAYS), draw(DAYS), draw(DAYS)])
    if draw(st.booleans()):
        due_on, ended_on = ended_on, due_on
    state = draw(st.sampled_from(TaskState))
    return Plain(given_on, due_on, None if state is TaskState.OPEN else ended_on, state)


@settings(max_examples=200)
@given(tasks(), HELD, DAYS)
def test_a_task_is_carried_once_for_each_meeting_that_found_it_late_and_open(
    task: Plain, held: set[dt.date], day: dt.date
) -> None:
    times = 0
    for one in SPAN:
        still_open = task.ended_on is None or one < task.ended_on
        if one <= day and one in held and one > task.due_on and still_open:
            times += 1
    assert carried(task, held, day) == times


@settings(max_examples=100)
@given(tasks(), HELD, DAYS)
def test_carrying_never_shrinks_and_a_day_closes_it(
    task: Plain, held: set[dt.date], day: dt.date
) -> None:
    assert carried(task, held, day) <= carried(task, held, LAST)
    closed = replace(task, state=TaskState.DONE, ended_on=task.due_on)
    assert carried(closed, held, LAST) == 0
    if is_overdue(task, day):
        assert is_open(task, day)
        assert task.due_on < day


@settings(max_examples=200)
@given(st.lists(tasks(), max_size=6), st.sets(DAYS, min_size=1, max_size=5))
def test_every_task_due_is_reviewed_until_a_meeting_saw_it_ended(
    found: list[Plain], held: set[dt.date]
) -> None:
    meetings = sorted(held)
    for task in found:
        reviewed, before = [], None
        for day in meetings:
            if is_reviewed(task, before, day):
                reviewed.append(day)
            before = day
        due = [day for day in meetings if day >= task.due_on and counts_as_due(task)]
        seen_ended = [day for day in due if task.ended_on is not None and day >= task.ended_on]
        assert reviewed == due[: len(due) - len(seen_ended) + 1]


@settings(max_examples=200)
@given(st.lists(tasks(), max_size=8), st.none() | DAYS, DAYS)
def test_a_share_counts_parts_within_parts(
    found: list[Plain], before: dt.date | None, day: dt.date
) -> None:
    share = share_at(found, before, day)
    assert 0 <= share.on_time <= share.done <= share.due <= len(found)
    assert (share.of_one is None) == (share.due == 0)
    assert share_at(list(reversed(found)), before, day) == share


@settings(max_examples=100)
@given(st.lists(tasks(), max_size=8), HELD)
def test_the_months_together_hold_every_task_due_once(
    found: list[Plain], held: set[dt.date]
) -> None:
    months = sorted({month_of(day) for day in SPAN})
    shares = [share_of_month(found, month, LAST) for month in months]
    assert sum(one.due for one in shares) == sum(counts_as_due(task) for task in found)
    for month in months:
        longest = longest_carried(found, held, month, LAST)
        still = [task for task in found if is_open(task, last_day(month))]
        assert longest == max((carried(t, held, last_day(month)) for t in still), default=0)


@settings(max_examples=200)
@given(st.lists(tasks(), min_size=1, max_size=6), DAYS, st.data())
def test_giving_up_what_is_late_never_raises_the_share(
    found: list[Plain], day: dt.date, data: st.DataObject
) -> None:
    """decisions.md 10: dropping a late task must not look better than leaving it open."""
    late = [one for one in found if is_overdue(one, day)]
    if not late:
        return
    chosen = data.draw(st.sampled_from(late))
    dropped = [
        replace(one, state=TaskState.DROPPED, ended_on=day) if one is chosen else one
        for one in found
    ]
    assert share_at(dropped, None, day) == share_at(found, None, day)
