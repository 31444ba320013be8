"""Who is looking: the one object that every query and page takes to decide what may be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from vungmanh.access.models import RoleGrant, User
from vungmanh.core.vocabulary import Reach, Role


@dataclass(frozen=True)
class Grant:
    """One role held in one unit, in force on the day the viewer was made."""

    role: Role
    unit_id: UUID
    reach: Reach


@dataclass(frozen=True)
class Hat:
    """A role one can act in: one's own, or somebody else's by delegation."""

    role: Role
    on_behalf_of: User | None = None

    @property
    def code(self) -> str:
        """How a session remembers it."""
        return f"{self.role}:{self.on_behalf_of.pk}" if self.on_behalf_of else self.role.value


@dataclass(frozen=True)
class Viewer:
    """A user acting in one role. Without grants it sees nothing."""

    user: User
    role: Role | None
    grants: tuple[Grant, ...]  # of the hat worn only
    roles: tuple[Role, ...]  # every role the user could act in
    on: dt.date  # the day the grants were in force: "today" of whoever looks
    hats: tuple[Hat, ...] = ()
    hat: Hat | None = None

    @property
    def unit_id(self) -> UUID | None:
        """The unit in which the role is held; with several, the first granted."""
        return self.grants[0].unit_id if self.grants else None

    @property
    def role_label(self) -> str:
        return self.role.label if self.role else ""

    @property
    def on_behalf_of(self) -> User | None:
        """Whose role it is, when it was delegated."""
        return self.hat.on_behalf_of if self.hat else None

    def units_with(self, reach: Reach) -> list[UUID]:
        return [grant.unit_id for grant in self.grants if grant.reach is reach]


def viewer_for(user: User, *, on: dt.date, role: Role | None = None, hat: str = "") -> Viewer:
    """The viewer that `user` is on day `on`.

    Acts in the hat of that code if held, else in `role`, else in the first role held; own roles
    come before delegated ones. A delegated role is held only while whoever gave it holds it.
    """
    held = _grants_by_hat(user, on)
    hats = tuple(held)
    wanted = [one for one in hats if one.code == hat] or [one for one in hats if one.role is role]
    worn = next(iter(wanted or hats), None)
    user.acting_for = worn.on_behalf_of if worn else None
    return Viewer(
        user=user,
        role=worn.role if worn else None,
        grants=tuple(held[worn]) if worn else (),
        roles=tuple(dict.fromkeys(one.role for one in hats)),
        on=on,
        hats=hats,
        hat=worn,
    )


def _grants_by_hat(user: User, on: dt.date) -> dict[Hat, list[Grant]]:
    granted = RoleGrant.objects.filter(user=user, valid__contains=on).select_related("on_behalf_of")
    grants = sorted(granted, key=lambda one: (one.on_behalf_of_id is not None, one.pk))
    if any(one.on_behalf_of_id for one in grants):  # few act for another; all pass here each time
        grants = _still_lent(user, on)
    held: dict[Hat, list[Grant]] = {}
    for grant in grants:
        worn = Hat(Role(grant.role), grant.on_behalf_of)
        held.setdefault(worn, []).append(Grant(worn.role, grant.unit_id, Reach(grant.reach)))
    return held


def _still_lent(user: User, on: dt.date) -> list[RoleGrant]:
    """Own roles, then those lent by somebody who still holds them."""
    still_held = RoleGrant.objects.filter(
        user=OuterRef("on_behalf_of"),
        role=OuterRef("role"),
        unit_id=OuterRef("unit_id"),
        on_behalf_of=None,
        valid__contains=on,
        user__is_active=True,
    )
    return list(
        RoleGrant.objects.filter(user=user, valid__contains=on)
        .filter(Q(on_behalf_of=None) | Exists(still_held))
        .select_related("on_behalf_of")
        .order_by(F("on_behalf_of").asc(nulls_first=True), "id")
    )
