"""What a page about names needs to be there, for tests that only walk over it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.meetings.models import NamesSwitch, RollMember

FIRST = dt.date(2019, 1, 1)


def names_switched_on(unit: UUID) -> NamesSwitch:
    """A unit that works with names."""
    return NamesSwitch.objects.create(unit_id=unit, from_day=FIRST, document="QĐ 3-QĐ/ĐU")


def listed_in(unit: UUID) -> RollMember:
    """Somebody on the list of a unit."""
    return RollMember.objects.create(
        unit_id=unit, name="Nông Thử Ba", status="official", valid=DateRange(FIRST, None)
    )
