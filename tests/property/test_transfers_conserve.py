"""Transfers: no day is lost from anyone's count, whatever is sent, accepted or taken back."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, listed, make_cast
from tests.contract.test_reform_engine import Desk
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow, RuleBroken
from vungmanh.core.people_words import TransferKind, TransferState
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.actions.transfers import (
    TransferWish,
    accept_transfer,
    refuse_transfer,
    return_from_stay,
    send_transfer,
    take_back_acceptance,
    withdraw_transfer,
)
from vungmanh.org.member_lists import review_lists
from vungmanh.org.models import Membership, MembershipCount, MemberTransfer
from vungmanh.org.queries import members_of
from vungmanh.org.reform.steps import Merge
from vungmanh.org.transfers import clocks_of_transfer, transfers_visible, waiting
from vungmanh.rulebook.people.clocks import ClockState

pytestmark = pytest.mark.django_db
STAY = MembershipStatus.TEMPORARY_IN
FIRST, DAY = dt.date(2025, 7, 1), dt.date(2026, 6, 30)
AT = dt.datetime(2026, 6, 30, 5, tzinfo=dt.UTC)
HERE, NEXT, THIRD = CELLS[QUAN_MAU]
OVER = CELLS[LANG_THU][0]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 2, 1))
    cast.names_on(QUAN_MAU, LANG_THU)
    return cast


def office(cast: Cast, unit: str) -> Viewer:
    return viewer_for(cast.user(f"vp.{unit}", Role.COMMITTEE_OFFICE, unit), on=DAY)


def total(units: list[UUID], day: dt.date) -> int:
    rows = MembershipCount.objects.filter(unit_id__in=units, valid__contains=day)
    return sum(rows.exclude(status=STAY).values_list("count", flat=True))


def wish(cast: Cast, start: str | None, end: str | None, **more: Any) -> TransferWish:
    said: dict[str, Any] = {
        "kind": TransferKind.OFFICIAL, "decided_on": dt.date(2026, 1, 5), "document": "GT 1",
        "from_unit": cast[start] if start else None, "to_unit": cast[end] if end else None,
    }  # fmt: skip
    return TransferWish(**(said | more))


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_no_day_is_lost_from_anyones_count(cast: Cast, seed: int) -> None:
    with transaction.atomic():
        dice = random.Random(seed)
        names = [HERE, NEXT, THIRD]
        units, by = [cast[name] for name in names], office(cast, QUAN_MAU)
        people = [listed(cast[HERE], f"Vi Thử {n}", since=FIRST).person_id for n in "ABC"]
        before = {str(unit): members_of(unit, DAY) for unit in units}
        days = [FIRST + dt.timedelta(days=n) for n in range(0, 365, 29)]
        for number in range(14):
            act = ("send", "accept", dice.choice(["accept", "refuse", "return", "back"]))
            _one_act((cast, by, dice), names, people, act[number % 3])
            assert {total(units, day) for day in days} == {27}
            for person in people:
                homes = Membership.objects.filter(person=person).exclude(status=STAY)
                for day in days:
                    assert homes.filter(valid__contains=day).count() == 1
        done = MemberTransfer.objects.filter(state="accepted")
        event(f"accepted: {done.count()}")
        for one in done.order_by("-answered_at", "-pk"):
            if not one.returns.filter(state="accepted").exists():
                _tried(lambda one=one: take_back_acceptance(
                    transfer_id=one.pk, reason="thử lại", by=by, at=AT, revision=one.revision
                ))  # fmt: skip
        assert {total(units, day) for day in days} == {27}
        if not MemberTransfer.objects.filter(state="accepted").exists():
            for unit in units:
                now = {s: n for s, n in members_of(unit, DAY).items() if n}
                assert now == before[str(unit)]
        transaction.set_rollback(True)


def _one_act(
    table: tuple[Cast, Viewer, random.Random], names: list[str], people: list[UUID], act: str
) -> None:
    cast, by, dice = table
    open_ones = list(MemberTransfer.objects.filter(state="sent"))
    stays = list(MemberTransfer.objects.filter(state="accepted", kind="temporary"))
    on = FIRST + dt.timedelta(days=dice.randint(1, 360))
    if act == "send":
        start, end = dice.sample(names, 2)
        kind = dice.choice([TransferKind.OFFICIAL, TransferKind.TEMPORARY])
        who = dice.choice([None, *people])
        home = Membership.objects.filter(person=who, valid__endswith=None).exclude(status=STAY)
        start = next((n for n in names if who and cast[n] == home.get().unit_id), start)
        until = on + dt.timedelta(days=200) if kind is TransferKind.TEMPORARY else None
        said = wish(cast, start, end, kind=kind, person=who, decided_on=on, until=until,
                    count=1 if who else dice.randint(1, 4))  # fmt: skip
        _tried(lambda: send_transfer(wish=said, by=by, at=AT))
    elif act == "accept" and open_ones:
        one = dice.choice(open_ones)
        day = min(DAY, one.decided_on + dt.timedelta(days=dice.randint(0, 60)))
        _tried(lambda: accept_transfer(
            transfer_id=one.pk, on=day, by=by, at=AT, revision=one.revision
        ))  # fmt: skip
    elif act == "refuse" and open_ones:
        one = dice.choice(open_ones)
        answer = dice.choice([refuse_transfer, withdraw_transfer])
        answer(transfer_id=one.pk, reason="thiếu giấy", by=by, at=AT, revision=one.revision)
    elif act == "return" and stays:
        one = dice.choice(stays)
        _tried(lambda: return_from_stay(
            transfer_id=one.pk, decided_on=max(on, one.accepted_on), document="GT 2", by=by, at=AT
        ))  # fmt: skip
    elif act == "back" and stays:
        one = dice.choice(stays)
        _tried(lambda: take_back_acceptance(
            transfer_id=one.pk, reason="nhầm", by=by, at=AT, revision=one.revision
        ))  # fmt: skip


def _tried(act: Any) -> None:
    """Acts that the rules refuse change nothing."""
    try:
        with transaction.atomic():
            act()
    except (NotNow, InputError, RuleBroken, NotFound):
        pass


def test_both_sides_answer_and_a_dissolved_cell_shows_the_way_out(cast: Cast) -> None:
    here, over = office(cast, QUAN_MAU), office(cast, LANG_THU)
    one = send_transfer(wish=wish(cast, HERE, OVER, count=2), by=here, at=AT)
    assert members_of(cast[HERE], DAY)[MembershipStatus.OFFICIAL] == 9  # until it is accepted
    assert [row.pk for row in waiting(over, DAY)] == [one.pk]
    assert clocks_of_transfer(one, DAY)[1].state is ClockState.OVERDUE
    told = {"transfer_id": one.pk, "at": AT, "revision": 1}
    with pytest.raises(NotFound):  # the sender does not accept
        accept_transfer(on=dt.date(2026, 2, 1), by=here, **told)
    with pytest.raises(InputError):
        accept_transfer(on=dt.date(2026, 1, 4), by=over, **told)
    with pytest.raises(Conflict):
        accept_transfer(on=dt.date(2026, 2, 1), by=over, **(told | {"revision": 7}))
    accept_transfer(on=dt.date(2026, 2, 1), by=over, **told)
    official = MembershipStatus.OFFICIAL
    assert [members_of(cast[n], DAY)[official] for n in (HERE, OVER)] == [7, 11]
    eve = dt.date(2026, 1, 31)
    assert [members_of(cast[n], eve)[official] for n in (HERE, OVER)] == [9, 9]
    with pytest.raises(NotNow):
        accept_transfer(on=dt.date(2026, 2, 1), by=over, **(told | {"revision": 2}))
    desk = Desk(cast)
    desk.does(Merge((desk.id(NEXT),), desk.id(THIRD)), on=dt.date(2026, 3, 1))
    with pytest.raises(RuleBroken, match=THIRD) as gone:
        send_transfer(wish=wish(cast, HERE, NEXT), by=here, at=AT)
    assert gone.value.code == "receiving-ended"
    late = {"kind": TransferKind.TEMPORARY, "until": dt.date(2027, 2, 1)}
    with pytest.raises(RuleBroken) as long:
        send_transfer(wish=wish(cast, HERE, OVER, **late), by=here, at=AT)
    assert long.value.rule_id == "QD294-2025-chuyen-sinh-hoat"
    person = listed(cast[HERE], "Vi Thử An", since=FIRST).person_id
    out = wish(cast, HERE, None, elsewhere="Tỉnh khác", person=person)
    away = send_transfer(wish=out, by=here, at=AT)
    with pytest.raises(RuleBroken, match="chưa xong"):
        send_transfer(wish=wish(cast, HERE, OVER, person=person), by=here, at=AT)
    accept_transfer(
        transfer_id=away.pk, on=dt.date(2026, 4, 1), by=here, at=AT, revision=1
    )  # fmt: skip
    assert members_of(cast[HERE], DAY)[official] == 6
    came = wish(cast, None, OVER, elsewhere="Tỉnh khác", count=3)
    arrived = send_transfer(wish=came, by=over, at=AT)
    withdraw_transfer(transfer_id=arrived.pk, reason="sai nơi", by=over, at=AT, revision=1)
    assert MemberTransfer.objects.get(pk=arrived.pk).state == TransferState.WITHDRAWN
    assert transfers_visible(here, DAY).count() == 2
    assert transfers_visible(office(cast, PROVINCE), DAY).count() == 3


def test_no_more_are_sent_than_are_there_and_each_paper_once(cast: Cast) -> None:
    here = office(cast, QUAN_MAU)
    send_transfer(wish=wish(cast, HERE, OVER, count=2), by=here, at=AT)
    with pytest.raises(NotNow) as twice:
        send_transfer(wish=wish(cast, HERE, OVER, count=2), by=here, at=AT)
    assert twice.value.code == "same-paper"
    with pytest.raises(InputError, match="còn 7 đảng viên") as many:
        send_transfer(wish=wish(cast, HERE, OVER, count=8), by=here, at=AT)
    assert many.value.field == "count"


def test_a_stay_past_its_day_is_looked_at_until_somebody_went_home(cast: Cast) -> None:
    here, over = office(cast, QUAN_MAU), office(cast, LANG_THU)
    stay = wish(cast, HERE, OVER, kind=TransferKind.TEMPORARY, until=dt.date(2026, 5, 1), count=2)
    one = send_transfer(wish=stay, by=here, at=AT)
    accept_transfer(transfer_id=one.pk, on=dt.date(2026, 2, 1), by=over, at=AT, revision=1)
    assert review_lists(here, dt.date(2026, 5, 1)).stays_past == []
    assert [row.pk for row in review_lists(over, DAY).stays_past] == [one.pk]
    back = return_from_stay(
        transfer_id=one.pk, decided_on=dt.date(2026, 6, 1), document="GT 2", by=over, at=AT
    )
    assert review_lists(here, DAY).stays_past == [one]
    accept_transfer(transfer_id=back.pk, on=dt.date(2026, 6, 2), by=here, at=AT, revision=1)
    assert review_lists(here, DAY).stays_past == []
