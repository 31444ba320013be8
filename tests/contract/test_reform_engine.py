"""One road for every change of the register: drafted, looked at, committed, taken back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from vungmanh.access.models import Event, RoleGrant
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow, RuleBroken
from vungmanh.core.vocabulary import LineageKind, MembershipStatus, Reach, Role, Sector, UnitKind
from vungmanh.meetings.models import MeetingReport
from vungmanh.org.actions.reforms import (
    commit_reform,
    discard_reform,
    draft_reform,
    revise_reform,
    undo_reform,
)
from vungmanh.org.models import (
    Ancestry,
    Appointment,
    Lineage,
    MembershipCount,
    Reform,
    Unit,
    UnitVersion,
)
from vungmanh.org.queries import closure_differences, members_of, path_above
from vungmanh.org.reform.load import load_structure
from vungmanh.org.reform.queries import reforms_visible
from vungmanh.org.reform.speakers import speakers_of_units
from vungmanh.org.reform.steps import (
    Change,
    Create,
    End,
    Merge,
    Move,
    Part,
    Split,
    Step,
    steps_from_json,
)
from vungmanh.org.reform.undo import blockers_of_undo
from vungmanh.strengthening.models import Flag

pytestmark = pytest.mark.django_db

DAY = dt.date(2020, 7, 1)
NA_MAU, DOI_MAU = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu"
BAN_THU, KHUOI_THU = "Chi bộ thôn Bản Thử", "Chi bộ thôn Khuổi Thử"
REGISTER = (
    "org_unit", "org_unitversion", "org_unitparent", "org_unitclosure", "org_membershipcount",
    "org_appointment", "org_admissioncount", "org_lineage", "org_ancestry", "access_rolegrant",
)  # fmt: skip


def register() -> dict[str, list[str]]:
    """Every row of the register as text; ids of rows that triggers write are left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in REGISTER:
            without = "- 'id'" if table in {"org_unitclosure", "org_ancestry"} else ""
            cursor.execute(f"SELECT (to_jsonb(t) {without})::text FROM {table} t")
            found[table] = sorted(text for (text,) in cursor.fetchall())
    return found


def hold_deferred() -> None:
    """Ask the database now what it would ask at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Desk:
    """An analyst at work on the cast."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.analyst = viewer_for(cast.user("phantich", Role.PROVINCIAL_ANALYST), on=AT.date())

    def id(self, name: str) -> str:
        return str(self.cast[name])

    def draft(self, *steps: Step, on: dt.date = DAY, by: Viewer | None = None) -> Reform:
        return draft_reform(
            title="Sắp xếp thử",
            document="Quyết định số 01 thử",
            signed_on=on,
            effective_on=on,
            steps=steps,
            by=by or self.analyst,
            at=AT,
        )

    def commit(self, reform: Reform) -> Reform:
        done = commit_reform(reform_id=reform.pk, basis=basis_of(reform), by=self.analyst, at=AT)
        hold_deferred()
        return done

    def does(self, *steps: Step, on: dt.date = DAY) -> Reform:
        return self.commit(self.draft(*steps, on=on))

    def undo(self, reform: Reform) -> Reform:
        done = undo_reform(reform_id=reform.pk, reason="Nhầm", by=self.analyst, at=AT)
        hold_deferred()
        return done


def basis_of(reform: Reform) -> str:
    return load_structure(steps_from_json(reform.steps), reform.effective_on).basis


@pytest.fixture
def desk() -> Desk:
    return Desk(make_cast())


def name_on(desk: Desk, unit: str, day: dt.date) -> str:
    return UnitVersion.objects.get(unit_id=desk.cast[unit], valid__contains=day).name


def test_a_new_name_holds_from_its_day_and_the_old_one_before(desk: Desk) -> None:
    desk.does(Change(desk.id(QUAN_MAU), name="Đảng bộ xã Quan Mới"))
    assert name_on(desk, QUAN_MAU, DAY - dt.timedelta(days=1)) == QUAN_MAU
    assert name_on(desk, QUAN_MAU, DAY) == "Đảng bộ xã Quan Mới"


def test_a_moved_cell_stands_under_its_new_parent_from_the_day(desk: Desk) -> None:
    desk.does(Move(desk.id(NA_MAU), desk.id(LANG_THU)))
    before = path_above(desk.cast[NA_MAU], DAY - dt.timedelta(days=1))
    after = path_above(desk.cast[NA_MAU], DAY)
    assert [version.name for version in before] == [PROVINCE, QUAN_MAU]
    assert [version.name for version in after] == [PROVINCE, LANG_THU]
    assert closure_differences() == []


