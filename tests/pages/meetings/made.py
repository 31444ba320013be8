"""What a page about names needs to be there, for tests that only walk over it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import listed
from vungmanh.org.models import Membership, NamesSwitch

FIRST = dt.date(2019, 1, 1)


def names_switched_on(unit: UUID) -> NamesSwitch:
    """A unit that works with names."""
    return NamesSwitch.objects.create(unit_id=unit, from_day=FIRST, document="QĐ 3-QĐ/ĐU")


def listed_in(unit: UUID) -> Membership:
    """Somebody on the list of a unit."""
    return listed(unit, "Nông Thử Ba")
