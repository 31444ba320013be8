"""Excuses are asked for by the cell and granted by who stands above, never by the same person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import AskingState, ObligationKind, Relief, ReliefCause, Role
from vungmanh.meetings.actions.asking import (
    ask_excuse,
    decline_asked,
    grant_asked,
    withdraw_asked,
)
from vungmanh.meetings.actions.excuses import Wish
from vungmanh.meetings.asking import to_decide
from vungmanh.meetings.models import Excuse, ExcuseRequest, MovedMonth, Obligation
from vungmanh.org.models import Appointment, MembershipCount, UnitParent, UnitVersion

pytestmark = pytest.mark.django_db

TODAY = dt.date(2019, 12, 20)
NOW = dt.datetime(2019, 12, 20, 3, tzinfo=dt.UTC)
CELL, OTHER, _THIRD = CELLS[QUAN_MAU]
OCTOBER = dt.date(2019, 10, 1)
FLOOD = Wish(
    duty=ObligationKind.REGULAR,
    first_month=OCTOBER,
    last_month=OCTOBER,
    relief=Relief.POSTPONED,
    until=dt.date(2020, 1, 1),
    cause=ReliefCause.FLOOD,
    reason="Ngập đường, chia cắt thôn",
    document="",
    granted_on=TODAY,
)
ANSWER: dict[str, Any] = {
    "document": "CV 12-CV/ĐU ngày 20/12/2019", "granted_on": TODAY, "at": NOW,
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def secretary(cast: Cast) -> Viewer:
    return viewer_for(cast.user("bithu", Role.CELL_SECRETARY, CELL), on=TODAY)


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=TODAY)


def test_a_flood_is_asked_for_and_postponed_by_the_superior(
    cast: Cast, secretary: Viewer, office: Viewer
) -> None:
    asked = ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW)
    assert list(to_decide(office, TODAY)) == [asked]
    assert list(to_decide(secretary, TODAY)) == []

    done = grant_asked(request_id=asked.pk, by=office, **ANSWER)

    assert done.state == AskingState.GRANTED
    excuse = Excuse.objects.get()
    assert (excuse.pk, excuse.document) == (done.excuse_id, ANSWER["document"])
    due = Obligation.objects.get(unit_id=cast[CELL], kind="regular", month=OCTOBER)
    assert due.postponed_until == dt.date(2020, 1, 1)
    assert list(MovedMonth.objects.values_list("month", flat=True)) == [OCTOBER]
    assert not to_decide(office, TODAY).exists()
    with pytest.raises(NotNow, match="đã có người trả lời"):
        decline_asked(request_id=asked.pk, reason="Không phải thế", by=office, at=NOW)


def test_flood_and_harvest_are_never_excused(cast: Cast, secretary: Viewer) -> None:
    for cause in (ReliefCause.FLOOD, ReliefCause.HARVEST):
        wish = replace(FLOOD, relief=Relief.EXCUSED, until=None, cause=cause)
        with pytest.raises(InputError, match="chỉ hoãn, không miễn"):
            ask_excuse(unit_id=cast[CELL], wish=wish, by=secretary, at=NOW)
    assert not ExcuseRequest.objects.exists()


def test_under_three_official_members_is_a_cause_to_rearrange_and_no_excuse(
    cast: Cast, secretary: Viewer
) -> None:
    MembershipCount.objects.filter(unit_id=cast[CELL]).delete()
    MembershipCount.objects.create(
        unit_id=cast[CELL], status="official", count=2, valid=DateRange(dt.date(2018, 1, 1), None)
    )
    wish = replace(FLOOD, relief=Relief.EXCUSED, until=None, cause=ReliefCause.OTHER)
    with pytest.raises(InputError, match="không phải lý do được miễn, mà là nguyên nhân") as why:
        ask_excuse(unit_id=cast[CELL], wish=wish, by=secretary, at=NOW)
    assert why.value.field == "relief"
    assert ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW).state == "waiting"


def test_nobody_grants_what_he_asked_for(cast: Cast, office: Viewer) -> None:
    asked = ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=office, at=NOW)
    assert not to_decide(office, TODAY).exists()
    with pytest.raises(NotAllowed, match="Không ai tự cho"):
        grant_asked(request_id=asked.pk, by=office, **ANSWER)
    analyst = viewer_for(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST), on=TODAY)
    assert grant_asked(request_id=asked.pk, by=analyst, **ANSWER).state == AskingState.GRANTED


def test_the_office_of_the_unit_itself_does_not_answer(cast: Cast, secretary: Viewer) -> None:
    asked = ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW)
    own = viewer_for(cast.user("vp2", Role.COMMITTEE_OFFICE, CELL), on=TODAY)
    with pytest.raises(NotAllowed, match="không tự trả lời"):
        grant_asked(request_id=asked.pk, by=own, **ANSWER)


def test_declining_needs_a_reason_and_the_months_stay_due(
    cast: Cast, secretary: Viewer, office: Viewer
) -> None:
    asked = ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW)
    with pytest.raises(InputError):
        decline_asked(request_id=asked.pk, reason=" ", by=office, at=NOW)
    done = decline_asked(request_id=asked.pk, reason="Đường đã thông từ 3/10", by=office, at=NOW)
    assert (done.state, done.answer) == (AskingState.DECLINED, "Đường đã thông từ 3/10")
    assert not Excuse.objects.exists()


def test_one_at_a_time_only_for_ones_own_and_taken_back_with_a_reason(
    cast: Cast, secretary: Viewer
) -> None:
    asked = ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW)
    with pytest.raises(NotNow, match="đang chờ"):
        ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW)
    with pytest.raises(NotFound):
        ask_excuse(unit_id=cast[OTHER], wish=FLOOD, by=secretary, at=NOW)
    withdraw_asked(request_id=asked.pk, reason="Đã họp được", by=secretary, at=NOW)
    assert ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW).pk != asked.pk


@pytest.mark.parametrize("answer", [grant_asked, decline_asked])
def test_what_a_cell_asked_for_before_it_ended_is_answered(
    cast: Cast, secretary: Viewer, office: Viewer, answer: Any
) -> None:
    asked = ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=secretary, at=NOW)
    for model in (UnitParent, Appointment, MembershipCount, UnitVersion):
        rows = model.objects.filter(unit_id=cast[CELL])
        rows.update(valid=DateRange(dt.date(2018, 1, 1), dt.date(2019, 12, 1)))
    neighbour = viewer_for(cast.user("lang", Role.COMMITTEE_OFFICE, LANG_THU), on=TODAY)
    assert list(to_decide(office, TODAY)) == [asked]
    assert list(to_decide(neighbour, TODAY)) == []
    said = ANSWER if answer is grant_asked else {"reason": "đã sáp nhập", "at": NOW}
    with pytest.raises(NotFound):
        answer(request_id=asked.pk, by=neighbour, **said)
    assert answer(request_id=asked.pk, by=office, **said).state != AskingState.WAITING
