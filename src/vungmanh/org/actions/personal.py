"""Having one masked field of one person shown in full: what for is asked, and kept."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.org.models import Person
from vungmanh.org.named import people_by_name
from vungmanh.org.personal import FIELDS, in_full
from vungmanh.org.queries import units_visible

REVEAL = "org.person.reveal"


@transaction.atomic
def reveal(*, person: UUID, field: str, purpose: str, by: Viewer, at: dt.datetime) -> str:
    """The value in full; the ledger keeps who saw which field of whom, when and what for.

    Raises NotAllowed, NotFound alike for a person absent, erased, out of sight or of a place that
    works with counts, InputError (`reason`) without a purpose.
    """
    check_can(by, REVEAL)
    known = FIELDS.get(field)
    if known is None or by.role not in known.revealed_by:
        raise NotAllowed("Mục này không có phần nào bị che để xem.")
    today = localdate(at)
    here = people_by_name([person], units_visible(by, today), today)
    found = Person.objects.filter(pk=person, erased_at=None).first() if here else None
    if found is None:
        raise NotFound("Không tìm thấy người này trong danh sách.")
    purpose = checked_reason(purpose)
    record(
        "person.revealed",
        by=by.user,
        at=at,
        subject=f"person:{person}",
        data={"field": field},
        personal={"purpose": purpose},
    )
    value = getattr(found, field)
    return in_full(value) if value not in (None, "") else ""
