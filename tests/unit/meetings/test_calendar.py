"""Tết and public holidays beside what is due."""

from __future__ import annotations

import datetime as dt

from vungmanh.meetings.calendar import has_tet, notable_days


def test_tet_moves_between_january_and_february() -> None:
    """6/2/2027, 26/1/2028, 17/2/2026: the first day of the lunar year."""
    assert has_tet(dt.date(2027, 2, 1))
    assert not has_tet(dt.date(2027, 1, 1))
    assert has_tet(dt.date(2028, 1, 1))
    assert dt.date(2026, 2, 17) in [one.day for one in notable_days(dt.date(2026, 2, 1))]


def test_the_new_year_of_the_sun_is_no_tet() -> None:
    [first, *_] = notable_days(dt.date(2027, 1, 1))
    assert (first.day, first.is_tet) == (dt.date(2027, 1, 1), False)
    assert "Tết Dương lịch" in first.name


def test_a_month_without_holiday_has_none_and_a_year_beyond_the_library_too() -> None:
    assert notable_days(dt.date(2027, 6, 1)) == []
    assert notable_days(dt.date(2300, 1, 1)) == []


def test_names_are_vietnamese_and_days_in_order() -> None:
    days = notable_days(dt.date(2027, 9, 1))
    assert [one.name for one in days] == ["Quốc khánh", "Quốc khánh"]
    assert [one.day.day for one in days] == [2, 3]
