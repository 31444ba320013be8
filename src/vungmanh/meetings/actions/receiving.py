"""What phones send: each item once, in any order, never lost (docs/house/phones.md).

Each item is decided in a transaction of its own, in which its phone is locked: however often and
from however many tabs one item comes, it has one effect, and what stands stuck stops no other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, VungManhError
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import PhoneItemState, PhoneWay
from vungmanh.meetings.actions.deciding import decide, in_order_of_making, said
from vungmanh.meetings.actions.phone_kinds import KINDS
from vungmanh.meetings.models import PhoneDevice, PhoneItem
from vungmanh.meetings.phone_answers import answer_of
from vungmanh.meetings.phone_items import SentItem, Unreadable, read_item, with_another_id
from vungmanh.org.models import Unit
from vungmanh.org.turns import beside_register

USE = "meetings.phone.use"
WAITING = (PhoneItemState.HELD, PhoneItemState.QUARANTINED)
FORCED_AFTER = dt.timedelta(days=5)  # as ODK Central does (peers.md 2h)
KEY_DIGITS = 64
LONGEST_NAME = 60
HOUR = dt.timedelta(hours=1)

Answer = dict[str, Any]


class TooOften(VungManhError):
    """More than one phone can mean. `retry_after` in seconds."""

    default_code = "too-often"
    retry_after = 3600


def hash_of_key(key: str) -> str:
    """What is kept of a phone's key, which is random: no slow hash is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def meet_phone(
    *, device_id: UUID, key: str, name: str = "", outbox: int | None = None,
    clock: dt.datetime | None = None, by: Viewer, at: dt.datetime,
) -> PhoneDevice:  # fmt: skip
    """The phone that sends under a session: registered at its first word, known afterwards.

    Raises NotAllowed for the phone of another account, a wrong key, or one that was revoked.
    """
    check_can(by, USE)
    if len(key) != KEY_DIGITS or by.unit_id is None:
        raise InputError("Điện thoại chưa có khóa; mở lại trang rồi gửi lại.", code="bad-request")
    device, is_new = PhoneDevice.objects.select_for_update().get_or_create(
        pk=device_id,
        defaults={
            "user": by.user, "unit_id": by.unit_id, "key_hash": hash_of_key(key),
            "first_seen": at, "last_seen": at,
        },
    )  # fmt: skip
    if device.user_id != by.user.pk:
        raise NotAllowed(
            "Điện thoại này đang gắn với tài khoản khác. Tải lại trang để gắn với tài khoản này; "
            "phần đã ghi vẫn còn trên máy.",
            code="phone-of-another",
        )
    _check_key(device, key)
    device.unit_id = by.unit_id
    device.name = nfc(" ".join(name.split()))[:LONGEST_NAME] or device.name
    note_contact(device, outbox=outbox, clock=clock, at=at)
    if is_new:
        record(
            "phone.registered",
            by=by.user,
            at=at,
            subject=f"unit:{device.unit_id}",
            data={"phone": str(device.pk)},
        )
    return device


def note_contact(
    device: PhoneDevice, *, outbox: int | None, clock: dt.datetime | None, at: dt.datetime
) -> None:
    """When a phone was last heard of, what it still holds, and how far its clock is off."""
    device.last_seen = at
    device.outbox = outbox if outbox is not None else device.outbox
    device.clock_off = round((clock - at).total_seconds()) if clock else device.clock_off
    device.save()


def phone_by_key(*, device_id: UUID, key: str) -> PhoneDevice:
    """The phone that deposits without a session. Raises NotAllowed, the same for an unknown one."""
    device = PhoneDevice.objects.filter(pk=device_id).first()
    if device is None:
        raise _wrong_key()
    _check_key(device, key)
    return device


def _check_key(device: PhoneDevice, key: str) -> None:
    if not device.key_hash or not secrets.compare_digest(device.key_hash, hash_of_key(key)):
        raise _wrong_key()
    if device.revoked_at is not None:
        raise NotAllowed(
            "Điện thoại này đã bị ngừng nhận. Lưu bản sao rồi đưa văn phòng đảng ủy nạp.",
            code="phone-revoked",
        )


