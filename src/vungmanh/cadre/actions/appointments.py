"""Recording who comes into a post and who leaves it, and taking back what was recorded by mistake.

An appointment is judged by the rules of its first day before anything is written. What is taken
back leaves the register; the ledger keeps that it was there, and why it went.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.cadre import placing
from vungmanh.cadre.models import Rotation
from vungmanh.cadre.staffing import (
    ROTATIONS,
    Circumstances,
    Exceptions,
    Holder,
    accepted,
    judge_appointment,
    judge_move,
    single_posts,
)
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment

RECORD = "cadre.post.record"
MOVED = "moved"  # the one exception that an end may need


@transaction.atomic
def appoint(
    *, unit_id: UUID, post: Post, holder: Holder, way: AppointmentWay, from_day: dt.date,
    document: str, planned_until: dt.date | None = None, told: Circumstances | None = None,
    exceptions: Exceptions = (), by: Viewer, at: dt.datetime,
) -> Appointment:  # fmt: skip
    """Record that somebody holds a post from a day on. Whoever acted in it until then stops;
    acting is given until a day (`planned_until`), past which it is shown.

    Raises RuleBroken with its citation for what a rule refuses (another holds the post, a cell too
    small for a committee), InputError, NotFound, NotNow for a unit that has ended, Conflict.
    """
    check_can(by, RECORD)
    placing.take_unit(by, unit_id)
    who, document = placing.named(by, holder), placing.document_of(document)
    check_appointment(
        unit_id=unit_id, post=post, holder=who, way=way, from_day=from_day,
        planned_until=planned_until, today=localdate(at),
    )  # fmt: skip
    findings = judge_appointment(
        unit_id=unit_id, post=post, holder=who, way=way, from_day=from_day,
        told=told or Circumstances(),
    )  # fmt: skip
    row = placing.place(
        unit_id=unit_id, post=post, holder=who, way=way, from_day=from_day,
        planned_until=planned_until, document=document,
        exceptions=accepted(findings, exceptions), by=by,
    )  # fmt: skip
    _tell("appointment.recorded", row, by, at)
    return row


def check_appointment(
    *, unit_id: UUID, post: Post, holder: Holder, way: AppointmentWay, from_day: dt.date,
    planned_until: dt.date | None, today: dt.date,
) -> None:  # fmt: skip
    """What no rule and no exception mends: asked before the rules are shown, and again before
    anything is kept. Raises InputError, NotNow for a unit that has ended."""
    if way in ROTATIONS:
        raise InputError(
            "Luân chuyển ghi ở mục Luân chuyển, để theo dõi cả hai nơi.", field="way",
            code="is-rotation",
        )  # fmt: skip
    if way is AppointmentWay.ACTING and planned_until is None:
        raise InputError("Giao phụ trách đến ngày nào? Ghi ngày dự kiến thôi.",
                         field="planned_until", code="acting-until")  # fmt: skip
    placing.check_days(from_day, planned_until, today)
    placing.check_goes_on(unit_id)
    placing.check_free(unit_id=unit_id, post=post, holder=holder, way=way, from_day=from_day)


@transaction.atomic
def end_appointment(
    *, appointment_id: int, on: dt.date, reason: str, document: str, is_moved: bool = False,
    after_reform: bool = False, exceptions: Exceptions = (), by: Viewer, at: dt.datetime,
) -> Appointment:  # fmt: skip
    """Record the first day on which somebody no longer holds a post.

    `is_moved`: sent elsewhere by the upper level, which counts against the share of elected members
    that may be moved at once, unless by a merger or split. Raises RuleBroken, InputError, NotFound,
    NotNow.
    """
    check_can(by, RECORD)
    row = _own(by, appointment_id)
    _check_free(row, ends=True)
    if on > localdate(at) + placing.FARTHEST_AHEAD:
        raise InputError("Ngày này xa quá một năm tới; xem lại.", field="on", code="too-far")
    why, document = checked_reason(reason), placing.document_of(document)
    findings = judge_move(row, on, after_reform=after_reform) if is_moved else ()
    kept = accepted(findings, exceptions)
    row.exceptions = [*row.exceptions, *kept]
    placing.close(row, on, document=document, reason=why)
    _tell("appointment.ended", row, by, at, reason=why)
    return row


@transaction.atomic
def take_back_appointment(*, appointment_id: int, reason: str, by: Viewer, at: dt.datetime) -> None:
    """Take out what was recorded by mistake, while nothing rests on it.

    Raises NotNow where it came with the register, somebody followed in the post, or a rotation or
    a course rests on it.
    """
    check_can(by, RECORD)
    row = _own(by, appointment_id)
    _check_free(row)
    why = checked_reason(reason)
    _check_recorded_here(row)
    followed = Appointment.objects.filter(
        unit_id=row.unit_id, post=row.post, seat=row.seat, valid__startswith__gt=row.valid.lower
    )
    if Post(row.post) in single_posts(row.valid.lower) and followed.exists():
        raise NotNow(
            "Đã có người giữ chức này sau đó; rút lần ghi sau trước.", code="post-followed"
        )
    placing.check_nothing_rests(row)
    _tell("appointment.taken_back", row, by, at, reason=why)
    placing.remove(row)


@transaction.atomic
def take_back_end(
    *, appointment_id: int, reason: str, by: Viewer, at: dt.datetime
) -> Appointment:  # fmt: skip
    """Somebody holds the post on: the end was recorded by mistake.

    Raises NotNow where no end was recorded here or a rotation rests on it, Conflict where somebody
    holds the post since.
    """
    check_can(by, RECORD)
    row = _own(by, appointment_id)
    _check_free(row)
    why = checked_reason(reason)
    if row.valid.upper is None or not row.ended_document:
        raise NotNow("Chưa có lần thôi giữ chức nào ghi ở đây để rút.", code="no-end")
    if row.way not in ROTATIONS:  # whose exceptions are of the coming, not of the end
        row.exceptions = [one for one in row.exceptions if one["code"] != MOVED]
    placing.reopen(row)
    _tell("appointment.reopened", row, by, at, reason=why)
    return row


def _own(by: Viewer, appointment_id: int) -> Appointment:
    """The row, its unit locked. Raises NotFound alike for absent and out of reach."""
    row = Appointment.objects.filter(pk=appointment_id).first()
    if row is None:
        raise NotFound(
            "Không tìm thấy lần giữ chức này trong phạm vi của đồng chí.", code="no-appointment"
        )
    placing.take_unit(by, row.unit_id)
    found = Appointment.objects.filter(pk=row.pk).first()  # somebody may have been faster
    if found is None:
        raise NotNow("Lần giữ chức này vừa được rút; tải lại trang.", code="appointment-gone")
    return found


def _check_free(row: Appointment, *, ends: bool = False) -> None:
    """What a rotation wrote is taken back with the rotation. A post somebody stayed in may end."""
    rotations = Rotation.objects.exclude(state="cancelled")
    if ends:
        rotations = rotations.exclude(state="stayed")
    of_row = Q(appointment_id=row.pk) | Q(left_appointment_id=row.pk)
    if rotations.filter(of_row).exists():
        raise NotNow(
            "Việc này thuộc một quyết định luân chuyển; ghi hoặc rút ở trang luân chuyển.",
            code="of-rotation",
        )


def _check_recorded_here(row: Appointment) -> None:
    if row.by_id is None:
        raise NotNow(
            "Dòng này đến từ sổ tổ chức đã nạp, không rút được; ghi ngày thôi giữ chức.",
            code="from-register",
        )


def _tell(verb: str, row: Appointment, by: Viewer, at: dt.datetime, *, reason: str = "") -> None:
    data, personal = placing.told_of(row)
    record(
        verb, by=by.user, at=at, subject=f"unit:{row.unit_id}", data=data,
        personal=personal | ({"reason": reason} if reason else {}),
    )  # fmt: skip
