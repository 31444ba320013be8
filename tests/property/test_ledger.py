"""What is due, against a twin that asks every single day (complaint 16 of peers.md)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vungmanh.analysis.naive_duties import owes
from vungmanh.analysis.obligations import OPEN, Clause, Duties, Span, heirs_of, months_due
from vungmanh.core.periods import last_day, month_range
from vungmanh.core.vocabulary import CELL_KINDS, DutyReason, ObligationKind, Sector, UnitKind

REGULAR, THEMATIC, PLAN = ObligationKind.REGULAR, ObligationKind.THEMATIC, ObligationKind.PLAN
FIRST, LAST = dt.date(2023, 11, 1), dt.date(2025, 3, 1)  # over a leap February and two new years
CELL, VILLAGE = UnitKind.CHI_BO, Sector.VILLAGE
MONTHS = month_range(FIRST, LAST)

#: First and last days of months, the days round them, leap day and its neighbours, or any day.
NASTY = [
    *MONTHS,
    *(last_day(month) for month in MONTHS),
    *(day + dt.timedelta(days=1) for day in MONTHS),
    dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2024, 4, 15),
]  # fmt: skip
DAYS = st.sampled_from(NASTY) | st.dates(FIRST, last_day(LAST))


def clause(
    duty: ObligationKind,
    start: dt.date,
    end: dt.date = OPEN,
    *,
    months: range | set[int] = range(1, 13),
    kinds: frozenset[UnitKind] = CELL_KINDS,
    sectors: frozenset[Sector] = frozenset(),
    rule_id: str = "R",
    due_day: int | None = None,
) -> Clause:
    return Clause(duty, rule_id, start, end, frozenset(months), kinds, sectors, due_day)


def monthly(start: dt.date = dt.date(2011, 1, 19), end: dt.date = OPEN) -> Clause:
    return clause(REGULAR, start, end)


@st.composite
def lives(draw) -> list[Span]:
    """One unit over time: perhaps of several kinds and sectors, perhaps with a gap."""
    cuts = sorted(draw(st.lists(DAYS, min_size=2, max_size=5, unique=True)))
    spans = []
    for start, end in pairwise(cuts):
        if draw(st.booleans()) or not spans:
            kind = draw(st.sampled_from([CELL, UnitKind.CHI_BO_CO_SO, UnitKind.DANG_BO_CO_SO]))
            spans.append(Span(start, end, kind, draw(st.sampled_from([VILLAGE, Sector.SCHOOL]))))
    if draw(st.booleans()):
        last = spans[-1]
        spans[-1] = Span(last.start, OPEN, last.kind, last.sector)
    return spans


@st.composite
def worlds(draw) -> tuple[dict[str, list[Span]], list[tuple[str, str, dt.date, float]]]:
    """Three old units, and perhaps two new ones founded on the day an old one ended."""
    units = {name: draw(lives()) for name in "abc"}
    lineage = []
    ended = {name: spans[-1].end for name, spans in units.items() if spans[-1].end != OPEN}
    for on in sorted(set(ended.values()))[:2]:
        old = [name for name, end in ended.items() if end == on]
        new = [f"{name}{len(units)}" for name in "xy"[: draw(st.integers(1, 2))]]
        for name in new:
            end = draw(st.sampled_from([OPEN, on + dt.timedelta(days=draw(st.integers(1, 60)))]))
            units[name] = [Span(on, end, CELL, VILLAGE)]
        for name in old:
            share = draw(st.sampled_from([0.5, 0.3, 0.7]))
            parts = [1.0] if len(new) == 1 else [share, 1 - share]
            lineage += [(name, to, on, part) for to, part in zip(new, parts, strict=True)]
    return units, lineage


@st.composite
def rulebooks(draw) -> list[Clause]:
    """A monthly and a quarterly duty, each changed once on some day, and a yearly one."""
    change, quarterly_from = draw(DAYS), draw(DAYS)
    quarter = {3, 6, 9, 12}
    only_schools = frozenset({Sector.SCHOOL}) if draw(st.booleans()) else frozenset()
    resumed = change + dt.timedelta(days=draw(st.sampled_from([0, 0, 1, 40])))
    return [
        clause(REGULAR, dt.date(2011, 1, 19), change, rule_id="OLD"),
        clause(REGULAR, resumed, rule_id="NEW", sectors=only_schools),
        clause(THEMATIC, quarterly_from, months=quarter, kinds=frozenset({CELL})),
        clause(PLAN, dt.date(2011, 1, 19), months={1}, due_day=31),
    ]


@settings(max_examples=300)
@given(worlds(), rulebooks())
def test_what_is_due_is_what_counting_every_day_says(world, rules) -> None:
    units, lineage = world
    duties = Duties(units, rules, heirs_of(lineage))
    for unit in units:
        for duty in (REGULAR, THEMATIC, PLAN):
            due = {line.month for line in duties.due(unit, duty, FIRST, LAST)}
            counted = {
                month
                for month in MONTHS
                if owes(unit, duty, month, lives=units, clauses=rules, lineage=lineage)
            }
            assert due == counted, (unit, duty)


@settings(max_examples=100)
@given(worlds(), rulebooks())
def test_every_line_says_why_and_agrees_with_the_list(world, rules) -> None:
    units, lineage = world
    duties = Duties(units, rules, heirs_of(lineage))
    for unit in units:
        for duty in (REGULAR, THEMATIC, PLAN):
            due = {line.month: line for line in duties.due(unit, duty, FIRST, LAST)}
            for month in MONTHS:
                line = duties.explain(unit, duty, month)
                assert (line is not None and line.is_due) == (month in due)
                if month in due:
                    assert line == due[month]
                    assert line.rule_id


@given(lives())
@example([Span(dt.date(2024, 2, 1), dt.date(2024, 3, 1), CELL, VILLAGE)])
def test_a_cell_under_one_rule_owes_what_its_lives_alone_say(spans) -> None:
    """Files without lineage and rules (analysis.staging) count with `months_due`."""
    duties = Duties({"a": spans}, [monthly()], {})
    said = [line.month for line in duties.due("a", REGULAR, FIRST, LAST)]
    counted: list[dt.date] = []
    for start, end in duties.stretches("a", REGULAR):
        counted += months_due(start, None if end == OPEN else end, FIRST, LAST)
    assert said == counted


def owed(units, lineage=(), rules=None, unit="new") -> list[str]:
    duties = Duties(units, rules or [monthly()], heirs_of(lineage))
    due = duties.due(unit, REGULAR, dt.date(2024, 1, 1), dt.date(2024, 4, 1))
    return [f"{line.month:%m} {line.reason}" for line in due]


def cell(start: dt.date, end: dt.date = OPEN) -> list[Span]:
    return [Span(start, end, CELL, VILLAGE)]


def test_three_cells_merged_into_one_in_the_middle_of_a_month_owe_that_month_once() -> None:
    on = dt.date(2024, 3, 20)
    units = {"new": cell(on)} | {name: cell(dt.date(2020, 1, 1), on) for name in "abc"}
    lineage = [(name, "new", on, 1.0) for name in "abc"]
    assert owed(units, lineage) == ["03 inherited", "04 whole_month"]
    assert owed(units, lineage, unit="a") == ["01 whole_month", "02 whole_month"]


def test_a_cell_split_in_two_leaves_the_month_to_its_largest_part() -> None:
    on = dt.date(2024, 3, 20)
    units = {"old": cell(dt.date(2020, 1, 1), on), "new": cell(on), "small": cell(on)}
    lineage = [("old", "new", on, 0.6), ("old", "small", on, 0.4)]
    assert owed(units, lineage) == ["03 inherited", "04 whole_month"]
    assert owed(units, lineage, unit="small") == ["04 whole_month"]


def test_a_cell_that_takes_others_in_owes_its_month_once() -> None:
    on = dt.date(2024, 3, 20)
    units = {"new": cell(dt.date(2020, 1, 1)), "old": cell(dt.date(2020, 1, 1), on)}
    assert owed(units, [("old", "new", on, 1.0)]).count("03 whole_month") == 1
    assert owed(units, [("old", "new", on, 1.0)], unit="old")[-1] == "02 whole_month"


def test_a_cell_merged_twice_in_one_month_still_owes_it_once() -> None:
    one, two = dt.date(2024, 3, 5), dt.date(2024, 3, 20)
    units = {"a": cell(dt.date(2020, 1, 1), one), "b": cell(one, two), "new": cell(two)}
    lineage = [("a", "b", one, 1.0), ("b", "new", two, 1.0)]
    assert [len(owed(units, lineage, unit=unit)) for unit in ("a", "b", "new")] == [2, 0, 2]


def test_a_change_on_the_first_of_the_month_neither_loses_nor_doubles() -> None:
    on = dt.date(2024, 3, 1)
    units = {"old": cell(dt.date(2020, 1, 1), on), "new": cell(on)}
    lineage = [("old", "new", on, 1.0)]
    assert owed(units, lineage, unit="old") + owed(units, lineage) == [
        "01 whole_month", "02 whole_month", "03 whole_month", "04 whole_month",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("span", "rules", "reason"),
    [
        (cell(dt.date(2024, 2, 2)), [monthly()], DutyReason.FOUNDED_WITHIN),
        (cell(dt.date(2024, 3, 1)), [monthly()], DutyReason.NOT_FOUNDED),
        (cell(FIRST, dt.date(2024, 2, 29)), [monthly()], DutyReason.ENDED_WITHIN),
        (cell(FIRST, dt.date(2024, 2, 1)), [monthly()], DutyReason.ENDED),
        (cell(FIRST, dt.date(2024, 3, 1)), [monthly()], DutyReason.WHOLE_MONTH),
        (cell(FIRST), [monthly(dt.date(2024, 2, 2))], DutyReason.NO_RULE),
        (cell(FIRST), [monthly(FIRST, dt.date(2024, 2, 29))], DutyReason.NO_RULE),
        (
            [Span(FIRST, OPEN, UnitKind.DANG_BO_XA, Sector.COMMUNE)],
            [monthly()],
            DutyReason.OTHER_KIND,
        ),
    ],
)
def test_february_2024_says_why(span, rules, reason) -> None:
    line = Duties({"a": span}, rules, {}).explain("a", REGULAR, dt.date(2024, 2, 1))
    assert line is not None
    assert line.reason is reason


def test_a_quarterly_duty_falls_on_the_last_month_of_the_quarter_only() -> None:
    quarterly = clause(THEMATIC, dt.date(2024, 1, 1), months={3, 6, 9, 12})
    duties = Duties({"a": cell(dt.date(2024, 2, 10))}, [quarterly], {})
    due = [line.month.month for line in duties.due("a", THEMATIC, FIRST, LAST)]
    assert due == [3, 6, 9, 12, 3]
    assert duties.explain("a", THEMATIC, dt.date(2024, 2, 1)) is None


def test_a_rule_that_follows_another_within_a_month_decides_it_at_its_end() -> None:
    change = dt.date(2024, 3, 15)
    rules = [
        clause(REGULAR, FIRST, change, rule_id="OLD"),
        clause(REGULAR, change, rule_id="NEW"),
    ]
    duties = Duties({"a": cell(FIRST)}, rules, {})
    due = duties.due("a", REGULAR, dt.date(2024, 2, 1), dt.date(2024, 3, 1))
    assert [line.rule_id for line in due] == ["OLD", "NEW"]
