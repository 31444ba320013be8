"""How probably a unit is weak: below an absolute reference, never a share of the units of a year.

The reference of a like kind is fixed once, from a base period: the index below which the weakest
tenth (rulebook parameter) of its units lay then. Later everybody may rise above it, or many fall
below it (decisions.md 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.strength import Estimates, Floats, Ints

Bools = NDArray[np.bool_]

#: With fewer units a quantile of their own is chance: the like kind takes that of everybody, and
#: where everybody is fewer there is no reference, hence no probability.
_FEW_UNITS = 20
#: Where less than this part of the differences is seen, a lower tenth is chance: no reference.
_LEAST_SEEN = 0.05


@dataclass(frozen=True)
class ProbabilityRules:
    """The rulebook's parameters of the second layer of "weak"."""

    weights: tuple[float, float, float]  # points of the parts of the index
    weak_percent: int  # this probable or more: weak, if it lasts
    watch_percent: int  # this probable or more: watch
    weak_periods: int  # for how many periods in a row
    reference_percent: int  # of the units of the base period lie below the reference
    base_periods: int  # how many of the first periods are the base
    interval_percent: int  # level of the intervals shown
    false_signals: int  # of weakening a month, among all cells, that chance alone may give


class Likelihood(StrEnum):
    """A probability as a person would say it (methods.md §3; the limits are the rulebook's)."""

    ALMOST_SURE = "almost_sure"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NOT_ENOUGH = "not_enough"


_ALMOST_SURE = 0.95


def in_words(probability: float | None, rules: ProbabilityRules) -> Likelihood:
    """What to call a probability of being weak; unknown and improbable are "not enough grounds"."""
    if probability is None or np.isnan(probability) or probability * 100 < rules.watch_percent:
        return Likelihood.NOT_ENOUGH
    if probability * 100 < rules.weak_percent:
        return Likelihood.POSSIBLE
    return Likelihood.ALMOST_SURE if probability >= _ALMOST_SURE else Likelihood.LIKELY


def references(estimates: Estimates, kind: Ints, kinds: int, rules: ProbabilityRules) -> Floats:
    """(kinds,): the reference of each like kind, in points of the index; NaN with too few units,
    or with units that are not seen to differ at all.

    Shrunken estimates lie too close together as a set (Louis 1984), so they are spread again about
    their mean until their variance is that of the true values (constrained empirical Bayes, Ghosh
    1992); the reference is a quantile of those.
    """
    base = slice(0, min(rules.base_periods, estimates.index.shape[1]))
    value, sd = estimates.index[:, base], estimates.sd[:, base]
    share = rules.reference_percent / 100
    result = np.full(kinds, np.nan)
    if np.isfinite(value).any(axis=1).sum() >= _FEW_UNITS:
        result[:] = _quantile(_spread_again(value, sd), share)
    for one in range(kinds):
        of_kind = kind == one
        if np.isfinite(value[of_kind]).any(axis=1).sum() >= _FEW_UNITS:
            found = _quantile(_spread_again(value[of_kind], sd[of_kind]), share)
            result[one] = found if np.isfinite(found) else result[one]
    return np.round(result, 2)  # kept and put in again: it must be the same number


def _spread_again(value: Floats, sd: Floats) -> Floats:
    """The values at their true variance; NaN where they are not seen to differ."""
    known = np.isfinite(value)
    shown, open_ = value[known], sd[known]
    seen, hidden = float(shown.var()), float((open_**2).mean())
    if seen < 1e-6 or seen < _LEAST_SEEN * (seen + hidden):
        return np.full(len(shown), np.nan)
    return np.asarray(shown.mean() + np.sqrt(1 + hidden / seen) * (shown - shown.mean()))


def _quantile(values: Floats, share: float) -> float:
    return float(np.quantile(values, share))


def below(estimates: Estimates, reference: Floats) -> Floats:
    """(n, T): the probability that the true index lies below `reference` (n,); NaN where unknown.

    Normal, with mean and deviation as estimated: what is predicted of a unit given everything seen.
    """
    from scipy.special import ndtr

    gap = reference[:, None] - estimates.index
    sure = np.where(gap > 0, 1.0, 0.0)
    spread = np.where(estimates.sd > 0, estimates.sd, 1.0)
    probability = np.where(estimates.sd > 0, ndtr(gap / spread), sure)
    return np.where(np.isfinite(gap), probability, np.nan)


def interval(value: Floats, sd: Floats, percent: int, *, top: float) -> tuple[Floats, Floats]:
    """(low, high) of an estimate, cut off at 0 and `top`; NaN stays NaN."""
    from scipy.special import ndtri

    reach = ndtri(0.5 + percent / 200) * sd
    return np.clip(value - reach, 0.0, top), np.clip(value + reach, 0.0, top)


def lasting(probability: Floats, rules: ProbabilityRules) -> Bools:
    """(n, T): where weakness was probable in this period and enough periods just before it."""
    strong = np.nan_to_num(probability, nan=0.0) * 100 >= rules.weak_percent
    result = strong.copy()
    for back in range(1, rules.weak_periods):
        before = np.zeros_like(strong)
        before[:, back:] = strong[:, : strong.shape[1] - back]
        result &= before
    return np.asarray(result)
