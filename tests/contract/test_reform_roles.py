"""Roles under a reform: they go on among their like, and come back when nobody touched them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU
from tests.contract.test_reform_engine import (
    BAN_THU,
    KHUOI_THU,
    Desk,
    desk,
    hold_deferred,
    new_cell,
    register,
)
from vungmanh.access.actions.accounts import end_grant
from vungmanh.access.actions.delegation import delegate
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import Event, RoleGrant, User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.org.models import UnitVersion
from vungmanh.org.reform.preview import preview_of
from vungmanh.org.reform.steps import Change, Create, End, Merge, Move, Part, Split
from vungmanh.org.reform.undo import blockers_of_undo
from vungmanh.web.journal.present import entries_of

__all__ = ["desk"]  # the fixture
pytestmark = pytest.mark.django_db

TODAY = AT.date()


def give(desk: Desk, user: User, unit: object, role: Role = Role.CELL_SECRETARY) -> RoleGrant:
    return grant_role(
        user=user, role=role, unit_id=unit, reach=Reach.UNIT, valid_from=TODAY, by=None, at=AT,
    )  # fmt: skip


def lend(desk: Desk, owner: User, username: str) -> RoleGrant:
    """A month of the owner's role, for somebody without one of their own."""
    desk.cast.user(username, None)
    return delegate(
        grant_id=RoleGrant.objects.filter(user=owner).latest("id").pk,
        username=username,
        starts_on=TODAY,
        last_day=TODAY + dt.timedelta(days=29),
        reason="Đi công tác.",
        by=viewer_for(owner, on=TODAY),
        at=AT,
    )


def test_a_borrowed_role_stays_borrowed_when_its_unit_is_merged(desk: Desk) -> None:
    office = desk.cast.user("vanphong", Role.COMMITTEE_OFFICE, LANG_THU)
    lent = lend(desk, office, "pho")
    desk.does(Merge((desk.id(LANG_THU),), desk.id(QUAN_MAU)))
    held = RoleGrant.objects.get(user__username="pho", unit_id=desk.cast[QUAN_MAU])
    assert (held.on_behalf_of, held.valid.upper) == (office, lent.valid.upper)


def test_one_s_own_role_goes_before_a_borrowed_one_in_the_successor(desk: Desk) -> None:
    lender = desk.cast.user("chu", Role.OVERSEER, BAN_THU)
    lend(desk, lender, "pho")
    pho = User.objects.get(username="pho")
    give(desk, pho, desk.cast[KHUOI_THU], Role.OVERSEER)
    desk.does(
        new_cell("moi", desk.id(LANG_THU)),
        Merge((desk.id(BAN_THU), desk.id(KHUOI_THU)), "#moi"),
    )
    founded = UnitVersion.objects.get(name="Chi bộ thôn Mới Thử").unit_id
    [own] = RoleGrant.objects.filter(user=pho, unit_id=founded)
    assert (own.on_behalf_of, own.valid.upper) == (None, None)


def test_no_role_climbs_when_a_commune_is_dissolved_into_the_province(desk: Desk) -> None:
    office = desk.cast.user("vanphong", Role.COMMITTEE_OFFICE, LANG_THU)
    steps = (
        Merge((desk.id(BAN_THU), desk.id(KHUOI_THU)), desk.id("Chi bộ thôn Nà Mẫu")),
        End(desk.id(LANG_THU), desk.id(PROVINCE)),
    )
    draft = desk.draft(*steps)
    told = preview_of(desk.analyst, draft).consequences
    assert told is not None
    assert [(one.unit.name, one.successor) for one in told.roles] == [(LANG_THU, None)]
    assert any("chưa có nơi tiếp theo" in warning for warning in told.warnings)
    desk.commit(draft)
    assert [(one.unit_id, one.valid.upper) for one in office.grants.all()] == [
        (desk.cast[LANG_THU], TODAY)
    ]


def test_a_role_in_a_cell_does_not_go_on_in_a_committee(desk: Desk) -> None:
    secretary = desk.cast.user("bithu", Role.CELL_SECRETARY, BAN_THU)
    desk.does(Merge((desk.id(BAN_THU),), desk.id(QUAN_MAU)))
    assert not secretary.grants.filter(unit_id=desk.cast[QUAN_MAU]).exists()


def test_a_role_goes_on_in_the_new_commune_of_the_same_kind(desk: Desk) -> None:
    office = desk.cast.user("vanphong", Role.COMMITTEE_OFFICE, LANG_THU)
    kind = UnitVersion.objects.get(unit_id=desk.cast[LANG_THU])
    desk.does(
        Create("x", "Đảng bộ xã Mới", kind.kind, kind.sector, "", "", True, desk.id(PROVINCE)),
        Merge((desk.id(LANG_THU), desk.id(QUAN_MAU)), "#x"),
        on=dt.date(2025, 7, 1),
    )
    founded = UnitVersion.objects.get(name="Đảng bộ xã Mới").unit_id
    assert office.grants.filter(unit_id=founded, valid__startswith=TODAY).exists()


