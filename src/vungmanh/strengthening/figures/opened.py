"""A figure opened for one unit: the numbers put into the formula, and the records behind them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.analysis.facts import FactRules
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.core.periods import add_months
from vungmanh.meetings.queries import MonthRecord, month_records_of
from vungmanh.strengthening.figures.catalogue import Figure
from vungmanh.strengthening.figures.counts import READ
from vungmanh.strengthening.figures.estimates import ESTIMATED
from vungmanh.strengthening.figures.months import COUNTED, Share, total
from vungmanh.strengthening.figures.words import Told, doubts_of_share, share_told
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.queries import cells_of, sees_rank


@dataclass(frozen=True)
class Subject:
    """One assessed unit with the records of its period, as far as the viewer may see them.

    `records` by cell: the unit itself if it is one, else the visible cells below it, `cells`.
    """

    run: AssessmentRun
    assessment: Assessment
    rules: FactRules
    odds: ProbabilityRules
    day: dt.date  # the last of the period, or the day before it that is today
    records: dict[UUID, list[MonthRecord]]
    cells: tuple[Assessment, ...]
    shows_rank: bool  # a unit is not told its own rank (decisions.md 6)

    @property
    def is_cell(self) -> bool:
        return self.assessment.cell_position is not None


@dataclass(frozen=True)
class Counted:
    """One line behind a figure: a month of a cell, or a cell of an organisation."""

    share: Share | None
    record: MonthRecord | None = None
    cell: Assessment | None = None


@dataclass(frozen=True)
class Opened:
    """A figure of one unit: what it says, how it was worked out, what it rests on."""

    figure: Figure
    told: Told
    lines: tuple[Counted, ...] = ()
    sum: Share | None = None


def subject_of(
    viewer: Viewer | None,
    run: AssessmentRun,
    assessment: Assessment,
    rules: tuple[FactRules, ProbabilityRules],
    day: dt.date,
) -> Subject:
    """The records behind the figures of one assessment: a fixed number of queries."""
    is_cell = assessment.cell_position is not None
    cells = () if is_cell else tuple(cells_of(viewer, run, assessment.unit_id))
    ids = [assessment.unit_id] if is_cell else [cell.unit_id for cell in cells]
    first = add_months(run.month, 1 - rules[0].period_months)
    records = month_records_of(ids, first=first, last=run.month)
    ranked = sees_rank(viewer, assessment.unit_id)
    return Subject(run, assessment, *rules, day, records, cells, ranked)


def opened(figure: Figure, subject: Subject) -> Opened | None:
    """The figure for that unit; None where it has none (a cell has no cells below it)."""
    if figure.code in COUNTED:
        return _counted(figure, subject)
    read = {**READ, **ESTIMATED}.get(figure.code)
    told = read(subject) if read else None
    return Opened(figure, told, lines=_months(subject)) if told else None


def _counted(figure: Figure, subject: Subject) -> Opened:
    counting = COUNTED[figure.code]
    if subject.is_cell:
        months = subject.records[subject.assessment.unit_id]
        lines = tuple(Counted(counting(record), record=record) for record in months)
    else:
        lines = tuple(
            Counted(total(counting(record) for record in subject.records[cell.unit_id]), cell=cell)
            for cell in subject.cells
        )
    summed = total(line.share for line in lines)
    stored = _stored(figure, subject.assessment)
    doubts = [*doubts_of_share(stored or summed), *_doubts(subject)]
    if stored is not None and stored != summed:
        doubts = [_unequal(stored, summed, subject), *_later(subject), *doubts]
    return Opened(figure, share_told(figure.code, stored or summed, doubts), lines, summed)


def _months(subject: Subject) -> tuple[Counted, ...]:
    """The months of a cell as they were, without counting them."""
    months = subject.records.get(subject.assessment.unit_id, [])
    return tuple(Counted(None, record=record) for record in months)


def _stored(figure: Figure, one: Assessment) -> Share | None:
    """What the run stored, where it did: the figure that the other pages show."""
    reported = one.held + one.not_held
    return {
        "hop-du-ky": (one.held, reported),
        "day-du-bao-cao": (reported, one.due),
        "ty-le-mien": (one.excused, one.due + one.excused),
    }.get(figure.code)


def _unequal(stored: Share, summed: Share, subject: Subject) -> str:
    figures = {
        "stored": f"{stored[0]}/{stored[1]}",
        "now": f"{summed[0]}/{summed[1]}",
        "cells": len(subject.cells),
        "of": subject.assessment.cells,
    }
    if not subject.is_cell and len(subject.cells) < subject.assessment.cells:
        return (
            _(
                "Lần tính có %(stored)s, các bản ghi đồng chí xem được cho %(now)s:"
                " đồng chí xem được %(cells)s chi bộ trong %(of)s chi bộ được tính."
            )
            % figures
        )
    return (
        _(
            "Lần tính có %(stored)s, các bản ghi hôm nay cho %(now)s:"
            " có bản ghi thêm hoặc sửa sau lần tính, hoặc có phần của chi bộ trước đây đã nhập vào."
        )
        % figures
    )


def _doubts(subject: Subject) -> list[str]:
    one, found = subject.assessment, []
    if one.no_report:
        found.append(
            _("Còn %(n)s trong %(due)s kỳ phải họp chưa có báo cáo.")
            % {"n": one.no_report, "due": one.due}
        )
    return found


def _later(subject: Subject) -> list[str]:
    """How many reports came after the run: told where the sums differ, which they may explain."""
    later = sum(
        record.report is not None and record.report.recorded_at > subject.run.at
        for records in subject.records.values()
        for record in records
    )
    return [_("%(n)s báo cáo được ghi sau lần tính này.") % {"n": later}] if later else []