def test_merged_cells_add_their_members_and_leave_their_lineage(desk: Desk) -> None:
    reform = desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))
    assert members_of(desk.cast[KHUOI_THU], DAY) == {MembershipStatus.OFFICIAL: 18}
    assert members_of(desk.cast[BAN_THU], DAY) == {}
    assert members_of(desk.cast[BAN_THU], DAY - dt.timedelta(days=1)) == {
        MembershipStatus.OFFICIAL: 9
    }
    line = Lineage.objects.get()
    assert (line.predecessor_id, line.successor_id) == (desk.cast[BAN_THU], desk.cast[KHUOI_THU])
    assert (line.kind, line.share, line.on, line.reform) == (LineageKind.MERGE, 1, DAY, reform)
    assert Ancestry.objects.get().successor_id == desk.cast[KHUOI_THU]


def test_cells_of_a_merged_commune_follow_it(desk: Desk) -> None:
    desk.does(Merge((desk.id(LANG_THU),), desk.id(QUAN_MAU)))
    assert path_above(desk.cast[BAN_THU], DAY)[-1].name == QUAN_MAU
    assert closure_differences() == []


def new_cell(ref: str, parent: str, name: str = "Chi bộ thôn Mới Thử") -> Create:
    return Create(ref, name, UnitKind.CHI_BO, Sector.VILLAGE, "Mẫu Thượng", "", False, parent)


def test_two_cells_become_a_third_that_did_not_exist(desk: Desk) -> None:
    desk.does(
        new_cell("moi", desk.id(LANG_THU)),
        Merge((desk.id(BAN_THU), desk.id(KHUOI_THU)), "#moi"),
    )
    founded = UnitVersion.objects.get(name="Chi bộ thôn Mới Thử")
    assert founded.valid.lower == DAY
    assert members_of(founded.unit_id, DAY) == {MembershipStatus.OFFICIAL: 18}
    assert Unit.objects.get(pk=founded.unit_id).is_simulated


def test_a_split_allots_every_member_by_share(desk: Desk) -> None:
    desk.does(
        new_cell("a", desk.id(LANG_THU), "Chi bộ Một"),
        new_cell("b", desk.id(LANG_THU), "Chi bộ Hai"),
        Split(desk.id(BAN_THU), (Part("#a", 0.5), Part("#b", 0.5))),
    )
    parts = [
        members_of(UnitVersion.objects.get(name=name).unit_id, DAY)[MembershipStatus.OFFICIAL]
        for name in ("Chi bộ Một", "Chi bộ Hai")
    ]
    assert parts == [5, 4]
    assert {line.share for line in Lineage.objects.all()} == {0.5}


def test_posts_end_with_their_unit_and_roles_go_on_in_its_successor(desk: Desk) -> None:
    user = desk.cast.user("bithu", Role.CELL_SECRETARY, BAN_THU)
    desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))
    assert Appointment.objects.get(unit_id=desk.cast[BAN_THU]).valid.upper == DAY
    roles = RoleGrant.objects.filter(user=user).order_by("valid")
    assert [(role.unit_id, role.valid.lower, role.valid.upper) for role in roles] == [
        (desk.cast[BAN_THU], dt.date(2014, 1, 1), AT.date()),
        (desk.cast[KHUOI_THU], AT.date(), None),
    ]


def test_whoever_holds_the_role_in_the_successor_gets_it_no_second_time(desk: Desk) -> None:
    user = desk.cast.user("phutrach", Role.OVERSEER, BAN_THU)
    RoleGrant.objects.create(
        user=user, role=Role.OVERSEER, unit_id=desk.cast[KHUOI_THU], reach=Reach.UNIT,
        valid=(dt.date(2015, 1, 1), None),
    )  # fmt: skip
    desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))
    assert RoleGrant.objects.filter(user=user, unit_id=desk.cast[KHUOI_THU]).count() == 1


EVERYTHING = "everything a reform can say"


def everything(desk: Desk) -> tuple[Step, ...]:
    return (
        new_cell("a", desk.id(QUAN_MAU), "Chi bộ Một"),
        new_cell("b", desk.id(QUAN_MAU), "Chi bộ Hai"),
        Split(desk.id(BAN_THU), (Part("#a", 0.25), Part("#b", 0.75))),
        Merge((desk.id(NA_MAU),), desk.id(DOI_MAU)),
        Move(desk.id(KHUOI_THU), desk.id(QUAN_MAU)),
        End(desk.id(LANG_THU), desk.id(QUAN_MAU)),
        Change(desk.id(QUAN_MAU), name="Đảng bộ xã Quan Mới", official_code="04001"),
    )


