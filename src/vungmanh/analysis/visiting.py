"""How often each unit is visited: by its risk, and some by lot whatever their risk.

Visits by risk alone would never show what goes on where nobody looks. The lots (`lots`) fall among
all units alike, so what those visits find holds for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vungmanh.analysis.lots import draw
from vungmanh.core.errors import InputError


@dataclass(frozen=True)
class VisitRules:
    """`by_risk`: visits a year for each word of risk. `percent`: of all units, visited by lot."""

    by_risk: Mapping[str, int]
    percent: int = 0


@dataclass(frozen=True)
class VisitsDue:
    """Visits to one unit in the year: by its risk, and one more if its lot was drawn."""

    unit: str
    by_risk: int
    by_lot: int

    @property
    def total(self) -> int:
        return self.by_risk + self.by_lot


def visits_due(risks: Mapping[str, str], rules: VisitRules, seed: str) -> tuple[VisitsDue, ...]:
    """Of each unit (id → word of risk), in the order of ids. Keep the seed with the answer."""
    if not 0 <= rules.percent <= 100:
        raise InputError("Tỷ lệ thăm ngẫu nhiên phải từ 0 đến 100 %; hãy sửa lại.")
    strange = sorted(set(risks.values()) - set(rules.by_risk))
    if strange:
        raise InputError(f"Chưa có số lần thăm cho mức “{strange[0]}”; hãy bổ sung vào quy định.")
    count = -(-len(risks) * rules.percent // 100)
    drawn = set(draw(seed, risks, count)) if count else set()
    return tuple(
        VisitsDue(unit, rules.by_risk[risks[unit]], int(unit in drawn)) for unit in sorted(risks)
    )
