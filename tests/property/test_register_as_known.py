"""Asked again with the moment of then, every statistic says what it said then.

Whatever is recorded afterwards about days gone by: counts, moves, names, kinds, parents, merges,
splits, ends, and the taking back of any of them.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.test_reform_engine import basis_of, hold_deferred, new_cell
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.access.wall import EVER, behind
from vungmanh.core.errors import VungManhError
from vungmanh.core.people_words import Aggregate
from vungmanh.core.vocabulary import MembershipStatus, Role, UnitKind
from vungmanh.org.actions.aggregates import report_aggregates
from vungmanh.org.actions.reforms import commit_reform, draft_reform, undo_reform
from vungmanh.org.aggregates import roll_up
from vungmanh.org.counts import move_count
from vungmanh.org.models import AdmissionCount, Reform, Unit, UnitClosure
from vungmanh.org.reform.steps import Change, End, Merge, Move, Part, Split, Step
from vungmanh.org.statistics import Period, content_of, statistic
from vungmanh.org.structure_known import below_known

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PERIODS = (Period.year(2024), Period.year(2025))
OFFICIAL, EXEMPT = MembershipStatus.OFFICIAL, MembershipStatus.EXEMPT


def clock() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


class Register:
    """Somebody who changes the register by chance, and asks."""

    def __init__(self, cast: Cast, dice: random.Random) -> None:
        self.cast, self.dice = cast, dice
        today = timezone.localdate()
        self.analyst = viewer_for(cast.user("phantich", Role.PROVINCIAL_ANALYST), on=today)
        office = cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU)
        self.office = viewer_for(office, on=today)
        self.done: list[Reform] = []

    def cell(self) -> str:
        return str(self.cast[self.dice.choice([*CELLS[QUAN_MAU], *CELLS[LANG_THU], SCHOOL])])

    def commune(self) -> str:
        return str(self.cast[self.dice.choice([QUAN_MAU, LANG_THU])])

    def day(self) -> dt.date:
        return dt.date(2024, 10, 1) + dt.timedelta(days=self.dice.randint(0, 480))

    def act(self) -> None:
        """One act, at once or not at all."""
        name = self.dice.choice(
            ["count", "count", "name", "kind", "move", "merge", "split", "end", "found", "undo",
             "undo", "report"]
        )  # fmt: skip
        try:
            with transaction.atomic():
                getattr(self, f"_{name}")()
                hold_deferred()
        except VungManhError:
            return
        event(name)

    def _count(self) -> None:
        unit, status = self.cell(), self.dice.choice([OFFICIAL, EXEMPT])
        many, told = self.dice.choice([-2, -1, 1, 2]), {"by": None, "at": timezone.now()}
        unit_id = Unit.objects.get(pk=unit).pk
        move_count(unit_id, status, many, self.day(), why="event:999999999", **told)

    def _report(self) -> None:
        unit = self.dice.choice([self.cell(), self.commune()])
        report_aggregates(
            unit_id=Unit.objects.get(pk=unit).pk, on=self.dice.choice(PERIODS).last,
            counts={Aggregate.SEX: {"woman": self.dice.randint(1, 4)}}, by=self.analyst,
            at=timezone.now(),
        )  # fmt: skip

    def _reform(self, *steps: Step) -> None:
        on, now = self.day(), timezone.now()
        drafted = draft_reform(
            title="Sắp xếp thử", document="QĐ thử", signed_on=on, effective_on=on, steps=steps,
            by=self.analyst, at=now,
        )  # fmt: skip
        self.done.append(commit_reform(
            reform_id=drafted.pk, basis=basis_of(drafted), by=self.analyst, at=timezone.now()
        ))  # fmt: skip

    def _name(self) -> None:
        unit = self.dice.choice([self.cell(), self.commune()])
        self._reform(Change(unit, name=f"Tên {self.dice.randint(1, 999)}", official_code="A1"))

    def _kind(self) -> None:
        self._reform(Change(self.cell(), kind=UnitKind.CHI_BO_CO_SO, is_organisation=True))

    def _move(self) -> None:
        self._reform(Move(self.cell(), self.commune()))

    def _merge(self) -> None:
        self._reform(Merge((self.cell(),), self.cell()))

    def _split(self) -> None:
        here = self.cell()
        founded = new_cell("m", self.commune(), f"Chi bộ Mới {self.dice.randint(1, 999)}")
        self._reform(founded, Split(here, (Part("#m", 0.4), Part(self.cell(), 0.6))))

    def _end(self) -> None:
        self._reform(End(self.cell(), self.dice.choice([None, self.cell()])))

    def _found(self) -> None:
        self._reform(new_cell("m", self.commune(), f"Chi bộ Lập {self.dice.randint(1, 999)}"))

    def _undo(self) -> None:
        if self.done:
            reform = self.dice.choice(self.done)
            undo_reform(reform_id=reform.pk, reason="Nhầm", by=self.analyst, at=timezone.now())
            self.done.remove(reform)

    def answers(self, known_at: dt.datetime) -> dict[Any, Any]:
        asked = [(self.analyst, PROVINCE), (self.analyst, QUAN_MAU), (self.office, QUAN_MAU)]
        return {
            (by.role, top, period): self.answer(by, top, period, known_at)
            for by, top in asked
            for period in PERIODS
        }

    def answer(self, by: Viewer, top: str, period: Period, known_at: dt.datetime) -> Any:
        """As a page reads: behind the wall. None where something that was counted is out of the
        office's sight by now, which the page then says."""
        unit, now = self.cast[top], timezone.now()
        with behind(by, by.on, since=EVER):
            one = statistic(by, unit, period, known_at=known_at, now=now)
            told = roll_up(by, unit, period.last, known_at, now=now)
        if by is self.office and (one.hidden or told.hidden):
            event("out of the office's sight")
            return None
        assert (one.hidden, told.hidden) == (0, 0)
        sums = {key: (said.counts, said.units, said.members) for key, said in told.sums.items()}
        return (
            content_of(one),
            sums,
            [said.name for said in told.silent],
            one.organisations,
            one.names,
        )


def closure_now(top: Any, first: dt.date, last: dt.date) -> set[tuple[Any, int, dt.date]]:
    rows = UnitClosure.objects.filter(ancestor_id=top).values_list(
        "descendant_id", "depth", "valid"
    )
    days = [first, last]
    return {(unit, depth, day) for unit, depth, valid in rows for day in days
            if valid.lower <= day and (valid.upper is None or day < valid.upper)}  # fmt: skip


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**9), acts=st.integers(3, 7))
def test_what_was_told_once_is_told_again(seed: int, acts: int) -> None:
    with transaction.atomic():
        cast = make_cast(first=dt.date(2023, 1, 1), last=dt.date(2023, 12, 1))
        AdmissionCount.objects.all().delete()
        register = Register(cast, random.Random(seed))
        told = []
        for _number in range(acts):
            known_at = clock()
            told.append((known_at, register.answers(known_at)))
            register.act()
        for known_at, answers in told:
            again = register.answers(known_at)
            for key, answer in answers.items():
                if again[key] is not None or key[0] is not Role.COMMITTEE_OFFICE:
                    assert again[key] == answer, key
        now = clock()
        for top in (PROVINCE, QUAN_MAU):
            for day in (PERIODS[0].opening, PERIODS[1].last):
                known = {(one.unit, one.depth, day) for one in
                         below_known(cast[top], day, day, now)}  # fmt: skip
                assert known == closure_now(cast[top], day, day)
        transaction.set_rollback(True)
