"""Targets of a programme beside what is measured, by the structure of each month and of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from vungmanh.core.periods import add_months, month_label, month_of, month_range
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import Structure
from vungmanh.meetings.frames import first_month_due
from vungmanh.meetings.report_sums import admitted_in, report_sums
from vungmanh.meetings.series import MonthTotal
from vungmanh.org.listing import sizes_of
from vungmanh.org.models import UnitClosure
from vungmanh.org.structure import cells_of_series, roots_of
from vungmanh.outputs.programmes.asked import Asked, names_on
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid, Record, Row
from vungmanh.strengthening.models import TargetValue
from vungmanh.strengthening.programme_figures import (
    ADMITTED,
    BY_MONTHS,
    FAILING,
    MEMBERS,
    MONTHS,
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
            _figure(asked, one, side, last, months.get(side, []))
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
    asked: Asked, one: TargetNow, side: Structure, last: dt.date, months: list[MonthTotal]
) -> Figure | str:
    """The figure with the months, units or counts that make it up; words where none is known."""
    found, indicator = one.measured, one.target.indicator
    code = f"{CODE}.{one.target.number}.{side.value}"
    if found is None:
        return _told(one.told, code, asked) if one.told else _NOT_MEASURED
    if indicator in _PARTS:
        return _share(asked, found, code, indicator, months)
    value = number_vi(found.value)
    if indicator == FAILING:
        words = "chi bộ có lý do nặng, theo tổ chức cơ sở đảng"
        return Figure(code, value, words, tuple(_failing(asked, last)))
    if indicator == MEMBERS:
        return Figure(code, value, "đảng viên chính thức", tuple(_members(asked)))
    if found.whole is not None:
        part, whole = (number_vi(one, decimals=0) for one in (found.part, found.whole))
        value += f" % ({part}/{whole})"
    words = "theo báo cáo từng tháng của các chi bộ"
    return Figure(code, value, words, tuple(_by_month(asked, found, indicator, side, last)))


def _told(told: TargetValue, code: str, asked: Asked) -> Figure:
    """A value that somebody told by hand, with its source and day."""
    page = Address("programme", {"programme_id": str(asked.programme.pk)})
    record = Record(f"ngày {date_vi(told.on)}", told.source, page, amount=float(told.value))
    return Figure(code, number_vi(told.value), "giá trị đo bằng tay, có nguồn", (record,))


def _by_month(
    asked: Asked, found: Measured, indicator: str, side: Structure, last: dt.date
) -> list[Record]:
    """What each month gave to a sum over the reports of cells, or to the admissions."""
    roots = roots_of(asked.viewer, asked.unit_id, asked.on)
    stretches = cells_of_series(roots, side, asked.on)
    first = found.first or max(first_month_due() or last, add_months(last, 1 - MONTHS))
    records = []
    for month in month_range(first, last):
        if indicator == ADMITTED:
            amount = admitted_in(stretches, month, month)
        else:
            amount = report_sums(stretches, month, month)[indicator][0]
        page = _unit_page(asked.unit_id, month) if asked.unit_id else None
        records.append(Record(month_label(month), "", page, amount=amount))
    return records


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
