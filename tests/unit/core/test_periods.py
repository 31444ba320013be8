from datetime import date, datetime

import pytest

from vungmanh.core.errors import InputError
from vungmanh.core.periods import (
    add_months,
    last_day,
    month_label,
    month_of,
    month_range,
    month_slug,
    months_between,
    parse_month,
)


def test_month_of_a_day_is_its_first_day():
    assert month_of(date(2026, 10, 31)) == date(2026, 10, 1)


def test_month_of_an_instant_is_a_plain_date():
    assert type(month_of(datetime(2026, 10, 31, 23, 59))) is date  # noqa: DTZ001


@pytest.mark.parametrize(
    ("month", "n", "expected"),
    [
        (date(2026, 10, 1), 0, date(2026, 10, 1)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 10, 1), -11, date(2025, 11, 1)),
        (date(2014, 1, 1), 153, date(2026, 10, 1)),
    ],
)
def test_add_months_crosses_years_both_ways(month, n, expected):
    assert add_months(month, n) == expected
    assert months_between(month, expected) == n


def test_month_range_includes_both_ends():
    months = month_range(date(2025, 11, 1), date(2026, 2, 1))
    assert [month_slug(month) for month in months] == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_month_range_of_one_month_and_of_none():
    assert month_range(date(2026, 1, 1), date(2026, 1, 1)) == [date(2026, 1, 1)]
    assert month_range(date(2026, 2, 1), date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2024, 2, 1), 29),
        (date(2026, 2, 1), 28),
        (date(2026, 12, 1), 31),
        (date(2026, 4, 1), 30),
    ],
)
def test_last_day_of_a_month(month, day):
    assert last_day(month) == month.replace(day=day)


def test_month_is_written_for_readers_and_for_addresses():
    assert month_label(date(2026, 10, 1)) == "tháng 10/2026"
    assert month_label(date(2026, 2, 1)) == "tháng 2/2026"
    assert month_slug(date(2026, 2, 1)) == "2026-02"


def test_parse_month_reads_what_month_slug_writes():
    assert parse_month(" 2026-02 ") == date(2026, 2, 1)


@pytest.mark.parametrize(
    "slug", ["", "2026", "2026-13", "2026-00", "0000-01", "26-10", "2026-1", "10/2026", "٢٠٢٦-١٠"]
)
def test_parse_month_of_anything_else_says_how_to_write_it(slug):
    with pytest.raises(InputError) as caught:
        parse_month(slug)
    assert caught.value.code == "bad-month"
    assert "2026-10" in caught.value.message
