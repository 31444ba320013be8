"""Reads about phones and what they sent, for whoever settles it and for the phone itself."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import PhoneItemState
from vungmanh.meetings.models import PhoneDevice, PhoneItem
from vungmanh.org.queries import ended_units_visible, units_visible

S = PhoneItemState
#: What waits for a person, the most urgent first.
WAITING = (S.CONFLICT, S.QUARANTINED, S.HELD)
SCORE = "sheet.score"


def _in_sight(viewer: Viewer | None, on: dt.date) -> Q:
    gone = ended_units_visible(viewer, on)
    return Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone)


def items_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[PhoneItem]:
    """Items of units in sight, the oldest first, without what anybody gave as points.

    What a page may know of points is `score_items`.
    """
    found = PhoneItem.objects.filter(_in_sight(viewer, on)).exclude(kind=SCORE)
    return found.select_related("user", "device", "settled_by").order_by("received_at", "id")


def score_items(viewer: Viewer | None, on: dt.date) -> list[PhoneItem]:
    """That points wait, never which: the wall shuts their items to pages (decisions.md 11)."""
    units = set(
        PhoneItem.objects.none().values_list("unit_id", flat=True)
        if viewer is None
        else units_visible(viewer, on)
    )
    with lowered():  # told: who, when, of which unit; the content is never fetched
        return list(
            PhoneItem.objects.filter(unit_id__in=units, kind=SCORE, state__in=WAITING)
            .defer("body", "answer", "settlement")
            .select_related("user", "device")
            .order_by("received_at", "id")
        )


def item_visible(viewer: Viewer | None, item_id: UUID, on: dt.date) -> PhoneItem:
    """One item. Raises NotFound alike for absent and out of sight."""
    item = items_visible(viewer, on).filter(pk=item_id).first()
    scores = [] if item else [one for one in score_items(viewer, on) if one.pk == item_id]
    if item is None and not scores:
        raise NotFound("Không tìm thấy mục này trong phạm vi của đồng chí.", code="no-item")
    return item or scores[0]


def phones_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[PhoneDevice]:
    """The phones of units in sight, the longest silent first."""
    found = PhoneDevice.objects.filter(_in_sight(viewer, on))
    return found.select_related("user", "revoked_by").order_by("last_seen", "id")


def waiting_of(user: User, *, limit: int) -> list[PhoneItem]:
    """What this person's phones sent that is not written yet, points included: they are theirs."""
    with lowered():
        mine = PhoneItem.objects.filter(user=user, state__in=WAITING)
        return list(mine.order_by("received_at", "id")[:limit])
