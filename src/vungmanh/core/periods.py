"""Months. A month is the `date` of its first day; intervals of days are half-open elsewhere."""

from __future__ import annotations

import re
from datetime import date, timedelta

from vungmanh.core.errors import InputError

_SLUG = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def month_of(day: date) -> date:
    """The month a day lies in. A `datetime` is accepted; its time is dropped."""
    return date(day.year, day.month, 1)


def add_months(month: date, n: int) -> date:
    """The month `n` months later (earlier when negative)."""
    years, index = divmod(month.month - 1 + n, 12)
    return date(month.year + years, index + 1, 1)


def months_between(first: date, last: date) -> int:
    """How many months lie from `first` to `last`; negative when `last` is earlier."""
    return (last.year - first.year) * 12 + last.month - first.month


def month_range(first: date, last: date) -> list[date]:
    """All months from `first` to `last`, both included; empty when `last` is earlier."""
    return [add_months(first, n) for n in range(months_between(first, last) + 1)]


def last_day(month: date) -> date:
    """The last day of the month."""
    return add_months(month, 1) - timedelta(days=1)


def month_label(month: date) -> str:
    """As a reader says it: "tháng 10/2026"."""
    return f"tháng {month.month}/{month.year}"


def month_slug(month: date) -> str:
    """As addresses and file names write it: "2026-10"."""
    return f"{month.year:04d}-{month.month:02d}"


def parse_month(slug: str) -> date:
    """The month of a slug "2026-10". Raises InputError with code `bad-month`."""
    match = _SLUG.fullmatch(slug.strip())
    if match is not None:
        year, month = int(match[1]), int(match[2])
        if year >= 1 and 1 <= month <= 12:
            return date(year, month, 1)
    raise InputError(
        f"Không đọc được tháng “{slug}”. Hãy viết năm, gạch nối, rồi hai chữ số của tháng, "
        "ví dụ 2026-10.",
        field="month",
        code="bad-month",
    )
