"""Names follow the counts through a reform, and papers on their way follow the names."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from tests.cast import AT, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from tests.contract.test_reform_engine import Desk, new_cell
from tests.property.test_reform_conserves import membership_rows
from tests.property.test_transfers_conserve import office, wish
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import MembershipEnd, TransferKind, TransferState
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.reform_people import allot_people
from vungmanh.org.actions.transfers import accept_transfer, return_from_stay, send_transfer
from vungmanh.org.models import (
    Admission,
    Membership,
    MembershipCount,
    MemberTransfer,
    NamesSwitch,
)
from vungmanh.org.queries import members_of
from vungmanh.org.reform.preview import preview_of
from vungmanh.org.reform.steps import End, Merge, Part, Split
from vungmanh.org.reform.undo import blockers_of_undo

pytestmark = pytest.mark.django_db

HERE, NEXT, THIRD = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Ăn Mẫu"
OVER, FAR = "Chi bộ thôn Bản Thử", "Chi bộ thôn Khuổi Thử"
DAY, TODAY = dt.date(2026, 6, 1), AT.date()
OFFICIAL = MembershipStatus.OFFICIAL


def at_home(person: UUID, day: dt.date) -> list[UUID]:
    rows = Membership.objects.filter(person_id=person, valid__contains=day)
    return list(rows.values_list("unit_id", flat=True))


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(last=dt.date(2018, 12, 1))
    cast.names_on(QUAN_MAU, LANG_THU)
    return cast


def test_a_merger_carries_names_transfers_and_admissions_and_undo_returns_them(cast: Cast) -> None:
    desk, here, over = Desk(cast), office(cast, QUAN_MAU), office(cast, LANG_THU)
    moving, guest, leaver, comer = (
        listed(cast[HERE], f"Vi Thử {number}").person_id for number in range(4)
    )
    stay = send_transfer(
        wish=wish(cast, HERE, OVER, kind=TransferKind.TEMPORARY, person=guest,
                  until=dt.date(2026, 12, 1)), by=here, at=AT,
    )  # fmt: skip
    accept_transfer(transfer_id=stay.pk, on=dt.date(2026, 2, 1), by=over, at=AT, revision=1)
    out = send_transfer(wish=wish(cast, HERE, OVER, person=leaver), by=here, at=AT)
    inside = send_transfer(wish=wish(cast, HERE, NEXT, person=comer), by=here, at=AT)
    case = Admission.objects.create(
        unit_id=cast[HERE], alias="Quần chúng 1", begun_on=dt.date(2026, 1, 5), state="open"
    )
    rows, counted = membership_rows(), members_of(cast[NEXT], DAY)
    draft = desk.draft(Merge((desk.id(HERE),), desk.id(NEXT)), on=DAY)
    told = preview_of(desk.analyst, draft).consequences
    assert told is not None
    [goes] = told.lists
    assert (goes.unit.name, goes.to and goes.to.name, goes.count) == (HERE, NEXT, 4)
    assert {one.what: one.count for one in told.open_work} == {
        "chuyển sinh hoạt chưa xong": 2, "hồ sơ kết nạp đang làm": 1,
    }  # fmt: skip
    reform = desk.commit(draft)
    assert at_home(moving, DAY) == [cast[NEXT]]
    assert at_home(moving, TODAY) == [cast[NEXT]]
    assert at_home(moving, DAY - dt.timedelta(days=1)) == [cast[HERE]]
    closed = Membership.objects.get(person_id=moving, unit_id=cast[HERE])
    assert closed.ended_by_way == MembershipEnd.REFORM
    assert sorted(at_home(guest, DAY)) == sorted([cast[NEXT], cast[OVER]])
    out.refresh_from_db(), inside.refresh_from_db(), case.refresh_from_db()
    assert (out.from_unit_id, out.to_unit_id, out.state) == (cast[NEXT], cast[OVER], "sent")
    assert inside.state == TransferState.WITHDRAWN
    assert "một" in inside.reason
    assert case.unit_id == cast[NEXT]
    desk.undo(reform)
    assert membership_rows() == rows
    assert members_of(cast[NEXT], DAY) == counted
    out.refresh_from_db(), inside.refresh_from_db(), case.refresh_from_db()
    assert (out.from_unit_id, inside.state, inside.reason) == (cast[HERE], "sent", "")
    assert case.unit_id == cast[HERE]
    # Once more, and now life goes on: what is done since stands in the way of undoing.
    reform = desk.does(Merge((desk.id(HERE),), desk.id(NEXT)), on=DAY)
    out.refresh_from_db()
    accept_transfer(
        transfer_id=out.pk, on=dt.date(2026, 7, 1), by=over, at=AT, revision=out.revision
    )
    assert at_home(leaver, TODAY) == [cast[OVER]]
    assert members_of(cast[NEXT], TODAY)[OFFICIAL] == 9 + 9 - 1 - 1  # one away, one gone
    back = return_from_stay(
        transfer_id=stay.pk, decided_on=dt.date(2026, 8, 1), document="GT 2", by=over, at=AT
    )
    assert back.to_unit_id == cast[NEXT]  # what the home became
    accept_transfer(transfer_id=back.pk, on=dt.date(2026, 8, 2), by=here, at=AT, revision=1)
    assert at_home(guest, TODAY) == [cast[NEXT]]
    words = " ".join(blockers_of_undo(reform))
    assert "Danh sách đảng viên" in words
    assert "chuyển sinh hoạt" in words
    with pytest.raises(NotNow):
        desk.undo(reform)


def test_of_a_split_a_person_says_who_goes_where_and_counts_follow_the_names(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast, QUAN_MAU)
    people = [listed(cast[HERE], f"Hà Thử {number}").person_id for number in range(9)]
    waiting = send_transfer(wish=wish(cast, HERE, OVER, person=people[0]), by=here, at=AT)
    counts = send_transfer(wish=wish(cast, OVER, HERE, count=1), by=office(cast, LANG_THU), at=AT)
    case = Admission.objects.create(
        unit_id=cast[HERE], alias="Quần chúng 1", begun_on=dt.date(2026, 1, 5), state="open"
    )
    parts = (Part("#moi", 0.7), Part(desk.id(NEXT), 0.3))
    founded = new_cell("moi", desk.id(QUAN_MAU), "Chi bộ thôn Mới Thử")
    draft = desk.draft(founded, Split(desk.id(HERE), parts), on=DAY, by=here)
    [problem] = preview_of(desk.analyst, draft).problems
    assert problem.rule == "split-people"
    assert "9 người" in problem.message
    who = {person: "#moi" if number < 2 else desk.id(NEXT) for number, person in enumerate(people)}
    told = {"reform_id": draft.pk, "unit_id": cast[HERE], "by": here, "at": AT}
    with pytest.raises(InputError):
        allot_people(who={**who, people[0]: desk.id(FAR)}, **told)
    with pytest.raises(InputError):
        allot_people(who={people[0]: "#moi"}, **told)
    with pytest.raises(NotFound):
        allot_people(who=who, **told | {"unit_id": cast[NEXT]})
    draft = allot_people(who=who, **told)
    rows = membership_rows()
    reform = desk.commit(draft)
    new = UUID(reform.journal["created"][0])
    assert [at_home(person, DAY) for person in people[:3]] == [[new], [new], [cast[NEXT]]]
    assert members_of(new, DAY) == {OFFICIAL: 2}
    assert members_of(cast[NEXT], DAY)[OFFICIAL] == 9 + 7
    waiting.refresh_from_db(), counts.refresh_from_db(), case.refresh_from_db()
    assert (waiting.from_unit_id, waiting.state) == (new, "sent")
    assert (counts.to_unit_id, counts.state) == (cast[HERE], "withdrawn")  # to be made anew
    assert case.unit_id == new  # the larger share
    assert blockers_of_undo(reform) == []
    desk.undo(reform)
    assert membership_rows() == rows
    assert set(MemberTransfer.objects.values_list("state", flat=True)) == {"sent"}
    assert not Membership.objects.filter(unit_id=new).exists()


def test_who_goes_nowhere_leaves_list_and_count_alike(cast: Cast) -> None:
    desk = Desk(cast)
    person = listed(cast[FAR], "Lý Thử").person_id
    same_day = listed(cast[FAR], "Lý Thử Hai", since=DAY).person_id
    draft = desk.draft(End(desk.id(FAR)), on=DAY)
    assert preview_of(desk.analyst, draft).consequences.lists[0].to is None
    rows = membership_rows()
    reform = desk.commit(draft)
    assert at_home(person, DAY) == at_home(same_day, DAY) == []
    assert not MembershipCount.objects.filter(unit_id=cast[FAR], valid__contains=DAY).exists()
    desk.undo(reform)
    assert membership_rows() == rows
    later = listed(cast[OVER], "Lý Thử Ba", since=dt.date(2026, 9, 1))
    draft = desk.draft(Merge((desk.id(OVER),), desk.id(FAR)), on=DAY)
    [problem] = preview_of(desk.analyst, draft).problems
    assert later.pk
    assert problem.rule == "changed-later"
    assert "danh sách tên" in problem.message


def test_who_stays_in_the_very_cell_that_takes_theirs_is_told_of_beforehand(cast: Cast) -> None:
    desk, here, over = Desk(cast), office(cast, QUAN_MAU), office(cast, LANG_THU)
    guest = listed(cast[HERE], "Vi Thử").person_id
    stay = send_transfer(
        wish=wish(cast, HERE, OVER, kind=TransferKind.TEMPORARY, person=guest,
                  until=dt.date(2026, 12, 1)), by=here, at=AT,
    )  # fmt: skip
    accept_transfer(transfer_id=stay.pk, on=dt.date(2026, 2, 1), by=over, at=AT, revision=1)
    rows, counted = membership_rows(), members_of(cast[OVER], DAY)
    draft = desk.draft(Merge((desk.id(HERE),), desk.id(OVER)), on=DAY)

    def told() -> str:
        found = preview_of(desk.analyst, draft).consequences
        assert found is not None
        return " ".join(found.warnings)

    assert "1 người đang sinh hoạt tạm thời giữa hai nơi nay thành một" in told()
    desk.undo(desk.commit(draft))
    assert membership_rows() == rows
    assert members_of(cast[OVER], DAY) == counted
    back = return_from_stay(
        transfer_id=stay.pk, decided_on=dt.date(2026, 5, 1), document="GT 2", by=over, at=AT
    )
    accept_transfer(transfer_id=back.pk, on=dt.date(2026, 5, 2), by=here, at=AT, revision=1)
    assert "tạm thời" not in told()


def test_a_reform_says_where_names_meet_mere_numbers(cast: Cast) -> None:
    desk = Desk(cast)
    NamesSwitch.objects.filter(unit_id=cast[LANG_THU]).delete()
    listed(cast[HERE], "Vi Thử")

    def warned(source: str, target: str) -> str:
        draft = desk.draft(Merge((desk.id(source),), desk.id(target)), on=DAY)
        told = preview_of(desk.analyst, draft).consequences
        assert told is not None
        return " ".join(told.warnings)

    assert f"{HERE} ghi theo tên, nơi nhận chỉ ghi theo số" in warned(HERE, OVER)
    assert f"{OVER} chỉ ghi theo số, nơi nhận ghi theo tên" in warned(OVER, HERE)
    assert "theo tên" not in warned(HERE, NEXT)
