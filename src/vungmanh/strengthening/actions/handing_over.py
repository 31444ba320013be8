"""Confirming, with a document, that what lies open in a unit was handed to whoever came.

The list is of the day of the hand-over. A task that lay with the one who left by name is written to
the one who came; what lies with a post goes on with the post. Taken back, the names go back too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import can, check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.handed_over import CONFIRMED, TAKEN_BACK, hand_over_of
from vungmanh.cadre.placing import document_of, take_unit
from vungmanh.cadre.posts import appointment_visible
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.text import same_name_key
from vungmanh.meetings.actions.tasks import REPORT, report_task
from vungmanh.meetings.tasks import reports_for
from vungmanh.org.models import Appointment
from vungmanh.strengthening.handing_over import (
    OpenItem,
    OpenKind,
    open_items,
)
from vungmanh.strengthening.rotations import holder_before

RECORD = "cadre.post.record"


@transaction.atomic
def confirm_hand_over(
    *, appointment_id: int, keys: Collection[str], document: str, by: Viewer, at: dt.datetime
) -> Event:
    """Record that these lines of the list were handed to the holder of an appointment.

    Raises NotFound, NotNow before the first day, after the last or when confirmed already,
    InputError (`document`, `keys` where something is open and no line was chosen), Conflict for a
    line no longer open.
    """
    check_can(by, RECORD)
    today = localdate(at)
    row = _own(by, appointment_id)
    if row.valid.lower > today:
        raise NotNow("Người này chưa đến ngày nhận chức.", code="not-yet")
    if row.valid.upper is not None and row.valid.upper <= today:
        raise NotNow("Người này đã thôi giữ chức; bàn giao cho người sau.", code="left")
    if hand_over_of(row) is not None:
        raise NotNow("Đã ghi bàn giao; muốn sửa thì rút lần ghi ấy trước.", code="handed-over")
    listed = {one.key: one for one in open_items(by, row.unit_id, today)}
    if set(keys) - set(listed):
        raise Conflict("Danh sách vừa thay đổi; tải lại trang rồi xác nhận.", code="list-changed")
    if listed and not keys:
        raise InputError("Chọn các dòng đã bàn giao.", field="keys", code="none-chosen")
    before = holder_before(row)
    name = before.holder_name if before else ""
    chosen = [listed[key] for key in keys]
    moved = _rename(chosen, name, row.holder_name, by, at) if _reports(by, row) else []
    return record(
        CONFIRMED, by=by.user, at=at, subject=f"unit:{row.unit_id}",
        data={"appointment": row.pk, "items": sorted(keys), "tasks": moved,
              "document": document_of(document)},
        personal={"holder": row.holder_name, "before": name},
    )  # fmt: skip


@transaction.atomic
def take_back_hand_over(*, appointment_id: int, reason: str, by: Viewer, at: dt.datetime) -> None:
    """The hand-over was recorded by mistake: tasks lie with whom they lay before."""
    check_can(by, RECORD)
    row = _own(by, appointment_id)
    told, why = hand_over_of(row), checked_reason(reason)
    if told is None:
        raise NotNow("Chưa ghi lần bàn giao nào để rút.", code="nothing-to-undo")
    names = told.event.personal
    tasks = set(told.event.data["tasks"])
    items = [one for one in open_items(by, row.unit_id, localdate(at)) if one.id in tasks]
    if items and _reports(by, row):
        _rename(items, names.get("holder", ""), names.get("before", ""), by, at)
    record(
        TAKEN_BACK, by=by.user, at=at, subject=f"unit:{row.unit_id}",
        data={"of": told.event.pk, "appointment": row.pk}, personal={"reason": why},
    )  # fmt: skip


def _rename(
    items: Collection[OpenItem], was: str, now: str, by: Viewer, at: dt.datetime
) -> list[str]:
    """Tasks that lay with one by name lie with the other; ids of those written anew."""
    if not (was and now):
        return []
    mine = [
        one
        for one in items
        if one.kind is OpenKind.TASK and same_name_key(one.owner) == same_name_key(was)
    ]
    for one in mine:
        report_task(task_id=one.place, set={"owner": now}, was={"owner": one.owner}, by=by, at=at)
    return [one.id for one in mine]


def _reports(by: Viewer, row: Appointment) -> bool:
    """Whether the tasks of the unit are the viewer's to write; else they stay as they are."""
    return can(by, REPORT) and reports_for(by, row.unit_id, by.on)


def _own(by: Viewer, appointment_id: int) -> Appointment:
    row = appointment_visible(by, appointment_id, by.on)
    if row is None:
        raise NotFound(
            "Không tìm thấy lần giữ chức này trong phạm vi của đồng chí.", code="no-appointment"
        )
    take_unit(by, row.unit_id)
    return row
