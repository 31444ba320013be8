"""A visit, for the tests of pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.access.models import User
from vungmanh.meetings.models import Visit


def visit_of(unit: UUID, overseer: User, day: dt.date = dt.date(2019, 12, 5)) -> Visit:
    """An overseer's visit on a day."""
    defaults = {"attended": True, "via": "web", "changed_at": AT}
    found = {"unit_id": unit, "overseer": overseer, "on": day}
    return Visit.objects.get_or_create(**found, defaults=defaults)[0]