def _wrong_key() -> NotAllowed:
    return NotAllowed(
        "Khóa của điện thoại không đúng. Đăng nhập lại, hoặc lưu bản sao đưa văn phòng đảng ủy.",
        code="wrong-key",
    )


@dataclass(frozen=True)
class Arrival:
    """By which way items came, when, and in whose session. `clock_off`: seconds the phone is ahead.

    `by` is the person of the phone; None where nobody is signed in.
    """

    by: Viewer | None
    at: dt.datetime
    way: PhoneWay
    clock_off: int | None = None


def receive(
    *, device: PhoneDevice, items: Iterable[object], by: Viewer | None, at: dt.datetime,
    way: PhoneWay = PhoneWay.SENT, clock_off: int | None = None,
) -> list[Answer]:  # fmt: skip
    """Keep each item, decide what can be decided, and answer in the order given.

    Without `by` everything is kept for the office. Under a session, what this phone deposited
    before is decided as well.
    """
    arrival = Arrival(by, at, way, clock_off)
    if by is not None:
        _decide_deposited(device, by, at)
    answers = [_receive_one(device, raw, arrival) for raw in items]
    _count_down(device, answers)
    return answers


def _count_down(device: PhoneDevice, answers: list[Answer]) -> None:
    """What a phone told it holds counts those it just sent; written ones it may let go."""
    gone = sum(
        (one["then"] or one["answer"]) in (PhoneItemState.ACCEPTED, PhoneItemState.SUPERSEDED)
        for one in answers
    )
    if gone and device.outbox:
        device.outbox = max(0, device.outbox - gone)
        device.save(update_fields=["outbox"])


def _receive_one(device: PhoneDevice, raw: object, arrival: Arrival) -> Answer:
    sent = read_item(raw)
    if isinstance(sent, Unreadable):
        return _unkept(sent)
    with transaction.atomic():
        lock_phone(device)
        item, is_new = _stored(device, sent, arrival)
        if item is None:
            message = said(PhoneItemState.REFUSED, "id-reused").message
            return _unkept(Unreadable(str(sent.id), "id-reused", message))
        if item.state in WAITING:
            decide(item, by=arrival.by, at=arrival.at)
        # A second content under one id has an id of its own here; the phone knows it by the first.
        answer = {**answer_of(item, known=not is_new), "id": str(sent.id)}
    decide_followers(device, item, arrival.by, arrival.at)
    return answer


def _unkept(one: Unreadable) -> Answer:
    return {
        "id": one.id, "answer": "refused", "then": "", "code": one.code, "message": one.message,
        "field": "", "revision": None, "conflict": {}, "problems": [],
    }  # fmt: skip


def lock_phone(device: PhoneDevice) -> None:
    """One item of a phone at a time; nobody waits for a reform while holding this."""
    beside_register()
    PhoneDevice.objects.select_for_update(of=("self",)).get(pk=device.pk)


def _stored(device: PhoneDevice, sent: SentItem, arrival: Arrival) -> tuple[PhoneItem | None, bool]:
    """The item as it is kept, locked, and whether it came for the first time. None: its id stands
    for something of another person, of which nothing is told."""
    made = PhoneItem.objects.filter(pk=sent.id).exists()
    if not made:
        PhoneItem.objects.bulk_create([_as_row(device, sent, arrival)], ignore_conflicts=True)
    item = PhoneItem.objects.select_for_update().get(pk=sent.id)
    if item.user_id != device.user_id:
        return None, False
    if item.body_hash != sent.body_hash:
        return _stored(device, with_another_id(sent), arrival)
    return item, not made


def _as_row(device: PhoneDevice, sent: SentItem, arrival: Arrival) -> PhoneItem:
    item = PhoneItem(
        id=sent.id, device=device, user_id=device.user_id, unit_id=device.unit_id, kind=sent.kind,
        subject=sent.subject, after=sent.after, settles=sent.settles, why=sent.why, form=sent.form,
        body=sent.body, body_hash=sent.body_hash, made_at=sent.made_at, received_at=arrival.at,
        clock_off=arrival.clock_off, way=arrival.way.value, state=PhoneItemState.HELD.value,
        code=sent.trouble,
    )  # fmt: skip
    item.unit_id = _unit_of(item) or device.unit_id
    return item


