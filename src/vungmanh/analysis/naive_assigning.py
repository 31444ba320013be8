"""Plans of overseers once more, slowly: every plan there is, priced by plain loops.

Nothing in the program calls this; it judges `assigning` on questions small enough to try all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from vungmanh.analysis.assigning.model import Cell, Overseer, Planning

Given = Mapping[str, tuple[str, ...]]


def may(planning: Planning, overseer: Overseer, cell: Cell) -> bool:
    """Whether no rule keeps this person away from this very cell."""
    if cell.id in overseer.own_cells | overseer.grades | overseer.kin:
        return False
    speaks = not cell.languages or bool(cell.languages & overseer.languages)
    return speaks or not planning.rules.language


def plans(planning: Planning) -> Iterator[Given]:
    """Every plan that breaks no rule, with any number of seats left open."""
    choices = []
    for cell in planning.cells:
        fit = [one.id for one in planning.overseers if may(planning, one, cell)]
        ways: list[tuple[str, ...]] = []
        for count in range(cell.wants + 1):
            ways.extend(itertools.combinations(fit, count))
        choices.append(ways)
    for picked in itertools.product(*choices):
        given = {cell.id: ids for cell, ids in zip(planning.cells, picked, strict=True)}
        if keeps_room(planning, given):
            yield given


def keeps_room(planning: Planning, given: Given) -> bool:
    """Whether nobody has too much to do or too many hard cells."""
    for one in planning.overseers:
        mine = [cell for cell in planning.cells if one.id in given[cell.id]]
        if sum(cell.weight for cell in mine) > one.max_load:
            return False
        most = planning.rules.max_hard
        if most is not None and sum(cell.is_hard for cell in mine) > most:
            return False
    return True


def price(planning: Planning, given: Given) -> tuple[int, int, int, int, int]:
    """Open seats, uncovered hard seats, heaviest load, metres, changes."""
    people = {one.id: one for one in planning.overseers}
    farthest = max(
        (
            planning.distances.between(one.place, cell.place) or 0
            for one in planning.overseers
            for cell in planning.cells
        ),
        default=0,
    )
    loads = dict.fromkeys(people, 0)
    gaps = bare = metres = changes = 0
    for cell in planning.cells:
        gaps += cell.wants - len(given[cell.id])
        for one in given[cell.id]:
            loads[one] += cell.weight
            bare += cell.is_hard and not people[one].experienced
            far = planning.distances.between(people[one].place, cell.place)
            metres += farthest if far is None else far
            changes += bool(cell.current) and one not in cell.current
    return gaps, bare, max(loads.values(), default=0), metres, changes


def best(planning: Planning) -> tuple[int, int, int, int, int]:
    """The price of the best plan: the goals in their order."""
    return min(price(planning, given) for given in plans(planning))
