"""Areas and months by the structure then or now, as the grid of *Tổng quan* takes them.

Most cells stand in one area all twelve months; what they held is read from the assessment, as the
figures above the grid are. Only for the others, which came, went or moved meanwhile, is the ledger
added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months, last_day
from vungmanh.core.vocabulary import Structure
from vungmanh.meetings.series import held_series
from vungmanh.org.structure import cells_of_series, roots_of
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.queries import AreaMonth, CellYear, count_by_area

MONTHS = 12


def heat_months(
    viewer: Viewer, structure: Structure, run: AssessmentRun, years: Sequence[CellYear]
) -> list[AreaMonth]:
    """The twelve months of a run by area: where each cell was then, or is counted now."""
    first, as_of = add_months(run.month, 1 - MONTHS), last_day(run.month)
    cells = [
        one
        for one in cells_of_series(roots_of(viewer, None, as_of), structure, as_of, by_area=True)
        if one.months_within(first, run.month)
    ]
    marks = {one.unit_id: one.marks for one in years}
    stretches = Counter(one.unit for one in cells)
    steady = [
        one
        for one in cells
        if one.first_month <= first
        and run.month < one.stop_month
        and one.share == 1
        and stretches[one.unit] == 1
        and one.unit in marks
    ]
    others = list(set(cells).difference(steady))
    ledger = [
        AreaMonth(area, place, one.held, one.not_held, one.no_report, one.excused)
        for area, months in held_series(others, first, run.month, with_members=False).items()
        for place, one in enumerate(months)
        if one.cells
    ]
    return count_by_area(((one.group, marks[one.unit]) for one in steady), ledger)
