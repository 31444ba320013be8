"""The figures of a period for a supplied form: as known at a moment, and why some are not there."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.core.aggregate_words import VALUES
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import Sector
from vungmanh.org.aggregates import DAYS, RollUp, roll_up
from vungmanh.org.statistics import Period, Statistic, figures_of, statistic
from vungmanh.org.statistics_balance import Balance
from vungmanh.outputs.forms.values import Value
from vungmanh.outputs.supplied.catalogue import BRANCHES, PERIOD_COLUMNS
from vungmanh.outputs.supplied.values import Figures


class PeriodFigures(dict[str, Value | tuple[Value, ...]]):
    """The figures; `why` tells of those that are not known why a cell stays as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.why: dict[str, str] = {}


def period_figures(
    viewer: Viewer, unit_id: UUID, period: Period, *, known_at: dt.datetime, now: dt.datetime
) -> Figures:
    """Raises NotFound (out of sight, before the register), InputError (a day to come)."""
    one = statistic(viewer, unit_id, period, known_at=known_at, now=now)
    found = PeriodFigures()
    found |= {
        "ten": one.unit.name, "tu": period.first, "den": period.last, "nam": period.last.year,
        "biet": localdate(known_at),
    }  # fmt: skip
    _members(found, one)
    units = one.organisations
    found |= {f"so.{kind}": units.kinds.get(kind, 0) for kind in BRANCHES}
    found |= {f"linh_vuc.{sector}": units.sectors.get(sector, 0) for sector in Sector}
    _aggregates(found, viewer, one, now)
    _lines(found, one)
    return found


def _of(balance: Balance) -> dict[str, Value]:
    return {**figures_of(balance), "up": balance.up, "down": balance.down}


def _members(found: PeriodFigures, one: Statistic) -> None:
    """A figure that some cell leaves open is not known: never a sum that misses somebody."""
    told = _of(one.total)
    missing = len(one.total.uncounted)
    for key, value in told.items():
        if one.hidden:
            found[key] = None
            found.why[key] = _out_of_sight(one.hidden)
        elif missing and key.startswith("closing"):
            found[key] = None
            found.why[key] = f"{number_vi(missing)} chi bộ chưa có số đảng viên cuối kỳ."
        else:
            found[key] = value


def _out_of_sight(cells: int) -> str:
    return f"{number_vi(cells)} chi bộ ở dưới đây nằm ngoài phạm vi của đồng chí."


def _aggregates(found: PeriodFigures, viewer: Viewer, one: Statistic, now: dt.datetime) -> None:
    on = one.period.last
    rolled: RollUp | None = None
    if (on.month, on.day) in DAYS:
        rolled = roll_up(viewer, one.unit.unit_id, on, one.known_at, now=now)
    for dimension, values in VALUES.items():
        whole = rolled.sums[dimension] if rolled else None
        for value in values:
            key = f"{dimension}.{value}"
            if whole is None:
                found[key] = None
                found.why[key] = f"Cơ cấu chỉ có của 30/6, 31/12, không có ngày {date_vi(on)}."
            elif rolled and rolled.hidden:
                found[key] = None
                found.why[key] = _out_of_sight(rolled.hidden)
            elif whole.units < whole.all_units:
                found[key] = None
                found.why[key] = (
                    f"Mới có báo cáo của {number_vi(whole.units)} trong"
                    f" {number_vi(whole.all_units)} chi bộ."
                )
            else:
                found[key] = whole.counts.get(value)
                if found[key] is None:
                    found.why[key] = "Các nơi báo cáo để trống mục này."


def _lines(found: PeriodFigures, one: Statistic) -> None:
    """The units below that stand at the end, in the order of the page."""
    lines = [line for line in one.lines if not line.is_ended]
    told = [{**_of(line.balance), "ten": line.name} for line in lines]
    for line, said in zip(lines, told, strict=True):
        if line.balance.uncounted:
            said |= {key: None for key in said if key.startswith("closing")}
    for code in PERIOD_COLUMNS:
        found[f"dong.{code}"] = tuple(said.get(code) for said in told)
    found["dong.tt"] = tuple(range(1, len(lines) + 1))
