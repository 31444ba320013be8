"""What is asked of a selection before it may go on: units that are there and free, its day."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Max
from django.utils.timezone import localdate

from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.periods import last_day
from vungmanh.core.text import date_vi
from vungmanh.org.models import UnitClosure
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.models import Choice, Flag, Selection


def check_day(found: Selection, decided_on: dt.date, day: dt.date) -> None:
    """Nobody decides before it was put forward, nor on a day to come. Raises InputError."""
    assert found.submitted_at is not None, "only what was put forward is decided"
    first = localdate(found.submitted_at)
    if not first <= decided_on <= day:
        raise InputError(
            f"Ngày quyết định phải từ ngày trình ({date_vi(first)}) đến hôm nay. Quyết định đã ký "
            "trước ngày ấy thì rút danh sách và trình lại.",
            field="decided_on", code="bad-day",
        )  # fmt: skip


def check_answered(found: Selection, unit_id: UUID, day: dt.date) -> None:
    """Nobody is taken in who may still answer the reasons held against it. Raises NotNow."""
    waiting = Flag.objects.filter(
        unit_id=unit_id, fate="", cleared_month=None, is_answered=False, reply_by__gte=day,
        raised_at__date__lte=day,
    )  # fmt: skip
    until = waiting.aggregate(last=Max("reply_by"))["last"]
    if until is not None:
        raise NotNow(
            f"{_names([unit_id], found)} còn hạn giải trình lý do đã nêu đến hết ngày "
            f"{date_vi(until)}. Chờ đơn vị giải trình hoặc hết hạn rồi đưa vào.",
            code="may-still-answer",
        )


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
