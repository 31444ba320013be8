"""What is asked of a selection before it may go on: units that are there and free, its day."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.core.errors import Conflict
from vungmanh.core.periods import last_day
from vungmanh.org.models import UnitClosure
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.models import Choice, Selection


def check_free(found: Selection, units: list[UUID], day: dt.date) -> None:
    """Every unit is still there and nobody else has chosen it for the year."""
    below = UnitClosure.objects.filter(ancestor_id=found.unit_id, valid__contains=day)
    there = set(below.filter(descendant_id__in=units).values_list("descendant_id", flat=True))
    gone = [unit for unit in units if unit not in there]
    if gone:
        raise Conflict(
            f"{_names(gone, found)} không còn hoạt động dưới cấp này. Lập lại danh sách, hoặc "
            "đưa đơn vị ra bằng quyết định khác kèm lý do.",
            code="unit-gone",
        )
    elsewhere = Choice.objects.filter(unit_id__in=units, year=found.year, withdrawn_at=None)
    chosen = list(elsewhere.values_list("unit_id", flat=True))
    if chosen:
        raise taken(_names(chosen, found))


def taken(names: str = "Có đơn vị") -> Conflict:
    """Another committee chose it for the year."""
    return Conflict(
        f"{names} đã được một cấp khác chọn trong cùng năm. Hỏi nơi đã chọn, hoặc đưa đơn vị ra "
        "bằng quyết định khác kèm lý do.",
        code="chosen-by-another",
    )


def _names(units: list[UUID], found: Selection) -> str:
    """What units were called in the month the selection rests on."""
    called = named(units, last_day(found.month))
    return ", ".join(called.get(unit, str(unit)) for unit in units)
