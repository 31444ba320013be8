"""Who could have come to a session: units below the committee, holders of posts, people of lists.

As the register stood on the day the session began. What is refused says why and what to mend.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from vungmanh.cadre.models import TrainingPlan
from vungmanh.cadre.training import obligatory_on
from vungmanh.core.errors import InputError
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.text import date_vi
from vungmanh.org.models import Appointment, Membership, Person, UnitClosure, UnitVersion
from vungmanh.org.named import units_with_names
from vungmanh.rulebook.people.days import months_after


@dataclass(frozen=True)
class MemberRow:
    """Somebody by post (`appointment_id`) or by name: whether they came, and passed."""

    unit_id: UUID
    person_id: UUID | None
    appointment_id: int | None
    came: bool
    has_passed: bool | None = None


def check_units(plan: TrainingPlan, day: dt.date, ids: Iterable[UUID]) -> None:
    """Raises InputError for a unit that was not below the committee of the plan on a day."""
    asked = set(ids)
    below = UnitClosure.objects.filter(ancestor_id=plan.unit_id, descendant_id__in=asked)
    missing = asked - set(below.filter(valid__contains=day).values_list("descendant_id", flat=True))
    if not missing:
        return
    ever = set(below.values_list("descendant_id", flat=True))
    known = sorted(missing & ever)
    if not known:
        raise InputError(
            "Có đơn vị không thuộc cấp ủy của kế hoạch; chỉ ghi đơn vị trong bảng.",
            code="unit-not-below",
        )
    last = UnitVersion.objects.filter(unit_id=known[0]).order_by("valid").last()
    name = last.name if last is not None else "Đơn vị này"
    end = last.valid.upper if last is not None else None
    if end is not None and end <= day:
        words = f"đã kết thúc ngày {date_vi(end)}, ghi ở tổ chức mới"
    else:
        words = f"không thuộc cấp ủy này vào ngày {date_vi(day)}, xem lại ngày hoặc đơn vị"
    raise InputError(f"{name} {words}.", field=f"hang-{known[0]}", place=name, code="unit-ended")


def check_members(plan: TrainingPlan, day: dt.date, rows: Iterable[MemberRow]) -> None:
    """Raises InputError for somebody who held no post, stood on no list, or had died by a day."""
    asked = list(rows)
    check_units(plan, day, [row.unit_id for row in asked])
    posts = Appointment.objects.in_bulk([row.appointment_id for row in asked if row.appointment_id])
    people = Person.objects.in_bulk([row.person_id for row in asked if row.person_id])
    _check_alive([row.person_id for row in asked] + [one.person_id for one in posts.values()], day)
    for row in asked:
        if row.appointment_id is None:
            continue
        held = posts.get(row.appointment_id)
        if held is None or held.unit_id != row.unit_id or day not in held.valid:
            is_here = held is not None and held.unit_id == row.unit_id
            who = held.holder_name if held is not None and is_here else "Có người"
            raise InputError(
                f"{who} không giữ chức danh ở đơn vị này ngày {date_vi(day)}; xem lại ngày.",
                code="not-in-post",
            )
    _check_listed([row for row in asked if row.person_id is not None], people, day)


def valid_until(code: str, ended_on: dt.date, has_passed: bool | None) -> dt.date | None:
    """The last day for which an obligatory course counts by the rule of the day it was held."""
    if not code or has_passed is False:
        return None
    known = next((one for one in obligatory_on(ended_on)[0] if one.code == code), None)
    if known is None or known.valid_months is None:
        return None
    return months_after(ended_on, known.valid_months)


def _check_alive(ids: Iterable[UUID | None], day: dt.date) -> None:
    ended = Membership.objects.filter(
        person_id__in=[one for one in ids if one is not None], ended_by_way=MembershipEnd.DIED,
        valid__endswith__lte=day,
    ).select_related("person").first()  # fmt: skip
    if ended is not None:
        raise InputError(
            f"{ended.person.name or 'Người này'} đã từ trần, ghi ngày {date_vi(ended.valid.upper)},"
            " trước buổi học; xem lại ngày học hoặc người.", code="person-died",
        )  # fmt: skip


def _check_listed(rows: list[MemberRow], people: dict[UUID, Person], day: dt.date) -> None:
    named = units_with_names({row.unit_id for row in rows}, day)
    listed = set(
        Membership.objects.filter(
            person_id__in=[row.person_id for row in rows], valid__contains=day
        ).values_list("person_id", "unit_id")
    )
    for row in rows:
        if row.unit_id not in named:
            raise InputError(
                "Đơn vị này chưa bật ghi theo tên vào ngày ấy; ghi theo số người.",
                code="names-off",
            )
        one = people.get(row.person_id) if row.person_id else None
        if one is None or (one.pk, row.unit_id) not in listed:
            raise InputError(
                f"{one.name if one is not None else 'Có người'} không có trong danh sách của đơn vị"
                f" ngày {date_vi(day)}; xem lại ngày hoặc danh sách.", code="not-listed",
            )  # fmt: skip
