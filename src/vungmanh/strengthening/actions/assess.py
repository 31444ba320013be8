"""Assessing everybody at the end of a month."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.utils.timezone import localdate

import vungmanh
from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.analysis.facts import (
    NOTHING,
    STATUSES,
    UNKNOWN,
    FactRules,
    Judgement,
    Period,
    heavy_columns,
)
from vungmanh.analysis.standing import Standing, in_order, stand
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import month_label
from vungmanh.meetings.frames import month_totals
from vungmanh.org.bulk import copy_rows
from vungmanh.strengthening.actions.flags import follow_flags
from vungmanh.strengthening.frames import snapshot
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.periods import periods_until
from vungmanh.strengthening.reasons import Figures, figures_of
from vungmanh.strengthening.results import Row, hash_of, line
from vungmanh.strengthening.snapshot_store import keep, sweep
from vungmanh.strengthening.snapshots import Named, Snapshot

#: The columns of one assessment beside its run; JSON ones hold lists and dictionaries.
COLUMNS = (
    "unit_id", "organisation_id", "name", "name_key",
    "organisation_name", "area", "sector", "status", "previous_status", "due", "held",
    "not_held", "no_report", "excused", "marks", "reasons", "heavy", "light", "cells",
    "failing_cells", "worst_cell_id", "cell_position", "organisation_position",
    "statistics",
)  # fmt: skip


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
    with connection.cursor() as cursor:  # two imports at once: the second waits, then sees both
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('strengthening.assess'))")
    data = snapshot(wanted[-1])
    if data is None or wanted[0] < data.inputs.first_month:
        raise NotNow(
            f"Chưa có số liệu đến hết {month_label(wanted[0])}. Nhập báo cáo trước, rồi tính lại."
        )
    runs = []
    for month in wanted:
        runs.append(_assess(data, month, by=by, at=at))
        progress(month)
    with connection.cursor() as cursor:
        # A run the planner has not counted looks empty to it: the page of a new month took ten
        # times as long until the next automatic count.
        cursor.execute("ANALYZE strengthening_assessment")
    sweep()
    follow_flags(by=by, at=at)
    return runs


@transaction.atomic
def withdraw_assessments(*, months: Iterable[dt.date], by: User | None, at: dt.datetime) -> None:
    """Take back the assessments of months nobody reports on any more; one event a month."""
    for run in AssessmentRun.objects.filter(month__in=list(months)).order_by("month"):
        run.delete()
        record("assessment.withdrawn", by=by, at=at, subject=f"assessment:{run.month:%Y-%m}")
    sweep()
    follow_flags(by=by, at=at)


def _assess(data: Snapshot, month: dt.date, *, by: User | None, at: dt.datetime) -> AssessmentRun:
    rows = computed(data, month, localdate(at))
    reported, due = month_totals(month)
    AssessmentRun.objects.filter(month=month).delete()
    run = AssessmentRun.objects.create(
        month=month,
        at=at,
        by=by,
        rulebook_version=data.rules.version,
        code_version=vungmanh.__version__,
        input_hash=data.digest,
        snapshot=keep(data, at),
        result_hash=hash_of(map(line, rows)),
        reported=reported,
        due=due,
    )
    copy_rows("strengthening_assessment", ("run_id", *COLUMNS), _stored(run, rows))
    record(
        "assessment.made",
        by=by,
        at=at,
        subject=f"assessment:{month:%Y-%m}",
        data={"rulebook": run.rulebook_version, "input": run.input_hash},
    )
    return run


def computed(data: Snapshot, month: dt.date, today: dt.date) -> list[Row]:
    """The rows of an assessment in COLUMNS, by unit: from the snapshot and the day it was made."""
    periods = periods_until(data, month, today)
    cells, organisations = stand(data.inputs, periods)
    return list(_rows(data, periods[-1], cells, organisations))


def _stored(run: AssessmentRun, rows: Iterable[Row]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            run.pk,
            *(
                json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
                for value in row
            ),
        ]


def _rows(
    data: Snapshot, period: Period, cells: Standing, organisations: Standing
) -> Iterator[Row]:
    names = data.names_on(period.day)
    failing = _failing_cells(data, period, cells.judged, names)
    writer = _RowWriter(data, period, names, failing)
    as_cell, as_organisation = _positions(cells, period), _positions(organisations, period)
    for place in sorted(as_cell.keys() | as_organisation.keys()):
        standing = cells if place in as_cell else organisations
        yield writer.row(place, standing, as_cell.get(place), as_organisation.get(place))


def _positions(standing: Standing, period: Period) -> dict[int, int]:
    return {unit: place for place, unit in enumerate(in_order(standing, period), start=1)}


def _failing_cells(
    data: Snapshot, period: Period, judged: Judgement, names: dict[UUID, Named]
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

    data: Snapshot
    period: Period
    names: dict[UUID, Named]
    failing: dict[int, list[Figures]]

    def row(
        self, unit: int, standing: Standing, as_cell: int | None, as_organisation: int | None
    ) -> Row:
        facts, rules, is_cell = standing.judged.facts, self.period.rules, as_cell is not None
        version = self.names[self.data.units[unit]]
        failing = [] if is_cell else self.failing.get(unit, [])
        reasons = figures_of(standing.judged, unit, rules, self.period.day, failing)
        weights = [reason["weight"] for reason in reasons]
        home = int(self.period.home[unit])
        worst = int(facts.worst[unit])
        return (
            version.unit_id,
            self.data.units[home] if home != UNKNOWN else None,
            version.name,
            version.name_key,
            self.names[self.data.units[home]].name if is_cell and home != unit else "",
            version.area,
            version.sector,
            STATUSES[standing.status[unit]],
            "" if standing.previous[unit] == NOTHING else STATUSES[standing.previous[unit]],
            *(int(getattr(facts, name)[unit]) for name in _COUNTS),
            self._marks(unit, rules) if is_cell else "",
            reasons,
            weights.count("heavy"),
            weights.count("light"),
            int(facts.cells[unit]),
            int(facts.failing[unit]) if not is_cell else int("heavy" in weights),
            self.data.units[worst] if worst != UNKNOWN else None,
            as_cell,
            as_organisation,
            {},
        )

    def _marks(self, unit: int, rules: FactRules) -> str:
        inputs = self.data.inputs
        last = (self.period.month.year - inputs.first_month.year) * 12
        last += self.period.month.month - inputs.first_month.month
        letters = inputs.marks[unit, max(last + 1 - rules.period_months, 0) : last + 1]
        return letters.tobytes().decode("ascii").rjust(rules.period_months, ".")


_COUNTS = ("due", "held", "not_held", "no_report", "excused")