def test_a_moved_role_that_was_ended_since_is_not_given_back_in_silence(desk: Desk) -> None:
    desk.cast.user("bithu", Role.CELL_SECRETARY, BAN_THU)
    admin = viewer_for(desk.cast.user("quantri", Role.ADMINISTRATOR), on=TODAY)
    reform = desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))
    moved = RoleGrant.objects.get(unit_id=desk.cast[KHUOI_THU])
    end_grant(
        grant_id=moved.pk, ends_on=TODAY + dt.timedelta(days=1), reason="Thôi việc", by=admin, at=AT
    )
    assert blockers_of_undo(reform) == [
        f"Vai trò của bithu ở {KHUOI_THU} đã được sửa hoặc thôi sau khi thực hiện."
    ]
    moved.delete()
    with pytest.raises(NotNow, match="Vai trò của một người đã được sửa hoặc thôi"):
        desk.undo(reform)


def test_a_role_given_since_in_a_founded_unit_stands_in_the_way_by_name(desk: Desk) -> None:
    reform = desk.does(new_cell("moi", desk.id(LANG_THU)))
    founded = UnitVersion.objects.get(name="Chi bộ thôn Mới Thử").unit_id
    given = give(desk, desk.cast.user("bithu", None), founded)
    with pytest.raises(NotNow, match="Đã giao vai trò cho bithu ở Chi bộ thôn Mới Thử, là đơn vị"):
        desk.undo(reform)
    given.delete()
    desk.undo(reform)
    assert not UnitVersion.objects.filter(unit_id=founded).exists()


def test_a_role_given_again_in_the_ended_unit_stands_in_the_way_by_name(desk: Desk) -> None:
    user = desk.cast.user("bithu", Role.CELL_SECRETARY, BAN_THU)
    other = desk.cast.user("nguoikhac", None)
    before = register()
    reform = desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))
    again = give(desk, user, desk.cast[BAN_THU])
    elsewhere = give(desk, other, desk.cast[BAN_THU])
    assert blockers_of_undo(reform) == [
        f"Vai trò của bithu ở {BAN_THU} đã được giao lại sau khi thực hiện."
    ]
    again.delete()
    desk.undo(reform)  # whoever else was given a role there is nobody's obstacle
    hold_deferred()
    elsewhere.delete()
    assert register() == before


def test_a_role_lent_on_since_stands_in_the_way_by_name(desk: Desk) -> None:
    secretary = desk.cast.user("bithu", Role.COMMITTEE_OFFICE, LANG_THU)
    reform = desk.does(Merge((desk.id(LANG_THU),), desk.id(QUAN_MAU)))
    lend(desk, secretary, "pho")
    assert blockers_of_undo(reform) == [
        f"Vai trò do việc sắp xếp giao đã được ủy quyền cho pho ở {QUAN_MAU}."
    ]


def test_roles_of_a_split_cell_wait_for_somebody_to_decide(desk: Desk) -> None:
    secretary = desk.cast.user("bithu", Role.CELL_SECRETARY, BAN_THU)
    desk.does(
        new_cell("a", desk.id(LANG_THU), "Chi bộ Một"),
        new_cell("b", desk.id(LANG_THU), "Chi bộ Hai"),
        Split(desk.id(BAN_THU), (Part("#a", 0.5), Part("#b", 0.5))),
    )
    assert [one.unit_id for one in secretary.grants.all()] == [desk.cast[BAN_THU]]


def told_of(desk: Desk, unit: str) -> list[str]:
    return [entry.what for entry in entries_of(f"unit:{desk.cast[unit]}")]


def test_each_unit_and_each_role_tells_of_the_reform_and_of_its_undoing(desk: Desk) -> None:
    user = desk.cast.user("bithu", Role.CELL_SECRETARY, BAN_THU)
    reform = desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)))
    changed = "lập, đổi, nhận hoặc kết thúc theo một việc sắp xếp"
    assert told_of(desk, BAN_THU)[:2] == ["thôi vai trò", changed]
    assert told_of(desk, KHUOI_THU) == ["giao vai trò", changed]
    assert told_of(desk, LANG_THU) == []
    granted = Event.objects.get(verb="role.granted", subject=f"unit:{desk.cast[KHUOI_THU]}")
    assert (granted.by, granted.personal) == (desk.analyst.user, {"user": str(user.pk)})
    assert granted.data["reform"] == str(reform.pk)
    desk.undo(reform)
    back = "trở lại như trước việc sắp xếp"
    assert told_of(desk, BAN_THU)[:2] == ["giao vai trò", back]
    assert told_of(desk, KHUOI_THU)[:2] == ["thôi vai trò", back]


def test_a_unit_that_merely_moves_adds_nothing_to_its_history(desk: Desk) -> None:
    desk.does(Move(desk.id(BAN_THU), desk.id(QUAN_MAU)))
    assert told_of(desk, BAN_THU) == []
    desk.does(Change(desk.id(BAN_THU), name="Chi bộ thôn Tên Khác"))
    assert told_of(desk, BAN_THU) == ["lập, đổi, nhận hoặc kết thúc theo một việc sắp xếp"]
