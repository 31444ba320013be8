"""Carrying a reform out, or taking it back, with all that follows: all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import month_of
from vungmanh.meetings.actions.obligations import follow_register
from vungmanh.org.actions.reforms import commit_reform, undo_reform
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.reform.told import consequences_told
from vungmanh.outputs.reforms.dry_run import (
    DueChange,
    LedgerChange,
    due_changes,
    told_of_ledger,
)
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.file_lineage import restore_files
from vungmanh.strengthening.lineage_of_files import files_in_the_way
from vungmanh.strengthening.models import AssessmentRun

Progress = Callable[[dt.date], None]


def _silent(month: dt.date) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Followed:
    """The reform, what its ledger gained, lost and changed, and the months assessed anew."""

    reform: Reform
    due_added: int
    due_removed: int
    due_changed: int
    assessed: tuple[dt.date, ...]


@transaction.atomic
def commit_reform_and_follow(
    *, reform_id: UUID, basis: str, by: Viewer, at: dt.datetime, progress: Progress = _silent
) -> Followed:
    """`commit_reform`, then the ledger and every assessment it moves, in one transaction.

    Raises what `commit_reform` raises. `progress` is told each month assessed.
    """
    reform = commit_reform(reform_id=reform_id, basis=basis, by=by, at=at)
    told = consequences_told(reform)
    due = due_changes(told) if told else ()  # before the ledger follows
    units = _touched_on(reform.effective_on)
    return _follow(reform, units, due, by=by, at=at, progress=progress)


@transaction.atomic
def undo_reform_and_follow(
    *, reform_id: UUID, reason: str, by: Viewer, at: dt.datetime, progress: Progress = _silent
) -> Followed:
    """`undo_reform`, then the ledger and every assessment it moves, in one transaction.

    Raises what `undo_reform` raises, and NotNow while a file of a chosen unit was carried by it.
    """
    effective_on = Reform.objects.values_list("effective_on", flat=True).filter(pk=reform_id)
    touched = {unit for day in effective_on for unit in _touched_on(day)}
    for found in Reform.objects.filter(pk=reform_id):
        blockers = files_in_the_way(found)
        if blockers:
            raise NotNow("Chưa hoàn tác được. " + " ".join(blockers), code="undo-blocked")
    reform = undo_reform(reform_id=reform_id, reason=reason, by=by, at=at)
    restore_files(reform=reform, by=by.user, at=at)
    return _follow(reform, touched, (), by=by, at=at, progress=progress)


def _touched_on(day: dt.date) -> set[UUID]:
    """The units that began, ended or changed on a day: whose ledger may no longer be right."""
    versions = UnitVersion.objects.filter(Q(valid__startswith=day) | Q(valid__endswith=day))
    return set(versions.order_by().values_list("unit_id", flat=True).distinct())


def _follow(
    reform: Reform,
    units: set[UUID],
    due: tuple[DueChange, ...],
    *,
    by: Viewer,
    at: dt.datetime,
    progress: Progress,
) -> Followed:
    """Let ledger and assessments follow, and keep with the reform what that came to."""
    since = month_of(reform.effective_on)
    added, removed, changed = follow_register(
        units=units, since=reform.effective_on, by=by.user, at=at
    )
    runs = AssessmentRun.objects.filter(month__gte=since).order_by("month")
    months = tuple(runs.values_list("month", flat=True))
    if months:
        assess_months(months=months, by=by.user, at=at, progress=progress)
    reform.told |= told_of_ledger(due, LedgerChange(added, removed, changed, len(months)))
    reform.save(update_fields=["told"])
    return Followed(reform, added, removed, changed, months)
