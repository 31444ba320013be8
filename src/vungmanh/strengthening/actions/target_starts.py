"""What a figure of a target may be, and where its start is measured rather than typed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.periods import last_day
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Structure
from vungmanh.strengthening.figures.catalogue import figures_by_code
from vungmanh.strengthening.models import Programme, ProgrammeTarget
from vungmanh.strengthening.programme_figures import is_by_hand, measured

_ROUNDED = Decimal("0.06")  # a start typed to one decimal is the measured one


class Bounded(Protocol):
    """A target as it was said."""

    @property
    def indicator(self) -> str: ...
    @property
    def aim_value(self) -> Decimal: ...
    @property
    def base_value(self) -> Decimal | None: ...


def is_percent(indicator: str) -> bool:
    """Whether a figure of the catalogue is a percentage."""
    known = figures_by_code().get(indicator)
    return known is not None and known.unit.endswith("%")


def check_value(value: Decimal, indicator: str, *, field: str, line: str = "") -> None:
    """Raise InputError at `field` for a share over 100 %, and a count below none."""
    if is_percent(indicator) and not 0 <= value <= 100:
        said = f"{line}số liệu này là tỷ lệ phần trăm, ghi từ 0 đến 100 (đang ghi {value:f})."
        raise InputError(said[0].upper() + said[1:], field=field, code="bad-number")
    if indicator and value < 0:
        said = f"{line}số liệu này không thể nhỏ hơn 0."
        raise InputError(said[0].upper() + said[1:], field=field, code="bad-number")


def check_bounds(said: Bounded, number: int) -> None:
    """The aim and the start of one line of targets."""
    for name in ("aim_value", "base_value"):
        value = getattr(said, name)
        if value is not None:
            place = f"targets[{number}].{name}"
            check_value(value, said.indicator, field=place, line=f"Chỉ tiêu {number}: ")


def take_measured_starts(
    programme: Programme, made: Sequence[ProgrammeTarget], by: Viewer, today: dt.date
) -> list[list[str]]:
    """Where the records measure the month of a start, that figure stands for what was typed.

    Told back: text of the target, what was typed, what is measured.
    """
    months: dict[dt.date, list[ProgrammeTarget]] = defaultdict(list)
    for one in made:
        if one.base_month and one.base_month <= today and not is_by_hand(one.indicator):
            months[one.base_month].append(one)
    replaced = []
    for month, some in months.items():
        codes = {one.indicator for one in some}
        found = measured(
            codes, programme.unit_id, Structure.THEN, by=by, period=month,
            as_of=min(last_day(month), today),
        )  # fmt: skip
        for one in some:
            if one.indicator not in found:
                continue
            value, typed = round(Decimal(found[one.indicator].value), 1), one.base_value
            if typed is None or abs(typed - value) > _ROUNDED:
                one.base_value = value
                if typed is not None:
                    replaced.append([one.text, number_vi(typed), number_vi(value)])
    return replaced
