"""A reform of a day gone by meets what the register knows of later days: told, never a crash."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, QUAN_MAU, SCHOOL
from tests.contract.test_reform_engine import BAN_THU, DOI_MAU, KHUOI_THU, Desk, desk
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import MembershipCount
from vungmanh.org.reform.preview import preview_of
from vungmanh.org.reform.steps import Change, End, Merge

__all__ = ["desk"]  # the fixture
pytestmark = pytest.mark.django_db

LATER = dt.date(2021, 1, 1)


def test_a_unit_that_received_another_later_cannot_have_ended_before(desk: Desk) -> None:
    MembershipCount.objects.filter(unit_id=desk.cast[BAN_THU]).delete()
    desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)), on=LATER)
    with pytest.raises(InputError, match=r"nhận đơn vị khác, ngày 01/01/2021"):
        desk.does(End(desk.id(KHUOI_THU)))


def test_two_units_do_not_go_into_each_other(desk: Desk) -> None:
    desk.does(Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)), on=LATER)
    with pytest.raises(InputError, match=r"Nơi nhận \(Chi bộ thôn Bản Thử\) đã kết thúc từ ngày"):
        desk.does(Merge((desk.id(KHUOI_THU),), desk.id(BAN_THU)))


@pytest.mark.parametrize("step", ["merge", "end"])
def test_nothing_goes_into_a_unit_whose_end_is_known(desk: Desk, step: str) -> None:
    MembershipCount.objects.filter(unit_id=desk.cast[KHUOI_THU]).delete()
    desk.does(End(desk.id(KHUOI_THU)), on=LATER)
    into = {
        "merge": Merge((desk.id(BAN_THU),), desk.id(KHUOI_THU)),
        "end": End(desk.id(BAN_THU), desk.id(KHUOI_THU)),
    }
    [problem] = preview_of(desk.analyst, desk.draft(into[step])).problems
    assert (problem.rule, problem.place) == ("receiver-ends", KHUOI_THU)
    assert "hoàn tác việc kết thúc nơi nhận trước" in problem.remedy


def test_whoever_bears_a_code_is_called_by_name_or_not_at_all(desk: Desk) -> None:
    desk.does(Change(desk.id(SCHOOL), official_code="X9"))
    draft = desk.draft(Change(desk.id(DOI_MAU), official_code="X9"))
    [problem] = preview_of(desk.analyst, draft).problems
    assert problem.message == f"Mã X9 đang là mã của {SCHOOL}."
    office = viewer_for(desk.cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())
    theirs = desk.draft(Change(desk.id(DOI_MAU), official_code="X9"), by=office)
    [problem] = preview_of(office, theirs).problems
    assert problem.message == "Mã X9 đang là mã của một đơn vị khác."
