"""Whatever a reform does: nobody is lost, the register says what was planned, undo returns it."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.cast import CELLS, LANG_THU, QUAN_MAU, listed, make_cast
from tests.contract.test_reform_engine import DAY, Desk, hold_deferred, new_cell, register
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import Ancestry, Membership, MembershipCount, UnitParent, UnitVersion
from vungmanh.org.queries import closure_differences
from vungmanh.org.reform.load import load_structure
from vungmanh.org.reform.placement import placement_on
from vungmanh.org.reform.plan import plan
from vungmanh.org.reform.steps import Change, End, Merge, Move, Part, Split, Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    desk = Desk(make_cast())
    for number, name in enumerate(desk.cast.cells):
        MembershipCount.objects.create(
            unit_id=desk.cast[name], status=MembershipStatus.PROBATIONARY, count=number,
            valid=(DAY.replace(year=2018), None),
        )  # fmt: skip
        for place in range(9 + number):  # as many names as are counted
            status = "official" if place < 9 else "probationary"
            listed(desk.cast[name], f"{name} {place}", status, DAY.replace(year=2019))
    return desk


def reform_of(desk: Desk, dice: random.Random) -> tuple[Step, ...]:
    """A lawful reform: each cell stays, moves, is renamed, merged, split or ended."""
    communes = [desk.id(QUAN_MAU), desk.id(LANG_THU)]
    cells = [desk.id(cell) for below in CELLS.values() for cell in below]
    dice.shuffle(cells)
    last, *rest = cells  # one goes on, so that there is always a target
    steps: list[Step] = []
    for number, cell in enumerate(rest):
        act = dice.choice(["stay", "move", "rename", "merge", "split", "end"])
        if act == "move":
            steps.append(Move(cell, dice.choice(communes)))
        elif act == "rename":
            steps.append(Change(cell, name=f"Chi bộ Tên {number}"))
        elif act == "merge":
            steps.append(Merge((cell,), last))
        elif act == "end":
            steps.append(End(cell, last))
        elif act == "split":
            share = dice.randint(1, 99) / 100
            ref = f"m{number}"
            steps.append(new_cell(ref, dice.choice(communes), f"Chi bộ Mới {number}"))
            here: list[str] = []
            there: list[str] = []
            for person in names_of(cell):
                dice.choice([here, there]).append(person)
            steps.append(Split(cell, (
                Part(f"#{ref}", share, people=tuple(here)),
                Part(last, 1 - share, people=tuple(there)),
            )))  # fmt: skip
        event(act)
    if dice.random() < 0.3:
        steps.append(Merge((communes[0],), communes[1]))
        steps = [_elsewhere(step, communes) for step in steps]
        event("commune merged")
    return tuple(steps) or (Change(last, name="Chi bộ Tên Khác"),)


def _elsewhere(step: Step, communes: list[str]) -> Step:
    """No cell is put under the commune that ends."""
    gone, stays = communes
    if isinstance(step, Move) and step.parent == gone:
        return Move(step.unit, stays)
    if hasattr(step, "ref") and step.parent == gone:
        return new_cell(step.ref, stays, step.name)
    return step


def names_of(unit: str) -> list[str]:
    rows = Membership.objects.filter(unit_id=unit, valid__contains=DAY)
    return [str(person) for person in rows.values_list("person_id", flat=True)]


def membership_rows() -> list[str]:
    """Every membership as text, to the last column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM org_membership t ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


def lists(day: dt.date) -> dict[tuple[str, str], int]:
    """Names by unit and standing on a day."""
    rows = Membership.objects.filter(valid__contains=day).values_list("unit_id", "status")
    return dict(Counter((str(unit), status) for unit, status in rows))


def listed_as_counted() -> None:
    """Every list on the day is as long as its count, and each person stands in it once."""
    cells = UnitVersion.objects.filter(valid__contains=DAY, kind__in=["chi_bo", "chi_bo_co_so"])
    counts = MembershipCount.objects.filter(valid__contains=DAY, count__gt=0)
    rows = counts.filter(unit_id__in=cells.values("unit_id"))
    assert lists(DAY) == {(str(one.unit_id), one.status): one.count for one in rows}
    people = Membership.objects.filter(valid__contains=DAY).values_list("person_id", flat=True)
    assert len(set(people)) == len(people)


def members() -> dict[str, int]:
    """Members by status on the day, of the whole register."""
    total: dict[str, int] = {}
    for row in MembershipCount.objects.filter(valid__contains=DAY):
        total[row.status] = total.get(row.status, 0) + row.count
    return total


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_a_reform_loses_nobody_and_can_be_taken_back_to_the_last_row(desk: Desk, seed: int) -> None:
    with transaction.atomic():
        steps = reform_of(desk, random.Random(seed))
        before, people = register(), members()
        named, eve = membership_rows(), lists(DAY - dt.timedelta(days=1))
        outcome = plan(load_structure(steps, DAY).structure, steps, placement_on(DAY))
        assert outcome.problems == ()
        reform = desk.does(*steps)
        assert members() == people
        listed_as_counted()
        assert lists(DAY - dt.timedelta(days=1)) == eve  # nobody stands elsewhere the day before
        assert closure_differences() == []
        _as_planned(reform.journal["created"], outcome)
        for unit in outcome.ended:
            shares = Ancestry.objects.filter(predecessor_id=unit).values_list("share", flat=True)
            assert sum(shares) == pytest.approx(1)
            heirs = set(Ancestry.objects.filter(predecessor_id=unit).values_list("successor_id"))
            back = Ancestry.objects.filter(successor_id__in=[heir for (heir,) in heirs])
            assert UUID(unit) in set(back.values_list("predecessor_id", flat=True))
        desk.undo(reform)
        assert register() == before
        assert membership_rows() == named
        hold_deferred()
        transaction.set_rollback(True)  # the next example starts afresh


def _as_planned(created, outcome) -> None:
    """Names, parents and counts on the day are those of the plan."""
    ids = dict(zip(outcome.created, created, strict=True))
    versions = {str(v.unit_id): v for v in UnitVersion.objects.filter(valid__contains=DAY)}
    parents = {
        str(p.unit_id): str(p.parent_id) for p in UnitParent.objects.filter(valid__contains=DAY)
    }
    assert not set(outcome.ended) & set(versions)
    for unit, version in outcome.versions.items():
        kept = versions[ids.get(unit, unit)]
        assert (kept.name, kept.kind, kept.sector) == (version.name, version.kind, version.sector)
    for unit, parent in outcome.parents.items():
        assert parents[ids.get(unit, unit)] == ids.get(parent, parent)
    for unit, counts in outcome.counts.items():
        rows = MembershipCount.objects.filter(unit_id=ids.get(unit, unit), valid__contains=DAY)
        assert {row.status: row.count for row in rows} == {
            status.value: count for status, count in counts.items()
        }
