"""An assessment of one's own files as one table of results, rows in the order of work.

Words come from `strengthening.reason_texts`, so that a file and a page say the same of a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vungmanh.analysis.assessing import Ranks, YearAssessed
from vungmanh.analysis.completeness import bounds_of_share
from vungmanh.analysis.counts import Counts
from vungmanh.analysis.facts import STATUSES, UNKNOWN, Bools, Floats, Ints
from vungmanh.analysis.probability import in_words
from vungmanh.analysis.result_layout import CELL, ORGANISATION, RESULT_NAMES, result_schema
from vungmanh.analysis.standing import Standing, in_order
from vungmanh.analysis.strength import observe
from vungmanh.analysis.weakness import Grain, organisations_counted
from vungmanh.core.text import number_vi
from vungmanh.strengthening.reason_texts import texts_of
from vungmanh.strengthening.reasons import figures_of
from vungmanh.strengthening.statistic_texts import LIKELIHOOD_LABELS
from vungmanh.strengthening.statistics import Told

if TYPE_CHECKING:
    import pyarrow as pa

_COUNTS = ("held", "not_held", "no_report", "excused", "set_aside", "due")


def results_table(assessed: Sequence[YearAssessed]) -> pa.Table:
    """Every organisation, then every cell, of each year; `result_layout.result_schema`."""
    import pyarrow as pa
    from django.utils.translation import override

    with override(None):  # the words as written: Vietnamese, and not looked up a million times
        parts = [_level(_Level(one, level)) for one in assessed for level in (ORGANISATION, CELL)]
    return pa.concat_tables(parts)


@dataclass(frozen=True)
class _Level:
    """One grain of one year, with what its rows are made of."""

    assessed: YearAssessed
    level: str

    @property
    def is_cells(self) -> bool:
        return self.level == CELL

    @property
    def standing(self) -> Standing:
        return self.assessed.cells if self.is_cells else self.assessed.organisations

    @property
    def grain(self) -> Grain:
        weakness = self.assessed.study.weakness
        return weakness.cells if self.is_cells else weakness.organisations

    @property
    def ranks(self) -> Ranks:
        one = self.assessed
        return one.cell_ranks if self.is_cells else one.organisation_ranks

    @property
    def counts(self) -> Counts:
        return self.assessed.study.counts if self.is_cells else self.assessed.study.whole


def _level(level: _Level) -> pa.Table:
    import pyarrow as pa

    one, grain, ranks = level.assessed, level.grain, level.ranks
    units = np.array(in_order(level.standing, one.period, grain.hidden[:, -1]), dtype=np.int64)
    stage, home = one.stage, one.period.home
    columns: dict[str, Any] = {
        "level": [level.level] * len(units),
        "unit": [stage.units[unit] for unit in units],
        "name": [stage.names[unit] for unit in units],
        "organisation": [_organisation(one, int(home[unit]), int(unit)) for unit in units],
        "year": np.full(len(units), one.year),
        "group": [stage.groups[one.stage.kind[unit]] or None for unit in units],
        "order": np.arange(1, len(units) + 1),
        "status": [STATUSES[code].label for code in level.standing.status[units]],
        "index": grain.estimates.index[units, -1],
        "low": grain.low[units, -1],
        "high": grain.high[units, -1],
        "reference": np.where(
            np.isnan(grain.estimates.index[units, -1]), np.nan, grain.reference[units]
        ),
        "probability": grain.probability[units, -1],
        "probability_words": _words(grain.probability[units, -1], one),
    }
    for name, values in (
        ("rank", ranks.rank), ("rank_low", ranks.low), ("rank_high", ranks.high),
        ("of_units", ranks.of),
    ):  # fmt: skip
        columns[name] = np.where(ranks.rank[units] > 0, values[units], np.nan)
    columns |= _months(level, units)
    columns["reasons"] = _reasons(level, units)
    columns["notes"] = _notes(level, units)
    schema = result_schema()
    return pa.table(
        [_array(columns[name], schema.field(name).type) for name in RESULT_NAMES], schema
    )


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    """NaN is null: unknown is blank everywhere."""
    import pyarrow as pa

    if not isinstance(values, np.ndarray):
        return pa.array(values, kind)
    unknown = np.isnan(values.astype(np.float64))
    rounded = np.round(np.where(unknown, 0, values), 4)
    return pa.array(rounded, mask=unknown).cast(kind)


def _organisation(one: YearAssessed, home: int, unit: int) -> str | None:
    return None if home in (UNKNOWN, unit) else one.stage.names[home]


def _words(probability: Floats, one: YearAssessed) -> list[str | None]:
    said = {certainty: str(label) for certainty, label in LIKELIHOOD_LABELS.items()}
    return [
        None if np.isnan(share) else said[in_words(float(share), one.rules)]
        for share in probability
    ]  # no reference, or nothing to estimate from: nothing may be said


def _months(level: _Level, units: Ints) -> dict[str, Floats]:
    """Counts of the last period and what follows from them."""
    made = {name: getattr(level.counts, name)[units, -1] for name in _COUNTS}
    received = made["held"] + made["not_held"] + made["set_aside"]
    bounds = bounds_of_share(made["held"], made["not_held"], made["no_report"] + made["set_aside"])
    due = np.where(made["due"] > 0, made["due"], np.nan)
    return {
        **made,
        "received": received,
        "completeness": received / due,
        "worst": np.asarray(bounds.worst),
        "best": np.asarray(bounds.best),
    }


def _reasons(level: _Level, units: Ints) -> list[list[str]]:
    one, judged, signs = level.assessed, level.standing.judged, level.grain.signs
    told = Told(one.study, level.grain, one.stage.inputs.first_month, one.rules)
    flagged = (
        judged.reasons.any(axis=1)
        | judged.silent
        | judged.undecided
        | signs.lasting[:, -1]
        | signs.noticed[:, -1]
        | signs.hidden[:, -1]
    )
    found: list[list[str]] = []
    for unit in units:
        if not flagged[unit]:
            found.append([])
            continue
        figures = figures_of(
            judged, int(unit), one.period.rules, one.period.day, failing=[], told=told
        )
        alone = level.is_cells or one.period.home[unit] == unit
        cells = 0 if alone else int(judged.facts.cells[unit])
        texts = texts_of(figures, cells=cells)
        found.append([f"{text.chip[:1].upper()}{text.chip[1:]}. {text.sentence}" for text in texts])
    return found


def _notes(level: _Level, units: Ints) -> list[list[str]]:
    """What makes the figures of a unit less sure, and the worst cell of an organisation."""
    one, facts = level.assessed, level.standing.judged.facts
    trials = observe(level.counts).trials[:, -1]
    doubts, trends = one.study.doubts, one.study.trends
    uneven, december = (_affected(level, where) for where in (doubts.attendance, doubts.december))
    aside = level.counts.set_aside[:, -1]
    declining = trends[0 if level.is_cells else 1].declining
    found = []
    for unit in units:
        notes = [] if level.is_cells else _worst_cell(one, facts, int(unit))
        if declining[unit]:
            notes.append("đang yếu đi qua các kỳ")
        if trials[unit, 0] and not trials[unit, 1]:
            notes.append("phần dự họp chưa rõ")
        if trials[unit, 0] and not trials[unit, 2]:
            notes.append("phần việc đúng hạn chưa rõ")
        if aside[unit]:
            notes.append(f"{number_vi(float(aside[unit]))} kỳ để riêng, coi là chưa rõ")
        if uneven[unit]:
            notes.append(
                _of_cells("số người dự đều bất thường, hãy xem sổ gốc", level, uneven[unit])
            )
        if december[unit]:
            notes.append(_of_cells("báo cáo gửi dồn cuối năm", level, december[unit]))
        found.append(notes)
    return found


def _affected(level: _Level, doubted: Bools) -> Floats:
    """Of each unit, how many of its cells are doubted in the last period (1 for a cell)."""
    of_cells = doubted[:, -1].astype(np.float64)
    if level.is_cells:
        return of_cells
    return organisations_counted(of_cells, level.assessed.period.home)


def _of_cells(text: str, level: _Level, count: float) -> str:
    return text if level.is_cells else f"{number_vi(float(count))} chi bộ: {text}"


def _worst_cell(one: YearAssessed, facts: Any, unit: int) -> list[str]:
    worst = int(facts.worst[unit])
    if worst in {UNKNOWN, unit}:
        return []
    of_cell = one.cells.judged.facts
    return [
        f"họp ít nhất trong {int(facts.cells[unit])} chi bộ: {one.stage.names[worst]}, "
        f"{int(of_cell.held[worst])}/{int(of_cell.due[worst])} kỳ"
    ]
