"""Counts of members: moves conserve, moving back leaves no trace, what was known stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import CELLS, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.contract.test_reform_engine import Desk
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.actions.counts import record_counts, undo_counts
from vungmanh.org.counts import counts_as_of, move_count
from vungmanh.org.models import MembershipCount, PastCount
from vungmanh.org.reform.steps import Merge

pytestmark = pytest.mark.django_db
FIRST = dt.date(2019, 1, 1)
AT = dt.datetime(2020, 3, 1, 5, tzinfo=dt.UTC)
OFFICIAL, EXEMPT = MembershipStatus.OFFICIAL, MembershipStatus.EXEMPT
CELL, OTHER, _THIRD = CELLS[QUAN_MAU]


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=FIRST)


def viewer(cast: Cast, role: Role, unit: str) -> Viewer:
    return viewer_for(cast.user(f"{role}.{unit}", role, unit), on=AT.date())


def database_now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def rows_of(unit: Any) -> list[tuple[Any, ...]]:
    found = MembershipCount.objects.filter(unit_id=unit).order_by("status", "valid")
    return [(one.status, one.valid.lower, one.valid.upper, one.count) for one in found]


def counted(unit: Any, status: str, day: dt.date) -> int:
    found = MembershipCount.objects.filter(unit_id=unit, status=status, valid__contains=day)
    return sum(found.values_list("count", flat=True))


MOVES = st.lists(
    st.tuples(
        st.sampled_from([OFFICIAL, EXEMPT]),
        st.integers(-4, 4).filter(bool),
        st.dates(FIRST, dt.date(2020, 2, 1)),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_counts_follow_every_move_back_again_and_as_once_known(
    cast: Cast, moves: list[tuple[MembershipStatus, int, dt.date]]
) -> None:
    with transaction.atomic():
        unit, seen = cast[CELL], viewer_for(cast_user(cast), on=AT.date())
        days = [FIRST, *(day for _, _, day in moves), dt.date(2020, 2, 28)]
        naive = {(s, day): 9 * (s is OFFICIAL) for s in (OFFICIAL, EXEMPT) for day in days}
        done, known = [], []
        for status, number, day in moves:
            known.append((database_now(), dict(naive)))
            after = {
                key: value + number * (key[0] is status and key[1] >= day)
                for key, value in naive.items()
            }
            before = rows_of(unit)
            try:
                with transaction.atomic():
                    move_count(unit, status, number, day, by=None, at=AT, why="test:1")
            except NotNow:
                assert min(after.values()) < 0
                assert rows_of(unit) == before
                continue
            assert min(after.values()) >= 0
            naive = after
            done.append((status, number, day))
            assert {key: counted(unit, *key) for key in naive} == naive
        for moment, said in known:
            for day in days:
                told = counts_as_of(seen, [unit], day, known_at=moment)[unit]
                assert {s: told.get(s, 0) for s in (OFFICIAL, EXEMPT)} == {
                    s: said[s, day] for s in (OFFICIAL, EXEMPT)
                }
        for status, number, day in reversed(done):
            move_count(unit, status, -number, day, by=None, at=AT, why="test:1")
        assert [row for row in rows_of(unit) if row[3]] == [(OFFICIAL, FIRST, None, 9)]
        transaction.set_rollback(True)


def test_days_that_nobody_had_counted_stay_uncounted_as_known(cast: Cast) -> None:
    """A row that grows over a gap was not known there before."""
    unit, seen = cast[CELL], viewer_for(cast_user(cast), on=AT.date())
    for number, day in ((2, dt.date(2019, 6, 1)), (-2, dt.date(2019, 6, 1))):
        move_count(unit, EXEMPT, number, day, by=None, at=AT, why="test:1")
    known, gap = database_now(), dt.date(2019, 4, 1)
    move_count(unit, EXEMPT, 3, dt.date(2019, 3, 1), by=None, at=AT, why="test:1")
    assert counts_as_of(seen, [unit], gap)[unit] == {OFFICIAL: 9, EXEMPT: 3}
    assert counts_as_of(seen, [unit], gap, known_at=known)[unit] == {OFFICIAL: 9}


def cast_user(cast: Cast) -> Any:
    return cast.user("so.lieu", Role.PROVINCIAL_ANALYST)


def test_the_year_end_as_it_was_known_survives_corrections_and_reforms(cast: Cast) -> None:
    analyst = viewer(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    units, year_end = [cast[CELL], cast[OTHER]], dt.date(2019, 12, 31)
    known = database_now()
    first = counts_as_of(analyst, units, year_end, known_at=known)
    assert {unit: first[unit][OFFICIAL] for unit in units} == dict.fromkeys(units, 9)
    told = record_counts(
        unit_id=cast[CELL], counts={OFFICIAL: 12, EXEMPT: 2}, from_day=dt.date(2019, 5, 1),
        document="BC 3-BC/CB", by=analyst, at=AT,
    )  # fmt: skip
    corrected = database_now()
    desk = Desk(cast)
    reform = desk.does(Merge((desk.id(CELL),), desk.id(OTHER)), on=dt.date(2019, 9, 1))
    now = counts_as_of(analyst, units, year_end)
    assert now == {cast[OTHER]: {OFFICIAL: 21, EXEMPT: 2}}
    assert counts_as_of(analyst, units, year_end, known_at=known) == first
    assert counts_as_of(analyst, units, year_end, known_at=corrected)[cast[CELL]] == {
        OFFICIAL: 12, EXEMPT: 2,
    }  # fmt: skip
    desk.undo(reform)
    undo_counts(event_id=told.pk, reason="ghi nhầm chi bộ", by=analyst, at=AT)
    assert counts_as_of(analyst, units, year_end)[cast[CELL]][OFFICIAL] == 9
    assert counts_as_of(analyst, units, year_end, known_at=known) == first
    with pytest.raises(NotNow):
        undo_counts(event_id=told.pk, reason="lần nữa", by=analyst, at=AT)
    assert PastCount.objects.filter(unit_id=cast[CELL]).exists()
    assert Event.objects.filter(verb="counts.undone").count() == 1


def test_counts_are_refused_where_they_cannot_be(cast: Cast) -> None:
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    good = {
        "unit_id": cast[CELL], "counts": {OFFICIAL: 8}, "from_day": dt.date(2019, 5, 1),
        "document": "BC 1", "by": office, "at": AT,
    }  # fmt: skip
    wrong = [
        ({"by": viewer(cast, Role.CELL_SECRETARY, CELL)}, NotAllowed),
        ({"unit_id": cast[CELLS["Đảng bộ xã Láng Thử"][0]]}, NotFound),
        ({"unit_id": cast[QUAN_MAU]}, NotNow),
        ({"from_day": dt.date(2020, 3, 2)}, InputError),
        ({"from_day": FIRST - dt.timedelta(days=1)}, NotNow),
        ({"counts": {OFFICIAL: -1}}, InputError),
        ({"counts": {OFFICIAL: 9}}, NotNow),
        ({"document": " "}, InputError),
    ]
    for change, error in wrong:
        with pytest.raises(error):
            record_counts(**(good | change))
    assert rows_of(cast[CELL]) == [(OFFICIAL, FIRST, None, 9)]
    record_counts(**good)
    assert [row[3] for row in rows_of(cast[CELL])] == [9, 8]
    assert counts_as_of(None, [cast[CELL]], dt.date(2019, 6, 1)) == {}
