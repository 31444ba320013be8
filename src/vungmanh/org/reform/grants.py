"""Roles held in units that end: they end with it and go on where it is merged into its like."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from vungmanh.access.models import RoleGrant
from vungmanh.core.vocabulary import CELL_KINDS, LineageKind, UnitKind
from vungmanh.org.reform.outcome import Descent, Outcome
from vungmanh.org.reform.structure import Structure


@dataclass(frozen=True)
class GrantChange:
    """A role that ends in a unit. `successor` is where it goes on; None: somebody must decide."""

    grant: RoleGrant
    unit: str
    successor: str | None


def day_of_grants(effective_on: dt.date, committed_on: dt.date) -> dt.date:
    """Roles were held until somebody committed: they never end before that day."""
    return max(effective_on, committed_on)


def grant_changes(outcome: Outcome, structure: Structure, on: dt.date) -> list[GrantChange]:
    """The roles, held on day `on` or later, in units that the outcome ends. One query.

    A role goes on only where its unit is merged into one of the same level: a committee dissolved
    into its superior would otherwise hand its office everything below that superior.
    """
    units = [UUID(unit) for unit in outcome.ended]
    held = (
        RoleGrant.objects.filter(unit_id__in=units)
        .filter(Q(valid__endswith__gt=on) | Q(valid__endswith__isnull=True))
        .select_related("user")
        .order_by("id")
    )
    heirs = {
        one.predecessor: one.successor
        for one in outcome.lineage
        if _is_merged_into_its_like(one, outcome, structure)
    }
    return [GrantChange(grant, str(grant.unit_id), heirs.get(str(grant.unit_id))) for grant in held]


def _is_merged_into_its_like(one: Descent, outcome: Outcome, structure: Structure) -> bool:
    before = structure.version_of(one.predecessor)
    after = outcome.versions.get(one.successor) or structure.version_of(one.successor)
    if one.kind is not LineageKind.MERGE or before is None or after is None:
        return False
    return _are_alike(before.kind, after.kind)


def _are_alike(one: UnitKind, other: UnitKind) -> bool:
    return one is other or (one in CELL_KINDS and other in CELL_KINDS)
