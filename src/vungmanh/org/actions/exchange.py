"""Many people onto the lists of cells at once, and single fields put right; each with the way back.

What a file says is read elsewhere; here stands what becomes of the register: the counts move with
the lists as they do for one person, and what a field said before is kept in the personal part of
an event, which erasing somebody's name reaches.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from vungmanh.access.ledger import record, record_many
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound, NotNow
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.counts import check_lives, lock_units
from vungmanh.org.memberships import (
    STAY,
    Journal,
    Writer,
    checked_day,
    checked_name,
    listed_and_counted,
    put_back,
    snapshot,
)
from vungmanh.org.models import Membership, Person
from vungmanh.org.named import people_by_name, units_with_names
from vungmanh.org.personal import FIELDS
from vungmanh.org.queries import units_held, units_visible
from vungmanh.org.turns import beside_register

EXCHANGE = "org.member.exchange"
#: Fields that are put right one at a time; a standing changes by `people.set_standing`.
CORRECTED = ("name", "born_on", "joined_on", "external_key")


@dataclass(frozen=True)
class Newcomer:
    """Somebody who comes onto the list of a cell."""

    unit_id: UUID
    name: str
    status: MembershipStatus
    born_on: dt.date | None = None
    joined_on: dt.date | None = None
    external_key: str = ""


@transaction.atomic
def bring_in(
    *, newcomers: Sequence[Newcomer], from_day: dt.date, why: str, by: Viewer, at: dt.datetime
) -> tuple[list[UUID], Journal]:
    """Put many on the lists of their cells from a day on: their ids in order, and the way back.

    The register counts them already while it counts more members than a list has names. `why` is
    the subject of the act. Raises NotFound, NotNow (names off, a cell that has ended), InputError.
    """
    check_can(by, EXCHANGE)
    beside_register()
    today = localdate(at)
    checked_day(from_day, today)
    units = sorted({one.unit_id for one in newcomers})
    _check_cells(by, units, today)
    lock_units(units)
    keys = [one.external_key for one in newcomers if one.external_key]
    if Person.objects.filter(external_key__in=keys, merged_into=None).exists():
        raise NotNow("Có mã đã là của người khác. Đọc lại tệp để đối chiếu lại.", code="key-taken")
    people = Person.objects.bulk_create(
        Person(
            name=one.name, name_fold=fold(one.name), born_on=one.born_on,
            joined_on=one.joined_on, external_key=one.external_key,
        )
        for one in newcomers
    )  # fmt: skip
    rows = Membership.objects.bulk_create(
        Membership(
            person=person, unit_id=one.unit_id, status=one.status,
            valid=DateRange(from_day, None), by=by.user,
        )
        for person, one in zip(people, newcomers, strict=True)
    )  # fmt: skip
    writer = Writer(by=by.user, at=at, why=why)
    writer.journal["after"] = [snapshot(row) for row in rows]
    for unit in units:
        check_lives(unit, from_day)
        _count(writer, unit, [one.status for one in newcomers if one.unit_id == unit], from_day)
    record(
        "members.brought_in",
        by=by.user,
        at=at,
        subject=why,
        data={"people": len(people), "units": [str(unit) for unit in units]},
    )
    return [person.pk for person in people], writer.journal


@transaction.atomic
def take_out(
    *, people: Sequence[UUID], journal: Journal, why: str, by: Viewer, at: dt.datetime
) -> None:
    """Take back what `bring_in` did. Raises NotNow when something rests on one of them."""
    check_can(by, EXCHANGE)
    beside_register()
    units = {UUID(one["unit"]) for one in journal["after"]}
    _check_cells(by, sorted(units), localdate(at), named=False)
    lock_units(units)
    put_back(journal, by=by.user, at=at, why=why)
    try:
        Person.objects.filter(pk__in=list(people)).delete()
    except ProtectedError as held:
        raise NotNow(
            "Đã có việc khác ghi cho người trong danh sách này (kết nạp, chuyển sinh hoạt, lớp"
            " học, chức danh). Rút việc ấy trước rồi mới hoàn tác.",
            code="rests-on-it",
        ) from held
    record("members.taken_out", by=by.user, at=at, subject=why, data={"people": len(people)})


@transaction.atomic
def correct_person(
    *, person: UUID, fields: Mapping[str, Any], why: str, by: Viewer, at: dt.datetime
) -> int:
    """Put fields of somebody right; the id of the event that keeps what they said before.

    Raises NotFound, NotNow where a key is another's, InputError for a name that cannot be.
    """
    check_can(by, EXCHANGE)
    today = localdate(at)
    found = _person(by, person, today)
    fields = {name: value for name, value in fields.items() if name in CORRECTED}
    key = fields.get("external_key")
    if key and Person.objects.filter(external_key=key, merged_into=None).exclude(pk=person):
        raise NotNow("Mã này đang là của người khác. Xem lại mã.", code="key-taken")
    before = {name: _text(getattr(found, name)) for name in fields}
    if "name" in fields:
        here = Membership.objects.filter(person=person, valid__contains=today).first()
        if here is not None:
            checked_name(here.unit_id, fields["name"], today, but=person)
        found.name_fold = fold(fields["name"])
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    after = {name: _text(value) for name, value in fields.items()}
    event = record(
        "person.corrected",
        by=by.user,
        at=at,
        subject=f"person:{person}",
        data={"fields": sorted(fields), "why": why},
        personal={"before": before, "after": after},
    )
    return event.pk


@transaction.atomic
def undo_correction(*, event_id: int, by: Viewer, at: dt.datetime) -> None:
    """What the fields said before; nothing where the name was erased since. Raises NotNow."""
    check_can(by, EXCHANGE)
    said = Event.objects.get(pk=event_id, verb="person.corrected")
    person = UUID(said.subject.partition(":")[2])
    if not said.personal:  # erased: there is nothing to put back
        return
    found = _person(by, person, localdate(at))
    if any(_text(getattr(found, name)) != text for name, text in said.personal["after"].items()):
        raise NotNow(
            "Mục đã sửa theo tệp nay lại được sửa khác. Rút lần sửa sau trước.",
            code="changed-since",
        )
    for name, text in said.personal["before"].items():
        setattr(found, name, _value(name, text))
    found.name_fold = fold(found.name)
    found.save()
    record(
        "person.correction_undone",
        by=by.user,
        at=at,
        subject=f"person:{person}",
        data={"of": event_id, "fields": said.data["fields"]},
    )


@transaction.atomic
def reveal_many(
    *,
    fields_of: Mapping[UUID, Sequence[str]],
    purpose: str,
    why: str,
    by: Viewer,
    at: dt.datetime,
) -> None:
    """Keep that masked fields of people in sight were shown in full, an event for each of them.

    Raises NotAllowed, NotFound when one of them is out of sight, InputError without a purpose.
    """
    check_can(by, "org.person.reveal")
    purpose = checked_reason(purpose)
    allowed = {name for name, one in FIELDS.items() if by.role in one.revealed_by}
    today = localdate(at)
    if set(fields_of) - people_by_name(fields_of, units_visible(by, today), today):
        raise NotFound("Không tìm thấy người này trong danh sách.")
    record_many(
        "person.revealed",
        by=by.user,
        at=at,
        said=(
            (
                f"person:{person}",
                {"fields": sorted(allowed & set(fields)), "why": why, "people": len(fields_of)},
                {"purpose": purpose},
            )
            for person, fields in fields_of.items()
        ),
    )


def _check_cells(by: Viewer, units: Sequence[UUID], today: dt.date, *, named: bool = True) -> None:
    held = set(units_held(by, today).filter(descendant_id__in=units))
    if set(units) - held:
        raise NotFound("Có chi bộ không còn trong phạm vi của đồng chí. Đọc lại tệp.")
    if named and set(units) - units_with_names(units, today):
        raise NotNow(
            "Có chi bộ không còn ghi theo tên. Đọc lại tệp để bỏ những dòng ấy.", code="names-off"
        )


def _count(writer: Writer, unit: UUID, came: Sequence[str], from_day: dt.date) -> None:
    """The count grows by as many as the list is now longer than it."""
    names, counted = listed_and_counted(unit, from_day)
    more = names - counted
    for status, number in Counter(one for one in came if one != STAY).items():
        moved = min(number, more)
        if moved > 0:
            writer.move(unit, MembershipStatus(status), moved, from_day)
            more -= moved


def _person(by: Viewer, person: UUID, today: dt.date) -> Person:
    """Somebody alive in the lists that the viewer keeps."""
    here = Membership.objects.filter(person=person, unit_id__in=units_held(by, today))
    found = Person.objects.select_for_update().filter(pk=person, erased_at=None).first()
    if found is None or not here.exists():
        raise NotFound("Không tìm thấy người này trong danh sách.")
    return found


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def _value(name: str, text: str) -> Any:
    if name in ("born_on", "joined_on"):
        return dt.date.fromisoformat(text) if text else None
    return text
