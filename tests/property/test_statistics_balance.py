"""Whatever moves members, the balance closes, records explain it, and the answer stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from vungmanh.access.ledger import record
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import NotNow
from vungmanh.core.people_words import MemberChange, MembershipEnd
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.counts import move_count
from vungmanh.org.models import AdmissionCount
from vungmanh.org.statistics import Period, content_of, statistic

pytestmark = pytest.mark.django_db
OFFICIAL, GUEST = MembershipStatus.OFFICIAL, MembershipStatus.TEMPORARY_IN
HOMES = [*CELLS[QUAN_MAU], *CELLS[LANG_THU], SCHOOL]
HALF = Period.half(2025)
DAYS = st.dates(dt.date(2024, 11, 1), dt.date(2025, 8, 31))
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["die", "move", "admit", "guest", "count"]),
        st.sampled_from(HOMES),
        st.sampled_from(HOMES),
        st.integers(1, 3),
        DAYS,
    ),
    min_size=1,
    max_size=10,
)


@pytest.fixture
def cast() -> Cast:
    made = make_cast(first=dt.date(2023, 1, 1), last=dt.date(2023, 12, 1))
    AdmissionCount.objects.all().delete()
    return made


def done(cast: Cast, number: int, act: Any) -> bool:
    """One act; False where the counts do not allow it."""
    kind, here, there, many, day = act
    said: dict[str, Any] = {"by": None, "at": timezone.now()}
    try:
        with transaction.atomic():
            if kind == "die":
                data = {"way": MembershipEnd.DIED.value, "on": day.isoformat()}
                event = record("members.lost", subject=f"unit:{cast[here]}", data=data, **said)
                said["why"] = f"event:{event.pk}"
                move_count(cast[here], OFFICIAL, -many, day, **said)
            elif kind == "move":
                said["why"] = f"transfer:{number}"
                move_count(cast[here], OFFICIAL, -many, day, **said)
                move_count(cast[there], OFFICIAL, many, day, **said)
            elif kind == "admit":
                said["why"] = f"admission:{number}"
                move_count(cast[here], MembershipStatus.PROBATIONARY, many, day, **said)
            elif kind == "guest":
                move_count(cast[here], GUEST, many, day, why=f"transfer:{number}", **said)
            else:
                move_count(cast[here], OFFICIAL, many, day, why=f"event:{10**9 + number}", **said)
    except NotNow:
        return False
    return True


def told(seen: Viewer, unit: Any, known_at: dt.datetime) -> Any:
    return statistic(seen, unit, HALF, known_at=known_at, now=timezone.now())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ACTS, later=ACTS)
def test_balances_close_by_their_causes_and_stay_under_corrections(
    cast: Cast, before: list[Any], later: list[Any]
) -> None:
    with transaction.atomic():
        user = cast.user("so.lieu", Role.PROVINCIAL_ANALYST)
        seen = viewer_for(user, on=timezone.localdate())
        stood = [act for number, act in enumerate(before) if done(cast, number, act)]
        inside = [act for act in stood if HALF.first <= act[4] <= HALF.last]
        known_at = clock()
        one = told(seen, cast[PROVINCE], known_at)
        for balance in [one.total, *(line.balance for line in one.lines)]:
            assert balance.closes
        sums = {kind: sum(act[3] for act in inside if act[0] == kind) for kind in
                ("die", "admit", "count")}  # fmt: skip
        assert one.total.downs.get(MemberChange.DIED, 0) == sums["die"]
        assert one.total.ups.get(MemberChange.ADMITTED, 0) == sums["admit"]
        assert one.total.ups.get(MemberChange.UNTOLD, 0) == sums["count"]
        assert one.total.closed - one.total.opened == (sums["admit"] + sums["count"] - sums["die"])
        cells = {act[1]: 0 for act in inside if act[0] == "count"}
        for act in inside:
            if act[0] == "count":
                cells[act[1]] += act[3]
        assert one.total.untold == {cast[cell]: number for cell, number in cells.items()}
        for number, act in enumerate(later, start=100):
            done(cast, number, act)
        assert content_of(told(seen, cast[PROVINCE], known_at)) == content_of(one)
        transaction.set_rollback(True)


def clock() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
