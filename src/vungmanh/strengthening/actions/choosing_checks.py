"""What is asked of a selection before it may go on: units that are there and free, its day."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.periods import last_day
from vungmanh.core.text import date_vi
from vungmanh.org.models import UnitClosure
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.choosing_obstacles import answer_until
from vungmanh.strengthening.models import Choice, Selection, SupportFile
from vungmanh.strengthening.models.files import OVER


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


def kept_out(found: Selection, units: list[UUID], day: dt.date) -> dict[UUID, NotNow]:
    """Of these units those that nobody can take in now, each with why: another file is open, or it
    may still answer the reasons held against it (decisions.md 6)."""
    helped = SupportFile.objects.filter(unit_id__in=units).exclude(state__in=OVER)
    open_, until = set(helped.values_list("unit_id", flat=True)), answer_until(units, day)
    names = named([*open_, *until], last_day(found.month))
    told = {
        unit: NotNow(
            f"{names.get(unit, unit)} còn hạn giải trình lý do đã nêu đến hết ngày {date_vi(last)}."
            " Chờ đơn vị giải trình hoặc hết hạn rồi đưa vào.",
            code="may-still-answer",
        )
        for unit, last in until.items()
    }
    return told | {
        unit: NotNow(
            f"{names.get(unit, unit)} đang có hồ sơ củng cố chưa khép. Làm tiếp trong hồ sơ ấy, "
            "không đưa vào danh sách lần nữa.",
            code="being-helped",
        )
        for unit in open_
    }


def check_otherwise(found: Selection, unit_id: UUID, *, is_in: bool, day: dt.date) -> None:
    """Only what changes the list can be decided otherwise. Raises NotNow."""
    last = found.overrides.filter(unit_id=unit_id).order_by("at", "id").last()
    is_there = last.is_in if last else str(unit_id) in found.result["chosen"]
    name = _names([unit_id], found)
    if is_in and is_there:
        raise NotNow(f"{name} đã ở trong danh sách; chỉ đưa ra được.", code="already-in")
    if not is_in and not is_there:
        raise NotNow(f"{name} không ở trong danh sách; không có gì để đưa ra.", code="never-in")
    if is_in and (shut := kept_out(found, [unit_id], day)):
        raise shut[unit_id]


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
