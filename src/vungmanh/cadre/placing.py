"""Writing rows of the register's appointments, for the actions of posts and of rotations.

Whoever comes here has asked for permission, taken the turn beside the register and locked the unit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from itertools import count
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.handed_over import hand_over_of
from vungmanh.cadre.models import CourseMember
from vungmanh.cadre.people import person_listed
from vungmanh.cadre.staffing import Holder, gives_way, single_posts
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment, Unit, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_held, units_visible
from vungmanh.org.turns import beside_register

FARTHEST_AHEAD = dt.timedelta(days=366)
ACTING_ENDS = "Đã có người giữ chức"


def take_unit(by: Viewer, unit_id: UUID, *, or_ended: bool = False) -> None:
    """Wait for whoever writes posts of this unit. Raises NotFound for a unit out of reach.

    `or_ended`: also one that is gone, for whoever may still read of it.
    """
    beside_register()
    held = units_held(by, by.on).filter(descendant_id=unit_id).exists()
    if not held and not (or_ended and unit_id in set(ended_units_visible(by, by.on))):
        raise NotFound(
            "Không tìm thấy tổ chức này trong phạm vi của đồng chí.", code="unit-not-found"
        )
    Unit.objects.select_for_update().get(pk=unit_id)


def named(by: Viewer, holder: Holder) -> Holder:
    """The holder with a name to show. Raises InputError (`holder`) without one, NotFound for a
    person of no list that the viewer reads; whoever holds a post in sight is told with the post."""
    if holder.person_id is None:
        name = " ".join(nfc(holder.name).split())
        if not 2 <= len(name) <= 120:
            raise InputError("Ghi họ và tên người giữ chức.", field="holder", code="no-holder")
        return Holder(name)
    one = person_listed(by, holder.person_id, by.on)
    if one is not None:
        return Holder(one.name, one.person_id)
    seen = Appointment.objects.filter(unit_id__in=units_visible(by, by.on))
    row = seen.filter(person_id=holder.person_id).order_by("-valid").first()
    if row is None:
        raise NotFound("Không tìm thấy người này trong danh sách.", code="no-person")
    return Holder(row.holder_name, row.person_id)


def line(text: str, *, field: str, message: str) -> str:
    """One line that must say something. Raises InputError (`field`)."""
    said = " ".join(nfc(text).split())
    if len(said) < 3:
        raise InputError(message, field=field, code="blank")
    return said[:200]


def document_of(text: str) -> str:
    return line(text, field="document", message="Ghi số, ngày văn bản.")


def check_days(from_day: dt.date, planned_until: dt.date | None, today: dt.date) -> None:
    if from_day > today + FARTHEST_AHEAD:
        raise InputError(
            "Ngày này xa quá một năm tới; xem lại ngày.", field="from_day", code="too-far"
        )
    if planned_until is not None and planned_until <= from_day:
        raise InputError(
            "Ngày dự kiến thôi giữ phải sau ngày nhận.", field="planned_until", code="bad-days"
        )


def check_goes_on(unit_id: UUID) -> None:
    """Nobody comes into a post of a unit that has ended, or whose end is decided."""
    last = UnitVersion.objects.filter(unit_id=unit_id).order_by("-valid").first()
    if last is None or last.valid.upper is not None:
        raise NotNow(
            "Tổ chức này đã kết thúc hoặc đã có quyết định kết thúc; ghi ở tổ chức mới.",
            code="unit-ended",
        )


def check_free(
    *, unit_id: UUID, post: Post, holder: Holder, way: AppointmentWay, from_day: dt.date
) -> None:
    """Raises InputError for who holds that very post, and for a day on which acting in it has not
    yet begun or begins: what acting gives way to comes after its first day."""
    for one in _from(unit_id, post, from_day):
        if not gives_way(one, post, way):
            if holder.is_of(one):
                raise InputError(
                    "Người này đang giữ chính chức danh ấy ở đây.", field="holder",
                    code="already-holds",
                )  # fmt: skip
        elif one.valid.lower >= from_day:
            raise InputError(
                "Việc giao phụ trách bắt đầu từ chính ngày này hoặc sau đó; ghi người mới từ ngày"
                " sau, hoặc rút lần giao phụ trách ấy trước.", field="from_day",
                code="acting-later",
            )  # fmt: skip


def place(
    *, unit_id: UUID, post: Post, holder: Holder, way: AppointmentWay, from_day: dt.date,
    planned_until: dt.date | None, document: str, exceptions: list[dict[str, str]], by: Viewer,
) -> Appointment:  # fmt: skip
    """Put somebody into a post, into the lowest seat that is free from that day on.

    Whoever comes here has asked `check_free`.
    """
    later = _from(unit_id, post, from_day)
    for one in later:
        if gives_way(one, post, way):
            _end_acting(one, from_day, document)
    taken = set(later.all().values_list("seat", flat=True))
    seat = 1 if post in single_posts(from_day) else _lowest_free(taken)
    row = Appointment(
        unit_id=unit_id, post=post, seat=seat, holder_name=holder.name,
        person_id=holder.person_id, valid=DateRange(from_day, None), way=way,
        planned_until=planned_until, document=document, exceptions=exceptions, by=by.user,
    )  # fmt: skip
    _save(row)
    return row


def close(row: Appointment, on: dt.date, *, document: str, reason: str) -> None:
    """The first day without the holder. Raises InputError (`on`) for a day not after the first."""
    if on <= row.valid.lower:
        raise InputError(
            "Ngày thôi giữ phải sau ngày nhận; ghi nhầm thì rút lại.", field="on", code="bad-days"
        )
    if row.valid.upper is not None:
        raise NotNow("Người này đã thôi giữ chức từ trước.", code="already-ended")
    row.valid = DateRange(row.valid.lower, on)
    row.ended_document, row.ended_reason = document, reason
    _save(row)


def reopen(row: Appointment) -> None:
    """As if the end had not been recorded; where others came since, in the lowest seat left free.

    Raises Conflict where one person holds the post and it has a holder since, NotNow where the
    unit ends.
    """
    check_goes_on(row.unit_id)
    since = Appointment.objects.filter(
        unit_id=row.unit_id, post=row.post, valid__overlap=DateRange(row.valid.upper, None)
    ).exclude(pk=row.pk)
    taken = set(since.values_list("seat", flat=True))
    if row.seat in taken:
        if Post(row.post) in single_posts(row.valid.lower):
            raise Conflict(
                "Đã có người giữ chức này sau đó; rút lần ghi sau trước.", code="post-followed"
            )
        before = Appointment.objects.filter(
            unit_id=row.unit_id, post=row.post, valid__overlap=row.valid
        ).exclude(pk=row.pk)  # fmt: skip
        row.seat = _lowest_free(taken | set(before.values_list("seat", flat=True)))
    row.valid = DateRange(row.valid.lower, None)
    row.ended_document = row.ended_reason = ""
    _save(row)


def check_nothing_rests(row: Appointment) -> None:
    """Raises NotNow where a hand-over or a course was recorded of somebody in this post."""
    if hand_over_of(row) is not None:
        raise NotNow(
            "Đã ghi bàn giao cho người này; rút lần bàn giao ấy trước.", code="handed-over"
        )
    if CourseMember.objects.filter(appointment_id=row.pk).exists():
        raise NotNow(
            "Đã có kết quả bồi dưỡng ghi theo chức danh này; bỏ kết quả ấy trước.",
            code="course-rests",
        )


def remove(row: Appointment) -> None:
    """Take a row out again; whoever acted before it acts on."""
    acting = Appointment.objects.filter(
        unit_id=row.unit_id, post=row.post, way=AppointmentWay.ACTING,
        valid__endswith=row.valid.lower, ended_reason=ACTING_ENDS, ended_document=row.document,
    ).first()  # fmt: skip
    row.delete()
    if acting is not None:
        reopen(acting)


def told_of(row: Appointment) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the ledger keeps of a row: its facts, and the names apart."""
    data = {
        "appointment": row.pk, "post": row.post, "seat": row.seat, "way": row.way,
        "from": row.valid.lower.isoformat(),
        "to": row.valid.upper.isoformat() if row.valid.upper else None,
        "planned_until": row.planned_until.isoformat() if row.planned_until else None,
        "document": row.document, "exceptions": without_names(row.exceptions),
    }  # fmt: skip
    return data, {"holder": row.holder_name, "exceptions": row.exceptions}


def without_names(exceptions: list[dict[str, str]]) -> list[dict[str, str]]:
    """Exceptions as the open part of the ledger keeps them: which rule, not who allowed it."""
    return [{"code": one["code"], "rule": one["rule"]} for one in exceptions]


def _lowest_free(taken: Collection[int]) -> int:
    return next(seat for seat in count(1) if seat not in taken)


def _from(unit_id: UUID, post: Post, day: dt.date) -> QuerySet[Appointment]:
    """Whoever holds a post on a day or later."""
    later = DateRange(day, None)
    return Appointment.objects.filter(unit_id=unit_id, post=post, valid__overlap=later)


def _end_acting(row: Appointment, on: dt.date, document: str) -> None:
    close_at = row.valid.upper
    if close_at is None or close_at > on:
        row.valid = DateRange(row.valid.lower, on)
        row.ended_document, row.ended_reason = document, ACTING_ENDS
        _save(row)


def _save(row: Appointment) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(
            "Chức danh này vừa có người khác giữ trong những ngày ấy; tải lại trang.",
            code="post-taken",
        ) from None
