"""Places under a committee: added, ended, given their own unit; members told by who counts them.

A report is a number: no name is needed. Everything recorded by mistake can be taken back.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.text import date_vi, fold, nfc, number_vi, same_name_key
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Sector, UnitKind
from vungmanh.org.counts import check_lives, lock_units
from vungmanh.org.memberships import checked_day
from vungmanh.org.models import Place, PlaceMembers, PlaceUnit, UnitClosure, UnitVersion
from vungmanh.org.places import PLACE_SECTORS, place_visible, places_seen, places_visible
from vungmanh.org.queries import held_unit, members_of, units_held
from vungmanh.org.reform.queries import DRAFT as KEEP
from vungmanh.org.turns import beside_register

LONGEST = 200


@transaction.atomic
def add_place(
    *, name: str, sector: Sector, under: UUID, began_on: dt.date, by: Viewer, at: dt.datetime
) -> Place:
    """A committee has a village, an enterprise or a cooperative in its area.

    Raises NotFound, InputError (a name used there already, a day to come, a unit that is a cell).
    """
    check_can(by, KEEP)
    beside_register()
    today = localdate(at)
    committee = held_unit(by, under, today)
    if UnitKind(committee.kind) in CELL_KINDS:
        raise InputError("Chọn đảng bộ phụ trách địa bàn, không chọn chi bộ.", field="under",
                         code="not-a-committee")  # fmt: skip
    if sector not in PLACE_SECTORS:
        raise InputError("Chọn thôn hoặc doanh nghiệp, hợp tác xã.", field="sector",
                         code="bad-sector")  # fmt: skip
    name = " ".join(nfc(name).split())
    if not 2 <= len(name) <= LONGEST:
        raise InputError("Ghi tên nơi này, nhiều nhất 200 chữ.", field="name", code="bad-name")
    checked_day(began_on, today, "began_on")
    lock_units([under])
    _check_name_is_free(name, under, by, today)
    place = Place.objects.create(
        name=name, name_fold=fold(name), sector=sector, under_id=under, began_on=began_on,
        by=by.user,
    )  # fmt: skip
    record("place.added", **_told(place, by, at), data={"name": name, "sector": sector.value})
    return place


@transaction.atomic
def end_place(
    *, place_id: UUID, ended_on: dt.date, reason: str, by: Viewer, at: dt.datetime
) -> Place:
    """The place is no more: merged, dissolved. `ended_on`: the first day without it."""
    check_can(by, KEEP)
    place = _kept(place_id, by, at)
    checked_day(ended_on, localdate(at), "ended_on")
    if ended_on < place.began_on:
        raise InputError(f"Nơi này có từ {date_vi(place.began_on)}; ghi ngày sau đó.",
                         field="ended_on", code="before-begin")  # fmt: skip
    place.ended_on, place.ended_reason = ended_on, checked_reason(reason)
    place.save()
    record("place.ended", **_told(place, by, at), data={"on": ended_on.isoformat()},
           personal={"reason": place.ended_reason})  # fmt: skip
    return place


@transaction.atomic
def reopen_place(*, place_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Place:
    """The end was recorded by mistake."""
    check_can(by, KEEP)
    place = _kept(place_id, by, at, open_only=False)
    if place.ended_on is None:
        raise NotNow("Nơi này chưa ghi kết thúc.", code="not-ended")
    why = checked_reason(reason)
    lock_units([place.under_id])
    _check_name_is_free(place.name, place.under_id, by, localdate(at))
    place.ended_on, place.ended_reason = None, ""
    place.save()
    record("place.reopened", **_told(place, by, at), data={}, personal={"reason": why})
    return place


@transaction.atomic
def name_own_unit(*, place_id: UUID, unit_id: UUID, by: Viewer, at: dt.datetime) -> PlaceUnit:
    """The place has an organisation of its own, or shares a joint one: this cell."""
    check_can(by, KEEP)
    beside_register()
    place = _kept(place_id, by, at)
    held_unit(by, unit_id, localdate(at))
    [seen] = places_seen(by, localdate(at), [place])
    above = UnitClosure.objects.filter(descendant_id=seen.under, valid__contains=localdate(at))
    if above.filter(ancestor_id=unit_id).exists():
        raise InputError("Chọn tổ chức của chính nơi này, không chọn cấp trên.", field="unit",
                         code="not-its-own")  # fmt: skip
    row, made = PlaceUnit.objects.get_or_create(
        place=place, unit_id=unit_id, defaults={"by": by.user}
    )
    if not made:
        raise NotNow("Nơi này đã ghi tổ chức ấy.", code="already-own")
    record("place.unit_named", **_told(place, by, at), data={"unit": str(unit_id)})
    return row


@transaction.atomic
def forget_own_unit(
    *, place_id: UUID, unit_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> None:
    """It was said by mistake that the unit is the place's own."""
    check_can(by, KEEP)
    place = _kept(place_id, by, at)
    why = checked_reason(reason)
    rows = PlaceUnit.objects.filter(place=place, unit_id=unit_id)
    if not rows.exists():
        raise NotFound("Nơi này không ghi tổ chức ấy.")
    if rows.filter(reform__isnull=False).exists():
        raise NotNow("Tổ chức này do một việc sắp xếp lập cho nơi này: hoàn tác việc ấy.",
                     code="by-reform")  # fmt: skip
    rows.delete()
    record("place.unit_forgotten", **_told(place, by, at), data={"unit": str(unit_id)},
           personal={"reason": why})  # fmt: skip


