"""Official codes of 14 digits (domain.md §6.8): [2 province][3 upper][3 base][3 between][3 cell].

The province has the invented number 99. A code says where a unit stands, so it changes with the
place: everything below a former district gets a new one on the day of the reform.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from vungmanh.analysis.simulate.tree import REFORM, Link, Tree, Unit
from vungmanh.core.vocabulary import UnitKind

_PROVINCE = "99"
_BEFORE = REFORM - timedelta(days=1)
_UPPER_KINDS = (UnitKind.DANG_BO_HUYEN, UnitKind.DANG_BO_CAP_TREN)


def give_codes(tree: Tree) -> None:
    """Fill in `codes` of every unit for the time before the reform and the time since."""
    for day, start, end in ((_BEFORE, None, REFORM), (REFORM, REFORM, None)):
        codes = _codes_on(tree, day)
        for unit in tree.units:
            if unit in codes:
                _extend(unit, codes[unit], start, end)
    for unit in tree.units:
        if not unit.codes:  # merged long before: it keeps a code no living unit has
            _extend(unit, _retired_code(tree, unit), unit.founded, unit.ended)


def _extend(unit: Unit, code: str, start: date | None, end: date | None) -> None:
    if unit.codes and unit.codes[-1].target == code:
        last = unit.codes.pop()
        start = last.start
    starts = [day for day in (start, unit.founded) if day is not None]
    ends = [day for day in (end, unit.ended) if day is not None]
    unit.codes.append(Link(code, max(starts, default=None), min(ends, default=None)))


def _codes_on(tree: Tree, day: date) -> dict[Unit, str]:
    """The code of every unit that exists on `day`."""
    children: defaultdict[Unit, list[Unit]] = defaultdict(list)
    roots = []
    for unit in tree.units:
        if unit.exists_on(day):
            parent = unit.parent_on(day)
            if parent is None:
                roots.append(unit)
            else:
                children[parent].append(unit)
    codes: dict[Unit, str] = {}
    for root in roots:
        codes[root] = _PROVINCE + "0" * 12
        for upper in children[root]:
            prefix = _PROVINCE + f"{_upper_number(tree, upper):03d}"
            codes[upper] = prefix + "0" * 9
            base = cell = 0
            for unit in children[upper]:
                if unit.is_organisation:
                    base += 1
                    codes[unit] = f"{prefix}{base:03d}000000"
                    for number, below in enumerate(children[unit], start=1):
                        codes[below] = f"{prefix}{base:03d}000{number:03d}"
                else:
                    cell += 1
                    codes[unit] = f"{prefix}000000{cell:03d}"
    return codes


def _upper_number(tree: Tree, upper: Unit) -> int:
    """Districts 101…, blocs 191…, communes since the reform 201…"""
    if upper.kind is UnitKind.DANG_BO_HUYEN:
        return 101 + tree.of_kind(UnitKind.DANG_BO_HUYEN).index(upper)
    if upper.kind is UnitKind.DANG_BO_CAP_TREN:
        return 191 + tree.of_kind(UnitKind.DANG_BO_CAP_TREN).index(upper)
    new = [unit for unit in tree.of_kind(UnitKind.DANG_BO_XA) if unit.founded == REFORM]
    return 201 + new.index(upper)


def _retired_code(tree: Tree, unit: Unit) -> str:
    successor = next(step.new for step in tree.lineage if step.old is unit)
    siblings = [step.old for step in tree.lineage if step.new is successor]
    first = str(successor.codes[0].target)
    # 9xx in the last group: out of the way of every cell that still exists.
    return f"{first[:-3]}{900 + int(first[-3:]) % 50 * 2 + siblings.index(unit):03d}"
