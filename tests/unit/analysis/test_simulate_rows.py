"""What a row of a simulated province may say, and what it must leave open."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from vungmanh.analysis.schema import BY_NAME
from vungmanh.analysis.simulate import SMALL, Province, simulate_province
from vungmanh.analysis.simulate.truth import TRUTH_TABLES
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus

ATTENDANCE = ("present", "excused", "unexcused", "exempt")
OF_A_MEETING = (*ATTENDANCE, "held_on", "duration_minutes", "score", "longest_carried", "admitted")


@pytest.fixture(scope="module")
def province() -> Province:
    return simulate_province(7, size=SMALL, first_month=date(2017, 1, 1))


def rows(table: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def held(province: Province) -> list[dict[str, Any]]:
    reports = rows(province.tables["meeting_reports"]) + rows(province.next_month)
    return [row for row in reports if row["state"] == "held"]


def not_held(province: Province) -> list[dict[str, Any]]:
    return [row for row in rows(province.tables["meeting_reports"]) if row["state"] == "not_held"]


def test_tables_are_those_of_the_schema(province: Province) -> None:
    assert set(province.tables) == set(BY_NAME)
    for name, table in province.tables.items():
        assert tuple(table) == BY_NAME[name].column_names
        assert len(table[next(iter(table))]) > 0
    assert tuple(province.next_month) == BY_NAME["meeting_reports"].column_names


def test_truth_is_kept_apart_and_declared(province: Province) -> None:
    assert {table.name for table in TRUTH_TABLES} == set(province.truth)
    for table in TRUTH_TABLES:
        assert tuple(province.truth[table.name]) == table.column_names
    assert not set(province.truth) & set(province.tables)


def test_attendance_of_a_held_meeting_adds_up_to_the_members_who_owed_it(
    province: Province,
) -> None:
    counted = [row for row in held(province) if row["present"] is not None]
    assert len(counted) > 0.95 * len(held(province))
    for row in counted:
        owing = row["members"] - row["exempt"]
        assert row["present"] + row["excused"] + row["unexcused"] == owing
        assert 0 < row["present"] <= owing


def test_attendance_is_recorded_whole_or_not_at_all(province: Province) -> None:
    for row in held(province):
        assert len({row[name] is None for name in ATTENDANCE}) == 1


def test_a_meeting_not_held_has_nothing_of_a_meeting(province: Province) -> None:
    assert not_held(province)
    for row in not_held(province):
        assert [row[name] for name in OF_A_MEETING] == [None] * len(OF_A_MEETING)
        assert row["members"] is not None


def test_tasks_are_six_a_year_and_the_stronger_finish_more_in_time(province: Province) -> None:
    told = [row for row in rows(province.tables["meeting_reports"]) if row["tasks_due"] is not None]
    assert len(told) < len(province.tables["meeting_reports"]["unit"])
    assert 5.5 < 12 * sum(row["tasks_due"] for row in told) / len(told) < 6.5
    truth = {(row["unit"], row["year"]): row for row in rows(province.truth["cell_years"])}
    done: dict[bool, list[int]] = {True: [0, 0], False: [0, 0]}
    for row in told:
        assert 0 <= row["tasks_on_time"] <= row["tasks_due"]
        is_strong = truth[row["unit"], row["month"].year]["strength"] > 0
        done[is_strong][0] += row["tasks_on_time"]
        done[is_strong][1] += row["tasks_due"]
    assert done[True][0] / done[True][1] > done[False][0] / done[False][1] + 0.1


def test_tasks_are_recorded_whole_or_not_at_all_in_months_not_held_too(province: Province) -> None:
    reports = rows(province.tables["meeting_reports"])
    assert {(row["tasks_due"] is None) == (row["tasks_on_time"] is None) for row in reports} == {
        True
    }
    assert any(row["tasks_due"] for row in not_held(province))


def test_days_lie_where_they_can(province: Province) -> None:
    cut = add_months(province.last_month, 1) + timedelta(days=4)
    for row in held(province):
        assert month_of(row["held_on"]) == row["month"]
        assert row["filed_on"] >= row["held_on"]
    assert max(province.tables["meeting_reports"]["filed_on"]) <= cut


def test_scores_are_high_and_never_full(province: Province) -> None:
    scores = sorted(row["score"] for row in held(province) if row["score"] is not None)
    assert scores[0] >= 50
    assert scores[-1] < 100
    inside = [score for score in scores if 85 <= score <= 97]
    assert len(inside) > 0.85 * len(scores)


def test_nothing_was_scored_before_the_guide_of_july_2018(province: Province) -> None:
    scored = [row["month"] for row in held(province) if row["score"] is not None]
    assert min(scored) == date(2018, 8, 1)


def lives(province: Province) -> dict[str, tuple[date, date | None]]:
    """The cells with their first day and the day after their last."""
    spans: dict[str, tuple[date, date | None]] = {}
    for row in rows(province.tables["unit_versions"]):
        if row["kind"] in CELL_KINDS:
            start = spans.get(row["unit"], (row["valid_from"], None))[0]
            spans[row["unit"]] = (min(start, row["valid_from"]), row["valid_to"])
    return spans


def test_only_living_cells_report_and_never_twice(province: Province) -> None:
    alive = lives(province)
    seen = set()
    for row in rows(province.tables["meeting_reports"]):
        start, end = alive[row["unit"]]
        assert start <= row["month"]
        assert end is None or row["month"] < end
        seen.add((row["unit"], row["month"]))
    assert len(seen) == len(province.tables["meeting_reports"]["unit"])


def test_an_excused_month_has_a_document_and_no_report(province: Province) -> None:
    reported = set(
        zip(
            province.tables["meeting_reports"]["unit"],
            province.tables["meeting_reports"]["month"],
            strict=True,
        )
    )
    excuses = rows(province.tables["excuses"])
    assert excuses
    for row in excuses:
        assert (row["unit"], row["month"]) not in reported
        assert row["document"].endswith(f"{row['granted_on']:%d/%m/%Y}")
        assert row["reason"]


def counts_on(province: Province, day: date) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(province.tables["membership_counts"]):
        if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]):
            assert row["status"] not in counts[row["unit"]]
            counts[row["unit"]][row["status"]] = row["count"]
    return counts


@pytest.mark.parametrize("month", [date(2017, 3, 1), date(2021, 8, 1), date(2026, 10, 1)])
def test_members_of_a_report_are_those_of_the_register(province: Province, month: date) -> None:
    register = counts_on(province, month)
    said = [row for row in rows(province.tables["meeting_reports"]) if row["month"] == month]
    assert said
    for row in said:
        of_unit = register[row["unit"]]
        assert row["members"] == sum(of_unit.values())
        assert of_unit[MembershipStatus.OFFICIAL] > 0
        if row["exempt"] is not None:
            assert row["exempt"] == of_unit.get(MembershipStatus.EXEMPT, 0)


def test_admissions_reported_are_those_of_the_register(province: Province) -> None:
    register = {
        (row["unit"], row["month"]): row["count"] for row in rows(province.tables["admissions"])
    }
    assert min(register.values()) > 0
    invented = {
        (row["unit"], row["year"]) for row in rows(province.truth["cell_years"]) if row["is_copied"]
    }
    for row in held(province):
        if row["month"] <= province.last_month and (row["unit"], row["month"].year) not in invented:
            assert row["admitted"] == register.get((row["unit"], row["month"]), 0)


def test_next_month_follows_the_last_and_is_not_in_the_tables(province: Province) -> None:
    coming = add_months(province.last_month, 1)
    assert set(province.next_month["month"]) == {coming}
    assert max(province.tables["meeting_reports"]["month"]) == province.last_month
    assert max(province.next_month["filed_on"]) > last_day(province.last_month)


def test_a_december_filer_is_silent_until_december(province: Province) -> None:
    agents = rows(province.truth["agents"])
    filer = next(row["unit"] for row in agents if row["agent"] == "december_filing")
    own = [r for r in rows(province.tables["meeting_reports"]) if r["unit"] == filer]
    acting = [row for row in own if row["month"].year == province.last_month.year]
    assert acting == []
    before = [row for row in own if row["month"].year == province.last_month.year - 1]
    assert {row["filed_on"].month for row in before if row["month"].month < 12} == {12}


def test_invented_reports_hide_what_was_not_held(province: Province) -> None:
    agents = rows(province.truth["agents"])
    liar = next(row["unit"] for row in agents if row["agent"] == "inventing")
    year = province.last_month.year - 1
    said = [
        row
        for row in rows(province.tables["meeting_reports"])
        if row["unit"] == liar and row["month"].year == year
    ]
    truth = next(
        row
        for row in rows(province.truth["cell_years"])
        if row["unit"] == liar and row["year"] == year
    )
    assert truth["is_copied"]
    assert {row["state"] for row in said} == {"held"}
    assert truth["held"] <= truth["due"]
    assert len({row["present"] for row in said if row["present"] is not None}) <= 1


def test_months_must_be_first_days_in_order() -> None:
    with pytest.raises(ValueError, match="first day"):
        simulate_province(1, size=SMALL, first_month=date(2024, 1, 2))
    with pytest.raises(ValueError, match="nothing is simulated before"):
        simulate_province(1, size=SMALL, first_month=date(2013, 12, 1))
    with pytest.raises(ValueError, match="before the first"):
        simulate_province(1, size=SMALL, first_month=date(2024, 5, 1), last_month=date(2024, 4, 1))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2014, 1, 1), date(2014, 12, 1)),
        (date(2025, 7, 1), date(2025, 12, 1)),
        (date(2024, 6, 1), date(2025, 6, 1)),
        (date(2025, 3, 1), date(2027, 12, 1)),
    ],
)
def test_any_span_of_months_gives_a_province_of_those_months(first: date, last: date) -> None:
    province = simulate_province(2, size=SMALL, first_month=first, last_month=last)
    months = province.tables["meeting_reports"]["month"]
    assert (min(months), max(months)) == (first, last)
    assert min(province.tables["unit_versions"]["valid_from"]) == first
    begun = [day for day in province.tables["unit_versions"]["valid_from"] if day > last_day(last)]
    assert begun == []
    years = set(province.tables["year_grades"]["year"])
    assert years <= set(range(first.year, last.year + 1))