@transaction.atomic
def report_members(
    *, place_id: UUID, unit_id: UUID, official: int, on: dt.date, by: Viewer, at: dt.datetime
) -> PlaceMembers:
    """So many official members of a cell live or work in the place. Nobody is moved by it.

    Said anew for the same day it replaces what was said. Raises InputError for a day to come, a
    negative number, or more members than the cell counts over all its places; NotNow for a cell
    that has ended; NotFound.
    """
    check_can(by, KEEP)
    beside_register()
    place = _kept(place_id, by, at, open_only=False)
    today = localdate(at)
    checked_day(on, today, "on")
    if on < place.began_on or (place.ended_on is not None and on >= place.ended_on):
        raise InputError("Ngày này nơi ấy chưa có hoặc đã kết thúc. Ghi ngày khác.", field="on",
                         code="place-not-there")  # fmt: skip
    unit = _reporting(unit_id, by, today)
    check_lives(unit_id, on)
    if UnitKind(unit.kind) not in CELL_KINDS:
        raise InputError("Chọn chi bộ đang tính các đảng viên ấy.", field="unit", code="not-a-cell")
    lock_units([unit_id])
    _check_number(place, unit, official, on)
    standing = PlaceMembers.objects.filter(place=place, unit_id=unit_id, on=on, undone_at=None)
    standing.update(undone_at=at, undone_reason="Báo lại cho cùng ngày")
    row = PlaceMembers.objects.create(
        place=place, unit_id=unit_id, official=official, on=on, by=by.user, at=at
    )
    record("place.reported", **_told(place, by, at),
           data={"unit": str(unit_id), "official": official, "on": on.isoformat()})  # fmt: skip
    return row


@transaction.atomic
def take_back_report(*, report_id: int, reason: str, by: Viewer, at: dt.datetime) -> None:
    """A report was a mistake: what was reported before holds again."""
    check_can(by, KEEP)
    row = PlaceMembers.objects.select_for_update().filter(pk=report_id, undone_at=None).first()
    if row is None or not units_held(by, localdate(at)).filter(descendant_id=row.unit_id).exists():
        raise NotFound("Không tìm thấy số đã báo này trong phạm vi của đồng chí.")
    place = place_visible(by, row.place_id, localdate(at))
    row.undone_at, row.undone_reason = at, checked_reason(reason)
    row.save(update_fields=["undone_at", "undone_reason"])
    record("place.report_undone", **_told(place, by, at),
           data={"unit": str(row.unit_id), "on": row.on.isoformat()},
           personal={"reason": row.undone_reason})  # fmt: skip


def _check_name_is_free(name: str, under: UUID, by: Viewer, today: dt.date) -> None:
    """Of the places of a committee that stand today none bears the name."""
    others = places_visible(by, today).filter(under=under).values_list("name", flat=True)
    if same_name_key(name) in {same_name_key(one) for one in others}:
        raise InputError(f"Đảng bộ này đã có nơi tên “{name}”. Ghi tên khác, hoặc dùng nơi đã có.",
                         field="name", code="same-name")  # fmt: skip


def _reporting(unit_id: UUID, by: Viewer, today: dt.date) -> UnitVersion:
    """The cell that reports, held today; one that has ended says who counts its members now."""
    last = UnitVersion.objects.filter(unit_id=unit_id).order_by("-valid").first()
    if last is not None and last.valid.upper is not None and last.valid.upper <= today:
        eve = last.valid.upper - dt.timedelta(days=1)
        if units_held(by, eve).filter(descendant_id=unit_id).exists():
            check_lives(unit_id, today)  # says from when on, and who counts now
    return held_unit(by, unit_id, today)


def _check_number(place: Place, unit: UnitVersion, official: int, on: dt.date) -> None:
    if official < 0:
        raise InputError("Số đảng viên không âm.", field="official", code="negative")
    counted = members_of(unit.unit_id, on).get(MembershipStatus.OFFICIAL)
    if counted is None:
        raise InputError(f"{unit.name} chưa ghi số đảng viên chính thức ngày này. Ghi số ấy trước.",
                         field="official", code="not-counted")  # fmt: skip
    rows = PlaceMembers.objects.filter(unit_id=unit.unit_id, on__lte=on, undone_at=None)
    latest = rows.exclude(place=place).order_by("place_id", "-on").distinct("place_id")
    elsewhere = sum(latest.values_list("official", flat=True))
    if official + elsewhere > counted:
        more = f", trong đó {number_vi(elsewhere)} đã báo ở nơi khác" if elsewhere else ""
        raise InputError(
            f"{unit.name} chỉ có {number_vi(counted)} đảng viên chính thức{more}. Ghi lại số này,"
            " hoặc sửa số đã báo ở nơi khác trước.",
            field="official",
            code="more-than-counted",
        )


def _kept(place_id: UUID, by: Viewer, at: dt.datetime, *, open_only: bool = True) -> Place:
    """The place, locked, for whoever holds the committee that looks after it."""
    today = localdate(at)
    place_visible(by, place_id, today)
    place = Place.objects.select_for_update(of=("self",)).get(pk=place_id)
    [seen] = places_seen(by, today, [place])
    held = seen.under and units_held(by, today).filter(descendant_id=seen.under).exists()
    if not held:
        raise NotFound("Không tìm thấy nơi này trong phạm vi của đồng chí.")
    if open_only and place.ended_on is not None:
        raise NotNow("Nơi này đã ghi kết thúc. Mở lại trước nếu ghi nhầm.", code="place-ended")
    return place


def _told(place: Place, by: Viewer, at: dt.datetime) -> dict[str, Any]:
    return {"by": by.user, "at": at, "subject": f"place:{place.pk}"}
