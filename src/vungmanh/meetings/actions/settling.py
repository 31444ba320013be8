"""What the office does with items of phones that wait for a person: choose, release, reject; and
stopping a phone that was lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import FiledVia, MeetingState, PhoneItemState
from vungmanh.meetings.actions.deciding import close_conflict, in_order_of_making, keep
from vungmanh.meetings.actions.meeting import (
    correct_meeting,
    file_meeting,
    retract_meeting,
    write_meeting,
)
from vungmanh.meetings.actions.phone_kinds import (
    FILED,
    REPORT,
    VISIT,
    WRITE,
    key_of,
    visit_of,
)
from vungmanh.meetings.actions.phone_outcomes import Outcome
from vungmanh.meetings.actions.receiving import decide_again, decide_followers, lock_phone
from vungmanh.meetings.actions.tasks import report_task, task_facts
from vungmanh.meetings.actions.visits import write_visit
from vungmanh.meetings.merging import cleaned
from vungmanh.meetings.models import Meeting, PhoneDevice, PhoneItem, Task
from vungmanh.meetings.reads import may_write_for
from vungmanh.meetings.visits import visit_facts

SETTLE = "meetings.phone.settle"
LONGEST_REJECTION = 300


def settle_conflict(
    *, item_id: UUID, chosen: Mapping[str, Any], seen: Mapping[str, Any], reason: str, by: Viewer,
    at: dt.datetime,
) -> PhoneItem:  # fmt: skip
    """Choose a value for each field of a conflict, with a reason.

    `seen` is what stood there when the chooser looked: where it has changed since, Conflict
    (`changed-again`). A record that was closed is opened, written and filed again by the chooser.
    """
    why = checked_reason(reason)
    with transaction.atomic():
        item = _locked(item_id, by)
        if item.state != PhoneItemState.CONFLICT:
            raise NotNow("Mục này đã có người chọn xong.", code="settled")
        fields = item.answer["conflict"]
        if set(chosen) != set(fields):
            raise InputError("Chọn một giá trị cho mỗi chỗ khác nhau.", code="not-chosen")
        _write_chosen(item, chosen, seen, why=why, by=by, at=at)
        close_conflict(item, dict(chosen), why=why, by=by.user, at=at)
    decide_followers(item.device, item, _owner(item, by), at, office=by)
    return item


def current_values(item: PhoneItem) -> dict[str, Any]:
    """What stands now where an item is in conflict."""
    if item.kind == WRITE:
        meeting = Meeting.objects.filter(pk=key_of(item)).first()
        return dict(meeting.facts) if meeting else {}
    if item.kind == REPORT:
        task = Task.objects.filter(pk=item.subject).first()
        return task_facts(task) if task else {}
    if item.kind == VISIT:
        visit = visit_of(item)
        return visit_facts(visit) if visit else {}
    return {}


def _write_chosen(
    item: PhoneItem, chosen: Mapping[str, Any], seen: Mapping[str, Any], *, why: str, by: Viewer,
    at: dt.datetime,
) -> None:  # fmt: skip
    if item.kind not in (WRITE, REPORT, VISIT):
        raise NotAllowed(
            "Điểm chấm chỉ người chấm tự chọn trên điện thoại của mình.", code="scorers-choice"
        )
    now = current_values(item)
    if any(now.get(name) != seen.get(name) for name in chosen):
        raise Conflict(
            "Vừa có người ghi lại chỗ này. Tải lại trang, xem giá trị mới rồi chọn.",
            code="changed-again",
        )
    said = cleaned(chosen) if item.kind == WRITE else dict(chosen)
    wanted = {name: value for name, value in said.items() if now.get(name) != value}
    if not wanted:
        return
    was = {name: now.get(name) for name in wanted}
    if item.kind == REPORT:
        key = UUID(item.subject)
        report_task(task_id=key, set=wanted, was=was, by=by, at=at, via=FiledVia.PHONE)
        return
    visit = visit_of(item) if item.kind == VISIT else None
    if visit is not None:
        write_visit(
            visit_id=visit.pk, unit_id=visit.unit_id, on=visit.on, set=wanted, was=was,
            overseer_id=visit.overseer_id, by=by, at=at, via=FiledVia.PHONE,
        )  # fmt: skip
        return
    meeting = Meeting.objects.get(pk=key_of(item))
    is_filed = meeting.state in FILED
    if meeting.state == MeetingState.FILED:
        retract_meeting(meeting_id=meeting.pk, by=by, at=at)
    elif is_filed:
        correct_meeting(meeting_id=meeting.pk, reason=why, by=by, at=at)
    write_meeting(
        unit_id=meeting.unit_id, kind=meeting.kind, month=meeting.month, set=wanted, was=was, by=by,
        at=at, via=FiledVia.PHONE,
    )  # fmt: skip
    if is_filed:
        file_meeting(meeting_id=meeting.pk, by=by, at=at, via=FiledVia.PHONE)


def release_item(*, item_id: UUID, by: Viewer, at: dt.datetime) -> PhoneItem:
    """Let a kept or held item be decided now: in its person's name where that person still may,
    else in the office's. Raises NotNow where it cannot be written even so."""
    with transaction.atomic():
        item = _locked(item_id, by)
        if item.state not in (PhoneItemState.QUARANTINED, PhoneItemState.HELD):
            raise NotNow("Mục này đã được xử lý.", code="settled")
        is_forced = item.state == PhoneItemState.HELD
        device, owner = item.device, _owner(item, by)
        item = decide_again(device, item_id, by=owner, at=at, office=by, forced=is_forced)
        # What waits for a choice or for an item before it is released: it goes on by itself then.
        is_still = item.state == PhoneItemState.QUARANTINED
        if is_still or (is_forced and item.state == PhoneItemState.HELD):
            raise NotNow(
                f"Chưa ghi được. {item.answer.get('message', '')} Cần thì từ chối, có lý do.",
                code="cannot-release",
            )
        record(
            "phone_item.released",
            by=by.user,
            at=at,
            subject=f"unit:{item.unit_id}",
            data={"item": str(item.pk), "kind": item.kind, "state": item.state},
        )
    decide_followers(device, item, owner, at, office=by)
    return item


