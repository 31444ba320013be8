"""Reads about plans of overseers: which are in sight, and who is in charge of what on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Role
from vungmanh.org.queries import (
    cells_visible,
    ended_units_visible,
    units_held,
    units_visible,
    versions_visible,
)
from vungmanh.strengthening.file_reads import files_visible
from vungmanh.strengthening.models import OversightPlan
from vungmanh.strengthening.models.files import OVER

VIEW, READ = "strengthening.oversight.view", "strengthening.oversight.read"


def plans_visible(viewer: Viewer | None) -> QuerySet[OversightPlan]:
    """The plans of committees in sight, and of those gone whose past one sees. An overseer reads
    the charges (`charged_cells`), not how they were shared out."""
    if viewer is None or not can(viewer, READ):
        return OversightPlan.objects.none()
    return OversightPlan.objects.filter(
        Q(unit_id__in=units_visible(viewer, viewer.on))
        | Q(unit_id__in=ended_units_visible(viewer, viewer.on))
    )


def plan_visible(viewer: Viewer | None, plan_id: UUID) -> OversightPlan:
    """One plan. Raises NotFound alike for absent and out of sight."""
    people = ("made_by", "submitted_by", "approved_by")
    found = plans_visible(viewer).select_related(*people).filter(pk=plan_id).first()
    if found is None:
        raise NotFound("Không tìm thấy kế hoạch này trong phạm vi của đồng chí.", code="no-plan")
    return found


def answers_for(viewer: Viewer, unit_id: UUID) -> bool:
    """Whether a committee stands below the grants: it, or one above it, approves there."""
    return units_held(viewer, viewer.on).filter(descendant_id=unit_id).exists()


@dataclass(frozen=True)
class ChargedCell:
    """A unit in sight: who is in charge of it on a day, each with the days of the charge."""

    unit_id: UUID
    name: str
    in_file: bool
    people: tuple[tuple[User, dt.date, dt.date | None], ...]


def charged_cells(viewer: Viewer, on: dt.date) -> list[ChargedCell]:
    """The cells that somebody is in charge of on a day, or that are being strengthened and nobody
    is: those first, then by name. Five queries."""
    seen = units_visible(viewer, on)
    grants = RoleGrant.objects.filter(
        role=Role.OVERSEER, on_behalf_of=None, valid__contains=on, unit_id__in=seen
    ).select_related("user")
    people: dict[UUID, list[tuple[User, dt.date, dt.date | None]]] = defaultdict(list)
    for one in grants.order_by("unit_id", "valid", "pk"):
        people[one.unit_id].append((one.user, one.valid.lower, one.valid.upper))
    helped = files_visible(viewer).exclude(state__in=OVER).values_list("unit_id", flat=True)
    below = set(
        cells_visible(viewer, on)
        .filter(
            unit__above__ancestor_id__in=list(helped), unit__above__valid__contains=on
        )
        .values_list("unit_id", flat=True)
    )  # fmt: skip
    named = versions_visible(viewer, on).filter(unit_id__in=below | people.keys())
    found = [
        ChargedCell(one.unit_id, one.name, one.unit_id in below, tuple(people[one.unit_id]))
        for one in named.order_by("name_key", "unit_id")
    ]
    return sorted(found, key=lambda one: bool(one.people))
