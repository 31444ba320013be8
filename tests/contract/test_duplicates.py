"""Two entries of one person: told apart, merged, and every row put back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.same_person import Sign, Sureness
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.meetings.actions.roll import erase_member
from vungmanh.org.actions.duplicates import merge_persons, say_different, undo_pair
from vungmanh.org.counts import counts_as_of
from vungmanh.org.duplicates import likely_pairs, spoken_of
from vungmanh.org.merge_effects import OverlapChoice
from vungmanh.org.models import Admission, Membership, MembershipCount, NamesSwitch, Person

CELL, NEXT, _ = CELLS[QUAN_MAU]
TODAY = dt.date(2026, 11, 1)
BORN = dt.date(1980, 3, 4)
WHY: dict[str, Any] = {"reason": "nhập hai lần", "at": AT}


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast(first=dt.date(2019, 1, 1))
    for unit in (QUAN_MAU, LANG_THU):
        NamesSwitch.objects.create(unit_id=made[unit], from_day=dt.date(2019, 1, 1), document="QĐ")
    return made


def office(cast: Cast, unit: str = QUAN_MAU, role: Role = Role.COMMITTEE_OFFICE) -> Viewer:
    return viewer_for(cast.user(f"{role}.{unit}", role, unit), on=TODAY, role=role)


def known(row: Membership, **fields: Any) -> Person:
    person = row.person
    for name, value in fields.items():
        setattr(person, name, value)
    if "name" in fields:
        person.name_fold = fold(person.name)
    person.save()
    return person


def everything() -> list[Any]:
    """Every row a merge may touch, as it stands."""
    return [
        sorted(
            map(
                str, Membership.objects.values_list("id", "person", "unit", "valid", "status", "by")
            )
        ),
        sorted(
            map(str, Person.objects.values_list("id", "external_key", "born_on", "merged_into"))
        ),
        sorted(map(str, MembershipCount.objects.values_list("unit", "status", "valid", "count"))),
        sorted(map(str, Admission.objects.values_list("id", "person"))),
    ]


def test_pairs_are_found_told_apart_and_asked_about_again_only_when_that_is_taken_back(
    cast: Cast,
) -> None:
    first = known(listed(cast[CELL], "Nông Thử Hoà"), born_on=BORN)
    second = known(listed(cast[NEXT], "nông thử hòa"), born_on=BORN.replace(day=3, month=4))
    stranger = known(listed(cast[CELLS[LANG_THU][0]], "Nông Thử Hòa"), born_on=BORN)
    ours = office(cast)
    pair = likely_pairs(ours, TODAY)[0]
    assert {pair.first, pair.second} == {first.pk, second.pk}
    assert pair.signs == (Sign.NAME_SAME, Sign.BORN_SWAPPED)
    assert pair.sureness is Sureness.LIKELY
    assert len(likely_pairs(office(cast, PROVINCE), TODAY)) == 3  # with the neighbour's
    assert likely_pairs(office(cast, CELL, Role.CELL_SECRETARY), TODAY) == []
    said = say_different(first=first.pk, second=second.pk, by=ours, **WHY)
    assert likely_pairs(ours, TODAY) == []
    assert list(spoken_of(ours, TODAY)) == [said]
    with pytest.raises(NotNow):
        merge_persons(kept=second.pk, gone=first.pk, by=ours, **WHY)
    undo_pair(pair_id=said.pk, by=ours, **WHY)
    assert len(likely_pairs(ours, TODAY)) == 1
    for other, refusal in (
        (office(cast, LANG_THU), NotFound), (office(cast, CELL, Role.OVERSEER), NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            merge_persons(kept=first.pk, gone=second.pk, by=other, **WHY)
    with pytest.raises(NotFound):
        merge_persons(kept=first.pk, gone=stranger.pk, by=ours, **WHY)
    verbs = Event.objects.filter(subject=f"person:{first.pk}").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "person.told_apart",
        "person.apart_undone",
    ]


def test_a_merge_moves_every_row_resolves_what_overlaps_and_is_undone_to_the_last_row(
    cast: Cast,
) -> None:
    ours = office(cast)
    stays = listed(cast[CELL], "Nông Thử Hòa", since=dt.date(2020, 1, 1))
    goes = listed(cast[NEXT], "Nông Thử Hoa", since=dt.date(2024, 1, 1))
    kept = known(stays, born_on=BORN, external_key="111")
    gone = known(goes, joined_on=dt.date(2010, 5, 6), external_key="0222")
    Membership.objects.create(
        person=gone, unit_id=cast[NEXT], status="official",
        valid=DateRange(dt.date(2019, 6, 1), dt.date(2020, 3, 1)), ended_by_way="moved",
    )  # fmt: skip
    way = Admission.objects.create(
        unit_id=cast[NEXT], person=gone, begun_on="2019-01-05", state="official"
    )
    Membership.objects.update(by=ours.user)  # as whoever writes a list leaves it
    before = everything()
    with pytest.raises(InputError) as told:
        merge_persons(kept=kept.pk, gone=gone.pk, by=ours, **WHY)
    assert told.value.field == "overlap"
    assert everything() == before
    counted = counts_as_of(ours, [cast[CELL]], TODAY)[cast[CELL]]
    pair = merge_persons(
        kept=kept.pk, gone=gone.pk, by=ours, overlap=OverlapChoice.LATER, counted_twice=True, **WHY
    )
    spans = Membership.objects.filter(person=kept).order_by("valid").values_list("unit", "valid")
    assert [(unit, span.lower, span.upper) for unit, span in spans] == [
        (cast[NEXT], dt.date(2019, 6, 1), dt.date(2020, 1, 1)),  # the later replaces the earlier
        (cast[CELL], dt.date(2020, 1, 1), dt.date(2024, 1, 1)),
        (cast[NEXT], dt.date(2024, 1, 1), None),
    ]
    less = counts_as_of(ours, [cast[CELL]], TODAY)[cast[CELL]]
    official = MembershipStatus.OFFICIAL
    assert less[official] == counted[official] - 1
    kept.refresh_from_db(), gone.refresh_from_db(), way.refresh_from_db()
    assert (kept.external_key, kept.joined_on) == ("111", gone.joined_on)
    assert (gone.external_key, gone.merged_into_id) == ("0222", kept.pk)  # both keys are kept
    assert way.person_id == kept.pk
    assert "Hoa" not in str(pair.journal)
    assert likely_pairs(ours, TODAY) == []
    row = Membership.objects.get(person=kept, valid__endswith=None)
    Membership.objects.filter(pk=row.pk).update(status="exempt")
    with pytest.raises(NotNow) as late:
        undo_pair(pair_id=pair.pk, by=ours, **WHY)
    assert late.value.code == "changed-since"
    Membership.objects.filter(pk=row.pk).update(status="official")
    undo_pair(pair_id=pair.pk, by=ours, **WHY)
    assert everything() == before
    # The other choice: what overlaps is dropped, what lies before stays.
    again = merge_persons(kept=kept.pk, gone=gone.pk, by=ours, overlap=OverlapChoice.FIRST, **WHY)
    assert Membership.objects.filter(person=kept).count() == 2
    undo_pair(pair_id=again.pk, by=ours, **WHY)
    assert everything() == before
    last = merge_persons(kept=kept.pk, gone=gone.pk, by=ours, overlap=OverlapChoice.FIRST, **WHY)
    erase_member(member=kept.pk, reason="theo đề nghị", by=ours, at=AT)
    gone.refresh_from_db()
    assert (gone.name, gone.external_key) == ("", "")
    with pytest.raises(NotFound):
        undo_pair(pair_id=last.pk, by=ours, **WHY)


def test_whoever_does_not_hold_every_place_of_the_two_leaves_the_merge_to_a_committee_above(
    cast: Cast,
) -> None:
    first = known(listed(cast[CELL], "Nông Thử Hòa", since=dt.date(2024, 1, 1)), born_on=BORN)
    second = known(listed(cast[NEXT], "Nông Thử Hòa", since=dt.date(2025, 1, 1)), born_on=BORN)
    Membership.objects.create(
        person=second, unit_id=cast[CELLS[LANG_THU][0]], status="official",
        valid=DateRange(dt.date(2020, 1, 1), dt.date(2021, 1, 1)), ended_by_way="moved",
    )  # fmt: skip
    choice = OverlapChoice.LATER
    with pytest.raises(NotNow) as told:
        merge_persons(kept=first.pk, gone=second.pk, by=office(cast), overlap=choice, **WHY)
    assert told.value.code == "out-of-reach"
    above = office(cast, PROVINCE)
    merge_persons(kept=first.pk, gone=second.pk, by=above, overlap=choice, **WHY)
    assert Membership.objects.filter(person=first).count() == 3
