"""Excusing, taking back and reopening, together with the assessments they move: all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.meetings.actions.excuses import Wish, grant_excuse, withdraw_excuse
from vungmanh.meetings.actions.reopening import reopen_period
from vungmanh.meetings.models import Excuse
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import AssessmentRun

Progress = Callable[[dt.date], None]


def _silent(month: dt.date) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Moved:
    """What was granted or taken back, and the months assessed anew, oldest first."""

    excuses: tuple[Excuse, ...]
    assessed: tuple[dt.date, ...]


@transaction.atomic
def grant_and_assess(
    *, unit_id: UUID, wish: Wish, by: Viewer, at: dt.datetime, progress: Progress = _silent
) -> Moved:
    """`grant_excuse`, then every assessment it moves; raises what it raises."""
    granted = grant_excuse(unit_id=unit_id, wish=wish, by=by, at=at)
    return Moved(tuple(granted), _assess_since(wish.first_month, by.user, at, progress))


@transaction.atomic
def withdraw_and_assess(
    *,
    excuse_id: int,
    reason: str,
    whole: bool = False,
    by: Viewer,
    at: dt.datetime,
    progress: Progress = _silent,
) -> Moved:
    """`withdraw_excuse`, then every assessment it moves; raises what it raises."""
    gone = withdraw_excuse(excuse_id=excuse_id, reason=reason, whole=whole, by=by, at=at)
    return Moved(tuple(gone), _assess_since(gone[0].first_month, by.user, at, progress))


@transaction.atomic
def reopen_and_assess(
    *, month: dt.date, reason: str, by: Viewer, at: dt.datetime, progress: Progress = _silent
) -> tuple[int, tuple[dt.date, ...]]:
    """`reopen_period`, then every assessment it moves: lines that moved, months assessed."""
    moved = reopen_period(month=month, reason=reason, by=by, at=at)
    return moved, _assess_since(month, by.user, at, progress) if moved else ()


def _assess_since(
    month: dt.date, by: User, at: dt.datetime, progress: Progress
) -> tuple[dt.date, ...]:
    """Every later run too, not only the twelve months that count it: a status remembers."""
    runs = AssessmentRun.objects.filter(month__gte=month).order_by("month")
    months = tuple(runs.values_list("month", flat=True))
    assess_months(months=months, by=by, at=at, progress=progress)
    return months
