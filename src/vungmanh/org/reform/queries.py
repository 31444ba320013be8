"""Which reforms a viewer may see, and which units may stand in them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.queries import units_visible
from vungmanh.org.reform.steps import steps_from_json, unit_ids

VIEW, DRAFT, COMMIT = "org.reform.view", "org.reform.draft", "org.reform.commit"


def reforms_visible(viewer: Viewer | None) -> QuerySet[Reform]:
    """The reforms a viewer drafted, and those of which every unit named is in sight.

    Newest first, without their journals.
    """
    none = Reform.objects.none()
    if viewer is None or not can(viewer, VIEW):
        return none
    seen = [
        reform.pk
        for reform in Reform.objects.order_by().defer("journal", "told")
        if reform.drafted_by_id == viewer.user.pk or _in_sight(viewer, reform)
    ]
    return (
        Reform.objects.filter(pk__in=seen)
        .defer("journal", "told")
        .select_related("drafted_by", "committed_by", "undone_by")
    )


def reform_visible(viewer: Viewer | None, reform_id: UUID, *, lock: bool = False) -> Reform:
    """One reform, journal included. Raises NotFound alike for absent and out of sight."""
    reforms = Reform.objects.select_for_update() if lock else Reform.objects.all()
    reform = reforms.filter(pk=reform_id).first() if can(viewer, VIEW) else None
    if reform is None or viewer is None:
        raise _not_found()
    if reform.drafted_by_id != viewer.user.pk and not _in_sight(viewer, reform):
        raise _not_found()
    return reform


def check_units_visible(
    viewer: Viewer, units: set[UUID], effective_on: dt.date, today: dt.date
) -> None:
    """Raise NotFound unless each unit is in sight around the effective day, today, or, for one
    that lives on neither, on its last day.
    """
    missing = _out_of_sight(viewer, units, effective_on)
    if missing:
        missing -= set(units_visible(viewer, today).filter(descendant_id__in=missing))
    for unit in missing:
        lives = UnitVersion.objects.filter(unit_id=unit).order_by("valid")
        last = lives.last()
        day = last.valid.lower if last is not None else None
        if day is None or not units_visible(viewer, day).filter(descendant_id=unit).exists():
            raise NotFound(
                "Có đơn vị trong việc sắp xếp không tìm thấy trong phạm vi của đồng chí. "
                "Chọn lại đơn vị ở từng bước.",
                code="unit-not-found",
            )


def _in_sight(viewer: Viewer, reform: Reform) -> bool:
    named = unit_ids(steps_from_json(reform.steps))
    return not _out_of_sight(viewer, named, reform.effective_on)


def _out_of_sight(viewer: Viewer, units: set[UUID], effective_on: dt.date) -> set[UUID]:
    """Those seen neither on the eve nor on the day."""
    missing = set(units)
    for day in (effective_on - dt.timedelta(days=1), effective_on):
        if missing:
            missing -= set(units_visible(viewer, day).filter(descendant_id__in=missing))
    return missing


def _not_found() -> NotFound:
    return NotFound(
        "Không tìm thấy việc sắp xếp này trong phạm vi của đồng chí.", code="reform-not-found"
    )
