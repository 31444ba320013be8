"""Targets of a programme beside what is measured, by the structure of each month and of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from vungmanh.core.periods import month_label, month_of
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import Structure
from vungmanh.meetings.series import MonthTotal
from vungmanh.org.listing import sizes_of
from vungmanh.org.models import UnitClosure
from vungmanh.outputs.programmes.asked import Asked, names_on
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid, Record, Row
from vungmanh.strengthening.programme_figures import (
    BY_MONTHS,
    FAILING,
    GIVEN,
    MEMBERS,
    Measured,
    TargetNow,
    months_measured,
    targets_now,
    units_held,
)
from vungmanh.strengthening.queries import assessed, run_of
from vungmanh.strengthening.year_addresses import Address

CODE = "chi-tieu"
_NOT_MEASURED = "chưa đo được"
#: The part of each share that is counted, and what it is counted in.
_PARTS: dict[str, tuple[Callable[[MonthTotal], float], str]] = {
    "hop-du-ky": (lambda one: one.held, "kỳ đã họp, trong các kỳ có báo cáo"),
    "day-du-bao-cao": (lambda one: one.held + one.not_held, "kỳ có báo cáo, trong các kỳ phải họp"),
    "ty-le-mien": (lambda one: one.excused, "kỳ được miễn, trong các kỳ phải họp và được miễn"),
}
_SAYS = (
    "Số đo của 12 tháng đến cuối kỳ, trên cả phạm vi. Đây không phải hiệu quả của đề án: không có "
    "đề án thì số ấy cũng có thể lên xuống."
)


def targets(asked: Asked) -> Chapter:
    """Every target: at the start, to be reached, measured by both structures."""
    last = min(asked.said.period.last, month_of(asked.on))

    def now(structure: Structure) -> list[TargetNow]:
        return targets_now(
            asked.programme, asked.unit_id, structure, by=asked.viewer, period=last, as_of=asked.on
        )

    sides = {which: now(which) for which in (Structure.THEN, Structure.NOW)}
    wanted = {one.target.indicator for one in sides[Structure.THEN]}
    months = {
        which: months_measured(asked.viewer, asked.unit_id, which, last, asked.on)
        for which in (sides if wanted & BY_MONTHS else ())
    }
    rows = []
    for then, today in zip(sides[Structure.THEN], sides[Structure.NOW], strict=True):
        target = then.target
        sign = " %" if then.measured and then.measured.whole is not None else ""
        base = "–" if target.base_value is None else number_vi(target.base_value) + sign
        if target.base_month and target.base_value is not None:
            base += f" ({month_label(target.base_month)})"
        bound = "trở lên" if target.is_rise else "trở xuống"
        aim = f"{number_vi(target.aim_value)}{sign} {bound}, hạn {date_vi(target.due_on)}"
        shown = tuple(
            _figure(asked, one, f"{CODE}.{target.number}.{side.value}", last, months.get(side, []))
            for side, one in ((Structure.THEN, then), (Structure.NOW, today))
        )
        rows.append(Row(f"{target.number}. {target.text}", (base, aim, *shown, _verdict(then))))
    heads = ("Chỉ tiêu", "Khi bắt đầu", "Phải đạt", "Theo cơ cấu khi ấy", "Theo cơ cấu nay",
             "Nhận xét")  # fmt: skip
    grid = Grid("", heads, tuple(rows), (28, 13, 19, 15, 15, 10), "Đề án chưa ghi chỉ tiêu nào.")
    return Chapter(CODE, "Chỉ tiêu và thực tế", (_SAYS,), grids=(grid,))


def _verdict(one: TargetNow) -> str:
    if one.is_reached is None:
        return "chưa biết"
    return "đang đạt" if one.is_reached else "chưa đạt"


def _figure(
    asked: Asked, one: TargetNow, code: str, last: dt.date, months: list[MonthTotal]
) -> Figure | str:
    """The figure with the months, units or counts that make it up; words where none is known."""
    found, indicator = one.measured, one.target.indicator
    if found is None:
        if indicator and indicator not in GIVEN:
            return "chỉ có cho từng đơn vị"
        return _NOT_MEASURED if indicator else "các cấp báo cáo ở mốc"
    if indicator in _PARTS:
        return _share(asked, found, code, indicator, months)
    if indicator == FAILING:
        return Figure(
            code, number_vi(found.value), "chi bộ có lý do nặng, theo tổ chức cơ sở đảng",
            tuple(_failing(asked, last)),
        )  # fmt: skip
    if indicator == MEMBERS:
        members = tuple(_members(asked))
        return Figure(code, number_vi(found.value), "đảng viên chính thức", members)
    return number_vi(found.value) + ("" if found.whole is None else " %")


def _share(
    asked: Asked, found: Measured, code: str, indicator: str, months: list[MonthTotal]
) -> Figure:
    part, words = _PARTS[indicator]
    page = Address("series", {"unit_id": str(asked.unit_id)}) if asked.unit_id else None
    records = tuple(
        Record(month_label(one.month), f"phải họp {number_vi(one.due)} kỳ", page, amount=part(one))
        for one in months
    )
    whole = number_vi(found.whole or 0, decimals=0)
    value = f"{number_vi(found.value)} % ({number_vi(found.part, decimals=0)}/{whole} kỳ)"
    return Figure(code, value, words, records)


def _failing(asked: Asked, last: dt.date) -> list[Record]:
    run = run_of(last)
    if run is None:
        return []
    rows = assessed(asked.viewer, run).filter(
        organisation_position__isnull=False, failing_cells__gt=0
    )
    if asked.unit_id:
        below = UnitClosure.objects.filter(ancestor_id=asked.unit_id, valid__contains=asked.on)
        rows = rows.filter(unit_id__in=below.values("descendant_id"))
    told = list(rows.order_by("unit_id").values_list("unit_id", "failing_cells"))
    names = names_on((unit for unit, _n in told), asked.on)
    return [
        Record(names.get(unit, ""), "", _unit_page(unit, last), amount=n or 0) for unit, n in told
    ]


def _members(asked: Asked) -> list[Record]:
    units = [asked.unit_id] if asked.unit_id else units_held(asked.viewer)
    sizes, names = sizes_of(asked.viewer, units, asked.on), names_on(units, asked.on)
    return [
        Record(names.get(unit, ""), "", _unit_page(unit, None), amount=sizes[unit].official or 0)
        for unit in units
        if unit in sizes and sizes[unit].official
    ]


def _unit_page(unit: UUID, month: dt.date | None) -> Address:
    return Address("unit", {"unit_id": str(unit)}, month)
