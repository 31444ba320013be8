"""Assessing everybody at the end of a month."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

import vungmanh
from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.analysis.facts import (
    CODE,
    NOTHING,
    STATUSES,
    UNKNOWN,
    FactRules,
    Ints,
    Judgement,
    Period,
    heavy_columns,
    judge_cells,
    judge_organisations,
    status_over,
)
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import add_months, last_day, month_label
from vungmanh.core.vocabulary import Status
from vungmanh.meetings.frames import month_totals
from vungmanh.org.bulk import copy_rows
from vungmanh.org.frames import homes
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.frames import Snapshot, snapshot
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.reasons import Figures, figures_of
from vungmanh.strengthening.rules import fact_rules, first_assessable_day

_COLUMNS = (
    "run_id", "unit_id", "organisation_id", "name", "name_key",
    "organisation_name", "area", "sector", "status", "previous_status", "due", "held",
    "not_held", "no_report", "excused", "marks", "reasons", "heavy", "light", "cells",
    "failing_cells", "worst_cell_id", "cell_position", "organisation_position",
)  # fmt: skip

#: Order of working. The silence queue (MUST_VERIFY) comes before everything and is not ranked.
_ORDER = (
    Status.MUST_VERIFY, Status.WEAK, Status.TO_VERIFY, Status.WATCH, Status.TOO_FEW, Status.NORMAL,
)  # fmt: skip


@dataclass(frozen=True)
class _Grain:
    """Cells or organisations: their judgement in the last period, their status then and before."""

    judged: Judgement
    status: Ints
    previous: Ints


@transaction.atomic
def assess_months(
    *,
    months: Iterable[dt.date],
    by: User | None,
    at: dt.datetime,
    progress: Callable[[dt.date], None] = lambda month: None,
) -> list[AssessmentRun]:
    """Assess each month anew, replacing what stood there; one event a month.

    Raises NotNow where nothing was due by then, or no rule was in force.
    """
    wanted = sorted(set(months))
    if not wanted:
        return []
    data = snapshot(wanted[-1])
    if data is None or wanted[0] < data.inputs.first_month:
        raise NotNow(
            f"Chưa có số liệu đến hết {month_label(wanted[0])}. Nhập báo cáo trước, rồi tính lại."
        )
    runs = []
    for month in wanted:
        runs.append(_assess(data, month, by=by, at=at))
        progress(month)
    return runs


def _assess(data: Snapshot, month: dt.date, *, by: User | None, at: dt.datetime) -> AssessmentRun:
    book = load_rulebook()
    periods = _periods(data, month)
    cells, organisations = _judge(data, periods)
    reported, due = month_totals(month)
    AssessmentRun.objects.filter(month=month).delete()
    run = AssessmentRun.objects.create(
        month=month,
        at=at,
        by=by,
        rulebook_version=book.version,
        code_version=vungmanh.__version__,
        input_hash=data.digest,
        reported=reported,
        due=due,
    )
    rows = list(_rows(run, data, periods[-1], cells, organisations))
    copy_rows("strengthening_assessment", _COLUMNS, rows)
    record(
        "assessment.made",
        by=by,
        at=at,
        subject=f"assessment:{month:%Y-%m}",
        data={"rulebook": book.version, "input": run.input_hash},
    )
    return run


def _periods(data: Snapshot, month: dt.date) -> list[Period]:
    """The periods that end with `month` and twelve, twenty-four … months before, oldest first."""
    book = load_rulebook()
    step = fact_rules(book, last_day(month)).period_months
    first = max(data.inputs.first_month, first_assessable_day(book).replace(day=1))
    index = {unit: place for place, unit in enumerate(data.units)}
    periods = []
    while month >= first:
        day = last_day(month)
        periods.append(Period(month, homes(index, day), fact_rules(book, day)))
        month = add_months(month, -step)
    return periods[::-1]


def _judge(data: Snapshot, periods: list[Period]) -> tuple[_Grain, _Grain]:
    of_cells = [judge_cells(data.inputs, period) for period in periods]
    of_organisations = [
        judge_organisations(data.inputs, period, cells)
        for period, cells in zip(periods, of_cells, strict=True)
    ]
    good = periods[-1].rules.good_periods

    def grain(judged: list[Judgement]) -> _Grain:
        statuses = status_over([one.raw for one in judged], good)
        nothing = np.full(len(data.units), NOTHING, dtype=np.int64)
        return _Grain(judged[-1], statuses[-1], statuses[-2] if len(statuses) > 1 else nothing)

    return grain(of_cells), grain(of_organisations)


def _rows(
    run: AssessmentRun, data: Snapshot, period: Period, cells: _Grain, organisations: _Grain
) -> Iterator[tuple[Any, ...]]:
    names = {
        version.unit_id: version
        for version in UnitVersion.objects.filter(valid__contains=period.day)
    }
    failing = _failing_cells(data, period, cells.judged, names)
    writer = _RowWriter(run, data, period, names, failing)
    is_cell = (period.home != UNKNOWN) & (cells.status != NOTHING)
    own = is_cell & (period.home == np.arange(len(data.units)))
    is_organisation = (organisations.status != NOTHING) & (own | ~is_cell)
    as_cell = _positions(np.flatnonzero(is_cell), cells, period)
    as_organisation = _positions(np.flatnonzero(is_organisation), organisations, period)
    for unit in np.flatnonzero(is_cell | is_organisation):
        place = int(unit)
        grain = cells if is_cell[place] else organisations
        yield writer.row(place, grain, as_cell.get(place), as_organisation.get(place))


def _positions(units: Ints, grain: _Grain, period: Period) -> dict[int, int]:
    return {unit: place for place, unit in enumerate(_in_order(units, grain, period), start=1)}


def _in_order(units: Ints, grain: _Grain, period: Period) -> list[int]:
    """Order of working: status, then heavy reasons, light ones, the smallest share held, the id."""
    judged, rules = grain.judged, period.rules
    heavy = judged.reasons[:, heavy_columns(rules)].sum(axis=1)
    light = judged.reasons.sum(axis=1) - heavy
    rank = np.empty(len(STATUSES), dtype=np.int64)
    for place, status in enumerate(_ORDER):
        rank[CODE[status]] = place
    facts = judged.facts
    share = facts.held / np.maximum(facts.due, 1)
    reported = (facts.held + facts.not_held) / np.maximum(facts.due, 1)
    keys = np.where(grain.status == CODE[Status.MUST_VERIFY], reported, share)
    order = np.lexsort(
        (units, keys[units], -light[units], -heavy[units], rank[grain.status[units]])
    )
    return [int(unit) for unit in units[order]]


def _failing_cells(
    data: Snapshot, period: Period, judged: Judgement, names: dict[Any, UnitVersion]
) -> dict[int, list[Figures]]:
    """For each organisation its cells with a heavy reason, the smallest share held first."""
    heavy = judged.reasons[:, heavy_columns(period.rules)].any(axis=1)
    facts = judged.facts
    found: dict[int, list[tuple[float, str, Figures]]] = {}
    for cell in np.flatnonzero(heavy & facts.alive):
        held, due = int(facts.held[cell]), int(facts.due[cell])
        unit = str(data.units[cell])
        name = names[data.units[cell]].name
        figures: Figures = {"unit": unit, "name": name, "held": held, "due": due}
        found.setdefault(int(period.home[cell]), []).append((held / max(due, 1), unit, figures))
    return {home: [row[2] for row in sorted(rows)] for home, rows in found.items()}


@dataclass(frozen=True)
class _RowWriter:
    """Turns one unit of one grain into the columns of an assessment."""

    run: AssessmentRun
    data: Snapshot
    period: Period
    names: dict[Any, UnitVersion]
    failing: dict[int, list[Figures]]

    def row(
        self, unit: int, grain: _Grain, as_cell: int | None, as_organisation: int | None
    ) -> tuple[Any, ...]:
        facts, rules, is_cell = grain.judged.facts, self.period.rules, as_cell is not None
        version = self.names[self.data.units[unit]]
        failing = [] if is_cell else self.failing.get(unit, [])
        reasons = figures_of(grain.judged, unit, rules, self.period.day, failing)
        weights = [reason["weight"] for reason in reasons]
        home = int(self.period.home[unit])
        worst = int(facts.worst[unit])
        return (
            self.run.pk,
            version.unit_id,
            self.data.units[home] if home != UNKNOWN else None,
            version.name,
            bytes(version.name_key),
            self.names[self.data.units[home]].name if is_cell and home != unit else "",
            version.area,
            version.sector,
            STATUSES[grain.status[unit]],
            "" if grain.previous[unit] == NOTHING else STATUSES[grain.previous[unit]],
            *(int(getattr(facts, name)[unit]) for name in _COUNTS),
            self._marks(unit, rules) if is_cell else "",
            json.dumps(reasons, ensure_ascii=False),
            weights.count("heavy"),
            weights.count("light"),
            int(facts.cells[unit]),
            int(facts.failing[unit]) if not is_cell else int("heavy" in weights),
            self.data.units[worst] if worst != UNKNOWN else None,
            as_cell,
            as_organisation,
        )

    def _marks(self, unit: int, rules: FactRules) -> str:
        inputs = self.data.inputs
        last = (self.period.month.year - inputs.first_month.year) * 12
        last += self.period.month.month - inputs.first_month.month
        letters = inputs.marks[unit, max(last + 1 - rules.period_months, 0) : last + 1]
        return letters.tobytes().decode("ascii").rjust(rules.period_months, ".")


_COUNTS = ("due", "held", "not_held", "no_report", "excused")