def test_undo_gives_back_the_very_same_register(desk: Desk) -> None:
    desk.cast.user("bithu", Role.CELL_SECRETARY, NA_MAU)
    before = register()
    reform = desk.does(*everything(desk))
    assert register() != before
    assert closure_differences() == []
    desk.undo(reform)
    assert register() == before


def test_a_reform_taken_back_can_be_committed_again(desk: Desk) -> None:
    reform = desk.does(*everything(desk))
    desk.undo(reform)
    again = desk.commit(Reform.objects.get(pk=reform.pk))
    assert (again.state, again.undone_at) == ("committed", None)
    assert [event.verb for event in Event.objects.filter(subject=f"reform:{reform.pk}")] == [
        "reform.drafted", "reform.committed", "reform.undone", "reform.committed",
    ]  # fmt: skip


def test_a_reform_of_the_very_day_of_another_gives_way_to_it_and_comes_back(desk: Desk) -> None:
    desk.does(Change(desk.id(QUAN_MAU), name="Đảng bộ xã Tên Một"))
    before = register()
    second = desk.does(Change(desk.id(QUAN_MAU), name="Đảng bộ xã Tên Hai"))
    assert name_on(desk, QUAN_MAU, DAY) == "Đảng bộ xã Tên Hai"
    desk.undo(second)
    assert register() == before


def test_the_second_of_two_is_told_who_was_faster(desk: Desk) -> None:
    slow = desk.draft(Move(desk.id(NA_MAU), desk.id(LANG_THU)))
    read = basis_of(slow)
    desk.does(Change(desk.id(NA_MAU), name="Chi bộ thôn Tên Khác"))
    with pytest.raises(Conflict, match=r"phantich, lúc .*Sắp xếp thử.*Xem trước lại") as caught:
        commit_reform(reform_id=slow.pk, basis=read, by=desk.analyst, at=AT)
    assert caught.value.code == "reform-stale"


def test_nobody_commits_twice(desk: Desk) -> None:
    reform = desk.does(Move(desk.id(NA_MAU), desk.id(LANG_THU)))
    with pytest.raises(Conflict, match="phantich, lúc"):
        commit_reform(reform_id=reform.pk, basis=reform.basis, by=desk.analyst, at=AT)


def test_members_counted_since_the_preview_make_it_stale(desk: Desk) -> None:
    reform = desk.draft(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))
    read = basis_of(reform)
    MembershipCount.objects.filter(unit_id=desk.cast[BAN_THU]).update(count=11)
    with pytest.raises(Conflict, match="đã thay đổi từ khi đồng chí xem trước"):
        commit_reform(reform_id=reform.pk, basis=read, by=desk.analyst, at=AT)


def test_an_earlier_reform_is_not_undone_before_the_later_one(desk: Desk) -> None:
    first = desk.does(Move(desk.id(NA_MAU), desk.id(LANG_THU)))
    later = desk.does(Change(desk.id(NA_MAU), name="Chi bộ Khác"), on=dt.date(2020, 9, 1))
    Reform.objects.filter(pk=later.pk).update(committed_at=AT + dt.timedelta(hours=1))
    with pytest.raises(NotNow, match=r"Sắp xếp thử.*hoàn tác việc đó trước"):
        desk.undo(first)
    desk.undo(later)
    desk.undo(first)
    assert path_above(desk.cast[NA_MAU], DAY)[-1].name == QUAN_MAU


def test_what_was_recorded_of_a_founded_unit_stands_in_the_way_of_undoing(desk: Desk) -> None:
    reform = desk.does(new_cell("moi", desk.id(LANG_THU)))
    founded = UnitVersion.objects.get(name="Chi bộ thôn Mới Thử").unit_id
    assert blockers_of_undo(reform) == []
    Appointment.objects.create(
        unit_id=founded, post="secretary", holder_name="Bí thư Thử", valid=(DAY, None)
    )
    assert blockers_of_undo(reform) == [
        "Đã có thay đổi về cán bộ của Chi bộ thôn Mới Thử sau khi thực hiện."
    ]


