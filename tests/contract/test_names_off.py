"""Where names are off nobody is named, no field is shown; and what erasing a name reaches."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import AdmissionState, TransferKind
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.meetings.actions.roll import ERASED, erase_member, switch_names_off, switch_names_on
from vungmanh.org.actions.admissions import begin_admission, stop_admission
from vungmanh.org.actions.exchange import reveal_many
from vungmanh.org.actions.personal import reveal
from vungmanh.org.actions.transfers import (
    TransferWish,
    accept_transfer,
    return_from_stay,
    send_transfer,
    take_back_acceptance,
)
from vungmanh.org.member_lists import review_lists
from vungmanh.org.models import Admission, Membership, NamesSwitch, Person
from vungmanh.org.queries import members_of
from vungmanh.web.members.admission_views import who_of
from vungmanh.web.members.present import by_name
from vungmanh.web.members.transfer_views import who_goes

pytestmark = pytest.mark.django_db
OFFICIAL, AWAY = MembershipStatus.OFFICIAL, MembershipStatus.TEMPORARY_OUT
STAY = MembershipStatus.TEMPORARY_IN
CELL, OVER = CELLS[QUAN_MAU][0], CELLS[LANG_THU][0]
FIRST, DAY = dt.date(2025, 7, 1), dt.date(2026, 9, 20)
AT = dt.datetime(2026, 9, 20, 5, tzinfo=dt.UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 2, 1))


@pytest.fixture
def office(cast: Cast) -> Viewer:
    """Keeps a commune that works with names; the neighbour counts."""
    office = viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=DAY)
    switch_names_on(unit_id=cast[QUAN_MAU], from_day=FIRST, document="QĐ 1", by=office, at=AT)
    return office


@pytest.fixture
def over(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vp2", Role.COMMITTEE_OFFICE, LANG_THU), on=DAY)


def wish(cast: Cast, **more: Any) -> TransferWish:
    said: dict[str, Any] = {
        "kind": TransferKind.OFFICIAL, "decided_on": dt.date(2026, 1, 5), "document": "GT 1",
        "from_unit": cast[CELL], "to_unit": cast[OVER],
    }  # fmt: skip
    return TransferWish(**(said | more))


def test_a_name_goes_only_to_a_committee_that_works_with_names(
    cast: Cast, office: Viewer, over: Viewer
) -> None:
    person = listed(cast[CELL], "Vi Thử An", since=FIRST).person_id
    sent = send_transfer(wish=wish(cast, person=person), by=office, at=AT)
    assert who_goes(over, sent, by_name(over, [cast[OVER]])) == "1 đảng viên"
    assert who_goes(office, sent, by_name(office, [cast[CELL]])) == "Vi Thử An"
    on = dt.date(2026, 2, 1)
    one = accept_transfer(transfer_id=sent.pk, on=on, by=over, at=AT, revision=1)
    assert not Membership.objects.filter(unit_id=cast[OVER]).exists()
    assert [members_of(cast[name], on)[OFFICIAL] for name in (CELL, OVER)] == [8, 10]
    take_back_acceptance(transfer_id=one.pk, reason="nhầm", by=over, at=AT, revision=2)
    assert [members_of(cast[name], on)[OFFICIAL] for name in (CELL, OVER)] == [9, 9]
    [row] = Membership.objects.filter(person=person)
    assert (row.unit_id, row.valid.upper) == (cast[CELL], None)


def test_a_guest_without_a_name_goes_home_to_a_list(
    cast: Cast, office: Viewer, over: Viewer
) -> None:
    person = listed(cast[CELL], "Vi Thử An", since=FIRST).person_id
    stay = {"kind": TransferKind.TEMPORARY, "until": dt.date(2026, 9, 1), "person": person}
    sent = send_transfer(wish=wish(cast, **stay), by=office, at=AT)
    accept_transfer(transfer_id=sent.pk, on=dt.date(2026, 2, 1), by=over, at=AT, revision=1)
    assert members_of(cast[OVER], DAY)[STAY] == 1
    assert not Membership.objects.filter(unit_id=cast[OVER]).exists()
    back = return_from_stay(
        transfer_id=sent.pk, decided_on=dt.date(2026, 6, 1), document="GT 2", by=over, at=AT
    )
    accept_transfer(transfer_id=back.pk, on=dt.date(2026, 6, 2), by=office, at=AT, revision=1)
    assert (members_of(cast[OVER], DAY)[STAY], members_of(cast[CELL], DAY)[AWAY]) == (0, 0)
    assert members_of(cast[CELL], DAY)[OFFICIAL] == 9


def test_once_names_are_off_no_paper_names_anybody_and_no_field_is_shown(
    cast: Cast, office: Viewer
) -> None:
    row = listed(cast[CELL], "Vi Thử An", since=FIRST)
    Person.objects.filter(pk=row.person_id).update(born_on=dt.date(1990, 2, 3))
    told = {"by": office, "at": AT}
    way = begin_admission(
        unit_id=cast[CELL], who="Nông Thử Mới", born_on=dt.date(2000, 1, 1), begun_on=FIRST, **told
    )
    paper = send_transfer(wish=wish(cast, person=row.person_id, to_unit=None, elsewhere="Xa"),
                          **told)  # fmt: skip
    ask = {"person": row.person_id, "field": "born_on", "purpose": "xét huy hiệu"}
    assert reveal(**ask, **told) == "03/02/1990"
    exempt = listed(cast[CELL], "Vi Thử Miễn", status="exempt", since=FIRST)
    Membership.objects.filter(pk=exempt.pk).update(planned_until=dt.date(2026, 1, 1))
    assert len(review_lists(office, DAY).exempt_past) == 1
    switch = NamesSwitch.objects.get()
    switch_names_off(switch_id=switch.pk, reason="thôi ghi tên", erase=False, **told)
    named = by_name(office, [cast[CELL]])
    assert named == set()
    assert who_of(office, way, named) == "Hồ sơ lập 01/07/2025"
    assert who_goes(office, paper, named) == "1 đảng viên"
    assert review_lists(office, DAY).exempt_past == []
    with pytest.raises(NotFound):
        reveal(**ask, **told)
    with pytest.raises(NotFound):
        reveal_many(fields_of={row.person_id: ["born_on"]}, purpose="xét", why="unit:1", **told)
    assert Event.objects.filter(verb="person.revealed").count() == 1


def test_erasing_reaches_papers_their_events_and_whoever_never_was_a_member(
    cast: Cast, office: Viewer
) -> None:
    told = {"by": office, "at": AT}
    row = listed(cast[CELL], "Vi Thử An", since=FIRST)
    send_transfer(
        wish=wish(cast, person=row.person_id, to_unit=None, elsewhere="Tỉnh khác"), **told
    )
    way = begin_admission(
        unit_id=cast[CELL], who="Nông Thử Mới", born_on=dt.date(2000, 1, 1), begun_on=FIRST, **told
    )
    stop_admission(admission_id=way.pk, on=DAY, reason="Nông Thử Mới xin thôi", revision=1, **told)
    assert Person.objects.get(pk=way.person_id).born_on is None  # nobody considers them any more
    assert "Vi Thử An" in said_of_people()
    erase_member(member=row.person_id, reason="theo đề nghị", **told)
    assert "Vi Thử An" not in said_of_people()
    assert "Nông Thử Mới" in said_of_people()
    erase_member(member=way.person_id, reason="theo đề nghị", **told)
    assert "Nông Thử Mới" not in said_of_people()
    stopped = Admission.objects.get()
    assert (stopped.state, stopped.ended_reason) == (AdmissionState.STOPPED, ERASED)
    assert not Person.objects.exclude(name="", born_on=None)
    with pytest.raises(NotFound):
        erase_member(member=way.person_id, reason="theo đề nghị", **told)


def test_switching_off_erases_who_is_on_the_way_too(cast: Cast, office: Viewer) -> None:
    told = {"by": office, "at": AT}
    begin_admission(unit_id=cast[CELL], who="Nông Thử Mới", begun_on=FIRST, **told)
    switch = NamesSwitch.objects.get()
    assert switch_names_off(switch_id=switch.pk, reason="thôi ghi tên", erase=True, **told) == 1
    assert Person.objects.get().name == ""
    assert "Nông Thử Mới" not in said_of_people()


def said_of_people() -> str:
    return str(list(Event.objects.values_list("personal", flat=True)))
