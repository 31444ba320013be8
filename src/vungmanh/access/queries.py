"""Reads about accounts. Only whoever may list accounts sees any; to others there are none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import PERMISSIONS, can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import Role

#: Giving roles is one work with seeing who holds them: the same right.
MANAGE = "access.account.manage"


def grants_on(day: dt.date) -> QuerySet[RoleGrant]:
    """The roles held on a day."""
    return RoleGrant.objects.filter(valid__contains=day)


def accounts_visible(viewer: Viewer | None) -> QuerySet[User]:
    """Every account by username, each with all its grants as `.grants.all()`, oldest first."""
    users = User.objects.all() if can(viewer, MANAGE) else User.objects.none()
    grants = Prefetch("grants", RoleGrant.objects.order_by("valid", "id"))
    return users.order_by(Lower("username"), "pk").prefetch_related(grants)


def accounts_matching(
    viewer: Viewer | None, on: dt.date, *, text: str = "", role: Role | None = None
) -> QuerySet[User]:
    """The accounts whose name or username holds every word of `text`, with or without diacritics,
    and which hold `role` on a day.
    """
    found = accounts_visible(viewer)
    words = fold(text).split()
    if words:  # some thousands of accounts at most: folded here, not stored
        names = found.order_by().values_list("pk", "username", "display_name")
        found = found.filter(pk__in=[pk for pk, *both in names if _holds(both, words)])
    if role is not None:
        found = found.filter(Exists(grants_on(on).filter(user=OuterRef("pk"), role=role)))
    return found


def _holds(names: list[str], words: list[str]) -> bool:
    folded = fold(" ".join(names))
    return all(word in folded for word in words)


def account_visible(viewer: Viewer | None, user_id: UUID) -> User:
    """One account with its grants. Raises NotFound alike for absent and out of sight."""
    user = accounts_visible(viewer).filter(pk=user_id).first()
    if user is None:
        raise NotFound("Không tìm thấy tài khoản này.", code="account-not-found")
    return user


def grant_visible(viewer: Viewer | None, grant_id: int) -> RoleGrant:
    """One grant with its user. Raises NotFound alike for absent and out of sight."""
    grants = RoleGrant.objects.filter(user__in=accounts_visible(viewer).order_by())
    grant = grants.select_related("user").filter(pk=grant_id).first()
    if grant is None:
        raise NotFound("Không tìm thấy vai trò này.", code="grant-not-found")
    return grant


@dataclass(frozen=True)
class AccountCounts:
    """How many accounts may sign in, how many of those hold no role, how many are locked."""

    open: int
    without_role: int
    locked: int


def account_counts(viewer: Viewer | None, on: dt.date) -> AccountCounts:
    """The accounts the viewer sees, counted as they stand on a day."""
    users = accounts_visible(viewer).order_by()
    active = users.filter(is_active=True)
    idle = active.filter(~Exists(grants_on(on).filter(user=OuterRef("pk"))))
    return AccountCounts(active.count(), idle.count(), users.filter(is_active=False).count())


def own_grants(viewer: Viewer, on: dt.date) -> QuerySet[RoleGrant]:
    """The roles a viewer holds in their own right on a day: what they may lend."""
    lendable = [role.value for role in PERMISSIONS["access.delegation.give"]]
    return grants_on(on).filter(user=viewer.user, on_behalf_of=None, role__in=lendable)


def delegations_of(viewer: Viewer) -> QuerySet[RoleGrant]:
    """What the viewer lent and borrowed, the latest first."""
    lent = Q(on_behalf_of=viewer.user) | Q(user=viewer.user, on_behalf_of__isnull=False)
    found = RoleGrant.objects.filter(lent).select_related("user", "on_behalf_of")
    return found.order_by("-valid", "-id")