def test_what_refuses_names_step_place_rule_and_remedy(desk: Desk) -> None:
    reform = desk.draft(Move(desk.id(QUAN_MAU), desk.id(NA_MAU)))
    with pytest.raises(InputError, match=r"Bước 1, .*cấp dưới của chính mình.*Sửa cấp trên"):
        desk.commit(reform)
    district = Create(
        "h", "Đảng bộ huyện Thử", UnitKind.DANG_BO_HUYEN, Sector.COMMITTEE, "", "", False,
        desk.id(PROVINCE),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="không còn loại") as caught:
        desk.does(district, on=dt.date(2025, 7, 1))
    assert caught.value.rule_id == "QD294-2025-loai-to-chuc"


def test_only_the_analyst_commits_and_nobody_names_units_out_of_sight(desk: Desk) -> None:
    office = viewer_for(desk.cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())
    with pytest.raises(NotFound):
        desk.draft(Move(desk.id(NA_MAU), desk.id(LANG_THU)), by=office)
    mine = desk.draft(Merge((desk.id(NA_MAU),), desk.id(DOI_MAU)), by=office)
    theirs = desk.draft(Change(desk.id(SCHOOL), name="Chi bộ Trường Khác"))
    assert list(reforms_visible(office)) == [mine]
    assert set(reforms_visible(desk.analyst)) == {mine, theirs}
    with pytest.raises(NotAllowed, match="Chỉ chuyên viên"):
        commit_reform(reform_id=mine.pk, basis=mine.basis, by=office, at=AT)
    secretary = viewer_for(desk.cast.user("bt", Role.CELL_SECRETARY, NA_MAU), on=AT.date())
    assert not reforms_visible(secretary).exists()


def test_a_draft_is_revised_and_discarded_and_a_committed_reform_is_not(desk: Desk) -> None:
    draft = desk.draft(Change(desk.id(SCHOOL), name="Chi bộ Trường Khác"))
    said = {
        "reform_id": draft.pk, "title": "Đổi tên", "document": "Quyết định 2", "signed_on": None,
        "effective_on": DAY, "by": desk.analyst, "at": AT,
    }  # fmt: skip
    revised = revise_reform(**said, steps=[Change(desk.id(SCHOOL), name="Chi bộ Trường Mới")])
    assert steps_from_json(revised.steps) == (Change(desk.id(SCHOOL), name="Chi bộ Trường Mới"),)
    desk.commit(revised)
    with pytest.raises(NotNow):
        revise_reform(**said, steps=[])
    with pytest.raises(NotNow):
        discard_reform(reform_id=draft.pk, by=desk.analyst, at=AT)
    other = desk.draft(Change(desk.id(SCHOOL), area="Xã khác"))
    discard_reform(reform_id=other.pk, by=desk.analyst, at=AT)
    assert not Reform.objects.filter(pk=other.pk).exists()


def test_the_journal_is_plain_json(desk: Desk) -> None:
    reform = desk.does(*everything(desk))
    stored = Reform.objects.get(pk=reform.pk).journal
    assert json.loads(json.dumps(stored)) == stored
    assert len(stored["created"]) == 2


def test_a_report_of_a_founded_cell_stands_in_the_way_and_a_remark_of_the_program_does_not(
    desk: Desk,
) -> None:
    before = register()
    reform = desk.does(new_cell("moi", desk.id(LANG_THU)))
    founded = UnitVersion.objects.get(name="Chi bộ thôn Mới Thử").unit_id
    Flag.objects.create(
        unit_id=founded, reason="meetings", figures={}, since_month=DAY, raised_at=AT, reply_by=DAY
    )
    assert blockers_of_undo(reform) == []
    report = MeetingReport.objects.create(unit_id=founded, month=DAY, kind="regular", state="held")
    assert blockers_of_undo(reform) == [
        "Đã có báo cáo sinh hoạt của Chi bộ thôn Mới Thử, là đơn vị do việc sắp xếp lập."
    ]
    report.delete()
    desk.undo(reform)
    assert register() == before
    assert not Flag.objects.exists()


def test_a_unit_that_reported_after_the_day_cannot_have_ended_on_it(desk: Desk) -> None:
    month = dt.date(2020, 8, 1)
    MeetingReport.objects.create(
        unit_id=desk.cast[BAN_THU], month=month, kind="regular", state="held"
    )
    with pytest.raises(InputError, match=r"Sau ngày hiệu lực sổ đã ghi: báo cáo sinh hoạt"):
        desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))


def test_every_key_to_a_unit_is_known_hidden_ones_too() -> None:
    named = {(model.__name__, key) for model, key in speakers_of_units()}
    assert named >= {("ImportLine", "unit_id"), ("Assessment", "organisation_id")}
    assert named >= {("UnitParent", "parent_id"), ("YearGrade", "unit_id")}
