"""What the pages of accounts show of a grant: role, unit by name, dates, and whether it can end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Role
from vungmanh.org.names import names_held


@dataclass(frozen=True)
class GrantLine:
    """One role of an account as it stands on a day."""

    pk: int
    role: str
    unit: str
    since: dt.date
    until: dt.date | None  # first day without it
    is_held: bool
    is_to_come: bool
    may_end: bool

    @property
    def dates(self) -> str:
        days = {"since": date_vi(self.since), "until": date_vi(self.until or self.since)}
        if self.until is None:
            return _("từ %(since)s") % days
        return _("từ %(since)s, thôi từ %(until)s") % days


@dataclass(frozen=True)
class AccountRow:
    """An account with its roles: those held now first, the latest of the others next."""

    user: User
    held: list[GrantLine]
    others: list[GrantLine]


def account_rows(viewer: Viewer, users: Iterable[User], today: dt.date) -> list[AccountRow]:
    """The rows of a list; the names of all units in one query."""
    users = list(users)
    grants = {user.pk: list(user.grants.all()) for user in users}  # type: ignore[attr-defined]
    units = [grant.unit_id for held in grants.values() for grant in held]
    names = names_held(viewer, units, today)
    rows = []
    for user in users:
        lines = [
            _line(viewer, grant, names.get(grant.unit_id, ""), today) for grant in grants[user.pk]
        ]
        others = [line for line in reversed(lines) if not line.is_held]
        rows.append(AccountRow(user, [line for line in lines if line.is_held], others))
    return rows


def _line(viewer: Viewer, grant: RoleGrant, unit: str, today: dt.date) -> GrantLine:
    since, until = grant.valid.lower, grant.valid.upper
    has_ended = until is not None and until <= today
    is_own_seat = grant.user_id == viewer.user.pk and grant.role == Role.ADMINISTRATOR
    return GrantLine(
        pk=grant.pk,
        role=Role(grant.role).label,
        unit=unit,
        since=since,
        until=until,
        is_held=since <= today and not has_ended,
        is_to_come=since > today,
        may_end=not has_ended and not is_own_seat,
    )
