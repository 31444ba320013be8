"""The assessment as a method of the bench: exactly what `vungmanh assess` does with a folder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vungmanh.analysis.assessing import RulesOn, YearAssessed, assess
from vungmanh.analysis.simulate.randomness import Bools
from vungmanh.analysis.standing import Standing, in_order
from vungmanh.analysis.trial.opened import open_tables
from vungmanh.analysis.trial.province import TrialProvince
from vungmanh.analysis.trial.scoring import Method, Said, Verdict
from vungmanh.analysis.weakness import Grain


def assessed_by(rules_on: RulesOn) -> Method:
    """The method that assesses a province's tables in its last year by these rules."""

    def method(province: TrialProvince) -> Verdict:
        (found,) = assess(open_tables(province), [province.size.last_year], rules_on)
        tree, weakness = province.tree, found.study.weakness
        return Verdict(
            _said(found, found.cells, weakness.cells, _living(tree.cells, tree.living_cells)),
            _said(
                found, found.organisations, weakness.organisations,
                _living(tree.organisations, tree.living_organisations),
            ),
        )  # fmt: skip

    return method


def _living(ids: Sequence[str], living: Bools) -> list[str]:
    return [unit for unit, lives in zip(ids, living.tolist(), strict=True) if lives]


def _said(found: YearAssessed, standing: Standing, grain: Grain, units: list[str]) -> Said:
    """What the assessment says of these units, in their order."""
    row_of = {unit: row for row, unit in enumerate(found.stage.units)}
    rows = np.array([row_of[unit] for unit in units])
    place = np.full(len(row_of), np.nan)
    place[in_order(standing, found.period, grain.hidden[:, -1])] = np.arange(len(standing.places))
    return Said(
        estimate=grain.estimates.index[rows, -1],
        low=grain.low[rows, -1],
        high=grain.high[rows, -1],
        probability=grain.probability[rows, -1],
        reference=grain.reference[rows],
        place=place[rows],
    )
