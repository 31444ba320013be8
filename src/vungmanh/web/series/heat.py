"""Areas and months by the structure then or now, as the grid of *Tổng quan* takes them."""

from __future__ import annotations

import datetime as dt

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import Structure
from vungmanh.meetings.series import held_series
from vungmanh.org.structure import cells_of_series, roots_of
from vungmanh.strengthening.queries import AreaMonth

MONTHS = 12


def heat_months(
    viewer: Viewer, structure: Structure, period: dt.date, as_of: dt.date
) -> list[AreaMonth]:
    """The twelve months to `period`, by area: where each cell was then, or is counted now."""
    first = add_months(period, 1 - MONTHS)
    cells = cells_of_series(roots_of(viewer, None, as_of), structure, as_of, by_area=True)
    series = held_series(cells, first, period, with_members=False)
    return [
        AreaMonth(area, place, one.held, one.not_held, one.no_report, one.excused)
        for area, months in series.items()
        for place, one in enumerate(months)
        if one.cells
    ]
