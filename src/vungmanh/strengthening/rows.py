"""A judged month as the rows that are stored: one for each unit, in columns of a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from vungmanh.analysis.facts import (
    NOTHING,
    STATUSES,
    UNKNOWN,
    FactRules,
    Judgement,
    Period,
    heavy_columns,
)
from vungmanh.analysis.standing import Standing, in_order
from vungmanh.analysis.weakness import Grain
from vungmanh.strengthening.judging import Judged
from vungmanh.strengthening.reasons import Figures, figures_of
from vungmanh.strengthening.results import Row
from vungmanh.strengthening.snapshots import Named, Snapshot
from vungmanh.strengthening.statistics import rank_figures

#: The columns of one assessment beside its run; JSON ones hold lists and dictionaries.
COLUMNS = (
    "unit_id", "organisation_id", "name", "name_key",
    "organisation_name", "area", "sector", "status", "previous_status", "due", "held",
    "not_held", "no_report", "excused", "marks", "reasons", "heavy", "light", "cells",
    "failing_cells", "worst_cell_id", "cell_position", "organisation_position",
    "estimate", "low", "high", "probability", "rank", "rank_low", "rank_high", "ranked",
    "statistics",
)  # fmt: skip
_COUNTS = ("due", "held", "not_held", "no_report", "excused")


def rows_of(judged: Judged) -> list[Row]:
    """The rows of an assessment in COLUMNS, by unit."""
    data, period, weakness = judged.data, judged.period, judged.study.weakness
    names = data.names_on(period.day)
    failing = _failing_cells(data, period, judged.cells.judged, names)
    writer = _RowWriter(judged, names, failing)
    as_cell = _positions(judged.cells, period, weakness.cells)
    as_organisation = _positions(judged.organisations, period, weakness.organisations)
    return [
        writer.row(place, as_cell.get(place), as_organisation.get(place))
        for place in sorted(as_cell.keys() | as_organisation.keys())
    ]


def _positions(standing: Standing, period: Period, grain: Grain) -> dict[int, int]:
    order = in_order(standing, period, grain.hidden[:, -1])
    return {unit: place for place, unit in enumerate(order, start=1)}


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
    """Turns one unit into the columns of an assessment."""

    judged: Judged
    names: dict[UUID, Named]
    failing: dict[int, list[Figures]]

    def row(self, unit: int, as_cell: int | None, as_organisation: int | None) -> Row:
        """A cell that is an organisation keeps its row as a cell, and its rank as the other."""
        judged, is_cell = self.judged, as_cell is not None
        standing = judged.cells if is_cell else judged.organisations
        told = judged.told[0 if is_cell else 1]
        ranks = judged.ranks[0 if as_organisation is None else 1]
        facts, period, units = standing.judged.facts, judged.period, judged.data.units
        rules = period.rules
        version = self.names[units[unit]]
        failing = [] if is_cell else self.failing.get(unit, [])
        reasons = figures_of(standing.judged, unit, rules, period.day, failing=failing, told=told)
        weights = [reason["weight"] for reason in reasons]
        statistics = told.figures(unit)
        home = int(period.home[unit])
        worst = int(facts.worst[unit])
        return (
            version.unit_id,
            units[home] if home != UNKNOWN else None,
            version.name,
            version.name_key,
            self.names[units[home]].name if is_cell and home != unit else "",
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
            units[worst] if worst != UNKNOWN else None,
            as_cell,
            as_organisation,
            *(statistics.get(name) for name in ("index", "low", "high", "probability")),
            *rank_figures(ranks, unit),
            statistics,
        )

    def _marks(self, unit: int, rules: FactRules) -> str:
        inputs = self.judged.data.inputs
        last = (self.judged.period.month.year - inputs.first_month.year) * 12
        last += self.judged.period.month.month - inputs.first_month.month
        letters = inputs.marks[unit, max(last + 1 - rules.period_months, 0) : last + 1]
        return letters.tobytes().decode("ascii").rjust(rules.period_months, ".")
