"""Roles held in units that end: they end with the unit and go on in its one successor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from vungmanh.access.models import RoleGrant
from vungmanh.org.reform.outcome import Outcome


@dataclass(frozen=True)
class GrantChange:
    """A role that ends in a unit. `successor` is where it goes on; None: somebody must decide."""

    grant: RoleGrant
    unit: str
    successor: str | None


def day_of_grants(effective_on: dt.date, committed_on: dt.date) -> dt.date:
    """Roles were held until somebody committed: they never end before that day."""
    return max(effective_on, committed_on)


def grant_changes(outcome: Outcome, on: dt.date) -> list[GrantChange]:
    """The roles, held on day `on` or later, in units that the outcome ends. One query."""
    units = [UUID(unit) for unit in outcome.ended]
    held = (
        RoleGrant.objects.filter(unit_id__in=units)
        .filter(Q(valid__endswith__gt=on) | Q(valid__endswith__isnull=True))
        .select_related("user")
        .order_by("id")
    )
    heirs: dict[str, list[str]] = {}
    for one in outcome.lineage:
        heirs.setdefault(one.predecessor, []).append(one.successor)
    return [
        GrantChange(grant, str(grant.unit_id), _only(heirs.get(str(grant.unit_id), ())))
        for grant in held
    ]


def _only(successors: Iterable[str]) -> str | None:
    found = list(successors)
    return found[0] if len(found) == 1 else None
