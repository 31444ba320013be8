"""The methods that offices use, and one careful year: what a better method must beat.

Each sees the tables of a province only. They are kept simple on purpose (methods.md §12).
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from vungmanh.analysis.simulate.randomness import Floats
from vungmanh.analysis.trial.province import TrialProvince
from vungmanh.analysis.trial.scoring import Said, Verdict
from vungmanh.analysis.trial.seen import Seen, living, look, mean_known
from vungmanh.analysis.trial.strength import WEIGHTS

_REACH = NormalDist().inv_cdf(0.95)  # 90 % intervals
#: How many years of its own a cell's offset weighs against the mean of its organisation.
_OFFSET_WEIGHT = 1.5


def rule_of_thumb(province: TrialProvince) -> Verdict:
    """Meetings held of twelve; a month without report is a month without meeting."""
    held, _, _ = look(province, believe_all=True).parts(absent_is_zero=True)
    return _by_mean(province, 100 * held[:, -1], in_points=False)


def raw_index(province: TrialProvince) -> Verdict:
    """The percentages of the last year, weighted; absent is zero, and nothing is doubted."""
    seen = look(province, believe_all=True)
    index = seen.index(absent_is_zero=True)[:, -1]
    return _by_mean(province, index, error=_wald(seen))


def last_grade(province: TrialProvince) -> Verdict:
    """The grade of the last year; a cell has that of its organisation, a merged one the mean."""
    tree = province.tree
    table = province.grades
    last = province.size.last_year
    given = {row["unit"]: float(row["grade"]) for row in table.to_pylist() if row["year"] == last}
    grade = np.array([given.get(unit, np.nan) for unit in tree.organisations])
    made = tree.first_organisations
    grade[made:] = grade[tree.merged].mean(axis=1)
    _, owner, lives = living(tree)
    return Verdict(Said(grade[owner], in_points=False), Said(grade[lives], in_points=False))


def adjusted_year(province: TrialProvince) -> Verdict:
    """One year with care: absent is unknown, copies are set aside, and an organisation is compared
    by the cells that did report, each against its own usual distance from its organisation.
    """
    tree = province.tree
    rows, owner, lives = living(tree)
    seen = look(province, believe_all=False)
    index = np.where(seen.held + seen.not_held > 0, _mended(seen), np.nan)
    index = np.where(seen.aside > 0, np.nan, index)[rows]
    organisations = len(tree.organisations)
    distance = index - mean_known(index, owner, organisations)[owner]
    earlier = distance[:, :-1]
    known = np.isfinite(earlier).sum(axis=1)
    offset = np.nansum(earlier, axis=1) / (known + _OFFSET_WEIGHT)
    level = mean_known(index[:, -1] - offset, owner, organisations)
    of_organisation = level + mean_known(offset, owner, organisations)
    cells = np.where(np.isfinite(index[:, -1]), index[:, -1], level[owner] + offset)
    return Verdict(Said(cells), Said(of_organisation[lives]))


def _mended(seen: Seen) -> Floats:
    """The index where a part that is unknown is taken as it is on average that year."""
    parts = seen.parts(absent_is_zero=False)
    filled = [np.where(np.isfinite(part), part, np.nanmean(part, axis=0)) for part in parts]
    return np.asarray(100.0 * sum(w * part for w, part in zip(WEIGHTS, filled, strict=True)))


def _wald(seen: Seen) -> Floats:
    """(n,): the textbook standard error of each cell's raw index in the last year."""
    held, present, done = (part[:, -1] for part in seen.parts(absent_is_zero=True))
    variance = np.zeros(len(held))
    counts = (seen.rows, seen.owing, seen.tasks_due)
    for weight, share, count in zip(WEIGHTS, (held, present, done), counts, strict=True):
        variance += (100 * weight) ** 2 * share * (1 - share) / np.maximum(count[:, -1], 1)
    return np.sqrt(variance)


def _by_mean(
    province: TrialProvince,
    of_cells: Floats,
    *,
    error: Floats | None = None,
    in_points: bool = True,
) -> Verdict:
    """An organisation is the plain mean of its cells."""
    rows, owner, lives = living(province.tree)
    organisations = len(province.tree.organisations)
    value = of_cells[rows]
    mean = mean_known(value, owner, organisations)[lives]
    if error is None:
        return Verdict(Said(value, in_points=in_points), Said(mean, in_points=in_points))
    reach = _REACH * error[rows]
    cells = np.bincount(owner, minlength=organisations)[lives]
    of_mean = _REACH * np.sqrt(mean_known(error[rows] ** 2, owner, organisations)[lives] / cells)
    return Verdict(
        Said(value, value - reach, value + reach), Said(mean, mean - of_mean, mean + of_mean)
    )
