"""A whole invented province from one seed: `simulate_province`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vungmanh.analysis.simulate.agents import choose_agents, reporting_chance
from vungmanh.analysis.simulate.building import build_tree
from vungmanh.analysis.simulate.cells import Calendar, settle
from vungmanh.analysis.simulate.codes import give_codes
from vungmanh.analysis.simulate.grades import draw_grades
from vungmanh.analysis.simulate.members import draw_members
from vungmanh.analysis.simulate.months import draw_excuses, draw_months
from vungmanh.analysis.simulate.posts import draw_appointments
from vungmanh.analysis.simulate.register import (
    Rows,
    appointment_rows,
    excuse_rows,
    grade_rows,
    lineage_rows,
    member_rows,
    report_rows,
    unit_rows,
)
from vungmanh.analysis.simulate.reports import write_reports
from vungmanh.analysis.simulate.scheme import Scheme
from vungmanh.analysis.simulate.sizes import PROVINCE, Size
from vungmanh.analysis.simulate.stories import tell
from vungmanh.analysis.simulate.strength import draw_strength
from vungmanh.analysis.simulate.truth import truth_of
from vungmanh.core.periods import month_of

#: Grades before this rating year fall under a regime the simulation does not know.
EARLIEST_MONTH = date(2014, 1, 1)
LAST_MONTH = date(2026, 10, 1)


@dataclass(frozen=True)
class Province:
    """A simulated province.

    `tables` has the tables of analysis.schema, `truth` those of simulate.truth, both as columns of
    plain Python values (null is None). `next_month` has the reports of the month after the last,
    known by its own deadline, for workbooks; they are not in `tables`.
    """

    first_month: date
    last_month: date
    tables: dict[str, Rows]
    next_month: Rows
    truth: dict[str, Rows]


def simulate_province(
    seed: int,
    *,
    size: Size = PROVINCE,
    first_month: date | None = None,
    last_month: date = LAST_MONTH,
) -> Province:
    """Make a province over the months asked for (both included). The same seed, the same province.

    `first_month` is that of the size unless given: 1/2014 for PROVINCE, 11/2023 for SMALL.
    What is only known later is not in it: reports filed after the fifth day after the last month,
    units founded or ended by then. Raises ValueError when the months are not first days, run
    backwards or begin before EARLIEST_MONTH, or when the plan of `size` cannot be met.
    """
    calendar = _calendar(first_month or size.first_month, last_month)
    tree = build_tree(seed, size)
    give_codes(tree)
    setting = settle(seed, size, calendar, tree)
    cells = setting.cells
    story = tell(setting)
    strength = draw_strength(setting)
    agents = choose_agents(setting, strength, story.told_cells)
    scheme = Scheme(setting)
    months = draw_months(
        setting,
        strength=strength,
        reporting=reporting_chance(setting, strength, agents),
        agents=agents,
        excuse=draw_excuses(setting, agents, story),
        story=story,
        scheme=scheme,
    )
    members = draw_members(setting, strength, months.held, story.told_cells)
    reports = write_reports(
        setting, months=months, members=members, strength=strength, agents=agents, story=story
    )
    is_next = reports.column > calendar.column(last_month)
    tables = {
        **unit_rows(tree, calendar),
        "lineage": lineage_rows(tree, calendar),
        **member_rows(cells, members, calendar),
        "appointments": appointment_rows(draw_appointments(setting, strength, scheme), calendar),
        "excuses": excuse_rows(setting, months),
        "meeting_reports": report_rows(cells, reports.where(~is_next), calendar),
        "year_grades": grade_rows(draw_grades(setting, strength, months)),
    }
    return Province(
        first_month=calendar.first,
        last_month=calendar.last,
        tables=tables,
        next_month=report_rows(cells, reports.where(is_next), calendar),
        truth=truth_of(setting, strength, months, agents, scheme),
    )


def _calendar(first: date, last: date) -> Calendar:
    if month_of(first) != first or month_of(last) != last:
        raise ValueError("months are given by their first day")
    if first < EARLIEST_MONTH:
        raise ValueError(f"nothing is simulated before {EARLIEST_MONTH}")
    if last < first:
        raise ValueError("the last month lies before the first")
    return Calendar(first, last)
