"""Reads about excuses asked for: whose one sees, which wait for whom."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import AskingState, Reach
from vungmanh.meetings.models import ExcuseRequest
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import units_visible


def requests_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[ExcuseRequest]:
    """What the units in sight asked for, what waits first, each with `name` of its unit."""
    named = UnitVersion.objects.filter(
        unit_id=OuterRef("unit_id"), valid__startswith__lte=on
    ).order_by("-valid")
    found = ExcuseRequest.objects.filter(unit_id__in=units_visible(viewer, on))
    found = found.annotate(name=Subquery(named.values("name")[:1]))
    return found.select_related("asked_by", "decided_by").order_by(
        F("decided_at").desc(nulls_first=True), "asked_at", "id"
    )


def request_visible(viewer: Viewer | None, request_id: UUID, on: dt.date) -> ExcuseRequest:
    """One of them. Raises NotFound alike for absent and out of sight."""
    found = requests_visible(viewer, on).filter(pk=request_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy lời xin miễn, hoãn này trong phạm vi của đồng chí.", code="no-request"
        )
    return found


def to_decide(viewer: Viewer, on: dt.date) -> QuerySet[ExcuseRequest]:
    """What waits for this viewer: of units strictly below, and not asked for by the same person,
    nor by whoever lent the role."""
    below = UnitClosure.objects.filter(
        ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW), depth__gt=0, valid__contains=on
    )
    found = requests_visible(viewer, on).filter(
        state=AskingState.WAITING, unit_id__in=below.values("descendant_id")
    )
    return found.exclude(_asked_by(viewer))


def is_own(viewer: Viewer, one: ExcuseRequest) -> bool:
    """Whether this person asked for it, or acts for who did."""
    return ExcuseRequest.objects.filter(_asked_by(viewer), pk=one.pk).exists()


def _asked_by(viewer: Viewer) -> Q:
    lender = viewer.on_behalf_of
    mine = Q(asked_by=viewer.user)
    return mine | Q(asked_by=lender) if lender is not None else mine
