"""A cell with work to do in 2019, and those who give, do and look: for the tests of tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import ReportState, ResolutionKind, Role
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.actions.resolutions import adopt_resolution
from vungmanh.meetings.actions.tasks import give_task
from vungmanh.meetings.models import Resolution, Task
from vungmanh.meetings.wishes import ResolutionWish, TaskWish

CELL, SECOND, THIRD = CELLS[QUAN_MAU]
NEIGHBOUR = CELLS[LANG_THU][0]
TODAY = dt.date(2019, 9, 10)
NOW = dt.datetime(2019, 9, 10, 3, tzinfo=dt.UTC)
PROOF = "Biên bản nghiệm thu mương ngày 8/9, kẹp trong sổ chi bộ."


def at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC)


def acting(cast: Cast, role: Role, unit: str = PROVINCE, *, on: dt.date = TODAY) -> Viewer:
    """Somebody in a role held in a unit, on a day."""
    name = f"{role.value}.{cast[unit].hex[-12:]}"
    user = User.objects.filter(username=name).first() or cast.user(name, role, unit)
    return viewer_for(user, on=on)


def wish(title: str = "Sửa mương thôn", *, due: dt.date, given: dt.date | None = None) -> TaskWish:
    return TaskWish(title, "Bí thư", due, "Biên bản nghiệm thu", given)


def given_task(
    cast: Cast, unit: str = CELL, *, due: dt.date, given: dt.date | None = None,
    title: str = "Sửa mương thôn",
) -> Task:  # fmt: skip
    """A task of a cell that its secretary entered."""
    begun = given or min(due, TODAY)
    return give_task(
        unit_id=cast[unit],
        wish=wish(title, due=due, given=begun),
        by=acting(cast, Role.CELL_SECRETARY, unit),
        at=NOW,
    )


def adopted(
    cast: Cast,
    unit: str,
    role: Role,
    tasks: Sequence[TaskWish] = (),
    *,
    origin: Resolution | None = None,
) -> Resolution:
    said = ResolutionWish(
        kind=ResolutionKind.RESOLUTION,
        title="Nghị quyết về nước sạch",
        adopted_on=dt.date(2019, 8, 20),
        number="05-NQ/ĐU",
        origin_id=origin.pk if origin else None,
    )
    return adopt_resolution(
        unit_id=cast[unit], wish=said, tasks=tasks, by=acting(cast, role, unit), at=NOW
    )


def meet(cast: Cast, unit: str, *days: dt.date) -> None:
    """Report regular meetings held on these days."""
    record_reports(
        reports=[
            {
                "unit": cast[unit],
                "month": day.replace(day=1),
                "state": ReportState.HELD,
                "held_on": day,
                "note": "",
            }
            for day in days
        ],
        source=None,
        by=None,
        at=AT,
    )
