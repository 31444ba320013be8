"""The reform of 1/7/2025 as a list of steps, for a province that has not yet gone through it.

The same tree that `simulate_province` draws, read across one night: what was decided for every
unit. Committing these steps on `simulate_province(seed, size=size, last_month=BEFORE_REFORM)` gives
the structure that the whole simulation has from that day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vungmanh.analysis.simulate.building import build_tree
from vungmanh.analysis.simulate.codes import give_codes
from vungmanh.analysis.simulate.sizes import PROVINCE, Size
from vungmanh.analysis.simulate.tree import REFORM, Tree, Unit

#: The last month of a province that still has its districts.
BEFORE_REFORM = date(2025, 6, 1)
_EVE = REFORM - timedelta(days=1)


@dataclass(frozen=True)
class PlainStep:
    """One step: `kind` is create, move, merge, end or change; `values` has its fields.

    Units are named by their id, those to be created by "#" and their mark (`ref` of a create).
    """

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class PlainReform:
    """A decision and its steps, in an order in which they can be read."""

    title: str
    document: str
    signed_on: date
    effective_on: date
    steps: tuple[PlainStep, ...]


def reform_steps(seed: int, size: Size = PROVINCE) -> PlainReform:
    """What the reform does to the province of this seed and size."""
    tree = build_tree(seed, size)
    give_codes(tree)
    refs = {unit: f"#m{n:03d}" for n, unit in enumerate(_founded(tree), start=1)}
    sources = _sources(tree)
    return PlainReform(
        title="Sắp xếp tổ chức đảng khi kết thúc hoạt động cấp huyện",
        document="Quyết định số 01-QĐ/TU ngày 27/6/2025",
        signed_on=date(2025, 6, 27),
        effective_on=REFORM,
        steps=(
            *(_create(unit, refs) for unit in refs),
            *_moves(tree, refs, sources),
            *(
                _step("merge", sources=tuple(old.id for old in olds), target=refs[new])
                for new, olds in sources.items()
            ),
            *(_step("end", unit=unit.id) for unit in _ended(tree, sources)),
            *_new_codes(tree),
        ),
    )


def _step(kind: str, /, **values: Any) -> PlainStep:
    return PlainStep(kind, values)


def _founded(tree: Tree) -> list[Unit]:
    return [unit for unit in tree.units if unit.founded == REFORM]


def _sources(tree: Tree) -> dict[Unit, list[Unit]]:
    """Each unit founded by the reform with those that go into it."""
    sources: dict[Unit, list[Unit]] = {}
    for one in tree.lineage:
        if one.on == REFORM:
            sources.setdefault(one.new, []).append(one.old)
    return sources


def _ended(tree: Tree, sources: Mapping[Unit, list[Unit]]) -> list[Unit]:
    """Units that end and go into none: the districts."""
    merged = {old for olds in sources.values() for old in olds}
    return [unit for unit in tree.units if unit.ended == REFORM and unit not in merged]


def _create(unit: Unit, refs: Mapping[Unit, str]) -> PlainStep:
    above = unit.parent_on(REFORM)
    return _step(
        "create",
        ref=refs[unit].removeprefix("#"),
        name=unit.name,
        kind=unit.kind,
        sector=unit.sector,
        area=unit.area,
        official_code=_code_on(unit, REFORM),
        is_organisation=unit.is_organisation,
        parent=None if above is None else refs.get(above, above.id),
    )


def _moves(
    tree: Tree, refs: Mapping[Unit, str], sources: Mapping[Unit, list[Unit]]
) -> list[PlainStep]:
    """Units that go on under another parent. Whoever follows a merged parent needs no step."""
    follows = {old: new for new, olds in sources.items() for old in olds}
    moves = []
    for unit in tree.units:
        before, after = unit.parent_on(_EVE), unit.parent_on(REFORM)
        if before is None or after is None or before is after or follows.get(before) is after:
            continue
        moves.append(_step("move", unit=unit.id, parent=refs.get(after, after.id)))
    return moves


def _new_codes(tree: Tree) -> list[PlainStep]:
    """An official code says where a unit stands: it changes with the place."""
    return [
        _step("change", unit=unit.id, official_code=_code_on(unit, REFORM))
        for unit in tree.units
        if unit.exists_on(_EVE)
        and unit.exists_on(REFORM)
        and _code_on(unit, _EVE) != _code_on(unit, REFORM)
    ]


def _code_on(unit: Unit, day: date) -> str:
    return next(
        str(code.target)
        for code in unit.codes
        if (code.start is None or code.start <= day) and (code.end is None or day < code.end)
    )
