"""Writing or taking back an import together with the assessments it moves: all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import last_day
from vungmanh.meetings.frames import first_month_due, month_totals
from vungmanh.outputs.imports.actions.commit import Undone, commit_import, undo_import
from vungmanh.outputs.imports.queries import batch_visible, months_written
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.actions.assess import assess_months, withdraw_assessments
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.rules import first_assessable_day

Progress = Callable[[dt.date], None]


def _silent(month: dt.date) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Committed:
    """How many reports were written, and the months assessed anew, oldest first."""

    written: int
    assessed: list[dt.date]


@transaction.atomic
def commit_and_reassess(
    *, batch_id: UUID, by: Viewer, at: dt.datetime, progress: Progress = _silent
) -> Committed:
    """`commit_import`, then every assessment it moves, in one transaction; raises what it raises.

    `progress` is told each month assessed.
    """
    months = months_written(batch_visible(by, batch_id))
    written = commit_import(batch_id=batch_id, by=by, at=at)
    return Committed(written, reassess_months(months=months, by=by.user, at=at, progress=progress))


@transaction.atomic
def undo_and_reassess(*, batch_id: UUID, by: Viewer, at: dt.datetime) -> Undone:
    """`undo_import`, then every assessment it moves, in one transaction; raises what it raises."""
    months = months_written(batch_visible(by, batch_id))
    undone = undo_import(batch_id=batch_id, by=by, at=at)
    reassess_months(months=months, by=by.user, at=at)
    return undone


@transaction.atomic
def reassess_months(
    *, months: Iterable[dt.date], by: User | None, at: dt.datetime, progress: Progress = _silent
) -> list[dt.date]:
    """Assess `months` and every later month already assessed.

    All later ones, because an old month reaches far: admissions count over years, and a status
    remembers the periods before it. A month of `months` without any report left is not assessed but
    loses its assessment: nothing is known of it. Months before the first rule are kept as facts;
    nobody is judged by them. Returns the months assessed, oldest first.
    """
    touched = sorted(month for month in set(months) if _can_be_assessed(month))
    if not touched:
        return []
    silent = {month for month in touched if month_totals(month)[0] == 0}
    later = AssessmentRun.objects.filter(month__gte=touched[0]).values_list("month", flat=True)
    wanted = sorted({*later, *touched} - silent)
    assess_months(months=wanted, by=by, at=at, progress=progress)
    withdraw_assessments(months=silent, by=by, at=at)
    return wanted


def _can_be_assessed(month: dt.date) -> bool:
    first = first_month_due()
    began = first is not None and month >= first
    return began and last_day(month) >= first_assessable_day(load_rulebook())
