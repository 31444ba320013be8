"""Entries that may be one person: by which signs, and how well over lists whose truth is known."""

from __future__ import annotations

import datetime as dt

import pytest

from vungmanh.analysis.same_person import (
    PersonRow,
    Sign,
    Stay,
    Sureness,
    find_pairs,
    signs_between,
)
from vungmanh.analysis.trial.people import people

BORN = dt.date(1980, 3, 4)


def told(one: PersonRow, other: PersonRow) -> Sureness | None:
    found = find_pairs([one, other])
    return found[0].sureness if found else None


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("NÔNG  THỬ HOÀ", Sign.NAME_SAME),  # the tone the old way, case, spaces
        ("No\u0302ng Thư\u0309 Ho\u0300a", Sign.NAME_SAME),  # decomposed
        ("Nông Thử Hòa (xóm Trên)", Sign.NAME_SAME),
        ("Nông Thử Hóa", Sign.NAME_BARE),
        ("nong thu hoa", Sign.NAME_BARE),
        ("Nông Hòa Thử", Sign.NAME_ORDER),
        ("Nông Hòa", Sign.NAME_SHORT),
        ("Nông Thử Hòaa", Sign.NAME_TYPO),
        ("Nông Thử Lan", None),
        ("", None),
    ],
)
def test_names_are_compared_as_vietnamese_writes_them(name: str, sign: Sign | None) -> None:
    signs = signs_between(PersonRow(1, "Nông Thử Hòa"), PersonRow(2, name))
    assert signs == ((sign,) if sign else ())


def test_a_pair_is_told_by_its_signs_and_a_birthday_that_differs_silences_it() -> None:
    def row(number: int, **more: object) -> PersonRow:
        return PersonRow(number, "Nông Thử Hòa", **more)  # type: ignore[arg-type]

    cell = (Stay("cell", dt.date(2020, 1, 1)),)
    later = (Stay("cell", dt.date(2024, 1, 1)),)
    gone = (Stay("cell", dt.date(2019, 1, 1), dt.date(2020, 1, 1)),)
    assert told(row(1), row(2)) is None  # namesakes abound
    assert told(row(1, born_on=BORN), row(2, born_on=BORN)) is Sureness.LIKELY
    assert told(row(1, born_on=BORN), row(2, born_on=BORN.replace(day=3, month=4))) is (
        Sureness.LIKELY
    )
    assert told(row(1, born_on=BORN), row(2, born_on=BORN.replace(day=5))) is None
    year_only = BORN.replace(day=1, month=1)
    assert told(row(1, born_on=BORN), row(2, born_on=year_only)) is None
    assert told(row(1, born_on=BORN, stays=cell), row(2, born_on=year_only, stays=later)) is (
        Sureness.POSSIBLE
    )
    assert told(row(1, stays=cell), row(2, stays=later)) is Sureness.POSSIBLE
    assert told(row(1, stays=cell), row(2, stays=gone)) is None  # never together
    assert told(row(1, key="01.234"), PersonRow(2, "Ai đó", key="01234")) is Sureness.CERTAIN
    assert told(row(1, born_on=BORN, key="1"), row(2, born_on=BORN, key="2")) is Sureness.POSSIBLE
    assert told(row(1, stays=cell, key="1"), row(2, stays=later, key="2")) is None


def test_over_a_list_of_five_thousand_nearly_all_pairs_are_found_and_few_are_not_one() -> None:
    rows, truth = people(5_000, 250, seed=11, cells=200)
    found = find_pairs(rows)
    pairs = {frozenset((one.first, one.second)): one.sureness for one in found}
    right = truth & set(pairs)
    likely = {pair for pair, sure in pairs.items() if sure <= Sureness.LIKELY}
    assert len(right) / len(truth) >= 0.93
    assert len(right) / len(pairs) >= 0.9
    assert len(truth & likely) / len(likely) >= 0.97
    assert [one.sureness for one in found] == sorted(one.sureness for one in found)
