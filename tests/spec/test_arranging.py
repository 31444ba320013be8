"""Two stories: a village without its own cell, and an enterprise whose members are scattered."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.test_reform_engine import Desk
from tests.property.test_transfers_conserve import wish
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.cadre.models import Rotation, Term
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.vocabulary import MembershipStatus, Role, Sector, UnitKind
from vungmanh.org.actions.arranging import (
    Choice,
    draft_arrangement,
    finding_of,
    lay_aside,
    step_of,
    take_up_again,
)
from vungmanh.org.actions.places import (
    add_place,
    end_place,
    forget_own_unit,
    name_own_unit,
    reopen_place,
    report_members,
    take_back_report,
)
from vungmanh.org.actions.transfers import accept_transfer, send_transfer
from vungmanh.org.arranging import Found, arrangements, moved_since_drafted
from vungmanh.org.counts import move_count
from vungmanh.org.models import ArrangingDraft, PlaceUnit, Reform, UnitVersion
from vungmanh.org.places import places_seen
from vungmanh.org.queries import members_of
from vungmanh.org.reform.preview import preview_of
from vungmanh.org.reform.steps import Create, Merge, steps_from_json
from vungmanh.outputs.reforms.consequences import sections_of
from vungmanh.outputs.reforms.dry_run import consequences_of

pytestmark = pytest.mark.django_db

HERE, NEXT, THIRD = CELLS[QUAN_MAU]
OVER = CELLS[LANG_THU][0]
TODAY, SINCE = AT.date(), dt.date(2026, 3, 1)
EFFECTIVE = dt.date(2026, 10, 1)
OFFICIAL = MembershipStatus.OFFICIAL


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 2, 1))


def office(cast: Cast, unit: str = QUAN_MAU) -> Viewer:
    return viewer_for(cast.user(f"vp.{unit}", Role.COMMITTEE_OFFICE, unit), on=TODAY)


def found(viewer: Viewer, code: str, on: dt.date = TODAY) -> list[Found]:
    return [one for one in arrangements(viewer, on) if one.code == code]


def shrink(cast: Cast, name: str, to: int) -> None:
    by = to - members_of(cast[name], TODAY)[OFFICIAL]
    move_count(cast[name], OFFICIAL, by, SINCE, by=None, at=AT, why="thử")


def test_an_enterprise_with_three_official_members_scattered_elsewhere(cast: Cast) -> None:
    desk, here, over = Desk(cast), office(cast), office(cast, LANG_THU)
    said = {"name": "Hợp tác xã Rau Mẫu", "sector": Sector.ENTERPRISE, "under": cast[QUAN_MAU],
            "began_on": SINCE, "by": here, "at": AT}  # fmt: skip
    place = add_place(**said)
    told = {"place_id": place.pk, "on": SINCE, "at": AT}
    assert found(here, "scattered_members")[0].arrangement.steps == ()  # nobody has reported yet
    report_members(unit_id=cast[HERE], official=2, by=here, **told)
    assert found(here, "scattered_members") == []  # two are too few for an organisation
    # The third is counted in another commune; whoever sees both ends reports.
    report_members(unit_id=cast[OVER], official=1, by=desk.analyst, **told)
    [one] = found(here, "scattered_members")
    assert one.committee == cast[QUAN_MAU]
    assert "3 đảng viên" in one.arrangement.finding.text
    assert one.arrangement.finding.citation is not None
    assert one.names[str(cast[OVER])] == OVER  # whom to ask: a name and no more
    assert found(here, "scattered_members", dt.date(2026, 2, 1)) == []
    assert found(over, "scattered_members") == []
    choice = Choice("QĐ 7-QĐ/ĐU", EFFECTIVE, name="Chi bộ Hợp tác xã Rau Mẫu")
    with pytest.raises(InputError):
        draft_arrangement(key=one.key, choice=Choice("QĐ 7", EFFECTIVE), by=here, at=AT)
    with pytest.raises(NotFound):
        draft_arrangement(key=one.key, choice=choice, by=over, at=AT)
    reform = draft_arrangement(key=one.key, choice=choice, by=here, at=AT)
    basis = ArrangingDraft.objects.get(reform=reform)
    assert (basis.code, basis.place_id, basis.rule_id) == (
        "scattered_members", place.pk, "QD208-2026-quy-mo",
    )  # fmt: skip
    assert "cần kiểm tra" in basis.citation
    sources = {UUID(source["unit"]): source["count"] for source in basis.sources}
    assert sources == {cast[HERE]: 2, cast[OVER]: 1}
    assert [type(step) for step in steps_from_json(reform.steps)] == [Create]
    preview = preview_of(desk.analyst, reform)
    assert preview.problems == () and preview.consequences is not None  # noqa: PT018
    assert [one.unit.name for one in preview.consequences.founded] == [choice.name]
    reform = desk.commit(reform)
    new = UnitVersion.objects.get(name=choice.name)
    assert (new.kind, new.sector) == (UnitKind.CHI_BO, Sector.ENTERPRISE)
    assert PlaceUnit.objects.get(place=place).unit_id == new.unit_id
    assert found(here, "scattered_members") == []  # it has its own now
    desk.undo(reform)
    assert not PlaceUnit.objects.filter(place=place).exists()
    assert [again.key for again in found(here, "scattered_members")] == [one.key]
    # Carried out again, the members come by transfers: no day is lost from anyone's count.
    reform = desk.commit(reform)
    new = UnitVersion.objects.get(name=choice.name)
    cast.units[choice.name] = new.unit_id
    for unit, count, by in ((HERE, 2, here), (OVER, 1, over)):
        paper = wish(cast, unit, choice.name, count=count, decided_on=EFFECTIVE)
        sent = send_transfer(wish=paper, by=by, at=AT)
        accept_transfer(
            transfer_id=sent.pk, on=dt.date(2026, 10, 5), by=here, at=AT, revision=1
        )  # fmt: skip
    assert [members_of(cast[n], TODAY)[OFFICIAL] for n in (HERE, OVER, choice.name)] == [7, 8, 3]
    with pytest.raises(NotNow):
        desk.undo(reform)


def test_a_village_without_its_own_cell(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    place = add_place(name="Thôn Khe Thử", sector=Sector.VILLAGE, under=cast[QUAN_MAU],
                      began_on=SINCE, by=here, at=AT)  # fmt: skip
    told = {"place_id": place.pk, "by": here, "at": AT}
    report = report_members(unit_id=cast[NEXT], official=1, on=SINCE, **told)
    [one] = found(here, "village_without_cell")
    assert one.arrangement.steps == () and "cần 3" in one.arrangement.finding.text  # noqa: PT018
    assert step_of(one) is None
    with pytest.raises(NotNow):
        draft_arrangement(key=one.key, choice=Choice("QĐ", EFFECTIVE, name="X"), by=here, at=AT)
    # Too few alone; with a small cell of the commune a joint cell can be founded.
    shrink(cast, THIRD, 2)
    [joint] = found(here, "joint_cell")
    assert set(joint.names.values()) >= {THIRD, "Thôn Khe Thử"}
    choice = Choice("QĐ 9-QĐ/ĐU", EFFECTIVE, name="Chi bộ ghép Khe Thử")
    reform = draft_arrangement(key=joint.key, choice=choice, by=here, at=AT)
    assert [type(step) for step in steps_from_json(reform.steps)] == [Create, Merge]
    assert ArrangingDraft.objects.get(reform=reform).sources == [
        {"unit": str(cast[NEXT]), "count": 1}
    ]
    assert preview_of(desk.analyst, reform).problems == ()
    reform = desk.commit(reform)
    new = UnitVersion.objects.get(name=choice.name).unit_id
    assert members_of(new, TODAY) == {OFFICIAL: 2}
    assert PlaceUnit.objects.get(place=place).unit_id == new
    assert found(here, "village_without_cell") == []
    desk.undo(reform)
    assert len(found(here, "village_without_cell")) == 1
    # What was reported by mistake goes back; a village nobody reported of is not guessed.
    take_back_report(report_id=report.pk, reason="nhầm thôn", by=here, at=AT)
    [one] = found(here, "village_without_cell")
    assert "chưa rõ" in one.arrangement.finding.text
    name_own_unit(unit_id=cast[HERE], **told)
    assert found(here, "village_without_cell") == []
    forget_own_unit(unit_id=cast[HERE], reason="nhầm", **told)
    assert len(found(here, "village_without_cell")) == 1
    end_place(ended_on=TODAY, reason="nhập thôn", **told)
    assert found(here, "village_without_cell") == []
    reopen_place(place_id=place.pk, reason="nhầm", by=here, at=AT)
    assert len(found(here, "village_without_cell")) == 1


def test_a_cell_below_the_minimum_goes_into_one_that_a_person_chooses(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    shrink(cast, THIRD, 2)
    [one] = found(here, "below_minimum")
    assert one.arrangement.units == (str(cast[THIRD]),)
    choice = Choice("QĐ 3-QĐ/ĐU", EFFECTIVE, target=cast[OVER])
    with pytest.raises(InputError):  # a cell of another commune is not proposed
        draft_arrangement(key=one.key, choice=choice, by=here, at=AT)
    choice = Choice("QĐ 3-QĐ/ĐU", EFFECTIVE, target=cast[NEXT])
    lay_aside(key=one.key, reason="đang kết nạp hai người", until=dt.date(2027, 3, 1), by=here,
              at=AT)  # fmt: skip
    [again] = found(here, "below_minimum")
    assert again.dismissal is not None and again.dismissal.by == here.user  # noqa: PT018
    later = [x.dismissal for x in found(desk.analyst, "below_minimum", dt.date(2027, 3, 2))]
    assert later == [None]
    with pytest.raises(NotNow):
        draft_arrangement(key=one.key, choice=choice, by=here, at=AT)
    take_up_again(key=one.key, by=here, at=AT)
    with pytest.raises(InputError):
        lay_aside(key=one.key, reason="để sau", until=TODAY, by=here, at=AT)
    reform = desk.commit(draft_arrangement(key=one.key, choice=choice, by=here, at=AT))
    assert members_of(cast[NEXT], TODAY)[OFFICIAL] == 11
    assert found(here, "below_minimum") == []
    desk.undo(reform)
    assert finding_of(here, one.key, TODAY).dismissal is None


def test_what_outgrew_its_form_and_what_no_rule_says(cast: Cast) -> None:
    desk = Desk(cast)
    shrink(cast, SCHOOL, 40)
    shrink(cast, HERE, 40)
    assert [one.arrangement.units for one in found(desk.analyst, "needs_groups")] == [
        (str(cast[HERE]),)
    ]
    [grown] = found(desk.analyst, "outgrew_form")
    choice = Choice("QĐ 5-QĐ/TU", EFFECTIVE, name="Đảng bộ Trường Thử")
    reform = draft_arrangement(key=grown.key, choice=choice, by=desk.analyst, at=AT)
    assert preview_of(desk.analyst, reform).problems == ()
    reform = desk.commit(reform)
    assert members_of(cast[SCHOOL], TODAY) == {OFFICIAL: 40}  # whoever was counted is counted
    assert found(desk.analyst, "outgrew_form") == []
    shrink(cast, SCHOOL, 12)
    [small] = found(desk.analyst, "base_below_minimum")
    choice = Choice("QĐ 6-QĐ/TU", TODAY)
    back = draft_arrangement(key=small.key, choice=choice, by=desk.analyst, at=AT)
    assert preview_of(desk.analyst, back).problems == ()
    desk.commit(back)
    base = UnitVersion.objects.get(unit_id=small.arrangement.units[0], valid__contains=TODAY)
    assert base.kind == UnitKind.CHI_BO  # the one kind of cell of that day
    assert members_of(base.unit_id, TODAY) == {OFFICIAL: 12}
    [early] = arrangements(desk.analyst, dt.date(2025, 3, 1))
    assert early.code == "sizes" and early.committee is None  # noqa: PT018


def test_bad_input_about_places_is_refused(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    said = {"name": "Thôn Khe Thử", "sector": Sector.VILLAGE, "under": cast[QUAN_MAU],
            "began_on": SINCE, "by": here, "at": AT}  # fmt: skip
    place = add_place(**said)
    for wrong in (
        {"name": "thôn khe thử"}, {"name": " "}, {"sector": Sector.SCHOOL},
        {"under": cast[HERE], "name": "Thôn B"}, {"began_on": dt.date(2027, 1, 1), "name": "C"},
    ):  # fmt: skip
        with pytest.raises(InputError):
            add_place(**said | wrong)
    with pytest.raises(NotFound):
        add_place(**said | {"under": cast[LANG_THU]})
    told = {"place_id": place.pk, "unit_id": cast[HERE], "official": 2, "on": SINCE, "by": here,
            "at": AT}  # fmt: skip
    for wrong in (
        {"official": 10}, {"official": -1}, {"on": dt.date(2027, 1, 1)},
        {"on": dt.date(2026, 1, 1)}, {"unit_id": cast[QUAN_MAU]},
    ):  # fmt: skip
        with pytest.raises(InputError):
            report_members(**told | wrong)
    other = add_place(**said | {"name": "Thôn Suối Thử"})
    report_members(**told | {"official": 5})
    with pytest.raises(InputError, match="5 đã báo ở nơi khác"):
        report_members(**told | {"place_id": other.pk, "official": 5})
    with pytest.raises(NotFound):
        report_members(**told | {"unit_id": cast[OVER]})
    desk.does(Merge((desk.id(HERE),), desk.id(NEXT)), on=EFFECTIVE)
    with pytest.raises(NotNow, match="kết thúc"):
        report_members(**told)
    [one] = found(here, "village_without_cell")[:1]
    assert "chưa rõ" in one.arrangement.finding.text  # who reported is gone: reported anew, or not


def test_many_units_cost_no_more_queries(cast: Cast) -> None:
    top = viewer_for(cast.user("vp.tinh", Role.COMMITTEE_OFFICE, PROVINCE), on=TODAY)
    for viewer in (office(cast, LANG_THU), top):
        with CaptureQueriesContext(connection) as queries:
            arrangements(viewer, TODAY)
        assert len(queries) <= 24


def test_two_villages_share_the_joint_cell_that_is_founded_for_them(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    said = {"sector": Sector.VILLAGE, "under": cast[QUAN_MAU], "began_on": SINCE, "by": here,
            "at": AT}  # fmt: skip
    places = [add_place(name=name, **said) for name in ("Thôn Khe Thử", "Thôn Suối Thử")]
    for place, unit, count in zip(places, (HERE, NEXT), (2, 1), strict=True):
        report_members(place_id=place.pk, unit_id=cast[unit], official=count, on=SINCE, by=here,
                       at=AT)  # fmt: skip
    [joint] = found(here, "joint_cell")
    choice = Choice("QĐ 9-QĐ/ĐU", EFFECTIVE, name="Chi bộ ghép Khe Suối")
    reform = draft_arrangement(key=joint.key, choice=choice, by=here, at=AT)
    with pytest.raises(NotNow, match="Đã có dự thảo “Lập Chi bộ ghép Khe Suối”"):
        draft_arrangement(key=joint.key, choice=choice, by=here, at=AT)
    reform = desk.commit(reform)
    new = UnitVersion.objects.get(name=choice.name).unit_id
    assert set(PlaceUnit.objects.filter(unit_id=new).values_list("place_id", flat=True)) == {
        one.pk for one in places
    }
    assert found(here, "village_without_cell") == []
    desk.undo(reform)
    assert len(found(here, "village_without_cell")) == 2
    assert not PlaceUnit.objects.exists()


def test_who_counts_the_members_after_a_merger_reports_them_anew(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    place = add_place(name="Thôn Khe Thử", sector=Sector.VILLAGE, under=cast[QUAN_MAU],
                      began_on=SINCE, by=here, at=AT)  # fmt: skip
    told = {"place_id": place.pk, "by": here, "at": AT}

    def official() -> int | None:
        [seen] = places_seen(here, TODAY, [place])
        return seen.official

    report_members(unit_id=cast[HERE], official=2, on=SINCE, **told)
    assert official() == 2
    desk.does(Merge((desk.id(HERE),), desk.id(NEXT)), on=EFFECTIVE)
    assert official() is None  # who reported is gone, and nobody has reported since
    report_members(unit_id=cast[NEXT], official=2, on=SINCE, **told)
    assert official() is None  # of a day before the merger that says nothing of whoever came
    report_members(unit_id=cast[NEXT], official=3, on=EFFECTIVE, **told)
    assert official() == 3
    # A cell that no longer counts as many cannot have them there.
    by = 2 - members_of(cast[NEXT], TODAY)[OFFICIAL]
    move_count(cast[NEXT], OFFICIAL, by, EFFECTIVE, by=None, at=AT, why="thử")
    assert official() is None


def test_what_was_laid_aside_comes_back_when_its_figures_are_others(cast: Cast) -> None:
    here = office(cast)
    shrink(cast, THIRD, 2)
    [one] = found(here, "below_minimum")
    said = {"reason": "đang kết nạp hai người", "until": dt.date(2027, 3, 1), "by": here, "at": AT}
    lay_aside(key=one.key, **said)
    assert found(here, "below_minimum")[0].dismissal is not None
    yesterday = AT.date() - dt.timedelta(days=1)
    assert found(here, "below_minimum", yesterday)[0].dismissal is None  # not yet laid aside then
    shrink(cast, THIRD, 1)
    [again] = found(here, "below_minimum")
    assert (again.key, again.dismissal) == (one.key, None)
    assert again.lapsed is not None and again.lapsed.reason == said["reason"]  # noqa: PT018
    lay_aside(key=one.key, **said)
    assert found(here, "below_minimum")[0].dismissal is not None
    take_up_again(key=one.key, by=here, at=AT)
    assert found(here, "below_minimum")[0].dismissal is None


def test_a_draft_says_when_its_finding_is_no_longer_what_it_was(cast: Cast) -> None:
    here = office(cast)
    shrink(cast, THIRD, 2)
    [one] = found(here, "below_minimum")
    choice = Choice("QĐ 3-QĐ/ĐU", EFFECTIVE, target=cast[NEXT])
    reform = draft_arrangement(key=one.key, choice=choice, by=here, at=AT)
    basis = ArrangingDraft.objects.get(reform=reform)
    narrow = arrangements(here, TODAY, about={cast[THIRD]})
    assert [each.key for each in narrow if each.code == "below_minimum"] == [one.key]
    assert moved_since_drafted(here, basis, TODAY) == ""
    shrink(cast, THIRD, 1)
    assert "Nay: “Có 1 đảng viên" in moved_since_drafted(here, basis, TODAY)
    shrink(cast, THIRD, 8)
    assert "Nay không còn như thế" in moved_since_drafted(here, basis, TODAY)


def test_a_report_that_was_taken_back_holds_no_reform(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    place = add_place(name="Thôn Khe Thử", sector=Sector.VILLAGE, under=cast[QUAN_MAU],
                      began_on=SINCE, by=here, at=AT)  # fmt: skip
    row = report_members(place_id=place.pk, unit_id=cast[HERE], official=2, on=EFFECTIVE, by=here,
                         at=AT)  # fmt: skip
    reform = desk.draft(Merge((desk.id(HERE),), desk.id(NEXT)), on=EFFECTIVE)
    [problem] = preview_of(desk.analyst, reform).problems
    assert "số đảng viên báo theo nơi ở" in problem.message
    take_back_report(report_id=row.pk, reason="nhầm thôn", by=here, at=AT)
    assert preview_of(desk.analyst, reform).problems == ()


def test_the_draft_tells_what_the_cells_keep_and_which_terms_and_rotations_end(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    shrink(cast, NEXT, 4)
    place = add_place(name="Hợp tác xã Rau Mẫu", sector=Sector.ENTERPRISE, under=cast[QUAN_MAU],
                      began_on=SINCE, by=here, at=AT)  # fmt: skip
    report = {"place_id": place.pk, "on": SINCE, "at": AT}
    report_members(unit_id=cast[NEXT], official=2, by=here, **report)
    report_members(unit_id=cast[OVER], official=1, by=desk.analyst, **report)
    [one] = found(here, "scattered_members")
    choice = Choice("QĐ 7-QĐ/ĐU", EFFECTIVE, name="Chi bộ Hợp tác xã Rau Mẫu")
    reform = draft_arrangement(key=one.key, choice=choice, by=here, at=AT)

    def rows(viewer: Viewer, key: str, of: Reform) -> set[tuple[str, ...]]:
        run = consequences_of(viewer, of)
        assert run is not None
        every = [section for section in sections_of(run) if section.key == key]
        return {tuple(cell.text for cell in row) for section in every for row in section.rows}

    kept = "2, dưới mức tối thiểu 3: nơi đi cũng phải sắp xếp"
    assert rows(here, "dang-vien-den", reform) == {
        (NEXT, "2", kept), (OVER, "1", "ngoài phạm vi xem"),
    }  # fmt: skip
    assert (OVER, "1", "8") in rows(desk.analyst, "dang-vien-den", reform)

    began, due = dt.date(2025, 5, 1), dt.date(2027, 11, 1)
    for unit in (HERE, THIRD):
        Term.objects.create(unit_id=cast[unit], began_on=began, due_on=due, document="NQ 1")
    Rotation.objects.create(
        holder_name="Nông Thử", way="rotated_vertical", to_unit_id=cast[HERE], to_post="secretary",
        elsewhere="nơi khác", aim="thử", document="QĐ 2", began_on=began, return_on=due,
        state="away",
    )  # fmt: skip
    merger = desk.draft(Merge((desk.id(HERE),), desk.id(THIRD)), on=EFFECTIVE)
    assert rows(here, "nhiem-ky", merger) == {
        (HERE, "01/05/2025", "01/11/2027", f"{THIRD}: đến 01/11/2027")
    }
    [row] = rows(here, "luan-chuyen", merger)
    assert row[:3] == (HERE, "Bí thư", "01/11/2027")
    merger = desk.commit(merger)
    assert len(rows(here, "nhiem-ky", merger)) == 1
    desk.undo(merger)


def test_a_base_committee_that_becomes_a_cell_begins_to_meet(cast: Cast) -> None:
    desk = Desk(cast)
    shrink(cast, SCHOOL, 40)
    [grown] = found(desk.analyst, "outgrew_form")
    choice = Choice("QĐ 5-QĐ/TU", EFFECTIVE, name="Đảng bộ Trường Thử")
    desk.commit(draft_arrangement(key=grown.key, choice=choice, by=desk.analyst, at=AT))
    shrink(cast, SCHOOL, 12)
    [small] = found(desk.analyst, "base_below_minimum")
    back = draft_arrangement(key=small.key, choice=Choice("QĐ 6", TODAY), by=desk.analyst, at=AT)
    run = consequences_of(desk.analyst, back)
    assert run is not None
    assert [one.unit.name for one in run.due if one.months is None] == ["Đảng bộ Trường Thử"]


def test_a_place_reopens_only_under_a_free_name_and_is_no_place_of_its_superior(cast: Cast) -> None:
    desk, here = Desk(cast), office(cast)
    said = {"name": "Thôn Khe Thử", "sector": Sector.VILLAGE, "under": cast[QUAN_MAU],
            "began_on": SINCE, "by": here, "at": AT}  # fmt: skip
    place = add_place(**said)
    with pytest.raises(InputError):
        name_own_unit(place_id=place.pk, unit_id=cast[PROVINCE], by=desk.analyst, at=AT)
    with pytest.raises(InputError):
        name_own_unit(place_id=place.pk, unit_id=cast[QUAN_MAU], by=here, at=AT)
    end_place(place_id=place.pk, ended_on=TODAY, reason="nhập thôn", by=here, at=AT)
    add_place(**said)
    with pytest.raises(InputError, match="đã có nơi tên"):
        reopen_place(place_id=place.pk, reason="nhầm", by=here, at=AT)
