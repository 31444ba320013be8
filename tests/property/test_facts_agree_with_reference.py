"""The fast fact reasons and the slow reference agree on any small province (decisions.md 3–5)."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite
from numpy.typing import NDArray

from vungmanh.analysis import reference
from vungmanh.analysis.facts import (
    NOTHING,
    OPEN,
    REASON_KEYS,
    REFUTED_WEIGHTS,
    STATUSES,
    UNKNOWN,
    FactRules,
    Inputs,
    Judgement,
    Period,
    Spans,
    judge_cells,
    judge_organisations,
    status_over,
)
from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import Status, Weight

FIRST = dt.date(2020, 1, 1)
MONTHS = 30
RULES = FactRules(
    minimum_held=8,
    of_due=12,
    minimum_due=6,
    vacant_days=90,
    carried_times=3,
    admission_years=2,
    minimum_official=3,
    failing_numerator=1,
    failing_denominator=3,
    weights={
        "meetings_held": Weight.HEAVY,
        "secretary_vacant": Weight.HEAVY,
        "failing_cells": Weight.HEAVY,
        "resolution_carried": Weight.LIGHT,
        "no_admission": Weight.LIGHT,
        "few_official_members": Weight.LIGHT,
        **REFUTED_WEIGHTS,
    },
    reported_percent=70,
    period_months=12,
    good_periods=2,
    refuted_light=1,
    refuted_heavy=2,
)

days = st.integers(FIRST.toordinal() - 800, FIRST.toordinal() + 1200)


@composite
def spans(draw: DrawFn, units: int) -> Spans:
    """Spans of several units; those of one unit never overlap, as the database promises."""
    rows = []
    for unit in range(units):
        cuts = sorted(draw(st.lists(days, max_size=6, unique=True)))
        ends = [*cuts[1:], draw(st.one_of(st.just(OPEN), st.just(cuts[-1] + 40)))] if cuts else []
        for start, end in zip(cuts, ends, strict=True):
            if draw(st.booleans()):
                rows.append((unit, start, end, draw(st.integers(0, 6))))
    return (
        Spans(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))
        if (rows)
        else Spans(*(np.array([], dtype=np.int64) for _ in range(4)))
    )


@composite
def checked(draw: DrawFn, units: int) -> NDArray[np.uint8] | None:
    """What inspections saw: nothing at all, or a few months here and there."""
    if not draw(st.booleans()):
        return None
    rarely = st.lists(st.sampled_from([0] * 12 + [1, 2]), min_size=MONTHS, max_size=MONTHS)
    return np.array([draw(rarely) for _ in range(units)], dtype=np.uint8)


@composite
def provinces(draw: DrawFn) -> tuple[Inputs, list[Period]]:
    """Three organisations (0–2), some of their cells, and a cell that is an organisation itself."""
    cells = draw(st.integers(1, 6))
    n = 3 + cells
    habit = st.sampled_from(["HHHHHHHN", "HHN-", "N-", "HHHH-E.", "HHHHHHHHHHHE"])
    marks = np.full((n, MONTHS), ord("."), dtype=np.uint8)
    for unit in range(3, n):
        letters = draw(habit)
        marks[unit] = [
            ord(letter)
            for letter in draw(st.lists(st.sampled_from(letters), min_size=MONTHS, max_size=MONTHS))
        ]
    starts = draw(st.lists(days, min_size=n, max_size=n))
    ends = [draw(st.one_of(st.just(OPEN), st.just(start + 700))) for start in starts]
    table = st.lists(st.integers(-1, 5), min_size=MONTHS, max_size=MONTHS)
    carried = np.array([draw(table) for _ in range(n)], dtype=np.int64)
    rarely = st.lists(st.sampled_from([0] * 40 + [1, UNKNOWN]), min_size=MONTHS, max_size=MONTHS)
    admitted = np.array([draw(rarely) for _ in range(n)], dtype=np.int64)
    inputs = Inputs(
        first_month=FIRST,
        life_start=np.array(starts, dtype=np.int64),
        life_end=np.array(ends, dtype=np.int64),
        marks=marks,
        carried=carried,
        admitted=admitted,
        secretaries=draw(spans(n)),
        officials=draw(spans(n)),
        checked=draw(checked(n)),
    )
    last = draw(st.sampled_from([add_months(FIRST, k) for k in (5, 12, 23, 29, 31)]))
    periods = []
    for back in (2, 1, 0):
        home = np.full(n, UNKNOWN, dtype=np.int64)
        for cell in range(3, n):
            home[cell] = draw(st.sampled_from([0, 1, 2, cell, UNKNOWN]))
        periods.append(Period(add_months(last, -12 * back), home, RULES))
    return inputs, periods


def named(judged: Judgement, unit: int) -> tuple[set[str], Status | None]:
    reasons = {
        key for key, is_there in zip(REASON_KEYS, judged.reasons[unit], strict=True) if is_there
    }
    code = judged.raw[unit]
    return reasons, None if code == NOTHING else STATUSES[code]


@settings(max_examples=150)
@given(provinces())
def test_reasons_and_raw_status_are_those_of_the_reference(
    province: tuple[Inputs, list[Period]],
) -> None:
    inputs, periods = province
    period = periods[-1]
    cells = judge_cells(inputs, period)
    organisations = judge_organisations(inputs, period, cells)
    for unit in range(3, len(period.home)):
        said = reference.judge_cell(inputs, period, unit)
        event(f"cell {said[1]}")
        assert named(cells, unit) == said
    for unit in range(3):
        said = reference.judge_organisation(inputs, period, unit)
        event(f"organisation {said[1]}")
        assert named(organisations, unit) == said
    for unit in range(3, len(period.home)):
        if period.home[unit] == unit:
            assert named(organisations, unit) == named(cells, unit)


@settings(max_examples=100)
@given(provinces())
def test_counts_are_those_of_the_reference(province: tuple[Inputs, list[Period]]) -> None:
    inputs, periods = province
    for period in periods:
        facts = judge_cells(inputs, period).facts
        for unit in range(3, len(period.home)):
            counts = reference.count_cell(inputs, period, unit)
            if facts.alive[unit]:
                assert {name: int(getattr(facts, name)[unit]) for name in counts} == counts


@settings(max_examples=100)
@given(provinces(), st.permutations(range(3)))
def test_status_over_periods_is_that_of_the_reference(
    province: tuple[Inputs, list[Period]], order: list[int]
) -> None:
    inputs, periods = province
    raws = [judge_cells(inputs, periods[place]).raw for place in order]
    fast = status_over(raws, RULES.good_periods)[-1]
    for unit in range(len(fast)):
        history = [None if raw[unit] == NOTHING else STATUSES[raw[unit]] for raw in raws]
        slow = reference.status_after(history, RULES.good_periods)
        assert (None if fast[unit] == NOTHING else STATUSES[fast[unit]]) == slow


# Mostly weak and normal: what matters is how many good periods follow a bad one.
STATUS_HISTORIES = st.lists(
    st.sampled_from([None, *Status, *[Status.WEAK] * 3, *[Status.NORMAL] * 8]),
    min_size=1,
    max_size=8,
)


@settings(max_examples=300)
@given(STATUS_HISTORIES, st.integers(1, 3))
def test_status_over_any_history_is_that_of_the_reference(
    history: list[Status | None], good_periods: int
) -> None:
    raws = [np.array([NOTHING if status is None else STATUSES.index(status)]) for status in history]
    fast = status_over(raws, good_periods)[-1][0]
    slow = reference.status_after(history, good_periods)
    assert (None if fast == NOTHING else STATUSES[fast]) == slow


@settings(max_examples=60)
@given(provinces(), st.randoms(use_true_random=False))
def test_order_of_units_changes_nothing(
    province: tuple[Inputs, list[Period]], random: object
) -> None:
    inputs, periods = province
    period, n = periods[-1], len(periods[-1].home)
    order = list(range(n))
    random.shuffle(order)  # type: ignore[attr-defined]
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)

    def moved(rows: Spans) -> Spans:
        return Spans(place[rows.unit], rows.start, rows.end, rows.count)

    shuffled = Inputs(
        inputs.first_month,
        inputs.life_start[order],
        inputs.life_end[order],
        inputs.marks[order],
        inputs.carried[order],
        inputs.admitted[order],
        moved(inputs.secretaries),
        moved(inputs.officials),
        None if inputs.checked is None else inputs.checked[order],
    )
    home = period.home[order]
    home = np.where(home == UNKNOWN, UNKNOWN, place[home])
    there = Period(period.month, home, period.rules)
    cells, cells_there = judge_cells(inputs, period), judge_cells(shuffled, there)
    before = judge_organisations(inputs, period, cells)
    after = judge_organisations(shuffled, there, cells_there)
    for unit in range(n):
        assert named(after, place[unit]) == named(before, unit)
        assert named(cells_there, place[unit]) == named(cells, unit)
