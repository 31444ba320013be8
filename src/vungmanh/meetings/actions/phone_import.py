"""Importing the saved copy of a phone at the office: what it would do first, then once for all."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.ledger import record
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import PhoneWay
from vungmanh.meetings.actions.receiving import receive
from vungmanh.meetings.actions.settling import SETTLE
from vungmanh.meetings.models import PhoneDevice, PhoneItem
from vungmanh.meetings.phone_files import SavedCopy
from vungmanh.meetings.phone_items import SentItem, read_item
from vungmanh.meetings.reads import may_write_for


@dataclass(frozen=True)
class CopyPreview:
    """What importing a copy would do. `is_proven`: its items count as sent by the phone itself."""

    user: User
    is_proven: bool
    kinds: dict[str, int]  # of the items that are new
    known: int
    unreadable: int

    @property
    def new(self) -> int:
        return sum(self.kinds.values())


def preview_copy(*, copy: SavedCopy, by: Viewer) -> CopyPreview:
    """Raises NotFound for a phone or person out of reach."""
    check_can(by, SETTLE)
    device, user, _unit = _whose(copy, by)
    read = [read_item(one) for one in copy.items]
    sent = [one for one in read if isinstance(one, SentItem)]
    hashes = dict(
        PhoneItem.objects.filter(pk__in=[one.id for one in sent]).values_list("pk", "body_hash")
    )
    new = [one for one in sent if hashes.get(one.id) != one.body_hash]
    return CopyPreview(
        user=user,
        is_proven=_is_proven(copy, device, user),
        kinds=dict(Counter(one.kind for one in new)),
        known=len(sent) - len(new),
        unreadable=len(read) - len(sent),
    )


def import_copy(*, copy: SavedCopy, by: Viewer, at: dt.datetime) -> list[dict[str, Any]]:
    """Take every item of a copy; those already there change nothing. Answers as the phone's own.

    With the phone's proof and an account in use they are decided as if the phone had sent them,
    otherwise they wait in the office's queue. A phone never seen here is noted without a key.
    """
    check_can(by, SETTLE)
    device, user, unit_id = _whose(copy, by)
    if device is None:
        device, _made = PhoneDevice.objects.get_or_create(
            pk=copy.device,
            defaults={
                "user": user, "unit_id": unit_id, "key_hash": "", "first_seen": at, "last_seen": at,
            },
        )  # fmt: skip
        device, user, _ = _whose(copy, by)
        assert device is not None
    proven = _is_proven(copy, device, user)
    person = viewer_for(user, on=by.on) if proven else None
    answers = receive(device=device, items=copy.items, by=person, at=at, way=PhoneWay.FILE)
    record(
        "phone_file.imported",
        by=by.user,
        at=at,
        subject=f"unit:{device.unit_id}",
        data={
            "phone": str(device.pk),
            "items": len(answers),
            "proven": proven,
            "answers": dict(Counter(one["answer"] for one in answers)),
        },
    )
    return answers


def _is_proven(copy: SavedCopy, device: PhoneDevice | None, user: User) -> bool:
    return (
        device is not None
        and device.revoked_at is None
        and user.is_active
        and copy.is_proven(device.key_hash)
    )


def _whose(copy: SavedCopy, by: Viewer) -> tuple[PhoneDevice | None, User, Any]:
    """The phone where it is known, its person, and the unit; all within the office's reach."""
    device = PhoneDevice.objects.select_related("user").filter(pk=copy.device).first()
    if device is not None:
        if not may_write_for(by, device.unit_id, by.on):
            raise _elsewhere()
        return device, device.user, device.unit_id
    people = {one.pk: (one, unit) for one in _named(copy.username) if (unit := _unit_in(one, by))}
    if len(people) != 1:
        raise _elsewhere()
    [(user, unit_id)] = people.values()
    return None, user, unit_id


def _named(words: str) -> QuerySet[User]:
    """A phone never seen here tells whose it is by id, user name or the name on its screen."""
    named = Q(username=words) | Q(display_name=words)
    with contextlib.suppress(ValueError):
        named |= Q(pk=UUID(words))
    return User.objects.filter(named) if words else User.objects.none()


def _unit_in(user: User, by: Viewer) -> UUID | None:
    """The unit within the office's reach that the person holds, or held last."""
    grants = RoleGrant.objects.filter(user=user).order_by("-valid", "id")
    units = grants.values_list("unit_id", flat=True)
    return next((one for one in units if may_write_for(by, one, by.on)), None)


def _elsewhere() -> NotFound:
    return NotFound(
        "Không nhận ra điện thoại hay người dùng của bản sao này trong phạm vi của đồng chí. Xem "
        "lại đúng tệp chưa; nếu là của đơn vị khác thì đưa văn phòng của đơn vị ấy nạp.",
        code="no-phone",
    )
