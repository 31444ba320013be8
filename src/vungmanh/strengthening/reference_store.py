"""The references of like kinds: fixed with the first whole base period, then kept."""

from __future__ import annotations

import datetime as dt

from vungmanh.core.periods import add_months
from vungmanh.strengthening.judging import FixedReferences, Judged
from vungmanh.strengthening.models import StrengthReference

_GRAINS = {True: "cells", False: "organisations"}


def kept_references() -> FixedReferences:
    """Every reference fixed so far."""
    kept: FixedReferences = {grain: {} for grain in _GRAINS.values()}
    for one in StrengthReference.objects.all():
        kept[_GRAINS[one.of_cells]][one.sector] = one.value
    return kept


def keep_references(judged: Judged, at: dt.datetime) -> None:
    """Fix the references that this assessment made, once there is a whole base to make them from.

    A like kind that has one keeps it, whatever later assessments would give.
    """
    if not judged.has_whole_base:
        return
    periods = judged.periods[: judged.rules.base_periods]
    first = add_months(periods[0].month, 1 - periods[0].rules.period_months)
    made = judged.references
    StrengthReference.objects.bulk_create(
        [
            StrengthReference(
                of_cells=of_cells,
                sector=sector,
                value=value,
                base_from=max(first, judged.data.first_month),
                base_until=periods[-1].month,
                made_at=at,
            )
            for of_cells, grain in _GRAINS.items()
            for sector, value in made[grain].items()
        ],
        ignore_conflicts=True,
    )
