"""A province by the structure then and now: nothing lost, nothing twice, each month.

The reference walks day by day from a unit to those that went on with it, without memory.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.analysis.structure import (
    OPEN,
    Heirs,
    Stretch,
    difference,
    stretches_now,
)
from vungmanh.core.periods import last_day, month_range

FIRST, LAST = dt.date(2019, 1, 1), dt.date(2021, 12, 1)
MONTHS = month_range(FIRST, LAST)


@dataclass
class Made:
    """A little province: communes over time, cells under them, what became of whom."""

    start: dict[str, dt.date] = field(default_factory=dict)
    end: dict[str, dt.date] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    into: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: defaultdict(list))

    def unit(self, name: str, start: dt.date, above: str | None = None) -> str:
        self.start[name], self.end[name] = start, OPEN
        if above:
            self.above[name] = above
        return name

    @property
    def cells(self) -> list[str]:
        return [name for name in self.start if name.startswith("cell")]

    def lives(self, name: str, day: dt.date) -> bool:
        return self.start[name] <= day < self.end[name]

    def living(self, prefix: str, day: dt.date) -> list[str]:
        return [name for name in self.start if name.startswith(prefix) and self.lives(name, day)]


@st.composite
def provinces(draw: st.DrawFn) -> Made:
    made = Made()
    made.unit("root", FIRST)
    for n in range(draw(st.integers(2, 3))):
        made.unit(f"commune{n}", FIRST, "root")
        for k in range(draw(st.integers(1, 3))):
            made.unit(f"cell{n}-{k}", FIRST, f"commune{n}")
    for number in range(draw(st.integers(0, 6))):
        day = draw(st.dates(dt.date(2019, 2, 1), dt.date(2021, 11, 30)))
        if number and day <= max(e for e in [*made.end.values(), FIRST] if e != OPEN):
            continue  # one reform after the other
        prefix = draw(st.sampled_from(["cell", "commune"]))
        there = made.living(prefix, day)
        if len(there) <= (prefix == "commune"):
            continue  # nobody is left to end, or to take over what the last one leaves
        old = draw(st.sampled_from(there))
        _rearrange(draw, made, old, day, number)
    return made


def _rearrange(draw: st.DrawFn, made: Made, old: str, day: dt.date, number: int) -> None:
    what = draw(st.sampled_from(["merge", "absorb", "split", "dissolve"]))
    prefix = "cell" if old.startswith("cell") else "commune"
    others = [name for name in made.living(prefix, day) if name != old]
    made.end[old] = day
    if prefix == "commune":  # the cells below go along, to a commune that goes on
        target = draw(st.sampled_from(others))
        for cell in made.living("cell", day):
            if made.above[cell] == old:
                made.above[cell] = target
        made.into[old] = [(target, 1.0)]
    elif what == "absorb" and others:
        made.into[old] = [(draw(st.sampled_from(others)), 1.0)]
    elif what == "split":
        share = draw(st.sampled_from([0.25, 0.4, 0.5]))
        parts = [made.unit(f"cell{number}{side}", day, made.above[old]) for side in "ab"]
        made.into[old] = [(parts[0], share), (parts[1], 1 - share)]
    elif what == "merge":
        made.into[old] = [(made.unit(f"cell{number}m", day, made.above[old]), 1.0)]


def groups_on(made: Made, as_of: dt.date) -> dict[str, str]:
    """Each living unit counts in its commune; the root in none."""
    return {
        name: name if name.startswith("commune") else made.above.get(name, "root")
        for name in made.start
        if made.lives(name, as_of)
    }


def naive(made: Made, unit: str, as_of: dt.date) -> dict[str, float]:
    if made.lives(unit, as_of):
        return {groups_on(made, as_of)[unit]: 1.0}
    heirs = [(new, share) for new, share in made.into[unit] if made.end[unit] <= as_of]
    heirs = heirs or [(made.above[unit], 1.0)]
    total: dict[str, float] = defaultdict(float)
    for heir, share in heirs:
        for group, part in naive(made, heir, as_of).items():
            total[group] += share * part
    return dict(total)


def now(made: Made, as_of: dt.date) -> list[Stretch[str]]:
    ended = {name: made.above.get(name) for name, end in made.end.items() if end <= as_of}
    heirs = Heirs(
        groups_on(made, as_of), ended, {old: made.into[old] for old in made.into if old in ended}
    )
    lives = [
        (cell, made.start[cell], made.end[cell]) for cell in made.cells if made.start[cell] <= as_of
    ]
    return stretches_now(lives, heirs)


@settings(max_examples=150)
@given(provinces(), st.dates(dt.date(2021, 1, 1), dt.date(2021, 12, 31)))
def test_each_month_counts_every_cell_once_whatever_the_structure(
    made: Made, as_of: dt.date
) -> None:
    stretches = now(made, as_of)
    for month in MONTHS:
        if last_day(month) > as_of:
            break
        counted: dict[str, float] = defaultdict(float)
        for one in stretches:
            if one.counts_in(month):
                counted[one.unit] += one.share
        living = {cell for cell in made.cells if made.lives(cell, last_day(month))}
        assert set(counted) == living
        assert all(abs(share - 1) < 1e-6 for share in counted.values())


@settings(max_examples=150)
@given(provinces(), st.dates(dt.date(2020, 1, 1), dt.date(2021, 12, 31)))
def test_each_share_is_that_of_the_reference(made: Made, as_of: dt.date) -> None:
    got: dict[str, dict[str, float]] = defaultdict(dict)
    for one in now(made, as_of):
        got[one.unit][one.group] = one.share
    for cell in made.cells:
        if made.start[cell] <= as_of:
            wanted = naive(made, cell, as_of)
            assert got[cell].keys() == wanted.keys()
            assert all(abs(got[cell][group] - wanted[group]) < 1e-9 for group in wanted)


def test_a_cell_dissolved_without_successor_stays_with_the_commune_it_stood_in() -> None:
    heirs = Heirs({"commune": "x", "other": "y"}, {"cell": "commune"}, {})
    assert heirs.groups_of("cell") == {"x": 1.0}


def test_what_a_split_leaves_over_goes_up() -> None:
    heirs = Heirs({"a": "x", "above": "y"}, {"cell": "above"}, {"cell": [("a", 0.75)]})
    assert heirs.groups_of("cell") == {"x": 0.75, "y": 0.25}


def test_units_that_live_on_elsewhere_count_nowhere_here() -> None:
    heirs: Heirs[str] = Heirs({"mine": ""}, {}, {})
    assert heirs.groups_of("foreign") == {}


def test_a_circle_of_ended_units_comes_to_nothing() -> None:
    heirs: Heirs[str] = Heirs({}, {"a": "b", "b": "a"}, {})
    assert heirs.groups_of("a") == {}


def test_the_difference_names_the_cells_of_each_side() -> None:
    day = dt.date(2020, 7, 1)
    then = [Stretch("stays", FIRST, OPEN), Stretch("left", FIRST, day), Stretch("new", day, OPEN)]
    here = [Stretch("stays", FIRST, OPEN), Stretch("new", FIRST, OPEN)]
    found = difference(then, here, FIRST, LAST)
    assert (found.only_then, found.only_now) == ({"left"}, {"new"})
    assert not difference(then, here, dt.date(2020, 8, 1), LAST)


def test_a_month_counts_by_its_last_day() -> None:
    one = Stretch("cell", dt.date(2020, 3, 15), dt.date(2020, 5, 31))
    counted = [month.month for month in month_range(FIRST, LAST) if one.counts_in(month)]
    assert counted == [3, 4]
