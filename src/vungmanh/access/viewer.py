"""Who is looking: the one object that every query and page takes to decide what may be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.models import RoleGrant, User
from vungmanh.core.vocabulary import Reach, Role


@dataclass(frozen=True)
class Grant:
    """One role held in one unit, in force on the day the viewer was made."""

    role: Role
    unit_id: UUID
    reach: Reach


@dataclass(frozen=True)
class Viewer:
    """A user acting in one role. Without grants it sees nothing."""

    user: User
    role: Role | None
    grants: tuple[Grant, ...]  # of that role only
    roles: tuple[Role, ...]  # every role the user could act in

    @property
    def unit_id(self) -> UUID | None:
        """The unit in which the role is held; with several, the first granted."""
        return self.grants[0].unit_id if self.grants else None

    @property
    def role_label(self) -> str:
        return self.role.label if self.role else ""

    def units_with(self, reach: Reach) -> list[UUID]:
        return [grant.unit_id for grant in self.grants if grant.reach is reach]


def viewer_for(user: User, *, on: dt.date, role: Role | None = None) -> Viewer:
    """The viewer that `user` is on day `on`, acting in `role` if held, else in the first held."""
    held = [
        Grant(Role(grant.role), grant.unit_id, Reach(grant.reach))
        for grant in RoleGrant.objects.filter(user=user, valid__contains=on).order_by("id")
    ]
    roles = tuple(dict.fromkeys(grant.role for grant in held))
    acting = role if role in roles else (roles[0] if roles else None)
    return Viewer(user, acting, tuple(grant for grant in held if grant.role is acting), roles)
