"""Opening a settled month of the ledger again, with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import month_label, month_of
from vungmanh.core.text import nfc
from vungmanh.meetings.actions.obligations import follow_register
from vungmanh.meetings.models import FrozenMonth
from vungmanh.org.models import Unit

REOPEN = "meetings.ledger.reopen"


@transaction.atomic
def reopen_period(*, month: dt.date, reason: str, by: Viewer, at: dt.datetime) -> int:
    """Make what was due in a settled month follow the register; returns the lines that moved.

    The next import freezes it anew. Raises NotAllowed, InputError without a reason, NotNow for a
    month that is not frozen.
    """
    check_can(by, REOPEN)
    month, reason = month_of(month), nfc(reason.strip())
    if not reason:
        raise InputError("Ghi lý do mở lại sổ.", field="reason", code="blank")
    gone, _ = FrozenMonth.objects.filter(month=month).delete()
    if not gone:
        raise NotNow(f"Sổ {month_label(month)} chưa chốt nên không cần mở.", code="not-frozen")
    record(
        "ledger.reopened",
        by=by.user,
        at=at,
        subject=f"month:{month:%Y-%m}",
        personal={"reason": reason},
    )
    units = list(Unit.objects.order_by("id").values_list("id", flat=True))
    moved = follow_register(
        units=units, since=month, until=month, by=by.user, at=at, reason="mở lại tháng đã chốt"
    )
    return sum(moved)
