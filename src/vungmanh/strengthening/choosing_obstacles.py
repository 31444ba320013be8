"""What keeps a unit from being chosen: all of it, not only what the rule meets first.

Read from what a selection kept, so that an old list tells what it told on its day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Max

from vungmanh.strengthening.models import Flag


class Obstacle(StrEnum):
    """What stands in the way of one unit, in the order in which the rule asks."""

    HELPED = "helped"
    SILENT = "silent"
    NOT_AGAIN = "not_again"
    MAY_ANSWER = "may_answer"
    TOO_FEW = "too_few"
    NOT_WEAK = "not_weak"


def obstacles_of(
    candidate: Mapping[str, Any], rule: Mapping[str, Any], year: int
) -> tuple[Obstacle, ...]:
    """Everything in the way of a candidate as it was kept; () for one that may be chosen.

    Of whoever does not report nothing else is known, and whoever is well has nothing to answer.
    """
    helped = (Obstacle.HELPED,) if candidate["has_open_file"] else ()
    if candidate["is_silent"]:
        return (*helped, Obstacle.SILENT)
    ended = candidate["ended_year"]
    again = ended is not None and year - ended <= rule["not_again_years"]
    found = (*helped, *((Obstacle.NOT_AGAIN,) if again else ()))
    if not candidate["is_weak"]:
        return (*found, Obstacle.NOT_WEAK)
    few = (Obstacle.TOO_FEW,) if candidate["bad_periods"] < rule["bad_periods"] else ()
    may = (Obstacle.MAY_ANSWER,) if candidate["may_still_answer"] else ()
    return (*found, *few, *may)


def answer_until(units: Collection[UUID], on: dt.date) -> dict[UUID, dt.date]:
    """Of these units those that may still answer a reason held against them, until which day."""
    waiting = Flag.objects.filter(
        unit_id__in=units, fate="", cleared_month=None, is_answered=False, reply_by__gte=on,
        raised_at__date__lte=on,
    )  # fmt: skip
    return dict(waiting.order_by().values_list("unit_id").annotate(Max("reply_by")))
