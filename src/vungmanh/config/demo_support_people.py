"""Who carried the scheme of the demonstration: accounts of committees that are no more.

They have no password and are locked at the end: nobody signs in with them. Their roles end a month
after the districts, when what was left open has been handed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.access.ledger import Said, record_many
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.org.models import UnitVersion

MORNING = dt.time(2, 30)  # half past nine in Việt Nam
SINCE, UNTIL = dt.date(2014, 1, 1), dt.date(2025, 8, 1)


def at(day: dt.date) -> dt.datetime:
    """Half past nine of a day."""
    return dt.datetime.combine(day, MORNING, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Committee:
    """A committee that chose: who asks, who looks beside, who decides."""

    unit_id: UUID
    name: str
    office: User
    second: User
    board: User


@dataclass
class Hands:
    """Viewers, each asked for once: what these people hold does not change while they act."""

    made: dict[UUID, Viewer] = field(default_factory=dict)

    def hand(self, user: User, day: dt.date) -> dict[str, Any]:
        """`by` and `at` of an act of that day."""
        if user.pk not in self.made:
            self.made[user.pk] = viewer_for(user, on=day)
        return {"by": replace(self.made[user.pk], on=day), "at": at(day)}


def make_committees(units: Sequence[UnitVersion]) -> dict[UUID, Committee]:
    """Three accounts for each committee."""
    parts = (
        ("vanphong", "Văn phòng Thử", Role.COMMITTEE_OFFICE),
        ("tochuc", "Ban Tổ chức Thử", Role.COMMITTEE_OFFICE),
        ("thuongvu", "Thường vụ Thử", Role.STANDING_COMMITTEE),
    )
    found = {}
    for number, unit in enumerate(units, start=1):
        place = unit.name.removeprefix("Đảng bộ ")
        users = [
            passing_account(f"truoc2025.{number:02d}.{code}", f"{called}, {place}")
            for code, called, _role in parts
        ]
        for user, (_code, _called, role) in zip(users, parts, strict=True):
            give_charge(user, [unit.unit_id], role, SINCE, UNTIL, reach=Reach.UNIT_AND_BELOW)
        found[unit.unit_id] = Committee(unit.unit_id, place, *users)
    return found


def passing_account(username: str, display_name: str) -> User:
    """An account that nobody signs in with; `lock_accounts` closes it."""
    user = User(username=username, display_name=display_name[:120])
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def lock_accounts(before: Iterable[UUID]) -> None:
    """Lock every account that was not there before, when the committees have wound up."""
    users = User.objects.exclude(pk__in=list(before))
    said: list[Said] = [(f"user:{key}", {}, {}) for key in users.values_list("pk", flat=True)]
    users.update(is_active=False)
    record_many("account.deactivated", by=None, at=at(UNTIL), said=said)


def give_charge(
    user: User, units: Iterable[UUID], role: Role, first: dt.date, end: dt.date, *,
    reach: Reach = Reach.UNIT, by: User | None = None,
) -> None:  # fmt: skip
    """A role in many units over days that are known beforehand, in the ledger as given and ended.

    `end` is the first day on which it is no longer held.
    """
    grants = RoleGrant.objects.bulk_create(
        RoleGrant(
            user=user, role=role, unit_id=unit, reach=reach, valid=DateRange(first, end),
            granted_by=by,
        )
        for unit in units
    )  # fmt: skip
    person = {"user": str(user.pk)}
    given = {"role": role, "reach": reach, "valid_from": first.isoformat()}
    ended = {"role": role, "ends_on": end.isoformat()}
    for verb, said, day in (("role.granted", given, first), ("role.ended", ended, end)):
        told = ((f"unit:{one.unit_id}", said, person) for one in grants)
        record_many(verb, by=by, at=at(day), said=told)
