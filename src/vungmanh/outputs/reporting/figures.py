"""The figures of a report, gathered in a number of queries that does not grow with the units.

Only units in sight are counted. What nobody recorded is None: not known is never zero.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, F, Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.core.vocabulary import (
    CELL_KINDS,
    DossierState,
    InspectionState,
    ObligationKind,
    ReportState,
    Status,
    Structure,
    TaskState,
)
from vungmanh.evaluation.models import Dossier, YearGrade
from vungmanh.evaluation.reads import dossiers_visible
from vungmanh.meetings.models import Inspection, MeetingReport, Obligation, Task
from vungmanh.meetings.series import MonthTotal, held_series
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import units_visible
from vungmanh.org.structure import cells_of_series, roots_of
from vungmanh.outputs.reporting.periods import Period
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.models import AssessmentRun, Flag
from vungmanh.strengthening.queries import assessed, counts_by_status
from vungmanh.strengthening.year_addresses import Address

NOT_KNOWN = "chưa có số liệu"


@dataclass(frozen=True)
class Figure:
    """One figure in words, and the page that opens it."""

    label: str
    value: str
    source: Address

    @property
    def is_known(self) -> bool:
        return self.value != NOT_KNOWN


@dataclass(frozen=True)
class Chapter:
    """What belongs together in a report."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Gathered:
    """Everything a report says, and of which day it was counted."""

    period: Period
    counted_on: dt.date
    chapters: tuple[Chapter, ...]
    months: tuple[MonthTotal, ...] = field(default=())


@dataclass(frozen=True)
class _Asked:
    unit_id: UUID
    period: Period
    viewer: Viewer
    on: dt.date  # the day of the structure and of what stands
    units: Sequence[UUID]
    run: AssessmentRun | None  # the last within the period: pages look at its month

    def page(self, name: str, *, of_unit: bool = False) -> Address:
        ids = {"unit_id": str(self.unit_id)} if of_unit else {}
        return Address(name, ids, self.run.month if self.run else None)


def gather(unit_id: UUID, period: Period, viewer: Viewer) -> Gathered:
    """The figures of a unit and all below it that are in sight, known by the end of the period (or
    today, where it still runs). Raises NotFound out of sight."""
    on = min(period.ends_on, viewer.on)
    roots = roots_of(viewer, unit_id, on)
    below = UnitClosure.objects.filter(
        ancestor_id=unit_id, valid__contains=on, descendant_id__in=units_visible(viewer, on)
    )
    units = list(below.order_by().values_list("descendant_id", flat=True))
    runs = AssessmentRun.objects.filter(month__range=(period.first, period.last))
    asked = _Asked(unit_id, period, viewer, on, units, runs.order_by("month").last())
    stretches = cells_of_series(roots, Structure.THEN, on)
    last = min(period.last, on.replace(day=1))
    months = next(iter(held_series(stretches, period.first, last).values()), [])
    chapters = (
        Chapter("Tổ chức đảng, đảng viên", _structure(asked, months)),
        Chapter("Sinh hoạt chi bộ", (*_meetings(asked, months), *_duties(asked))),
        Chapter("Việc được giao, kiểm tra, giám sát", (*_tasks(asked), *_inspections(asked))),
        Chapter("Củng cố tổ chức đảng", (*_statuses(asked), *_flags(asked))),
        Chapter("Đánh giá, xếp loại", (*_grades(asked), *_dossiers(asked))),
    )
    return Gathered(period, on, chapters, tuple(months))


def _structure(asked: _Asked, months: Sequence[MonthTotal]) -> tuple[Figure, ...]:
    living = UnitVersion.objects.filter(unit_id__in=asked.units, valid__contains=asked.on)
    counts = living.aggregate(
        organisations=Count("pk", filter=Q(is_organisation=True)),
        cells=Count("pk", filter=Q(kind__in=[kind.value for kind in CELL_KINDS])),
    )
    members = months[-1].members if months else None
    page = asked.page("unit", of_unit=True)
    return (
        Figure("Tổ chức cơ sở đảng", number_vi(counts["organisations"]), page),
        Figure("Chi bộ", number_vi(counts["cells"]), page),
        Figure(
            "Đảng viên chính thức và dự bị",
            NOT_KNOWN if members is None else number_vi(members),
            asked.page("series", of_unit=True),
        ),
    )


def _meetings(asked: _Asked, months: Sequence[MonthTotal]) -> tuple[Figure, ...]:
    due = sum(one.due for one in months)
    held, missed = sum(one.held for one in months), sum(one.not_held for one in months)
    page = asked.page("series", of_unit=True)
    if not due:
        return (Figure("Kỳ họp thường kỳ phải họp", "không có kỳ nào", page),)
    return (
        Figure("Kỳ họp thường kỳ phải họp", number_vi(due), page),
        Figure("Đã họp", f"{number_vi(held)} ({percent_vi(held / due)})", page),
        Figure("Báo cáo là không họp", number_vi(missed), page),
        Figure("Chưa có báo cáo", number_vi(sum(one.no_report for one in months)), page),
        Figure("Được miễn", number_vi(sum(one.excused for one in months)), page),
    )


def _duties(asked: _Asked) -> tuple[Figure, ...]:
    """Other duties of the period: due without the excused ones, and done as reported."""
    span = {"unit_id__in": asked.units, "month__range": (asked.period.first, asked.period.last)}
    others = [kind for kind in ObligationKind if kind is not ObligationKind.REGULAR]
    rows = Obligation.objects.filter(**span, kind__in=others, excuse_document="")
    due = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    reports = MeetingReport.objects.filter(**span, kind__in=others, state=ReportState.HELD)
    done = dict(reports.order_by().values_list("kind").annotate(n=Count("pk")))
    page = asked.page("unit_ledger", of_unit=True)
    return tuple(
        Figure(kind.label, f"{number_vi(done.get(kind, 0))} trong {number_vi(due[kind])} nơi đã "
               "báo cáo xong", page)
        for kind in others
        if due.get(kind)
    )  # fmt: skip