def _unit_of(item: PhoneItem) -> UUID | None:
    """The unit an item is about, where it names one that we have."""
    kind = KINDS.get(item.kind)
    if kind is None or item.code:
        return None
    try:
        unit_id = kind.unit_of(item)
    except VungManhError:
        return None
    return unit_id if Unit.objects.filter(pk=unit_id).exists() else None


def decide_followers(
    device: PhoneDevice, item: PhoneItem, by: Viewer | None, at: dt.datetime, *,
    office: Viewer | None = None,
) -> None:  # fmt: skip
    """Decide what was held for an item that has come, and what was held for that, and so on; also
    what waited for the conflict it settles."""
    if (by is None and office is None) or item.state == PhoneItemState.HELD:
        return
    done = [one for one in (item.pk, item.settles) if one]
    while done:
        key = done.pop()
        waiting = PhoneItem.objects.filter(
            device=device, state=PhoneItemState.HELD, waits_for__contains=[key]
        )
        for follower in list(waiting.order_by("received_at", "id").values_list("pk", flat=True)):
            decided = decide_again(device, follower, by=by, at=at, office=office)
            if decided.state != PhoneItemState.HELD:
                done.append(follower)


def decide_again(
    device: PhoneDevice, item_id: UUID, *, by: Viewer | None, at: dt.datetime,
    office: Viewer | None = None, forced: bool = False,
) -> PhoneItem:  # fmt: skip
    """Decide an item that waits, in a transaction of its own; one decided meanwhile stays."""
    with transaction.atomic():
        lock_phone(device)
        item = PhoneItem.objects.select_for_update(of=("self",)).get(pk=item_id)
        if item.state in WAITING:
            decide(item, by=by, at=at, office=office, forced=forced)
    return item


def _decide_deposited(device: PhoneDevice, by: Viewer, at: dt.datetime) -> None:
    """What this phone deposited while nobody was signed in, now that its person is."""
    deposited = PhoneItem.objects.filter(
        device=device, state=PhoneItemState.QUARANTINED, code="signed-out"
    )
    for item in in_order_of_making(deposited):
        decide_followers(device, decide_again(device, item.pk, by=by, at=at), by, at)


def check_pace(device: PhoneDevice, items: list[object], most: int, at: dt.datetime) -> None:
    """Raise TooOften where a phone would send more than `most` new items within an hour.

    What it asks about again is not new: a phone that waits may ask as often as it likes.
    """
    ids = [one.id for one in map(read_item, items) if isinstance(one, SentItem)]
    mine = PhoneItem.objects.filter(device=device)
    new = len(items) - mine.filter(pk__in=ids).count()
    if new and mine.filter(received_at__gt=at - HOUR).count() + new > most:
        raise TooOften(
            "Điện thoại này gửi quá nhiều trong một giờ. Chờ một lát rồi gửi lại; phần đã ghi còn "
            "nguyên trên máy."
        )


def force_held(*, at: dt.datetime) -> int:
    """Every night: decide what has waited five days for something that never came, and try again
    what met a fault of ours. Returns how many of those that waited are decided now."""
    waiting = PhoneItem.objects.filter(state=PhoneItemState.HELD).exclude(code="after-conflict")
    before = set(waiting.values_list("pk", flat=True))
    late = waiting.filter(received_at__lte=at - FORCED_AFTER)
    first = late.exclude(after__in=PhoneItem.objects.values("pk"))
    # Those that wait only for what waits itself follow by themselves; then whatever is left over.
    for some, forced in ((waiting.filter(code="trouble"), False), (first, True), (late, True)):
        for item in in_order_of_making(some.select_related("device", "user")):
            by = viewer_for(item.user, on=localdate(at)) if item.user.is_active else None
            decided = decide_again(item.device, item.pk, by=by, at=at, forced=forced)
            decide_followers(item.device, decided, by, at)
    left = PhoneItem.objects.filter(pk__in=before, state__in=WAITING)
    return len(before) - left.count()
