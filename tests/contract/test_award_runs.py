"""Years running at the best grade: through mergers by the rule, and never over two scales."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.core.ids import uuid7
from vungmanh.evaluation.awards import award_runs
from vungmanh.evaluation.models import YearGrade
from vungmanh.rulebook import Rulebook, load_rulebook
from vungmanh.rulebook.values.yearly import AwardCounters

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = CELLS[QUAN_MAU]


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2014, 1, 1), last=dt.date(2014, 12, 1))


def grade(cast: Cast, name: str, years: dict[int, str]) -> None:
    YearGrade.objects.bulk_create(
        YearGrade(unit_id=cast[name], year=year, regime="", grade=code)
        for year, code in years.items()
    )


def best(*years: int) -> dict[int, str]:
    return {year: "xuat_sac" if year >= 2018 else "trong_sach_vung_manh" for year in years}


def ruled(**changes: object) -> Rulebook:
    """The rulebook with another rule of the province about counting."""
    book = load_rulebook()
    rules = tuple(
        replace(rule, value=replace(rule.value, **changes))
        if isinstance(rule.value, AwardCounters)
        else rule
        for rule in book.rules
    )
    return replace(book, rules=rules)


def test_five_years_running_reach_both_counts(cast: Cast) -> None:
    grade(cast, FIRST, {2018: "tot", **best(2019, 2020, 2021, 2022, 2023)})
    run = award_runs([cast[FIRST]], 2023)[cast[FIRST]]
    assert [one.year for one in run.years] == [2023, 2022, 2021, 2020, 2019]
    assert (run.reached, run.next, run.stopped) == ((1, 5), None, (2018, "not_best"))
    assert award_runs([cast[FIRST]], 2022)[cast[FIRST]].reached == (1,)
    assert award_runs([cast[FIRST]], 2018)[cast[FIRST]].length == 0


def test_a_year_without_a_grade_is_not_known_and_ends_the_run(cast: Cast) -> None:
    grade(cast, FIRST, best(2020, 2022, 2023))
    run = award_runs([cast[FIRST]], 2023)[cast[FIRST]]
    assert (run.length, run.stopped) == (2, (2021, "not_known"))


def test_the_run_does_not_go_over_two_scales_unless_the_province_says_so(cast: Cast) -> None:
    grade(cast, FIRST, best(2016, 2017, 2018, 2019))
    run = award_runs([cast[FIRST]], 2019)[cast[FIRST]]
    assert (run.length, run.stopped) == (2, (2017, "other_scale"))
    long = award_runs([cast[FIRST]], 2019, rulebook=ruled(across_scales=True))[cast[FIRST]]
    assert [(one.year, one.after_break) for one in long.years] == [
        (2019, False), (2018, False), (2017, True), (2016, False),
    ]  # fmt: skip


def merged(cast: Cast) -> None:
    """The second and third cell go into a new one on 1/7/2021."""
    on = dt.date(2021, 7, 1)
    cast.units["Chi bộ thôn Gộp"] = new = uuid7()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO org_unit (id, is_simulated) VALUES (%s, true)", [new])
        for old in (cast[SECOND], cast[THIRD]):
            for table in (
                "org_membershipcount", "org_appointment", "org_unitparent", "org_unitversion",
            ):  # fmt: skip
                cursor.execute(
                    f"UPDATE {table} SET valid = daterange(lower(valid), %s) WHERE unit_id = %s",
                    [on, old],
                )
        cursor.execute(
            "INSERT INTO org_unitversion (unit_id, valid, name, name_fold, name_key, kind, sector,"
            " area, official_code, is_organisation)"
            " SELECT %s, daterange(%s, NULL), name, name_fold, name_key, kind, sector, area, '',"
            " false FROM org_unitversion WHERE unit_id = %s",
            [new, on, cast[SECOND]],
        )
        cursor.execute(
            "INSERT INTO org_unitparent (unit_id, parent_id, valid)"
            " VALUES (%s, %s, daterange(%s, NULL))",
            [new, cast[QUAN_MAU], on],
        )
        for old in (cast[SECOND], cast[THIRD]):
            cursor.execute(
                'INSERT INTO org_lineage (predecessor_id, successor_id, "on", kind, share,'
                " document) VALUES (%s, %s, %s, 'merge', 1, 'QĐ 1')",
                [old, new, on],
            )


@pytest.mark.parametrize(
    ("rule", "third", "length", "stopped"),
    [
        ("every", "xuat_sac", 5, (2018, "not_known")),
        ("every", "tot", 3, (2020, "not_best")),
        ("any", "tot", 5, (2018, "not_known")),
        ("none", "xuat_sac", 3, (2020, "merged")),
    ],
)
def test_after_a_merger_the_count_goes_on_by_the_rule_of_the_province(
    cast: Cast, rule: str, third: str, length: int, stopped: tuple[int, str]
) -> None:
    merged(cast)
    grade(cast, "Chi bộ thôn Gộp", best(2021, 2022, 2023))
    grade(cast, SECOND, best(2019, 2020))
    grade(cast, THIRD, {2019: third, 2020: third})
    new = cast["Chi bộ thôn Gộp"]
    run = award_runs([new], 2023, rulebook=ruled(after_merger=rule))[new]
    assert (run.length, run.stopped) == (length, stopped)
    assert {one.is_inherited for one in run.years[:3]} == {False}
    assert {one.is_inherited for one in run.years[3:]} <= {True}


def test_runs_of_many_units_ask_as_often_as_those_of_one(cast: Cast) -> None:
    grade(cast, FIRST, best(2019, 2020))
    told = []
    for names in ([FIRST], cast.cells):
        with CaptureQueriesContext(connection) as asked:
            award_runs([cast[name] for name in names], 2020)
        told.append(len(asked))
    assert told[0] == told[1] <= 8  # three, and the wall lowered and raised around them
