"""Erasing what the ledger says of a person, on request (decisions.md 12)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.queries import MANAGE, account_visible
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotNow


@transaction.atomic
def erase_personal(*, user_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> int:
    """Empty the personal part of every event about a locked account; returns how many had one.

    What was done, by whom and when stays: the ledger never forgets an act. Raises NotNow while the
    account is open, InputError (`reason`).
    """
    check_can(by, MANAGE)
    user = account_visible(by, user_id)
    if user.is_active:
        raise NotNow("Khóa tài khoản trước, rồi mới xóa phần cá nhân.", code="account-open")
    reason = checked_reason(reason)
    about = Event.objects.filter(subject=f"user:{user_id}")
    about |= Event.objects.filter(personal__user=str(user_id))
    erased = about.exclude(personal={}).update(personal={})
    record(
        "personal.erased",
        by=by.user,
        at=at,
        subject=f"user:{user_id}",
        data={"events": erased},
        personal={"reason": reason},
    )
    return erased