def release_all(*, device_id: UUID, by: Viewer, at: dt.datetime) -> list[PhoneItem]:
    """Let everything kept of one phone be decided, in the order in which it was made.

    What cannot be written even so stays in the queue. Returns what was released.
    """
    check_can(by, SETTLE)
    kept = PhoneItem.objects.filter(device_id=device_id, state=PhoneItemState.QUARANTINED)
    done = []
    for item in in_order_of_making(kept):
        try:
            done.append(release_item(item_id=item.pk, by=by, at=at))
        except (NotNow, NotFound):
            continue
    return done


def reject_item(*, item_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> PhoneItem:
    """Write a kept or held item nowhere, with a reason that its person reads. It is kept."""
    why = checked_reason(reason)
    with transaction.atomic():
        item = _locked(item_id, by)
        if item.state not in (PhoneItemState.QUARANTINED, PhoneItemState.HELD):
            raise NotNow("Mục này đã được xử lý.", code="settled")
        told = f"Văn phòng đảng ủy không ghi mục này: {why}"
        keep(item, Outcome(PhoneItemState.REFUSED, "rejected", told), by=by, at=at)
    decide_followers(item.device, item, _owner(item, by), at, office=by)
    return item


@transaction.atomic
def revoke_phone(*, device_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> PhoneDevice:
    """Take nothing more from a phone that was lost. What it sent before stays."""
    check_can(by, SETTLE)
    why = checked_reason(reason)
    device = PhoneDevice.objects.select_for_update().filter(pk=device_id).first()
    if device is None or not may_write_for(by, device.unit_id, by.on):
        raise NotFound("Không tìm thấy điện thoại này trong phạm vi của đồng chí.")
    if device.revoked_at is not None:
        raise NotNow("Điện thoại này đã được ngừng nhận.", code="revoked")
    device.revoked_at, device.revoked_by, device.revoked_reason = at, by.user, why
    device.save()
    record(
        "phone.revoked",
        by=by.user,
        at=at,
        subject=f"unit:{device.unit_id}",
        data={"phone": str(device.pk)},
        personal={"reason": why},
    )
    return device


def _locked(item_id: UUID, by: Viewer) -> PhoneItem:
    """The item with its phone, both locked. Raises NotFound alike for absent and out of reach."""
    check_can(by, SETTLE)
    seen = PhoneItem.objects.select_related("device", "user").filter(pk=item_id).first()
    if seen is None or not may_write_for(by, seen.unit_id, by.on):
        raise NotFound("Không tìm thấy mục này trong phạm vi của đồng chí.", code="no-item")
    lock_phone(seen.device)
    seen.refresh_from_db()
    return seen


def _owner(item: PhoneItem, by: Viewer) -> Viewer | None:
    """The person of the phone as a viewer; None once the account is closed."""
    return viewer_for(item.user, on=by.on) if item.user.is_active else None
