"""Reads about excuses asked for: whose one sees, which wait for whom."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import AskingState
from vungmanh.meetings.inspections import units_below
from vungmanh.meetings.models import ExcuseRequest
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import ended_units_visible, units_visible


def requests_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[ExcuseRequest]:
    """What the units in sight asked for, what waits first, each with `name` of its unit."""
    named = UnitVersion.objects.filter(
        unit_id=OuterRef("unit_id"), valid__startswith__lte=on
    ).order_by("-valid")
    gone = ended_units_visible(viewer, on)  # what they asked for still waits for an answer
    found = ExcuseRequest.objects.filter(
        Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone)
    )
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
    found = requests_visible(viewer, on).filter(
        state=AskingState.WAITING, unit_id__in=units_below(viewer, on)
    )
    return found.exclude(_asked_by(viewer))


def is_own(viewer: Viewer, one: ExcuseRequest) -> bool:
    """Whether this person asked for it, or acts for who did."""
    return ExcuseRequest.objects.filter(_asked_by(viewer), pk=one.pk).exists()


def _asked_by(viewer: Viewer) -> Q:
    lender = viewer.on_behalf_of
    mine = Q(asked_by=viewer.user)
    return mine | Q(asked_by=lender) if lender is not None else mine
