"""Facts of a year about tasks: due in it, done, on time, late, carried over.

Tasks that the system knows one by one are counted from themselves. Of a month of a unit without
any, the numbers of its report are taken; they tell what came on time, not what came late.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

from django.db.models import OuterRef, Subquery

from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import TaskState
from vungmanh.meetings import task_rules
from vungmanh.meetings.models import Task, TaskStep
from vungmanh.rulebook.grading.facts import Fact, FactName, unknown
from vungmanh.strengthening import year_words as words
from vungmanh.strengthening.year_addresses import ledger_record, task_record
from vungmanh.strengthening.year_meetings import TasksReported
from vungmanh.strengthening.year_placing import Placing

_ONE_BY_ONE = (FactName.TASKS_DONE, FactName.TASKS_LATE, FactName.TASKS_CARRIED)
_ALL = (FactName.TASKS_DUE, FactName.TASKS_ON_TIME, *_ONE_BY_ONE)


@dataclass(frozen=True)
class _TaskThen:
    """A task as it stood at the moment looked at; what `task_rules` look at."""

    id: UUID
    unit_id: UUID
    given_on: dt.date
    due_on: dt.date
    ended_on: dt.date | None
    state: str


@dataclass
class _Year:
    """The tasks of a rated unit's year, and what reports alone say."""

    tasks: list[_TaskThen] = field(default_factory=list)
    due: int = 0
    on_time: int = 0
    reports: set[UUID] = field(default_factory=set)


def task_facts(
    placed: Placing, first: dt.date, day: dt.date, at: dt.datetime, reported: TasksReported
) -> dict[UUID, list[Fact]]:
    """Facts of each rated unit; one query."""
    years: dict[UUID, _Year] = defaultdict(_Year)
    known: set[tuple[UUID, dt.date]] = set()
    for task in _tasks(placed.units, first, day, at):
        known.add((task.unit_id, month_of(task.due_on)))
        for rated in placed.rated_of(task.unit_id, task.due_on):
            years[rated].tasks.append(task)
    for (unit, month), (due, on_time) in reported.items():
        if (unit, month) in known:
            continue
        for rated in placed.rated_of(unit, last_day(month)):
            year = years[rated]
            year.due, year.on_time = year.due + due, year.on_time + on_time
            year.reports.add(unit)
    month = month_of(day)
    return {unit: _facts(years.get(unit, _Year()), day, month) for unit in placed.own}


def _tasks(units: list[UUID], first: dt.date, day: dt.date, at: dt.datetime) -> list[_TaskThen]:
    """The tasks due from `first` to `day`, each in the state it had by `at`."""
    steps = TaskStep.objects.filter(task_id=OuterRef("pk"), at__lte=at).order_by("-revision")
    rows = (
        Task.objects.filter(
            unit_id__in=units, due_on__range=(first, day), given_on__lte=day, recorded_at__lte=at
        )
        .annotate(then=Subquery(steps.values("state")[:1]))
        .order_by("due_on", "pk")
    )
    return [
        _TaskThen(
            one.pk, one.unit_id, one.given_on, one.due_on,
            None if (one.then or one.state) == TaskState.OPEN else one.ended_on,
            one.then or one.state,
        )
        for one in rows
    ]  # fmt: skip


def _facts(year: _Year, day: dt.date, month: dt.date) -> list[Fact]:
    if not year.tasks and not year.reports:
        return [unknown(name, words.TASKS_EMPTY) for name in _ALL]
    due = [one for one in year.tasks if task_rules.counts_as_due(one)]
    done = [
        one
        for one in due
        if one.state == TaskState.DONE and one.ended_on is not None and one.ended_on <= day
    ]
    on_time = [one for one in done if one.ended_on is not None and one.ended_on <= one.due_on]
    late = [one for one in done if one not in on_time]
    carried = [one for one in due if task_rules.is_overdue(one, day)]
    total = len(due) + year.due
    from_reports = tuple(ledger_record(one, month) for one in sorted(year.reports))
    source = words.TASKS + (" " + words.TASKS_BY_REPORT if year.reports else "")

    def fact(name: FactName, tasks: list[_TaskThen], more: int, of: int | None) -> Fact:
        records = tuple(task_record(one.id) for one in tasks) + from_reports
        return Fact(name, Fraction(len(tasks) + more), of, source, records)

    told = [
        fact(FactName.TASKS_DUE, due, year.due, None),
        fact(FactName.TASKS_ON_TIME, on_time, year.on_time, total),
    ]
    if year.due:
        return told + [unknown(name, words.TASKS_BY_REPORT) for name in _ONE_BY_ONE]
    return [
        *told,
        fact(FactName.TASKS_DONE, done, 0, total),
        fact(FactName.TASKS_LATE, late, 0, total),
        fact(FactName.TASKS_CARRIED, carried, 0, total),
    ]
