"""A list may not say what an admission or a transfer must say; a change is taken back whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.cast import CELLS, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotNow, RuleBroken
from vungmanh.core.people_words import AdmissionState, MembershipEnd, TransferKind
from vungmanh.core.people_words import AdmissionStepKind as Step
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.meetings.actions.roll import switch_names_on
from vungmanh.org.actions.admissions import begin_admission, record_step, stop_admission
from vungmanh.org.actions.duplicates import merge_persons, undo_pair
from vungmanh.org.actions.people import end_membership, enlist, set_standing, undo_last_change
from vungmanh.org.actions.transfers import (
    TransferWish,
    accept_transfer,
    send_transfer,
    take_back_acceptance,
)
from vungmanh.org.member_lists import review_lists
from vungmanh.org.models import Admission, Membership, Person, PersonPair
from vungmanh.org.queries import members_of

pytestmark = pytest.mark.django_db
S = MembershipStatus
CELL, NEXT, _ = CELLS[QUAN_MAU]
FIRST, DAY = dt.date(2025, 7, 1), dt.date(2026, 9, 20)
AT = dt.datetime(2026, 9, 20, 5, tzinfo=dt.UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 2, 1))


@pytest.fixture
def office(cast: Cast) -> Viewer:
    office = viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=DAY)
    switch_names_on(unit_id=cast[QUAN_MAU], from_day=FIRST, document="QĐ 1", by=office, at=AT)
    return office


def stands(row: Membership, status: MembershipStatus, day: dt.date, by: Viewer, **more: Any) -> Any:
    return set_standing(person=row.person_id, status=status, from_day=day, by=by, at=AT, **more)


def probationary(cast: Cast, by: Viewer) -> Admission:
    """Admitted in the cell on 19/9/2025."""
    one = begin_admission(
        unit_id=cast[CELL], who="Nông Thử Mới", born_on=dt.date(2000, 1, 1), begun_on=FIRST,
        by=by, at=AT,
    )  # fmt: skip
    days = {Step.DOSSIER: (7, 10), Step.CELL_RESOLUTION: (8, 1), Step.DECISION: (9, 1),
            Step.CEREMONY: (9, 19)}  # fmt: skip
    for revision, (step, (month, day)) in enumerate(days.items(), start=1):
        record_step(
            admission_id=one.pk, step=step, done_on=dt.date(2025, month, day), document="QĐ 7",
            revision=revision, by=by, at=AT,
        )  # fmt: skip
    return Admission.objects.get()


def test_a_probation_ends_by_its_rule_on_a_list_too(cast: Cast, office: Viewer) -> None:
    row = listed(cast[CELL], "Vi Thử An", status="probationary", since=FIRST)
    Person.objects.filter(pk=row.person_id).update(joined_on=FIRST)
    for day, code in ((dt.date(2026, 6, 30), "probation-short"),
                      (dt.date(2026, 8, 1), "probation-long")):  # fmt: skip
        with pytest.raises(RuleBroken) as told:
            stands(row, S.OFFICIAL, day, office)
        assert (told.value.code, told.value.rule_id) == (code, "QD294-2025-ket-nap")
    stands(row, S.OFFICIAL, dt.date(2026, 7, 1), office)


def test_whoever_has_a_dossier_becomes_official_by_it(cast: Cast, office: Viewer) -> None:
    probationary(cast, office)
    row = Membership.objects.get()
    with pytest.raises(NotNow) as told:
        stands(row, S.OFFICIAL, dt.date(2026, 9, 19), office)
    assert told.value.code == "by-admission"


def test_a_suspension_needs_its_document_and_a_guest_a_transfer(cast: Cast, office: Viewer) -> None:
    row = listed(cast[CELL], "Vi Thử An", since=FIRST)
    with pytest.raises(InputError) as blank:
        stands(row, S.SUSPENDED, DAY, office)
    assert (blank.value.field, blank.value.code) == ("document", "blank")
    stands(row, S.SUSPENDED, DAY, office, document="QĐ 5")
    undo_last_change(person=row.person_id, reason="nhầm", by=office, at=AT)
    with pytest.raises(NotNow) as guest:
        stands(row, S.TEMPORARY_IN, DAY, office)
    assert guest.value.code == "by-transfer"


def test_whoever_is_away_comes_back_by_a_transfer_and_leaves_both_lists_at_death(
    cast: Cast, office: Viewer
) -> None:
    row = listed(cast[CELL], "Vi Thử An", since=FIRST)
    wish = TransferWish(
        TransferKind.TEMPORARY, dt.date(2026, 1, 5), "GT 1", from_unit=cast[CELL],
        to_unit=cast[NEXT], person=row.person_id, until=dt.date(2026, 9, 1),
    )  # fmt: skip
    sent = send_transfer(wish=wish, by=office, at=AT)
    on = dt.date(2026, 2, 1)
    accept_transfer(transfer_id=sent.pk, on=on, by=office, at=AT, revision=1)
    with pytest.raises(NotNow, match="Trở về"):
        stands(row, S.OFFICIAL, DAY, office)
    died = {"person": row.person_id, "way": MembershipEnd.DIED, "on": dt.date(2026, 3, 1)}
    end_membership(reason="từ trần", by=office, at=AT, **died)
    assert not Membership.objects.filter(valid__endswith=None)
    assert members_of(cast[NEXT], DAY)[S.TEMPORARY_IN] == 0
    assert members_of(cast[CELL], DAY) == {S.OFFICIAL: 8, S.TEMPORARY_OUT: 0}
    undo_last_change(person=row.person_id, reason="nhầm người", by=office, at=AT)
    assert members_of(cast[NEXT], DAY)[S.TEMPORARY_IN] == 1
    assert members_of(cast[CELL], DAY) == {S.OFFICIAL: 8, S.TEMPORARY_OUT: 1}
    assert Membership.objects.filter(valid__endswith=None).count() == 2


def test_the_dossier_of_somebody_who_died_is_closed_and_counts_nobody_twice(
    cast: Cast, office: Viewer
) -> None:
    way = probationary(cast, office)
    person = Membership.objects.get().person_id
    assert members_of(cast[CELL], DAY)[S.PROBATIONARY] == 1
    end_membership(
        person=person, way=MembershipEnd.DIED, on=DAY, reason="từ trần", by=office, at=AT
    )
    stop_admission(
        admission_id=way.pk, on=DAY, reason="từ trần", by=office, at=AT, revision=way.revision
    )
    way.refresh_from_db()
    assert way.state == AdmissionState.STOPPED
    assert members_of(cast[CELL], DAY)[S.PROBATIONARY] == 0


def test_a_dossier_moves_with_somebody_probationary_and_returns(cast: Cast, office: Viewer) -> None:
    way = probationary(cast, office)
    person = Membership.objects.get().person_id
    wish = TransferWish(
        TransferKind.OFFICIAL, dt.date(2026, 1, 5), "GT 1", from_unit=cast[CELL],
        to_unit=cast[NEXT], person=person,
    )  # fmt: skip
    sent = send_transfer(wish=wish, by=office, at=AT)
    accept_transfer(transfer_id=sent.pk, on=dt.date(2026, 2, 1), by=office, at=AT, revision=1)
    way.refresh_from_db()
    assert way.unit_id == cast[NEXT]
    take_back_acceptance(transfer_id=sent.pk, reason="nhầm", by=office, at=AT, revision=2)
    way.refresh_from_db()
    assert way.unit_id == cast[CELL]


def test_a_first_day_put_right_moves_the_count_that_came_with_it(
    cast: Cast, office: Viewer
) -> None:
    for number in range(9):
        listed(cast[CELL], f"Vi Thử {chr(65 + number)}n", since=FIRST)
    row = enlist(
        unit_id=cast[CELL], name="Nông Thử Mười", status=S.OFFICIAL, from_day=DAY, by=office, at=AT
    )
    stands(row, S.PROBATIONARY, DAY, office)
    assert members_of(cast[CELL], DAY) == {S.OFFICIAL: 9, S.PROBATIONARY: 1}


def test_another_name_is_taken_back_with_its_change(cast: Cast, office: Viewer) -> None:
    row = enlist(
        unit_id=cast[CELL], name="Vi Thử An", status=S.OFFICIAL, from_day=FIRST, by=office, at=AT
    )
    stands(row, S.OFFICIAL, FIRST, office, name="Vi Thử Ân")
    assert Person.objects.get().name == "Vi Thử Ân"
    undo_last_change(person=row.person_id, reason="ghi nhầm", by=office, at=AT)
    one = Person.objects.get()
    assert (one.name, one.name_fold) == ("Vi Thử An", "vi thu an")
    undo_last_change(person=row.person_id, reason="ghi nhầm", by=office, at=AT)
    assert not Membership.objects.exists()


def test_what_was_merged_is_taken_apart_before_an_older_record_goes(
    cast: Cast, office: Viewer
) -> None:
    told = {"by": office, "at": AT}
    rows = [
        enlist(unit_id=cast[name], name="Vi Thử An", status=S.OFFICIAL, from_day=day, **told)
        for name, day in ((CELL, FIRST), (NEXT, DAY))
    ]
    kept, gone = (row.person_id for row in rows)
    end_membership(person=kept, way=MembershipEnd.OTHER, on=DAY, reason="sang nơi kia", **told)
    later = {"by": office, "at": AT + dt.timedelta(minutes=1)}
    merge_persons(kept=kept, gone=gone, reason="một người", **later)
    with pytest.raises(NotNow) as refused:
        undo_last_change(person=kept, reason="nhầm", **later)
    assert refused.value.code == "merged-since"
    undo_pair(pair_id=PersonPair.objects.get().pk, reason="nhầm", **later)
    undo_last_change(person=kept, reason="nhầm", **later)
    assert Membership.objects.filter(person=kept, valid__endswith=None).exists()


def test_an_exemption_keeps_its_last_day_in_the_next_cell(cast: Cast, office: Viewer) -> None:
    row = listed(cast[CELL], "Vi Thử An", since=FIRST)
    until = dt.date(2026, 6, 30)
    stands(row, S.EXEMPT, dt.date(2025, 12, 1), office, until=until, document="NQ 4")
    wish = TransferWish(
        TransferKind.OFFICIAL, dt.date(2026, 1, 5), "GT 1", from_unit=cast[CELL],
        to_unit=cast[NEXT], person=row.person_id,
    )  # fmt: skip
    sent = send_transfer(wish=wish, by=office, at=AT)
    accept_transfer(transfer_id=sent.pk, on=dt.date(2026, 2, 1), by=office, at=AT, revision=1)
    assert Membership.objects.get(unit_id=cast[NEXT]).planned_until == until
    assert [one.unit_id for one in review_lists(office, DAY).exempt_past] == [cast[NEXT]]
