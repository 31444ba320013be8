"""Reads about assessments. Everything is cut to the viewer's scope first."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.analysis.facts import MARKS
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import Role, Sector, Status
from vungmanh.org.queries import units_visible
from vungmanh.strengthening.models import Assessment, AssessmentRun

NO_REPORT_MARK = next(mark for mark, state in MARKS.items() if state == "no_report")


#: Held, not held, no report, excused: the order in which months are told.
TOLD_MARKS = tuple(MARKS)[:4]
VACANT = "secretary_vacant"


class Grain(Enum):
    """What a list shows, with the order it is worked in."""

    ORGANISATIONS = "organisation_position"
    CELLS = "cell_position"

    @property
    def order(self) -> str:
        return self.value


@dataclass(frozen=True)
class Wanted:
    """The filters of a list; empty means all."""

    status: Status | None = None
    area: str = ""
    sector: str = ""
    reason: str = ""
    is_missing: bool = False  # no report for the last month


def run_of(month: dt.date) -> AssessmentRun | None:
    """The assessment of a month; None when it was never made."""
    return AssessmentRun.objects.filter(month=month).first()


def assessed(viewer: Viewer | None, run: AssessmentRun) -> QuerySet[Assessment]:
    """Every assessment of a run that the viewer may see, in the structure of that month's end."""
    return run.rows.filter(unit_id__in=units_visible(viewer, last_day(run.month)))


def listed(
    viewer: Viewer | None, run: AssessmentRun, grain: Grain, wanted: Wanted = Wanted()
) -> QuerySet[Assessment]:
    """One grain of a run in the order of working, filtered."""
    found = assessed(viewer, run).filter(**{f"{grain.order}__isnull": False})
    if wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.area:
        found = found.filter(area=wanted.area)
    if wanted.sector:
        found = found.filter(sector=wanted.sector)
    if wanted.reason:
        found = found.filter(reasons__contains=[{"key": wanted.reason}])
    if wanted.is_missing:
        found = found.filter(marks__endswith=NO_REPORT_MARK)
    return found.order_by(grain.order)


def ranked_positions(viewer: Viewer | None, run: AssessmentRun, grain: Grain) -> list[int]:
    """The positions of what the viewer sees, in order, the silent left out: they are not ranked.

    The place of a unit in it is its place among the viewer's own, which tells nothing of others.
    """
    found = listed(viewer, run, grain).exclude(status=Status.MUST_VERIFY)
    return list(found.values_list(grain.order, flat=True))


def sees_rank(viewer: Viewer | None, unit_id: UUID) -> bool:
    """Whether a viewer may read the rank of a unit: who stands above it or oversees it.

    A unit reads its own reasons, not its rank among others (decisions.md 6).
    """
    if viewer is None or viewer.role not in {
        Role.PROVINCIAL_ANALYST,
        Role.COMMITTEE_OFFICE,
        Role.STANDING_COMMITTEE,
        Role.OVERSEER,
    }:
        return False
    own = {grant.unit_id for grant in viewer.grants}
    return viewer.role is Role.OVERSEER or unit_id not in own


def counts_by_status(found: QuerySet[Assessment]) -> dict[Status, int]:
    """How many stand where; a status nobody has is there with 0."""
    counted = dict(found.order_by().values_list("status").annotate(n=Count("id")))
    return {status: counted.get(status, 0) for status in Status}


def assessment_of(viewer: Viewer | None, run: AssessmentRun, unit_id: UUID) -> Assessment | None:
    """The assessment of one unit, if visible and assessed."""
    return assessed(viewer, run).filter(unit_id=unit_id).first()


def worst_cells_of(
    viewer: Viewer | None, run: AssessmentRun, found: Iterable[Assessment]
) -> dict[UUID, Assessment]:
    """The worst visible cell of each organisation among `found`, by organisation."""
    wanted = {one.worst_cell_id: one.unit_id for one in found if one.worst_cell_id}
    cells = assessed(viewer, run).filter(unit_id__in=wanted)
    return {wanted[cell.unit_id]: cell for cell in cells}


