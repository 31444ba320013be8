"""Cells that play (decisions.md 10): what they do to honest records, and nothing else.

The truth of a world does not depend on its agents: they change what is reported in the last years.
Telling the truth is to report every month, as it was, and in time: what a cell would be asked to
do instead. So a gain is one of the lie, not of having reported more. The same cells are drawn for
every kind of play, so that two worlds of one seed can be compared cell by cell.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints, stream
from vungmanh.analysis.trial.records import Records
from vungmanh.analysis.trial.tree import Tree

#: Agents are drawn from this share of the cells, the weakest.
WEAKEST = 0.3
#: They play in this many last years.
PLAYED_YEARS = 3


class AgentKind(StrEnum):
    """What a cell does instead of telling what happened, when it happened."""

    HIDING = "hiding"  # reports the months held and is silent about the others
    SILENT = "silent"  # reports nothing
    EXCUSES = "excuses"  # has every month not held excused
    DECEMBER = "december"  # tells the truth of the whole year in December
    COPYING = "copying"  # copies minutes: 12 of 12, 96 % present, most filed in December
    INVENTING = "inventing"  # claims 12 of 12, with the same invented attendance each month


def draw_agents(seed: int, tree: Tree, index: Floats, wanted: int) -> Ints:
    """Cells among the weakest by their true index (n, years) of the years played; sorted."""
    rng = stream(seed, "trial agents")
    weakness = index[:, -PLAYED_YEARS:].mean(axis=1)
    living = np.flatnonzero(tree.living_cells)
    living = living[living < tree.first_cells]
    weakest = living[np.argsort(weakness[living], kind="stable")][: int(WEAKEST * len(living))]
    return np.sort(rng.choice(weakest, size=min(wanted, len(weakest)), replace=False))


def playing(agents: Ints, cells: int, years: int) -> Bools:
    """(n, years): which cell-years are played."""
    plays = np.zeros((cells, years), dtype=bool)
    plays[agents, -PLAYED_YEARS:] = True
    return plays


def tell_all(records: Records, plays: Bools) -> Records:
    """The records of a world in which the agents tell the truth."""
    played = plays[:, :, None]
    return records.but(reported=records.reported | played, late=records.late & ~played)


def play(honest: Records, kind: AgentKind, plays: Bools) -> Records:
    """The records of a world in which the agents play; the others' are untouched."""
    played = plays[:, :, None]
    if kind is AgentKind.HIDING:
        return honest.but(reported=honest.reported & (honest.held | ~played))
    if kind is AgentKind.SILENT:
        return honest.but(reported=honest.reported & ~played)
    if kind is AgentKind.EXCUSES:
        return honest.but(excused=honest.excused | (played & ~honest.held))
    if kind is AgentKind.DECEMBER:
        return honest.but(reported=honest.reported | played, filed=honest.filed_in_december(played))
    if kind is AgentKind.COPYING:
        return honest.copied_where(plays)
    usual = np.maximum(1, np.minimum(honest.members - 1, np.round(0.92 * honest.members)))
    return honest.but(
        excused=honest.excused & ~played,
        held=honest.held | played,
        present=np.where(played, usual, honest.present).astype(np.int64),
    )
