"""The reform of the demonstration as a workbook: to be tried on the province of the eve.

Needs Django set up (`start_django`), but no database: the units are those of the simulation.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from vungmanh.analysis.simulate import Province, Size
from vungmanh.analysis.simulate.reform import PlainReform, reform_steps

if TYPE_CHECKING:
    from vungmanh.org.reform.steps import Step
    from vungmanh.outputs.reforms.units import UnitIndex

FILE_NAME = "sap-xep-2025.xlsx"


def steps_of(plain: PlainReform) -> tuple[Step, ...]:
    """The steps of a simulated reform as the register takes them."""
    from vungmanh.org.reform.steps import steps_from_json

    return steps_from_json([{"step": one.kind, **one.values} for one in plain.steps])


def write_reform_of_2025(path: Path, province: Province, seed: int, size: Size) -> int:
    """Write the workbook; `province` must reach the eve of the reform. Returns the steps."""
    from vungmanh.outputs.reforms.write import write_reform_workbook

    plain = reform_steps(seed, size)
    steps = steps_of(plain)
    path.write_bytes(
        write_reform_workbook(
            title=plain.title,
            document=plain.document,
            signed_on=plain.signed_on,
            effective_on=plain.effective_on,
            steps=steps,
            index=_units_before(province, plain),
        )
    )
    return len(steps)


def _units_before(province: Province, plain: PlainReform) -> UnitIndex:
    """The units of the province on the eve, each with the unit above it."""
    from vungmanh.outputs.reforms.units import KnownUnit, UnitIndex

    eve = plain.effective_on - timedelta(days=1)

    def holding(name: str, *columns: str) -> dict[str, tuple[str, ...]]:
        table = province.tables[name]
        spans = zip(table["valid_from"], table["valid_to"], strict=True)
        rows = zip(*(table[column] for column in columns), strict=True)
        return {
            unit: tuple(values)
            for (start, end), (unit, *values) in zip(spans, rows, strict=True)
            if start <= eve and (end is None or eve < end)
        }

    facts = ("name", "kind", "sector", "area", "official_code", "is_organisation")
    versions = holding("unit_versions", "unit", *facts)
    parents = holding("unit_parents", "unit", "parent")
    return UnitIndex(
        KnownUnit(
            UUID(unit),
            name=name,
            kind=kind,
            sector=sector,
            area=area,
            official_code=code,
            is_organisation=bool(is_organisation),
            above_id=UUID(parents[unit][0]) if unit in parents else None,
            above=versions[parents[unit][0]][0] if unit in parents else "",
        )
        for unit, (name, kind, sector, area, code, is_organisation) in versions.items()
    )
