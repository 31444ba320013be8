"""Facts of a year from flags: what is held against a unit, and against those below it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from uuid import UUID

from vungmanh.core.periods import month_of
from vungmanh.core.vocabulary import FlagFate
from vungmanh.rulebook.grading.facts import Fact, FactName, unknown
from vungmanh.strengthening import year_words as words
from vungmanh.strengthening.models import Assessment, Flag
from vungmanh.strengthening.year_addresses import flag_record
from vungmanh.strengthening.year_placing import Placing

_ALL = (FactName.OPEN_FLAGS, FactName.FLAGS_CONFIRMED, FactName.FLAGS_BELOW)


def signal_facts(
    placed: Placing, first: dt.date, day: dt.date, at: dt.datetime
) -> dict[UUID, list[Fact]]:
    """Flags as they stood on the day, by what was done about them by `at`; two queries.

    Known once the unit was assessed in the year; without assessment no flag says nothing.
    """
    month = month_of(day)
    runs = Assessment.objects.filter(
        unit_id__in=placed.units, run__month__range=(first, month)
    ).order_by()
    assessed = set(runs.values_list("unit_id", flat=True).distinct())
    flags = Flag.objects.filter(
        unit_id__in=placed.units, since_month__lte=month, raised_at__lte=at
    ).order_by("since_month", "pk")
    open_: dict[UUID, list[Flag]] = defaultdict(list)
    confirmed: dict[UUID, list[Flag]] = defaultdict(list)
    below: dict[UUID, list[Flag]] = defaultdict(list)
    for flag in flags:
        if flag.cleared_month is not None and flag.cleared_month <= month:
            continue
        is_open = not flag.fate or (flag.concluded_at is not None and flag.concluded_at > at)
        for rated in placed.rated_of(flag.unit_id, day) or _carrying(placed, flag.unit_id):
            if flag.unit_id not in placed.own[rated]:
                below[rated] += [flag] if is_open else []
            elif is_open:
                open_[rated].append(flag)
            elif flag.fate == FlagFate.CONFIRMED:
                confirmed[rated].append(flag)
    return {
        unit: (
            [
                _fact(FactName.OPEN_FLAGS, open_[unit], words.FLAGS),
                _fact(FactName.FLAGS_CONFIRMED, confirmed[unit], words.FLAGS_CONFIRMED),
                _fact(FactName.FLAGS_BELOW, below[unit], words.FLAGS),
            ]
            if own & assessed
            else [unknown(name, words.FLAGS_NONE) for name in _ALL]
        )
        for unit, own in placed.own.items()
    }


def _carrying(placed: Placing, unit_id: UUID) -> list[UUID]:
    """The rated unit that carries on one that has ended; what was held against it goes with it."""
    return [rated for rated, own in placed.own.items() if unit_id in own]


def _fact(name: FactName, flags: list[Flag], source: str) -> Fact:
    records = tuple(flag_record(one.pk) for one in flags)
    return Fact(name, Fraction(len(flags)), None, source, records)
