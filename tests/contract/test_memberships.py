"""Memberships by name: judged by their rules, counted on the same day, taken back with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow, RuleBroken
from vungmanh.core.ids import uuid7
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.vocabulary import MeetingState, MembershipStatus, Role
from vungmanh.meetings.actions.roll import end_member, switch_names_on
from vungmanh.meetings.facts import problems
from vungmanh.meetings.models import Meeting
from vungmanh.meetings.reads import setting_of
from vungmanh.org.actions.people import end_membership, enlist, set_standing, undo_last_change
from vungmanh.org.actions.personal import reveal
from vungmanh.org.memberships import Writer
from vungmanh.org.models import Membership, Person
from vungmanh.org.queries import members_of

pytestmark = pytest.mark.django_db
OFFICIAL, EXEMPT = MembershipStatus.OFFICIAL, MembershipStatus.EXEMPT
FIRST, DAY = dt.date(2025, 7, 1), dt.date(2026, 9, 20)
AT = dt.datetime(2026, 9, 20, 5, tzinfo=dt.UTC)
CELL, NEXT, _ = CELLS[QUAN_MAU]


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 2, 1))


@pytest.fixture
def office(cast: Cast) -> Viewer:
    office = viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=DAY)
    switch_names_on(unit_id=cast[QUAN_MAU], from_day=FIRST, document="QĐ 1", by=office, at=AT)
    return office


def test_a_membership_is_listed_exempted_ended_and_each_is_taken_back(
    cast: Cast, office: Viewer
) -> None:
    unit, told = cast[CELL], {"by": office, "at": AT}
    row = enlist(unit_id=unit, name="Nông Thử Ba", status=OFFICIAL, from_day=FIRST, **told)
    person = row.person_id
    assert members_of(unit, DAY) == {OFFICIAL: 9}  # one of the nine, now by name
    day = dt.date(2026, 3, 1)
    exempt = {"person": person, "status": EXEMPT, "from_day": day, **told}
    with pytest.raises(InputError):
        set_standing(until=day - dt.timedelta(days=1), **exempt)
    set_standing(until=dt.date(2026, 8, 31), document="NQ 4", **exempt)
    assert members_of(unit, day) == {OFFICIAL: 8, EXEMPT: 1}
    assert members_of(unit, day - dt.timedelta(days=1)) == {OFFICIAL: 9}
    died = {"person": person, "on": dt.date(2026, 5, 2), "reason": "giấy chứng tử", **told}
    for way, error in ((MembershipEnd.MOVED, NotNow), (MembershipEnd.EXPELLED, InputError)):
        with pytest.raises(error):
            end_membership(way=way, **died)
    end_membership(way=MembershipEnd.DIED, **died)
    assert members_of(unit, DAY) == {OFFICIAL: 8, EXEMPT: 0}
    undo = {"person": person, "reason": "ghi nhầm người", **told}
    undo_last_change(**undo)
    assert members_of(unit, DAY) == {OFFICIAL: 8, EXEMPT: 1}
    undo_last_change(**undo)
    assert members_of(unit, DAY)[OFFICIAL] == 9
    [back] = Membership.objects.filter(person=person)
    assert (back.status, back.valid.upper, back.ended_by_way) == (OFFICIAL, None, "")
    undo_last_change(**undo)
    assert not Membership.objects.filter(person=person).exists()
    with pytest.raises(NotNow):
        undo_last_change(**undo)
    verbs = Event.objects.filter(subject=f"person:{person}").values_list("verb", flat=True)
    assert list(verbs).count("roll_member.undone") == 3
    assert "Nông" not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_list_longer_than_the_count_makes_the_count_grow(cast: Cast, office: Viewer) -> None:
    for number in range(9):
        listed(cast[CELL], f"Vi Thử {chr(65 + number)}n", since=FIRST)
    told = {"status": OFFICIAL, "from_day": DAY, "by": office, "at": AT}
    row = enlist(unit_id=cast[CELL], name="Nông Thử Mười", **told)
    assert members_of(cast[CELL], DAY) == {OFFICIAL: 10}
    assert members_of(cast[CELL], DAY - dt.timedelta(days=1)) == {OFFICIAL: 9}
    # A correction of the very first day is of the list; the way back counts nine again.
    undo_last_change(person=row.person_id, reason="đã có trong danh sách", by=office, at=AT)
    assert members_of(cast[CELL], DAY) == {OFFICIAL: 9}


def test_two_homes_at_once_and_attendance_after_death_are_refused_by_their_rule(
    cast: Cast, office: Viewer
) -> None:
    row = listed(cast[CELL], "Nông Thử Ba", since=FIRST)
    writer = Writer(by=office.user, at=AT, why="test:1")
    with pytest.raises(RuleBroken) as told:
        writer.open(row.person, cast[NEXT], OFFICIAL, DAY)
    assert told.value.rule_id == "QD208-2026-chuyen-sinh-hoat"
    assert told.value.citation
    # A stay is another, here of somebody whom the register never counted as a guest.
    writer.open(row.person, cast[NEXT], MembershipStatus.TEMPORARY_IN, dt.date(2026, 9, 1))
    Meeting.objects.create(
        pk=uuid7(), unit_id=cast[CELL], kind="regular", month=dt.date(2026, 9, 1),
        state=MeetingState.RECORDING, form=1,
        changed_at=AT,
        facts={"held_on": "2026-09-05", "roll": {str(row.person_id): {"status": "present"}}},
    )  # fmt: skip
    gone = {"member": row.person_id, "way": MembershipEnd.DIED, "reason": "từ trần", "by": office}
    with pytest.raises(NotNow) as refused:
        end_member(on=dt.date(2026, 9, 4), at=AT, **gone)
    assert refused.value.code == "attended-after-end"
    assert members_of(cast[CELL], DAY) == {OFFICIAL: 9}
    end_member(on=dt.date(2026, 9, 6), at=AT, **gone)
    assert members_of(cast[CELL], DAY) == {OFFICIAL: 8}
    assert not Membership.objects.filter(valid__endswith=None).exists()
    # A meeting held after that day finds nobody of that name on its roll.
    switch_names_on(unit_id=cast[CELL], from_day=DAY, document="QĐ 1", by=office, at=AT)
    later = {"held_on": DAY.isoformat(), "roll": {str(row.person_id): {"status": "present"}}}
    setting = setting_of(cast[CELL], "regular", DAY.replace(day=1), later, today=AT.date())
    told = [one for one in problems(later, setting) if one.code == "not-on-the-roll"]
    assert "không có trong danh sách của ngày họp" in told[0].message


def test_a_masked_field_is_shown_for_a_purpose_that_the_ledger_keeps(
    cast: Cast, office: Viewer
) -> None:
    person = listed(cast[CELL], "Nông Thử Ba").person
    Person.objects.filter(pk=person.pk).update(born_on=dt.date(1990, 2, 3))
    told = {"person": person.pk, "field": "born_on", "purpose": "xét huy hiệu", "at": AT}
    assert reveal(by=office, **told) == "03/02/1990"
    kept = Event.objects.get(verb="person.revealed")
    assert (kept.data, kept.personal) == ({"field": "born_on"}, {"purpose": "xét huy hiệu"})
    secretary = viewer_for(cast.user("bt", Role.CELL_SECRETARY, CELL), on=DAY)
    stranger = viewer_for(cast.user("vp2", Role.COMMITTEE_OFFICE, LANG_THU), on=DAY)
    for by, change, error in (
        (secretary, {}, NotAllowed),
        (stranger, {}, NotFound),
        (office, {"field": "name"}, NotAllowed),
        (office, {"purpose": " "}, InputError),
    ):
        with pytest.raises(error):
            reveal(**({"by": by} | told | change))
    assert Event.objects.filter(verb="person.revealed").count() == 1
