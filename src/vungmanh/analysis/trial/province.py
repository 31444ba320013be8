"""A province whose truth is known, small in words and exact in numbers, to score methods on.

>>> province = simulate(5000)
>>> province.cell_months  # what a method may see
>>> province.truth.organisation_index[:, -1]  # what it is scored against
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints, stream
from vungmanh.analysis.trial.agents import AgentKind, draw_agents, play, playing, tell_all
from vungmanh.analysis.trial.records import (
    Records,
    copying_chance,
    honest_year,
    members_by_year,
    missing_habit,
    together,
)
from vungmanh.analysis.trial.scheme import (
    Scheme,
    choose,
    grade,
    in_four_levels,
    raw_index,
    size_factor,
    spilled,
)
from vungmanh.analysis.trial.sizes import FULL, USUAL, Stress, TrialSize
from vungmanh.analysis.trial.strength import Strength, draw_strength, mean_by, true_index
from vungmanh.analysis.trial.tree import Tree, grow_tree

if TYPE_CHECKING:
    import pyarrow as pa

#: The detector of copied minutes in the bulk: what it finds, and whom it wrongs.
RECALL, FALSE_POSITIVE = 0.85, 0.01


@dataclass(frozen=True)
class Truth:
    """Never shown to a method. Cells (n, years), organisations (g, years), over all times.

    The index of an organisation is the mean of the cells it has at the end; of one that ended, of
    those it ended with. `copied` holds for agents that copy too; `agents` are rows of cells.
    """

    strength: Floats
    strength_without_help: Floats
    cell_index: Floats
    organisation_index: Floats
    organisation_index_without_help: Floats
    copied: Bools
    agents: Ints
    left: Bools
    scheme: Scheme


@dataclass(frozen=True)
class TrialProvince:
    """What a method may see (the tables, in the open layout), and the truth apart from it.

    `cell_months` is what was known at `cut`, the end of January after the last year.
    """

    seed: int
    size: TrialSize
    tree: Tree
    records: Records
    set_aside: Bools
    grade: Ints
    truth: Truth
    units: pa.Table
    cell_months: pa.Table
    grades: pa.Table
    lineage: pa.Table
    vacancies: pa.Table

    @property
    def years(self) -> range:
        return range(self.size.first_year, self.size.last_year + 1)

    @property
    def late_months(self) -> pa.Table:
        """The months of the last year reported only after the cut, in the same columns."""
        from vungmanh.analysis.trial import tables

        return tables.late_months(self.tree, self.size, self.records, self.set_aside)


def simulate(
    seed: int,
    *,
    size: TrialSize = FULL,
    agents: AgentKind | None = None,
    honest: bool = False,
    stress: Stress = USUAL,
) -> TrialProvince:
    """The province of a seed. With `agents`, some weak cells play, or in the paired world that is
    `honest` tell the truth instead; all else is equal in both.
    """
    from vungmanh.analysis.trial import tables

    tree = grow_tree(seed, size)
    strength = draw_strength(seed, size, tree)
    told, truth, impressions = _history(seed, size, tree, strength, stress)
    plays = np.zeros(truth.copied.shape, dtype=bool)
    if agents is not None:
        drawn = draw_agents(seed, tree, truth.cell_index, size.agents)
        plays = playing(drawn, *truth.copied.shape)
        truth = replace(truth, agents=drawn)
    records = told.copied_where(truth.copied & ~plays)
    if agents is not None:
        records = tell_all(records, plays)
        records = records if honest else play(records, agents, plays)
    truth = replace(truth, copied=records.copied)
    set_aside = _detected(seed, records.copied)
    grades = in_four_levels(impressions)
    return TrialProvince(
        seed=seed,
        size=size,
        tree=tree,
        records=records,
        set_aside=set_aside,
        grade=grades,
        truth=truth,
        units=tables.units(tree, size),
        cell_months=tables.cell_months(tree, size, records, set_aside),
        grades=tables.grades(tree, size, grades),
        lineage=tables.lineage(tree, size),
        vacancies=tables.vacancies(seed, tree, size, strength.left),
    )


def _history(
    seed: int, size: TrialSize, tree: Tree, strength: Strength, stress: Stress
) -> tuple[Records, Truth, Floats]:
    """Year after year: what cells did, how they were graded, who was chosen and helped.

    Returns what every cell would truly report; the years it copied stand in the truth.
    """
    habit = missing_habit(seed, size, tree)
    members, admitted = members_by_year(seed, size, tree)
    scheme = Scheme.none(tree.first_organisations, size.years)
    factor = size_factor(tree, stress)
    helped = strength.cell.copy()
    done: list[Records] = []
    copied = np.zeros(helped.shape, dtype=bool)
    impressions = np.zeros((tree.first_organisations, size.years))
    for year in range(size.years):
        if year >= size.years - size.programme_years:
            last = done[-1].copied_where(copied[:, year - 1 : year])
            first = tree.first_cells
            known = mean_by(helped[:first, year], tree.origin[:first], tree.first_organisations)
            seen = (raw_index(last, tree, 0), impressions[:, year - 1], known)
            private = stress.private_knowledge
            choose(seed, year, scheme, seen=seen, size=size, tree=tree, private=private)
        effect = scheme.own_effect(year, factor)
        effect = effect + spilled(effect, tree, stress.spillover)
        ritual = scheme.ritual(year)
        helped[:, year] += effect[tree.origin]
        helped[tree.first_cells :, year] = helped[tree.parts, year].mean(axis=1)
        now = helped[:, year]
        people = {"members": members[:, year], "admitted": admitted[:, year]}
        done.append(honest_year(seed, year, strength=now, habit=habit, **people))
        luck = stream(seed, f"trial copying {year}").random(len(now))
        copied[:, year] = luck < copying_chance(now, ritual[tree.origin])
        impressions[:, year] = grade(seed, year, now, copied[:, year], tree)
    truth = _truth(tree, strength, helped, copied, scheme)
    return together(done), truth, impressions


def _detected(seed: int, copied: Bools) -> Bools:
    """(n, years): the verdict of a detector of copied minutes that is good, not perfect."""
    luck = stream(seed, "trial detector").random(copied.shape)
    return np.asarray(luck < np.where(copied, RECALL, FALSE_POSITIVE))


def _truth(tree: Tree, strength: Strength, helped: Floats, copied: Bools, scheme: Scheme) -> Truth:
    count = len(tree.organisations)
    index, without = true_index(helped), true_index(strength.cell)
    return Truth(
        strength=helped,
        strength_without_help=strength.cell,
        cell_index=index,
        organisation_index=mean_by(index, tree.organisation, count),
        organisation_index_without_help=mean_by(without, tree.organisation, count),
        copied=copied,
        agents=np.zeros(0, dtype=np.int64),
        left=strength.left,
        scheme=scheme,
    )
