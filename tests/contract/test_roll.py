"""Names by choice: switched on by a committee, kept for a roll call, erased on request."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.access.wall import behind
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import MembershipStatus as Status
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.roll import (
    add_member,
    change_member,
    end_member,
    erase_member,
    switch_names_off,
    switch_names_on,
)
from vungmanh.meetings.roll import names_on, roll_of, rolls_of, switch_above, switches_visible
from vungmanh.org.models import (
    Appointment,
    Membership,
    MembershipCount,
    NamesSwitch,
    Person,
    UnitParent,
    UnitVersion,
)

CELL, NEXT, _ = CELLS[QUAN_MAU]
DAY = dt.date(2019, 12, 20)
AT = dt.datetime(2019, 12, 20, 5, tzinfo=dt.UTC)
FROM = dt.date(2019, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def viewer(cast: Cast, role: Role, unit: str) -> Viewer:
    return viewer_for(cast.user(f"{role}.{unit}", role, unit), on=DAY)


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)


@pytest.fixture
def secretary(cast: Cast) -> Viewer:
    return viewer(cast, Role.CELL_SECRETARY, CELL)


def switch_on(cast: Cast, by: Viewer, unit: str = QUAN_MAU) -> NamesSwitch:
    return switch_names_on(unit_id=cast[unit], from_day=FROM, document="QĐ 3-QĐ/ĐU", by=by, at=AT)


def add(cast: Cast, by: Viewer, name: str, status: Status = Status.OFFICIAL) -> Membership:
    return add_member(unit_id=cast[CELL], name=name, status=status, from_day=FROM, by=by, at=AT)


def names(cast: Cast, day: dt.date = DAY) -> list[str]:
    return [one.name for one in roll_of(cast[CELL], day)]


def test_a_committee_switches_names_on_for_its_cells_and_no_others(
    cast: Cast, office: Viewer
) -> None:
    switch_on(cast, office)
    assert names_on(cast[CELL], DAY)
    assert names_on(cast[QUAN_MAU], FROM)
    assert not names_on(cast[CELL], FROM - dt.timedelta(days=1))
    assert not names_on(cast[CELLS[LANG_THU][0]], DAY)
    assert switch_above(cast[CELL], DAY).document == "QĐ 3-QĐ/ĐU"


def test_names_need_a_document_and_are_switched_on_once(cast: Cast, office: Viewer) -> None:
    with pytest.raises(InputError) as told:
        switch_names_on(unit_id=cast[QUAN_MAU], from_day=FROM, document=" ", by=office, at=AT)
    assert told.value.field == "document"
    switch_on(cast, office)
    with pytest.raises(NotNow):
        switch_on(cast, office)


def test_only_the_office_switches_and_only_its_own(cast: Cast, secretary: Viewer) -> None:
    with pytest.raises(NotAllowed):
        switch_on(cast, secretary, CELL)
    stranger = viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    with pytest.raises(NotFound):
        switch_on(cast, stranger)


def test_without_the_switch_no_name_is_taken(cast: Cast, secretary: Viewer) -> None:
    with pytest.raises(NotNow) as told:
        add(cast, secretary, "Nông Thử Ba")
    assert told.value.code == "names-off"


def test_the_list_is_ordered_by_given_name_as_vietnamese_lists_are(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    for name in ("Vi Thử Đông", "Nông  Thử Ba", "Ân Mẫu Dần"):
        add(cast, secretary, name)
    assert names(cast) == ["Nông Thử Ba", "Ân Mẫu Dần", "Vi Thử Đông"]
    assert rolls_of([cast[CELL], cast[NEXT]], DAY).keys() == {cast[CELL], cast[NEXT]}


def test_a_change_keeps_the_person_and_what_was_before(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    one = add(cast, secretary, "Nông Thử Ba", Status.PROBATIONARY)
    told = {"member": one.person_id, "by": secretary, "at": AT}
    later = dt.date(2019, 10, 1)
    change_member(name="Nông Thử Ba", status=Status.OFFICIAL, from_day=later, **told)
    before, after = roll_of(cast[CELL], dt.date(2019, 9, 1)), roll_of(cast[CELL], DAY)
    assert [(r.id, r.status) for r in before] == [(one.person_id, Status.PROBATIONARY)]
    assert [(r.id, r.status) for r in after] == [(one.person_id, Status.OFFICIAL)]
    with pytest.raises(InputError):
        change_member(name="Nông Thử Ba", status=Status.EXEMPT, from_day=FROM, **told)
    # The very day of the last change corrects it.
    change_member(name="Nông Thử Tư", status=Status.EXEMPT, from_day=later, **told)
    assert [(r.name, r.status) for r in roll_of(cast[CELL], DAY)] == [
        ("Nông Thử Tư", Status.EXEMPT)
    ]


def test_whoever_left_is_on_the_list_of_the_day_they_were_there(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    one = add(cast, secretary, "Nông Thử Ba")
    gone = dt.date(2019, 11, 5)
    end_member(member=one.person_id, on=gone, reason="chuyển sinh hoạt", by=secretary, at=AT)
    assert names(cast, gone - dt.timedelta(days=1)) == ["Nông Thử Ba"]
    assert names(cast, gone) == []
    with pytest.raises(NotFound):
        end_member(member=one.person_id, on=DAY, reason="lần nữa", by=secretary, at=AT)


@pytest.mark.parametrize("name", ["", "7", "N" * 121])
def test_a_name_that_is_none_is_refused_at_its_field(
    cast: Cast, office: Viewer, secretary: Viewer, name: str
) -> None:
    switch_on(cast, office)
    with pytest.raises(InputError) as told:
        add(cast, secretary, name)
    assert told.value.field == "name"


def test_the_same_name_twice_asks_what_tells_them_apart(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    add(cast, secretary, "Nông Thị Hoà")
    with pytest.raises(InputError) as told:
        add(cast, secretary, "nông thị Hòa")
    assert told.value.code == "same-name"
    add(cast, secretary, "Nông Thị Hóa")  # another name
    assert len(names(cast)) == 2


def test_a_day_to_come_and_a_list_of_another_cell_are_refused(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    one = add(cast, secretary, "Nông Thử Ba")
    told = {"name": "Vi Thử Tư", "status": Status.OFFICIAL, "at": AT}
    tomorrow = DAY + dt.timedelta(days=1)
    with pytest.raises(InputError):
        add_member(unit_id=cast[CELL], from_day=tomorrow, by=secretary, **told)
    other = viewer(cast, Role.CELL_SECRETARY, NEXT)
    with pytest.raises(NotFound):
        add_member(unit_id=cast[CELL], from_day=FROM, by=other, **told)
    with pytest.raises(NotFound):
        end_member(member=one.person_id, on=DAY, reason="không phải của tôi", by=other, at=AT)
    with pytest.raises(NotNow):
        add_member(unit_id=cast[QUAN_MAU], from_day=FROM, by=office, **told)


def test_an_erased_name_is_nowhere_and_the_act_stays(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    one = add(cast, secretary, "Nông Thử Ba")
    with pytest.raises(NotAllowed):
        erase_member(member=one.person_id, reason="theo đề nghị", by=secretary, at=AT)
    assert erase_member(member=one.person_id, reason="theo đề nghị", by=office, at=AT) == 1
    assert names(cast) == []
    assert "Nông" not in str([*Membership.objects.values(), *Person.objects.values()])
    about = Event.objects.filter(subject=f"person:{one.person_id}")
    assert [event.verb for event in about.order_by("id")] == [
        "roll_member.added", "roll_member.erased",
    ]  # fmt: skip
    assert "Nông" not in str(list(about.values()))


def test_switching_off_goes_back_to_counts_and_may_erase(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch = switch_on(cast, office)
    add(cast, secretary, "Nông Thử Ba")
    told = {"switch_id": switch.pk, "reason": "làm theo số", "by": office, "at": AT}
    assert switch_names_off(erase=True, **told) == 1
    assert not names_on(cast[CELL], DAY)
    assert names(cast) == []
    assert not Person.objects.exclude(name="").exists()
    with pytest.raises(NotNow):
        switch_names_off(erase=False, **told)


def end_cell(cast: Cast, day: dt.date) -> None:
    """The cell lives until the day before."""
    for model in (UnitParent, Appointment, MembershipCount, UnitVersion):
        rows = model.objects.filter(unit_id=cast[CELL])
        rows.update(valid=DateRange(dt.date(2019, 1, 1), day))


def test_a_name_of_a_cell_that_has_ended_is_erased_on_request(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    one = add(cast, secretary, "Nông Thử Ba")
    end_cell(cast, DAY)
    stranger = viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    with pytest.raises(NotFound):
        erase_member(member=one.person_id, reason="theo đề nghị", by=stranger, at=AT)
    assert erase_member(member=one.person_id, reason="theo đề nghị", by=office, at=AT) == 1
    assert not Person.objects.exclude(name="").exists()


def test_switching_off_erases_the_names_of_cells_that_have_ended_too(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch = switch_on(cast, office)
    add(cast, secretary, "Nông Thử Ba")
    end_cell(cast, DAY)
    told = {"switch_id": switch.pk, "reason": "làm theo số", "by": office, "at": AT}
    assert switch_names_off(erase=True, **told) == 1
    assert not Person.objects.exclude(name="").exists()


def test_a_cell_with_names_of_its_own_keeps_them_when_the_committee_goes_back(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office, CELL)
    switch = switch_on(cast, office)
    add(cast, secretary, "Nông Thử Ba")
    switch_names_off(switch_id=switch.pk, reason="làm theo số", erase=True, by=office, at=AT)
    assert names(cast) == ["Nông Thử Ba"]


def test_behind_the_wall_a_cell_reads_its_own_list_and_the_switch_above_it(
    cast: Cast, office: Viewer, secretary: Viewer
) -> None:
    switch_on(cast, office)
    add(cast, secretary, "Nông Thử Ba")
    other = viewer(cast, Role.CELL_SECRETARY, NEXT)
    with transaction.atomic(), behind(secretary, DAY, since=FROM):
        assert names_on(cast[CELL], DAY)
        assert names(cast) == ["Nông Thử Ba"]
    with transaction.atomic(), behind(other, DAY, since=FROM):
        assert names_on(cast[NEXT], DAY)
        assert names(cast) == []
    stranger = viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    with transaction.atomic(), behind(stranger, DAY, since=FROM):
        assert not NamesSwitch.objects.exists()
    assert [one.unit_id for one in switches_visible(office, DAY)] == [cast[QUAN_MAU]]
    assert not switches_visible(stranger, DAY)


def test_nobody_stands_on_two_lists_on_one_day(cast: Cast, office: Viewer) -> None:
    switch_on(cast, office)
    one = add(cast, office, "Nông Thử Ba")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            person=one.person, unit_id=cast[NEXT], status="official", valid=one.valid
        )
