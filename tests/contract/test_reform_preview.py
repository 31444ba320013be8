"""The dry run tells what committing does, writes nothing, and asks a fixed number of questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, LANG_THU, QUAN_MAU, SCHOOL, make_cast
from tests.contract.test_reform_engine import (
    BAN_THU,
    DAY,
    DOI_MAU,
    KHUOI_THU,
    NA_MAU,
    Desk,
    everything,
    new_cell,
    register,
)
from vungmanh.access.models import Event
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import units_visible
from vungmanh.org.reform.consequences import Consequences
from vungmanh.org.reform.preview import Preview, preview_of
from vungmanh.org.reform.steps import Change, End, Merge, Move, Step
from vungmanh.strengthening.models import Flag

pytestmark = pytest.mark.django_db
OFFICIAL = MembershipStatus.OFFICIAL


@pytest.fixture
def desk() -> Desk:
    return Desk(make_cast())


def preview(desk: Desk, *steps: Step) -> Preview:
    return preview_of(desk.analyst, desk.draft(*steps))


def told(desk: Desk, *steps: Step) -> Consequences:
    found = preview(desk, *steps).consequences
    assert found is not None
    return found


def test_the_dry_run_writes_nothing(desk: Desk) -> None:
    reform = desk.draft(*everything(desk))
    before, events = register(), Event.objects.count()
    preview_of(desk.analyst, reform)
    assert (register(), Event.objects.count()) == (before, events)


def test_with_problems_it_lists_them_and_nothing_else(desk: Desk) -> None:
    found = preview(desk, Move(desk.id(QUAN_MAU), desk.id(NA_MAU)))
    assert found.problems[0].rule == "circle"
    assert found.consequences is None


def test_every_list_names_its_units(desk: Desk) -> None:
    found = told(desk, *everything(desk))
    assert [one.unit.name for one in found.founded] == ["Chi bộ Một", "Chi bộ Hai"]
    ended = {one.unit.name: [heir.unit.name for heir in one.heirs] for one in found.ended}
    assert ended == {
        BAN_THU: ["Chi bộ Một", "Chi bộ Hai"], NA_MAU: [DOI_MAU], LANG_THU: [QUAN_MAU],
    }  # fmt: skip
    (moved,) = found.moved
    assert moved.unit.name == KHUOI_THU
    places = [place and place.name for place in (moved.before, moved.after)]
    assert places == [LANG_THU, QUAN_MAU]
    assert {(one.field, one.before, one.after) for one in found.renamed} == {
        ("name", QUAN_MAU, "Đảng bộ xã Quan Mới"), ("official_code", "", "04001"),
    }  # fmt: skip
    assert {one.unit.name for one in found.posts} == {BAN_THU, NA_MAU, LANG_THU}


def test_members_are_the_same_before_and_after(desk: Desk) -> None:
    found = told(desk, *everything(desk))
    assert found.members_before == found.members_after
    assert found.members_leaving == {}


def test_members_without_a_home_are_warned_of(desk: Desk) -> None:
    found = told(desk, End(desk.id(NA_MAU)))
    assert found.members_leaving == {OFFICIAL: 9}
    assert "9 đảng viên của Chi bộ thôn Nà Mẫu" in found.warnings[0]


def test_counters_say_what_the_register_says_after_the_commit(desk: Desk) -> None:
    reform = desk.draft(*everything(desk))
    found = preview_of(desk.analyst, reform).consequences
    assert found is not None
    desk.commit(reform)
    now = UnitVersion.objects.filter(valid__contains=DAY)
    by_key = {one.key: one.after for one in found.counters}
    assert by_key["organisations"] == now.filter(is_organisation=True).count()
    assert by_key["dang_bo_xa"] == now.filter(kind="dang_bo_xa").count() == 1
    assert by_key["cells"] == now.filter(kind__in=["chi_bo", "chi_bo_co_so"]).count()


def test_who_gains_and_loses_sight_is_what_the_rule_of_sight_says_after(desk: Desk) -> None:
    quan = desk.cast.user("vpquan", Role.COMMITTEE_OFFICE, QUAN_MAU)
    lang = desk.cast.user("vplang", Role.COMMITTEE_OFFICE, LANG_THU)
    reform = desk.draft(Move(desk.id(NA_MAU), desk.id(LANG_THU)))
    found = preview_of(desk.analyst, reform).consequences
    assert found is not None
    assert {(one.user, one.gains, one.loses) for one in found.sight} == {
        (str(quan.pk), 0, 1), (str(lang.pk), 1, 0),
    }  # fmt: skip
    before = {user: set(units_visible(viewer_for(user, on=DAY), DAY)) for user in (quan, lang)}
    desk.commit(reform)
    after = {user: set(units_visible(viewer_for(user, on=DAY), DAY)) for user in (quan, lang)}
    assert (len(before[quan] - after[quan]), len(after[lang] - before[lang])) == (1, 1)


def test_roles_without_one_successor_need_somebody_to_decide(desk: Desk) -> None:
    secretary = desk.cast.user("bithu", Role.CELL_SECRETARY, NA_MAU)
    found = told(desk, End(desk.id(NA_MAU)))
    assert [(one.user, one.successor) for one in found.roles] == [(str(secretary.pk), None)]
    assert "người quản trị cần giao lại" in found.warnings[-1]
    merged = told(desk, Merge((desk.id(NA_MAU),), desk.id(DOI_MAU)))
    assert [one.successor and one.successor.name for one in merged.roles] == [DOI_MAU]


def test_open_flags_of_units_that_end_are_named(desk: Desk) -> None:
    Flag.objects.create(
        unit_id=desk.cast[NA_MAU], reason="meetings", figures={}, since_month=DAY, raised_at=AT,
        reply_by=DAY,
    )  # fmt: skip
    found = told(desk, Merge((desk.id(NA_MAU),), desk.id(DOI_MAU)))
    assert [(one.unit.name, one.count) for one in found.open_work] == [(NA_MAU, 1)]


def test_the_number_of_questions_does_not_grow_with_the_reform(desk: Desk) -> None:
    desk.cast.user("vpquan", Role.COMMITTEE_OFFICE, QUAN_MAU)
    small = desk.draft(Merge((desk.id(NA_MAU),), desk.id(DOI_MAU)))
    large = desk.draft(*everything(desk), new_cell("c", desk.id(QUAN_MAU), "Chi bộ Ba"))
    asked = []
    for reform in (small, large):
        with CaptureQueriesContext(connection) as queries:
            preview_of(desk.analyst, reform)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_committed_reform_has_no_dry_run(desk: Desk) -> None:
    reform = desk.does(Change(desk.id(SCHOOL), name="Chi bộ Trường Khác"))
    with pytest.raises(NotNow):
        preview_of(desk.analyst, reform)