def cells_of(viewer: Viewer | None, run: AssessmentRun, organisation: UUID) -> list[Assessment]:
    """The visible cells of an organisation, those to work first at the top."""
    found = assessed(viewer, run).filter(organisation_id=organisation, cell_position__isnull=False)
    return list(found.order_by("cell_position"))


def areas_of(viewer: Viewer | None, run: AssessmentRun) -> list[str]:
    """The areas that occur among what the viewer sees, by name."""
    found = assessed(viewer, run).exclude(area="").order_by().values_list("area", flat=True)
    return list(found.distinct())


def last_month_reports(viewer: Viewer | None, run: AssessmentRun) -> tuple[int, int]:
    """(reported, due) of the run's month among the visible cells, excused ones left out."""
    cells = assessed(viewer, run).filter(cell_position__isnull=False)
    held, not_held, no_report, *_ = MARKS
    is_reported = Q(marks__endswith=held) | Q(marks__endswith=not_held)
    counted = cells.aggregate(
        reported=Count("id", filter=is_reported),
        due=Count("id", filter=is_reported | Q(marks__endswith=no_report)),
    )
    return counted["reported"], counted["due"]


@dataclass(frozen=True)
class AreaMonth:
    """Cell-months of one area and one month of the period, by mark."""

    area: str
    place: int  # 0 is the first month of the period
    held: float  # not whole where shares of split cells are counted
    not_held: float
    no_report: float
    excused: float


@dataclass(frozen=True)
class CellYear:
    """The twelve marks of one cell, with what it was at their end."""

    unit_id: UUID
    area: str
    marks: str
    status: Status
    is_vacant: bool  # without secretary for longer than the reminder


def cell_years(viewer: Viewer | None, run: AssessmentRun) -> list[CellYear]:
    """The marks of every visible cell of a run."""
    vacant = ExpressionWrapper(Q(reasons__contains=[{"key": VACANT}]), BooleanField())
    cells = assessed(viewer, run).filter(cell_position__isnull=False).order_by()
    rows = cells.values_list("unit_id", "area", "marks", "status", vacant)
    return [
        CellYear(unit, area, marks, Status(status), is_vacant)
        for unit, area, marks, status, is_vacant in rows
    ]


def count_by_area(
    years: Iterable[tuple[str, str]], more: Iterable[AreaMonth] = ()
) -> list[AreaMonth]:
    """What cells held and reported by area and month, from pairs of area and marks."""
    counts: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0] * len(TOLD_MARKS))
    # Many cells of an area have the same twelve marks: they are counted together.
    for (area, marks), n in Counter(years).items():
        for place, mark in enumerate(marks):
            of_month = counts[area, place]
            if mark in TOLD_MARKS:
                of_month[TOLD_MARKS.index(mark)] += n
    for one in more:
        told = (one.held, one.not_held, one.no_report, one.excused)
        of_month = counts[one.area, one.place]
        of_month[:] = [number + other for number, other in zip(of_month, told, strict=True)]
    return [AreaMonth(*where, *counts[where]) for where in sorted(counts)]


@dataclass(frozen=True)
class AreaWeakness:
    """Weak cells of one area, and in how many of its communes."""

    area: str
    cells: int
    weak: int
    communes: int
    weak_communes: int  # … with a weak cell


def area_weakness(viewer: Viewer | None, run: AssessmentRun) -> list[AreaWeakness]:
    """Weak cells by area, among what the viewer sees."""
    cells = assessed(viewer, run).filter(cell_position__isnull=False).order_by()
    sql, parameters = cells.values("area", "status", "organisation_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT area, count(*), count(*) FILTER (WHERE status = %s),
                   count(DISTINCT commune.unit_id),
                   count(DISTINCT commune.unit_id) FILTER (WHERE status = %s)
            FROM ({sql}) cells
            LEFT JOIN (SELECT unit_id FROM strengthening_assessment
                       WHERE run_id = %s AND sector = %s) commune
              ON commune.unit_id = cells.organisation_id
            WHERE area <> '' GROUP BY area ORDER BY area
            """,
            [Status.WEAK, Status.WEAK, *parameters, run.pk, Sector.COMMUNE],
        )
        return [AreaWeakness(*row) for row in cursor.fetchall()]