def _tasks(asked: _Asked) -> tuple[Figure, ...]:
    first, on = asked.period.first, asked.on
    ended = Q(ended_on__range=(first, on), state=TaskState.DONE)
    counts = Task.objects.filter(unit_id__in=asked.units).aggregate(
        given=Count("pk", filter=Q(given_on__range=(first, on))),
        done=Count("pk", filter=ended),
        late=Count("pk", filter=ended & Q(ended_on__gt=F("due_on"))),
        overdue=Count(
            "pk",
            filter=Q(due_on__lt=on, given_on__lte=on) & (Q(ended_on=None) | Q(ended_on__gt=on)),
        ),
    )
    page = asked.page("tasks")
    return (
        Figure("Việc giao trong kỳ", number_vi(counts["given"]), page),
        Figure("Việc xong trong kỳ", number_vi(counts["done"]), page),
        Figure("Việc xong sau hạn", number_vi(counts["late"]), page),
        Figure("Việc quá hạn chưa xong", number_vi(counts["overdue"]), page),
    )


def _inspections(asked: _Asked) -> tuple[Figure, ...]:
    found = Inspection.objects.filter(
        unit_id__in=asked.units, on__range=(asked.period.first, asked.on)
    ).exclude(state=InspectionState.WITHDRAWN)
    return (Figure("Cuộc kiểm tra, giám sát", number_vi(found.count()), asked.page("inspections")),)


def _statuses(asked: _Asked) -> tuple[Figure, ...]:
    """As the last assessment within the period has it."""
    page = asked.page("spotting")
    run = asked.run
    if run is None:
        return (Figure("Kết quả nhận diện", NOT_KNOWN, page),)
    rows = assessed(asked.viewer, run).filter(unit_id__in=asked.units)
    cells = counts_by_status(rows.filter(cell_position__isnull=False))
    above = counts_by_status(rows.filter(organisation_position__isnull=False))
    shown = (Status.WEAK, Status.WATCH, Status.MUST_VERIFY)
    return tuple(
        Figure(f"{grain}: {status.label.lower()}", number_vi(counts[status]), page)
        for grain, counts in (("Chi bộ", cells), ("Tổ chức cơ sở đảng", above))
        for status in shown
    )


def _flags(asked: _Asked) -> tuple[Figure, ...]:
    first, last, on = asked.period.first, asked.period.last, asked.on
    counts = Flag.objects.filter(unit_id__in=asked.units).aggregate(
        raised=Count("pk", filter=Q(since_month__range=(first, last))),
        cleared=Count("pk", filter=Q(cleared_month__range=(first, last))),
        concluded=Count("pk", filter=~Q(fate="") & Q(concluded_at__date__range=(first, on))),
        standing=Count(
            "pk",
            filter=Q(since_month__lte=last) & (Q(cleared_month=None) | Q(cleared_month__gt=last)),
        ),
    )
    page = asked.page("flags")
    return (
        Figure("Dấu hiệu mới nêu trong kỳ", number_vi(counts["raised"]), page),
        Figure("Dấu hiệu đã hết trong kỳ", number_vi(counts["cleared"]), page),
        Figure("Dấu hiệu đã có kết luận trong kỳ", number_vi(counts["concluded"]), page),
        Figure("Dấu hiệu còn đến cuối kỳ", number_vi(counts["standing"]), page),
    )


def _grades(asked: _Asked) -> tuple[Figure, ...]:
    """The latest rating year that has grades, of the units directly below."""
    page = asked.page("evaluation")
    below = UnitClosure.objects.filter(
        ancestor_id=asked.unit_id, depth=1, valid__contains=asked.on,
        descendant_id__in=asked.units,
    )  # fmt: skip
    rows = YearGrade.objects.filter(
        unit_id__in=below.order_by().values("descendant_id"),
        year__lte=asked.period.last.year, year__gte=asked.period.last.year - 1,
    ).exclude(decided_on__gt=asked.on)  # fmt: skip
    grouped = rows.order_by().values_list("year", "grade").annotate(n=Count("pk"))
    counted = Counter({(year, grade): n for year, grade, n in grouped})
    if not counted:
        return (Figure("Mức xếp loại các tổ chức trực thuộc", NOT_KNOWN, page),)
    year = max(year for year, _ in counted)
    return tuple(
        Figure(f"Năm {year}: {grade.label.lower()}", number_vi(counted[year, grade.code]), page)
        for grade in load_rulebook().grade_scale(year).grades
    )


def _dossiers(asked: _Asked) -> tuple[Figure, ...]:
    """Where the dossiers of the committee's own cycle of the year stand now."""
    found = dossiers_visible(asked.viewer).filter(
        cycle__unit_id=asked.unit_id, cycle__year=asked.period.last.year
    )
    rows = found.order_by().values_list("state").annotate(n=Count("pk"))
    counts = {DossierState(state): n for state, n in rows}
    first: Dossier | None = found.order_by("pk").first() if counts else None
    page = (
        Address("cycle", {"cycle_id": str(first.cycle_id)}) if first else asked.page("evaluation")
    )
    if not counts:
        return (Figure("Hồ sơ xếp loại của năm", "chưa mở kỳ xếp loại", page),)
    return tuple(
        Figure(f"Hồ sơ: {state.label.lower()}", number_vi(counts[state]), page)
        for state in DossierState
        if state in counts
    )
