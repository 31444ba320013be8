"""Rotating somebody from a post to another by a decision, their return, their stay, and undoing.

Both appointments are written in one transaction with the rotation: the old one ends on the day the
new one begins. Judged by the rules of that day before anything is kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.cadre import placing
from vungmanh.cadre.models import Rotation
from vungmanh.cadre.rotations import RotationFacts, judge_rotation, left_post, state_on
from vungmanh.cadre.staffing import ROTATIONS, Circumstances, Exceptions, Holder, accepted
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import AppointmentWay, RotationState
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment, UnitClosure
from vungmanh.rulebook.people.findings import PeopleFinding

RECORD = "cadre.rotation.record"
ROTATED, CAME_HOME = "Luân chuyển", "Hết luân chuyển"
OPEN = (RotationState.DECIDED, RotationState.AWAY)
_WORDS = 300


@dataclass(frozen=True)
class RotationWish:
    """A decision on a rotation. `elsewhere`: what is left lies outside the register."""

    holder: Holder
    way: AppointmentWay
    to_unit: UUID
    to_post: Post
    began_on: dt.date
    return_on: dt.date
    aim: str
    document: str
    from_unit: UUID | None = None
    from_post: Post | None = None
    elsewhere: str = ""
    facts: RotationFacts = field(default_factory=RotationFacts)
    told: Circumstances = field(default_factory=Circumstances)


@transaction.atomic
def decide_rotation(
    *, wish: RotationWish, exceptions: Exceptions = (), by: Viewer,
    at: dt.datetime,
) -> Rotation:  # fmt: skip
    """Record a rotation: the post left ends, the new one begins, both units are followed.

    Raises RuleBroken with its citation, InputError (field of the wish), NotFound, NotNow, Conflict.
    """
    check_can(by, RECORD)
    for unit_id in sorted({one for one in (wish.from_unit, wish.to_unit) if one is not None}):
        placing.take_unit(by, unit_id)
    who = placing.named(by, wish.holder)
    document = placing.document_of(wish.document)
    left = left_post(wish.from_unit, wish.from_post, who, wish.began_on)
    kept = accepted(judge_wish(replace(wish, holder=who), left, localdate(at)), exceptions)
    if left is not None:
        placing.close(left, wish.began_on, document=document, reason=ROTATED)
    made = placing.place(
        unit_id=wish.to_unit, post=wish.to_post, holder=who, way=wish.way,
        from_day=wish.began_on, planned_until=wish.return_on, document=document, exceptions=kept,
        by=by,
    )  # fmt: skip
    state = RotationState.DECIDED if wish.began_on > localdate(at) else RotationState.AWAY
    rotation = Rotation.objects.create(
        holder_name=who.name, person_id=who.person_id, way=wish.way, from_unit_id=wish.from_unit,
        from_post=wish.from_post or "", to_unit_id=wish.to_unit, to_post=wish.to_post,
        elsewhere=_words(wish.elsewhere)[:200], left_appointment=left, appointment=made,
        aim=_words(wish.aim), document=document, began_on=wish.began_on, return_on=wish.return_on,
        state=state, exceptions=kept, by=by.user,
    )  # fmt: skip
    _tell("rotation.decided", rotation, by, at)
    return rotation


def judge_wish(
    wish: RotationWish, left: Appointment | None, today: dt.date
) -> tuple[PeopleFinding, ...]:
    """What the rules say of a decision, once nothing is amiss that no exception mends.

    `left`: the appointment that it ends. Raises InputError, NotNow for a unit that has ended.
    """
    _check(wish, left, today)
    return judge_rotation(
        holder=wish.holder, way=wish.way, to_unit=wish.to_unit, to_post=wish.to_post,
        began_on=wish.began_on, return_on=wish.return_on, left=left, facts=wish.facts,
        told=wish.told,
    )  # fmt: skip


@transaction.atomic
def end_rotation(
    *, rotation_id: UUID, on: dt.date, stays: bool, document: str, outcome: str, by: Viewer,
    at: dt.datetime,
) -> Rotation:  # fmt: skip
    """Record the return (the post there ends on that day) or that somebody stays in it for good.

    Which post a returned person takes up at home is recorded as an appointment of its own.
    """
    check_can(by, RECORD)
    rotation = _own(by, rotation_id)
    today = localdate(at)
    if state_on(rotation, today) is not RotationState.AWAY:
        raise NotNow("Chỉ ghi kết thúc khi đang luân chuyển.", code="not-away")
    if not rotation.began_on < on <= today:
        raise InputError("Ngày kết thúc phải sau ngày bắt đầu, không quá hôm nay.", field="on",
                         code="bad-days")  # fmt: skip
    document, outcome = placing.document_of(document), _words(outcome)
    if len(outcome) < 3:
        raise InputError("Ghi kết quả so với mục đích, trong một câu.", field="outcome",
                         code="blank")  # fmt: skip
    row = rotation.appointment
    if row is not None and row.valid.upper is None:  # a reform may have ended it
        if stays:
            _plan(row, None)
        else:
            placing.close(row, on, document=document, reason=CAME_HOME)
    rotation.state = RotationState.STAYED if stays else RotationState.RETURNED
    rotation.ended_on, rotation.ended_document, rotation.outcome = on, document, outcome
    _keep(rotation)
    _tell("rotation.stayed" if stays else "rotation.returned", rotation, by, at)
    return rotation


@transaction.atomic
def cancel_rotation(*, rotation_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Rotation:
    """Call a decision off, or take back one recorded by mistake: both posts as they were before.

    Raises Conflict where somebody holds the post that was left since, NotNow where it has ended or
    something rests on the post that was taken.
    """
    check_can(by, RECORD)
    rotation = _own(by, rotation_id, both=True)
    if rotation.state not in OPEN:
        raise NotNow("Luân chuyển này đã kết thúc; rút phần kết thúc trước.", code="not-open")
    why = checked_reason(reason)
    made, left = rotation.appointment, rotation.left_appointment
    rotation.state, rotation.ended_on = RotationState.CANCELLED, localdate(at)
    rotation.appointment = None
    rotation.outcome = why
    _keep(rotation)
    if made is not None:
        placing.check_goes_on(made.unit_id)  # a reform ended the post, and is undone first
        placing.check_nothing_rests(made)
        placing.remove(made)
    if left is not None:
        placing.reopen(left)
    _tell("rotation.cancelled", rotation, by, at, reason=why)
    return rotation


@transaction.atomic
def take_back_end_of_rotation(
    *, rotation_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> Rotation:
    """The return or the stay was recorded by mistake: the rotation goes on."""
    check_can(by, RECORD)
    rotation = _own(by, rotation_id)
    if rotation.state not in {RotationState.RETURNED, RotationState.STAYED}:
        raise NotNow("Luân chuyển này chưa ghi kết thúc.", code="not-ended")
    why, row = checked_reason(reason), rotation.appointment
    if row is not None and row.ended_reason == CAME_HOME:  # what a reform ended stays ended
        placing.reopen(row)
    elif row is not None and row.ended_document:
        raise NotNow("Người này đã thôi giữ chức ở nơi đến; rút lần thôi ấy trước.",
                     code="stay-ended")  # fmt: skip
    elif row is not None and row.valid.upper is None:
        _plan(row, rotation.return_on)
    rotation.state, rotation.ended_on = RotationState.AWAY, None
    rotation.ended_document = rotation.outcome = ""
    _keep(rotation)
    _tell("rotation.reopened", rotation, by, at, reason=why)
    return rotation


def _check(wish: RotationWish, left: Appointment | None, today: dt.date) -> None:
    placing.check_days(wish.began_on, wish.return_on, today)
    if wish.way not in ROTATIONS:
        raise InputError("Chọn hướng luân chuyển: xuống, lên hoặc ngang.", field="way",
                         code="bad-way")  # fmt: skip
    if (wish.from_unit is None) == (not _words(wish.elsewhere)):
        raise InputError(
            "Chọn nơi đi trong sổ tổ chức, hoặc ghi nơi đi ở ngoài sổ; chỉ một trong hai.",
            field="elsewhere", code="bad-from",
        )  # fmt: skip
    if wish.from_unit is not None and wish.from_post is None:
        raise InputError("Chọn chức danh ở nơi đi.", field="from_post", code="no-post")
    if wish.from_unit == wish.to_unit:
        raise InputError("Nơi đến phải khác nơi đi.", field="to_post", code="same-unit")
    _check_direction(wish)
    if len(_words(wish.aim)) < 3:
        raise InputError("Ghi mục đích luân chuyển, trong một câu.", field="aim", code="blank")
    if wish.from_unit is not None and left is None:
        raise InputError(
            "Người này không giữ chức danh ấy ở nơi đi vào ngày luân chuyển; xem lại tên, chức"
            " danh, ngày.", field="holder", code="not-in-post",
        )  # fmt: skip
    placing.check_goes_on(wish.to_unit)
    placing.check_free(
        unit_id=wish.to_unit, post=wish.to_post, holder=wish.holder, way=wish.way,
        from_day=wish.began_on,
    )  # fmt: skip


def _check_direction(wish: RotationWish) -> None:
    """The way that is said must not go against the tree of that day."""
    pair = {wish.from_unit, wish.to_unit}
    links = UnitClosure.objects.filter(
        ancestor_id__in=pair, descendant_id__in=pair, depth__gt=0, valid__contains=wish.began_on
    )
    link = links.first()
    if link is None:
        return
    goes_up = link.ancestor_id == wish.to_unit
    if wish.way != (AppointmentWay.ROTATED_UP if goes_up else AppointmentWay.ROTATED_DOWN):
        where = (
            "Nơi đến là cấp trên của nơi đi: chọn luân chuyển từ dưới lên."
            if goes_up
            else "Nơi đến là cấp dưới của nơi đi: chọn luân chuyển từ trên xuống."
        )
        raise InputError(where, field="way", code="against-tree")


def _own(by: Viewer, rotation_id: UUID, *, both: bool = False) -> Rotation:
    """The rotation, its units locked: whoever holds the receiving unit writes on, also when a
    reform ended it. `both`: the post that was left is written too."""
    found = Rotation.objects.filter(pk=rotation_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy quyết định luân chuyển này trong phạm vi của đồng chí.",
            code="no-rotation",
        )
    ends = {found.to_unit_id, found.from_unit_id} if both else {found.to_unit_id}
    for unit_id in sorted(one for one in ends if one is not None):
        placing.take_unit(by, unit_id, or_ended=True)
    return Rotation.objects.select_for_update(of=("self",)).get(pk=rotation_id)


def _plan(row: Appointment, until: dt.date | None) -> None:
    row.planned_until = until
    row.save(update_fields=["planned_until"])


def _keep(rotation: Rotation) -> None:
    rotation.revision += 1
    rotation.save()


def _words(text: str) -> str:
    return " ".join(nfc(text).split())[:_WORDS]


def _tell(verb: str, one: Rotation, by: Viewer, at: dt.datetime, *, reason: str = "") -> None:
    rows: dict[str, Appointment | None] = {"left": one.left_appointment, "made": one.appointment}
    data: dict[str, Any] = {
        "way": one.way, "from": str(one.from_unit_id) if one.from_unit_id else None,
        "from_post": one.from_post, "to": str(one.to_unit_id), "to_post": one.to_post,
        "began_on": one.began_on.isoformat(), "return_on": one.return_on.isoformat(),
        "ended_on": one.ended_on.isoformat() if one.ended_on else None, "state": one.state,
        "document": one.document, "ended_document": one.ended_document,
        "appointments": {key: row.pk if row else None for key, row in rows.items()},
    }  # fmt: skip
    personal = {"holder": one.holder_name, "aim": one.aim, "exceptions": one.exceptions}
    record(
        verb, by=by.user, at=at, subject=f"rotation:{one.pk}", data=data,
        personal=personal | ({"reason": reason} if reason else {}),
    )  # fmt: skip
