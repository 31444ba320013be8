"""Visits of overseers: recorded, changed, withdrawn; what they found becomes tasks. One event each.

A visit is one overseer in one unit on one day. Recorded twice for that day (on paper and on a
phone), the two merge as `merging` says, and a person chooses where they differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import FiledVia, ObligationKind, Role, TaskState
from vungmanh.meetings.actions.task_counts import tell_task_counts
from vungmanh.meetings.actions.tasks import Hand, first_steps, new_task
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.merging import FieldConflict, merged
from vungmanh.meetings.models import Task, Visit, VisitChange
from vungmanh.meetings.models.visits import NOTE
from vungmanh.meetings.visits import (
    SAID,
    TEXTS,
    belongs_to,
    first_charge,
    is_in_charge,
    visit_facts,
    visit_visible,
    writes_visit,
)
from vungmanh.meetings.wishes import TaskWish, clean_task, line
from vungmanh.org.models import Unit
from vungmanh.org.queries import units_held, visible_unit
from vungmanh.org.turns import beside_register

RECORD = "meetings.visit.record"
KINDS = (ObligationKind.REGULAR.value, ObligationKind.THEMATIC.value)
Values = Mapping[str, Any]


class VisitConflict(FieldConflict):
    """Somebody else wrote the same of this visit meanwhile: both values are told."""

    def __init__(self, fields: Mapping[str, tuple[Any, Any, Any]]) -> None:
        labels = ", ".join(SAID[name] for name in fields)
        Conflict.__init__(
            self,
            f"Lần đi cơ sở ngày này đã ghi khác ở: {labels}. Xem hai giá trị, chọn một rồi ghi "
            "lại.",
            code="field-conflict",
        )
        self.fields = dict(fields)


def record_visit(
    *, id: UUID, unit_id: UUID, on: dt.date, attended: bool, found: str = "", agreed: str = "",
    put_right: str = "", meeting_id: UUID | None = None, by_plan: bool = True, by: Viewer,
    at: dt.datetime, via: FiledVia = FiledVia.WEB, was: Values | None = None,
    overseer_id: UUID | None = None,
) -> Visit:  # fmt: skip
    """Record a whole visit, or what one says of it now. `was` is what the writer had before."""
    said = {
        "attended": attended, "found": found, "agreed": agreed, "put_right": put_right,
        "by_plan": by_plan, "meeting": str(meeting_id) if meeting_id else None,
    }  # fmt: skip
    return write_visit(
        visit_id=id, unit_id=unit_id, on=on, set=said, was=was or {}, overseer_id=overseer_id,
        by=by, at=at, via=via,
    )  # fmt: skip


@transaction.atomic
def write_visit(
    *, visit_id: UUID, unit_id: UUID, on: dt.date, set: Values, was: Values, by: Viewer,
    at: dt.datetime, via: FiledVia, overseer_id: UUID | None = None,
) -> Visit:  # fmt: skip
    """Write what is said of a visit, the first time or again. `set` maps names of `SAID`.

    An overseer writes of the own visits; an office those of an overseer it names. The id may have
    been made by a phone. Raises NotFound for a unit out of reach, NotAllowed (`own-cell`,
    `not-in-charge`), InputError naming the field, VisitConflict.
    """
    check_can(by, RECORD)
    beside_register()
    visible_unit(by, unit_id, by.on)
    person = _overseer(by, unit_id, overseer_id)
    said = _cleaned(set, unit_id, on)
    before = {name: value for name, value in was.items() if value not in (None, "")}
    # The same from two connections at once: one waits for the other.
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    visit = _known(visit_id, unit_id, person, on)
    if visit is None:
        fresh = Visit(pk=visit_id, unit_id=unit_id, overseer_id=person, on=on)
        return _first(fresh, said, Hand(by, at, via))
    try:
        values, changed = merged(visit_facts(visit), said, before)
    except FieldConflict as error:
        raise VisitConflict(error.fields) from None
    if changed:
        _put(visit, values)
        _step(visit, "visit.changed", changed, Hand(by, at, via))
    return visit


@transaction.atomic
def withdraw_visit(*, visit_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Visit:
    """Withdraw a record made by mistake, with a reason. It stays to be read."""
    check_can(by, RECORD)
    beside_register()
    visit = _own(visit_id, by)
    why = checked_reason(reason)
    if visit.withdrawn_at is not None:
        raise NotNow("Lần đi cơ sở này đã được rút.", code="visit-withdrawn")
    visit.withdrawn_at, visit.withdrawn_reason = at, why
    _step(visit, "visit.withdrawn", {}, Hand(by, at), reason=why)
    return visit


@transaction.atomic
def task_from_visit(
    *, visit_id: UUID, wish: TaskWish, task_id: UUID | None = None, by: Viewer, at: dt.datetime,
    via: FiledVia = FiledVia.WEB,
) -> Task:  # fmt: skip
    """Give the unit visited something to put right. Whoever records the visit may give it.

    Raises NotNow for a visit that was withdrawn, InputError naming the field.
    """
    check_can(by, RECORD)
    beside_register()
    visit = _own(visit_id, by)
    if visit.withdrawn_at is not None:
        raise NotNow(
            "Lần đi cơ sở này đã được rút; ghi lại lần khác rồi giao việc.", code="visit-withdrawn"
        )
    visible_unit(by, visit.unit_id, by.on)
    wish = clean_task(wish, localdate(at))
    known = Task.objects.filter(pk=task_id).first() if task_id else None
    if known is not None:
        if known.visit_id == visit.pk and known.title == wish.title:
            return known
        raise Conflict("Mã này đã dùng cho một việc khác; giao lại việc này.", code="id-reused")
    task = new_task(visit.unit_id, wish, at)
    task.pk, task.visit = task_id or task.pk, visit
    task.save(force_insert=True)
    first_steps([task], Hand(by, at, via))
    record(
        "task.given",
        by=by.user,
        at=at,
        subject=f"task:{task.pk}",
        data={
            "unit": str(task.unit_id), "due_on": task.due_on.isoformat(), "via": via.value,
            "state": TaskState.OPEN.value, "visit": str(visit.pk),
        },
        personal={"title": task.title, "owner": task.owner},
    )  # fmt: skip
    tell_task_counts([task.unit_id], task.given_on, at=at)
    return task


def standing_visit(
    visit_id: UUID | None, unit_id: UUID, overseer_id: UUID, on: dt.date
) -> Visit | None:
    """The visit of that id; else the one that stands of that overseer, unit and day."""
    found = Visit.objects.filter(pk=visit_id).first() if visit_id else None
    same_day = Visit.objects.filter(
        unit_id=unit_id, overseer_id=overseer_id, on=on, withdrawn_at=None
    )
    return found or same_day.first()


# --- inside --------------------------------------------------------------------------------------


def _overseer(by: Viewer, unit_id: UUID, overseer_id: UUID | None) -> UUID:
    """Whose visit it is. Raises NotAllowed, NotFound, InputError (`overseer`)."""
    if by.role is Role.OVERSEER:
        if overseer_id not in (None, by.user.pk):
            raise NotAllowed(
                "Mỗi người chỉ ghi lần đi cơ sở của mình; của người khác thì văn phòng ghi.",
                code="not-own-visit",
            )
        own: UUID = by.user.pk
        return own
    if not units_held(by, by.on).filter(descendant_id=unit_id).exists():
        raise NotFound(
            "Không tìm thấy tổ chức này trong phạm vi của đồng chí.", code="unit-not-found"
        )
    if overseer_id is None or not User.objects.filter(pk=overseer_id).exists():
        raise InputError(
            "Chọn người phụ trách đã đi lần này.", field="overseer", code="no-overseer"
        )
    return overseer_id


def _known(visit_id: UUID, unit_id: UUID, overseer_id: UUID, on: dt.date) -> Visit | None:
    """The visit that is written of, locked; None for a new one."""
    found = standing_visit(visit_id, unit_id, overseer_id, on)
    if found is None:
        return None
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if (visit.unit_id, visit.overseer_id) != (unit_id, overseer_id):
        raise Conflict("Mã này đã dùng cho một lần đi khác; ghi lại lần này.", code="id-reused")
    if visit.withdrawn_at is not None:
        raise NotNow(
            "Lần đi cơ sở này đã được rút. Nếu có đi thật thì ghi thành lần mới.",
            code="visit-withdrawn",
        )
    if visit.on != on:
        raise InputError(
            f"Lần này đã ghi là ngày {date_vi(visit.on)}; sai ngày thì rút lại rồi ghi lần mới.",
            field="on",
            code="other-day",
        )
    return visit


def _first(visit: Visit, said: Values, hand: Hand) -> Visit:
    """Keep a visit that nobody has recorded yet."""
    _check_day(visit.overseer_id, visit.unit_id, visit.on, localdate(hand.at))
    if said.get("attended") is None:
        raise InputError("Chọn có dự sinh hoạt hay không.", field="attended", code="no-attended")
    visit.via, visit.revision = hand.via, 0
    _put(visit, said)
    kept = {name: [None, value] for name, value in visit_facts(visit).items()}
    _step(visit, "visit.recorded", kept, hand)
    return visit


def _check_day(overseer_id: UUID, unit_id: UUID, on: dt.date, today: dt.date) -> None:
    """Raise unless somebody was in charge of the unit on a day gone by, and it is not their own."""
    if on > today:
        raise InputError("Ngày đi chưa đến; xem lại ngày.", field="on", code="day-to-come")
    if belongs_to(overseer_id, unit_id, on):
        raise NotAllowed(
            "Đây là chi bộ của chính người đi; dự chi bộ mình không phải là đi cơ sở. Cần thì phân "
            "công người khác phụ trách.",
            code="own-cell",
        )
    if is_in_charge(overseer_id, unit_id, on):
        return
    first = first_charge(overseer_id, unit_id)
    if first is not None and on < first:
        raise InputError(
            f"Việc phụ trách nơi này bắt đầu từ {date_vi(first)}; ngày đi phải từ ngày ấy.",
            field="on",
            code="before-charge",
        )
    raise NotAllowed(
        f"Ngày {date_vi(on)} người này không được phân công phụ trách nơi này. Xem lại ngày, hoặc "
        "đề nghị văn phòng đảng ủy phân công.",
        code="not-in-charge",
    )


def _cleaned(said: Values, unit_id: UUID, on: dt.date) -> dict[str, Any]:
    """The values as they are kept. Raises InputError naming the field."""
    clean: dict[str, Any] = {}
    for name, value in said.items():
        if name in TEXTS:
            clean[name] = line(str(value or ""), name, NOTE, SAID[name], needed=False) or None
        elif name in ("attended", "by_plan"):
            if not isinstance(value, bool):
                raise InputError("Chọn có hoặc không.", field=name, code="not-said")
            clean[name] = value
        elif name == "meeting":
            clean[name] = _sitting(value, unit_id, on)
        else:
            raise InputError(
                f"Mẫu ghi này không có mục “{name}”: mẫu đã đổi. Tải lại trang rồi ghi lại.",
                code="unknown-field",
            )
    return clean


def _sitting(value: Any, unit_id: UUID, on: dt.date) -> str | None:
    """The id of a meeting of this unit, of about that month; its record may come later."""
    if value in (None, ""):
        return None
    months = (add_months(month_of(on), step) for step in (-2, -1, 0, 1))
    ids = {str(meeting_id(unit_id, kind, month)) for month in months for kind in KINDS}
    if str(value).lower() not in ids:
        raise InputError(
            "Buổi họp này không phải của nơi đã đến, hoặc không quanh ngày ấy; chọn lại.",
            field="meeting",
            code="other-meeting",
        )
    return str(value).lower()


def _put(visit: Visit, values: Values) -> None:
    visit.attended = values["attended"]
    visit.by_plan = values.get("by_plan", True)
    for name in TEXTS:
        setattr(visit, name, values.get(name) or "")
    sitting = values.get("meeting") if visit.attended else None
    visit.meeting_id = UUID(sitting) if sitting else None


def _own(visit_id: UUID, by: Viewer) -> Visit:
    """The visit, locked, if its record is the viewer's to change."""
    seen = visit_visible(by, visit_id, by.on)
    if not writes_visit(by, seen.unit_id, seen.overseer_id):
        raise NotAllowed(
            "Chỉ người đã đi, hoặc văn phòng cấp trên của nơi đã đến, mới ghi tiếp được lần này.",
            code="not-own-visit",
        )
    return Visit.objects.select_for_update(of=("self",)).get(pk=seen.pk)


def _step(
    visit: Visit, verb: str, changed: Mapping[str, Any], hand: Hand, *, reason: str = ""
) -> None:
    """Keep the visit, what changed, and the event. What was noted is not told in the event."""
    visit.revision += 1
    visit.by, visit.changed_at = hand.by.user, hand.at
    visit.save()
    VisitChange.objects.create(
        visit=visit, revision=visit.revision, fields=dict(changed), reason=reason,
        by=hand.by.user, at=hand.at, via=hand.via,
    )  # fmt: skip
    record(
        verb,
        by=hand.by.user,
        at=hand.at,
        subject=f"visit:{visit.pk}",
        data={
            "unit": str(visit.unit_id), "on": visit.on.isoformat(), "fields": sorted(changed),
            "via": hand.via.value,
        },
        personal={"overseer": str(visit.overseer_id), **({"reason": reason} if reason else {})},
    )  # fmt: skip
