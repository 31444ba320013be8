"""Which reforms a viewer may see, and which units may stand in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import F, Func, IntegerField, QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.org.models import Reform
from vungmanh.org.reform.steps import Create, Step, steps_from_json, unit_ids
from vungmanh.org.sight import Days, days_visible, is_analyst_of_the_root

VIEW, DRAFT, COMMIT = "org.reform.view", "org.reform.draft", "org.reform.commit"


def reforms_visible(viewer: Viewer | None) -> QuerySet[Reform]:
    """The reforms of which every unit named is in sight, whoever drafted them.

    One that names no unit is its drafter's and the analysts'; an analyst of the root sees all.
    Newest first, with `step_count` in place of the steps and without what committing kept. As many
    queries for a hundred reforms as for one, and none of them longer for more days.
    """
    if viewer is None or not can(viewer, VIEW):
        return Reform.objects.none()
    reforms = Reform.objects.all()
    if not is_analyst_of_the_root(viewer):
        reforms = reforms.filter(pk__in=_inside(viewer))
    return (
        reforms.defer("journal", "told", "steps")
        .annotate(
            step_count=Func(F("steps"), function="jsonb_array_length", output_field=IntegerField())
        )
        .select_related("drafted_by", "committed_by", "undone_by")
    )


def _inside(viewer: Viewer) -> list[UUID]:
    """The reforms a viewer below the root may see."""
    every = list(Reform.objects.order_by().only("drafted_by_id", "effective_on", "steps"))
    named = {reform.pk: unit_ids(steps_from_json(reform.steps)) for reform in every}
    days = days_visible(viewer, set().union(*named.values()))
    return [one.pk for one in every if _may_see(viewer, one, named[one.pk], days)]


def _may_see(viewer: Viewer, reform: Reform, named: set[UUID], days: Mapping[UUID, Days]) -> bool:
    if not named:
        return reform.drafted_by_id == viewer.user.pk or can(viewer, COMMIT)
    return all(_is_in_sight(days.get(unit), reform.effective_on, viewer.on) for unit in named)


def reform_visible(viewer: Viewer | None, reform_id: UUID, *, lock: bool = False) -> Reform:
    """One reform, journal included. Raises NotFound alike for absent and out of sight."""
    reforms = Reform.objects.select_for_update() if lock else Reform.objects.all()
    reform = reforms.filter(pk=reform_id).first() if can(viewer, VIEW) else None
    if reform is None or viewer is None:
        raise _not_found()
    if not is_analyst_of_the_root(viewer):
        named = unit_ids(steps_from_json(reform.steps))
        if not _may_see(viewer, reform, named, days_visible(viewer, named)):
            raise _not_found()
    return reform


def units_in_sight(viewer: Viewer, units: set[UUID], effective_on: dt.date) -> set[UUID]:
    """Those of the units of which a reform of that day may tell the viewer."""
    if is_analyst_of_the_root(viewer):
        return units
    days = days_visible(viewer, units)
    return {unit for unit in units if _is_in_sight(days.get(unit), effective_on, viewer.on)}


def check_units_visible(
    viewer: Viewer, units: set[UUID], effective_on: dt.date, today: dt.date
) -> None:
    """Raise NotFound unless each unit is in sight around the effective day, today, or, for one
    that lives on neither, on its last day.
    """
    days = days_visible(viewer, units)
    if not all(_is_in_sight(days.get(unit), effective_on, today) for unit in units):
        raise NotFound(
            "Có đơn vị trong việc sắp xếp không tìm thấy trong phạm vi của đồng chí. "
            "Chọn lại đơn vị ở từng bước.",
            code="unit-not-found",
        )


def check_may_found(viewer: Viewer, steps: Iterable[Step]) -> None:
    """Raise NotAllowed when a step founds a unit at the top and the viewer does not stand there."""
    at_top = [
        number
        for number, step in enumerate(steps, start=1)
        if isinstance(step, Create) and not step.parent
    ]
    if at_top and not is_analyst_of_the_root(viewer):
        raise NotAllowed(
            f"Bước {at_top[0]}: chỉ chuyên viên Ban Tổ chức của cấp cao nhất lập đơn vị không có "
            "cấp trên. Ghi đơn vị cấp trên cho đơn vị lập mới.",
            code="top-by-analyst",
        )


def _is_in_sight(days: Days | None, effective_on: dt.date, today: dt.date) -> bool:
    """On the eve, on the day or today; of what lives on none of them, on its last day."""
    if days is None or not days.lived:
        return False
    around = (effective_on - dt.timedelta(days=1), effective_on, today)
    if any(map(days.lives_on, around)):
        return any(map(days.is_seen_on, around))
    return days.is_seen_on(days.last)


def _not_found() -> NotFound:
    return NotFound(
        "Không tìm thấy việc sắp xếp này trong phạm vi của đồng chí.", code="reform-not-found"
    )
