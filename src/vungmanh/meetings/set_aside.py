"""Months whose record is not believed for now, since it repeats another: an assessment counts them
as not known, never as not held.

Only what repeats another record as a whole, and only the later by the day of filing; until a person
has said that it is lawful, of one event, from a template, or an error of the program. A record that
repeats a part, or has nothing of its own, sets nothing aside: those signs are weaker.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule, ObligationKind
from vungmanh.meetings.lookalikes import standing_versions
from vungmanh.meetings.models import TextLikeness

RULES = (LikenessRule.WHOLE, LikenessRule.OWN)
OUTCOMES = ("", LikenessOutcome.NEEDS_TALK)


def months_set_aside(first: dt.date, last: dt.date) -> set[tuple[UUID, dt.date]]:
    """(unit, month) of the regular meetings in the months `first` to `last` that are set aside."""
    found = TextLikeness.objects.filter(
        month__range=(first, last),
        rule__in=RULES,
        outcome__in=OUTCOMES,
        order_known=True,
        version__meeting__kind=ObligationKind.REGULAR,
        version__in=standing_versions().values("pk"),
    )
    return set(found.order_by().values_list("unit_id", "month"))
