"""How good a method is, measured against the truth of trial provinces (methods.md §12).

A method sees a province's tables and says what it thinks of each living unit; `score` holds that
against the truth of the last year. Everything is a number per province, so that the spread over
seeds gives its Monte-Carlo error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints
from vungmanh.analysis.trial.province import TrialProvince

#: The share of units that counts as the weakest, and the probability called "weak".
WEAKEST, SURE = 0.10, 0.8


@dataclass(frozen=True)
class Said:
    """What a method says of m units. Unknown is NaN; a method may leave out all but `estimate`.

    `estimate` grows with strength. `low`, `high` bound the index in points. `probability` is that
    of being below `reference`. `place` is the order of work: 0 is worked first.
    """

    estimate: Floats
    low: Floats | None = None
    high: Floats | None = None
    probability: Floats | None = None
    reference: Floats | None = None
    place: Floats | None = None
    in_points: bool = True

    @property
    def order(self) -> Floats:
        """(m,): the place of each unit in the order of work; by estimate if nothing else is said.

        Equals share the mean of their places.
        """
        return self.place if self.place is not None else places(weakness(self.estimate))


@dataclass(frozen=True)
class Verdict:
    """About the living cells and the living organisations, each in the order of the tree."""

    cells: Said
    organisations: Said


Method = Callable[[TrialProvince], Verdict]


def weakness(estimate: Floats) -> Floats:
    """What is unknown stands in the middle: neither weak nor strong."""
    known = np.isfinite(estimate)
    middle = float(np.median(estimate[known])) if known.any() else 0.0
    return np.asarray(-np.where(known, estimate, middle))


def places(weak: Floats) -> Floats:
    """(m,): 0 for the weakest; equals share the mean of their places."""
    values, group, count = np.unique(-weak, return_inverse=True, return_counts=True)
    before = np.concatenate([[0], np.cumsum(count)[:-1]])
    return np.asarray((before + (count - 1) / 2)[group]) if len(values) else np.zeros(0)


def weakest(truth: Floats) -> Bools:
    """Which units are truly the weakest tenth."""
    count = round(WEAKEST * len(truth))
    chosen = np.zeros(len(truth), dtype=bool)
    chosen[np.argsort(truth, kind="stable")[:count]] = True
    return chosen


def auc(weak: Floats, is_weak: Bools) -> float:
    """The chance that a truly weak unit is called weaker than another; equals count half.

    Mann & Whitney 1947.
    """
    ones, others = int(is_weak.sum()), int((~is_weak).sum())
    if not ones or not others:
        return float("nan")
    from_strongest = len(weak) - places(weak)
    return float((from_strongest[is_weak].sum() - ones * (ones + 1) / 2) / (ones * others))


def precision_at(weak: Floats, is_weak: Bools) -> float:
    """The share of truly weak among the as many that are called weakest.

    Equals at the edge count by their share, as if lots were drawn among them.
    """
    count = int(is_weak.sum())
    edge = np.sort(weak)[::-1][count - 1]
    inside, at_edge = weak > edge, weak == edge
    room = count - int(inside.sum())
    hits = is_weak[inside].sum() + room * is_weak[at_edge].mean()
    return float(hits / count)


def score(province: TrialProvince, verdict: Verdict) -> dict[str, float]:
    """All measures of both grains, by name: `cells precision`, `organisations auc`, …"""
    tree, truth = province.tree, province.truth
    result: dict[str, float] = {}
    for name, said, index in (
        ("organisations", verdict.organisations,
         truth.organisation_index[tree.living_organisations, -1]),
        ("cells", verdict.cells, truth.cell_index[tree.living_cells, -1]),
    ):  # fmt: skip
        measured = _score_one(said, index)
        result |= {f"{name} {measure}": value for measure, value in measured.items()}
    return result


def _score_one(said: Said, index: Floats) -> dict[str, float]:
    weak, is_weak = weakness(said.estimate), weakest(index)
    known = np.isfinite(said.estimate)
    result = {
        "precision": precision_at(weak, is_weak),
        "auc": auc(weak, is_weak),
        "correlation": _correlation(said.estimate[known], index[known]),
    }
    if said.in_points:
        result["rmse"] = float(np.sqrt(np.mean((said.estimate[known] - index[known]) ** 2)))
    if said.low is not None and said.high is not None:
        told = np.isfinite(said.low) & np.isfinite(said.high)
        covers = (said.low <= index) & (index <= said.high)
        result["coverage"] = float(covers[told].mean())
        result["width"] = float((said.high - said.low)[told].mean())
    if said.probability is not None:
        sure = np.nan_to_num(said.probability, nan=0.0) >= SURE
        result["sure"] = float(sure.sum())
        result["sure weakest"] = _share(is_weak, sure)
        if said.reference is not None:
            result["sure below"] = _share(index < said.reference, sure)
    return result


def _correlation(one: Floats, other: Floats) -> float:
    if len(one) < 2 or one.std() == 0 or other.std() == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _share(right: Bools, among: Bools) -> float:
    return float(right[among].mean()) if among.any() else float("nan")


def moved(honest: Verdict, played: Verdict, agents: Ints) -> float:
    """By how many places later (better) in the order of work the agents stand when they play, on
    average; `agents` are rows among the living cells.
    """
    change = played.cells.order[agents] - honest.cells.order[agents]
    return float(change.mean())


def over_seeds(rows: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Mean and Monte-Carlo standard error of each measure; seeds where it is unknown are left out.

    With one seed the error is unknown (NaN).
    """
    names = sorted({name for row in rows for name in row})
    result = {}
    for name in names:
        values = np.array([row.get(name, np.nan) for row in rows])
        values = values[np.isfinite(values)]
        if not len(values):
            continue
        error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
        result[name] = (float(values.mean()), float(error))
    return result
