"""Setting how many a unit means to admit in a year."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.org.admissions import ADMITTED, TARGET
from vungmanh.org.models import AggregateCount
from vungmanh.org.queries import held_unit
from vungmanh.org.turns import beside_register

REPORT = "org.aggregate.report"
_FAR = 10_000


@transaction.atomic
def set_target(
    *, unit_id: UUID, year: int, count: int, by: Viewer, at: dt.datetime
) -> AggregateCount:
    """How many a unit means to admit in a year; what stood is kept with the moment it ended."""
    check_can(by, REPORT)
    beside_register()
    held_unit(by, unit_id, localdate(at))
    if not 0 <= count <= _FAR or not 1945 <= year <= localdate(at).year + 1:
        raise InputError("Chỉ tiêu là số người của một năm.", field="count", code="bad-count")
    day = dt.date(year, 1, 1)
    same = AggregateCount.objects.filter(
        unit_id=unit_id, on=day, dimension=TARGET, value=ADMITTED, replaced_at=None
    )
    same.update(replaced_at=at)
    row = AggregateCount.objects.create(
        unit_id=unit_id, on=day, dimension=TARGET, value=ADMITTED, count=count, by=by.user, at=at
    )
    record("admission.target_set", by=by.user, at=at, subject=f"unit:{unit_id}",
           data={"year": year, "count": count})  # fmt: skip
    return row
