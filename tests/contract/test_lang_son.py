"""Lạng Sơn before and after 1/7/2025, replayed as one reform (tests/fixtures/lang_son)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import UUID

import pytest
from django.db.models import Sum

from tests.contract.test_reform_engine import hold_deferred, register
from tests.fixtures.lang_son.register import (
    CELLS,
    DAY,
    DOCUMENT,
    EVE,
    PROVINCE,
    SPEAKS_FROM,
    LangSon,
    Old,
    correspondence,
    heirs,
)
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import MembershipStatus, Reach, Role, UnitKind
from vungmanh.org.actions.reforms import commit_reform, draft_reform, undo_reform
from vungmanh.org.actions.register import load_register
from vungmanh.org.models import (
    AdmissionCount,
    Ancestry,
    MembershipCount,
    Reform,
    UnitClosure,
    UnitParent,
    UnitVersion,
)
from vungmanh.org.queries import closure_differences, units_visible
from vungmanh.org.reform.preview import preview_of
from vungmanh.org.structure import check_in_register

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT = dt.datetime(2025, 6, 28, 8, tzinfo=dt.UTC)

#: The 65 of news.laodong.vn 1524704, not taken from the correspondence.
_NAMES = (
    "Thất Khê, Đoàn Kết, Tân Tiến, Tràng Định, Quốc Khánh, Kháng Chiến, Quốc Việt, Bình Gia, "
    "Tân Văn, Hồng Phong, Hoa Thám, Quý Hòa, Thiện Hòa, Thiện Thuật, Thiện Long, Bắc Sơn, "
    "Hưng Vũ, Vũ Lăng, Nhất Hòa, Vũ Lễ, Tân Tri, Văn Quan, Điềm He, Yên Phúc, Tri Lễ, Tân "
    "Đoàn, Khánh Khê, Na Sầm, Hoàng Văn Thụ, Thụy Hùng, Văn Lãng, Hội Hoan, Lộc Bình, Mẫu "
    "Sơn, Na Dương, Lợi Bác, Thống Nhất, Xuân Dương, Khuất Xá, Đình Lập, Thái Bình, Châu Sơn, "
    "Kiên Mộc, Hữu Lũng, Tuấn Sơn, Tân Thành, Vân Nham, Thiện Tân, Yên Bình, Hữu Liên, Cai "
    "Kinh, Chi Lăng, Quan Sơn, Chiến Thắng, Nhân Lý, Bằng Mạc, Vạn Linh, Đồng Đăng, Cao Lộc, "
    "Công Sơn, Ba Sơn"
)
NEW = _NAMES.split(", ")
WARDS = ["Tam Thanh", "Lương Văn Tri", "Kỳ Lừa", "Đông Kinh"]
SPLIT = {("Đình Lập", "xã Bính Xá"), ("Đình Lập", "xã Kiên Mộc")}


@pytest.fixture
def province() -> LangSon:
    province = LangSon()
    load_register(tables=province.tables(), by=None, at=AT)
    return province


@pytest.fixture
def analyst(province: LangSon) -> Viewer:
    user = User.objects.create_user("chuyenvien", password="mat-khau-thu")
    grant_role(
        user=user, role=Role.PROVINCIAL_ANALYST, unit_id=province.province,
        reach=Reach.UNIT_AND_BELOW, valid_from=SPEAKS_FROM, by=None, at=AT,
    )  # fmt: skip
    return viewer_for(user, on=EVE)


def carry_out(province: LangSon, analyst: Viewer) -> Reform:
    reform = draft_reform(
        title="Sắp xếp đơn vị hành chính cấp xã năm 2025", document=DOCUMENT,
        signed_on=SPEAKS_FROM, effective_on=DAY, steps=province.steps(), by=analyst, at=AT,
    )  # fmt: skip
    preview = preview_of(analyst, reform)
    assert [problem.message for problem in preview.problems] == []
    done = commit_reform(reform_id=reform.pk, basis=preview.basis, by=analyst, at=AT)
    hold_deferred()
    return done


def tree_on(day: dt.date) -> set[tuple[UUID, str, str, UUID | None]]:
    """Each living unit with its name, kind and parent."""
    above = dict(UnitParent.objects.filter(valid__contains=day).values_list("unit_id", "parent_id"))
    versions = UnitVersion.objects.filter(valid__contains=day)
    return {(one.unit_id, one.name, one.kind, above.get(one.unit_id)) for one in versions}


def members_on(day: dt.date) -> dict[str, int]:
    counted = MembershipCount.objects.filter(valid__contains=day).order_by().values_list("status")
    return dict(counted.annotate(members=Sum("count")))


def cells_below(unit: UUID, day: dt.date) -> set[UUID]:
    below = UnitClosure.objects.filter(ancestor_id=unit, depth=1, valid__contains=day)
    return set(below.values_list("descendant_id", flat=True))


def new_communes() -> dict[str, UUID]:
    """The communes of the day by name, each bearing its name alone."""
    found = UnitVersion.objects.filter(kind=UnitKind.DANG_BO_XA, valid__contains=DAY)
    named = {one.name.removeprefix("Đảng bộ "): one.unit_id for one in found}
    assert len(named) == found.count()
    return named


def test_eleven_districts_and_194_communes_become_65() -> None:
    rows = correspondence()
    assert len({row["district"] for row in rows}) == 11
    assert len(heirs()) == 194
    new = {(row["new_kind"], row["new_name"]) for row in rows}
    assert len(new) == 65
    assert new == {("xã", name) for name in NEW} | {("phường", name) for name in WARDS}


def test_each_old_commune_went_whole_into_one_but_for_the_two_told_as_parts() -> None:
    parts = Counter(row["part"] for row in correspondence())
    assert parts == {"toàn bộ": 192, "một phần": 4}
    assert {old for old, into in heirs().items() if len(into) > 1} == SPLIT


def test_no_district_is_left_and_65_stand_below_the_province(
    province: LangSon, analyst: Viewer
) -> None:
    carry_out(province, analyst)
    kinds = Counter(kind for _, _, kind, _ in tree_on(DAY))
    assert kinds == {"dang_bo_tinh": 1, "dang_bo_xa": 65, "chi_bo": 194 * CELLS}
    assert cells_below(province.province, DAY) == set(new_communes().values())
    assert closure_differences() == []


def test_every_cell_stands_below_the_commune_its_own_went_into(
    province: LangSon, analyst: Viewer
) -> None:
    carry_out(province, analyst)
    named = new_communes()
    below = {name: cells_below(unit, DAY) for name, unit in named.items()}
    for old, into in heirs().items():
        targets = into if old in SPLIT else into * CELLS
        for cell, new in zip(province.cells[old], targets, strict=True):
            assert cell in below[new], (old, new)


def test_members_and_past_totals_are_conserved(province: LangSon, analyst: Viewer) -> None:
    before, eve = members_on(EVE), tree_on(EVE)
    admitted = AdmissionCount.objects.aggregate(all=Sum("count"))
    carry_out(province, analyst)
    assert before[MembershipStatus.OFFICIAL] > 0
    assert members_on(DAY) == members_on(EVE) == before
    assert AdmissionCount.objects.aggregate(all=Sum("count")) == admitted
    assert tree_on(EVE) == eve


def test_the_past_by_the_structure_of_today_adds_up_to_the_past(
    province: LangSon, analyst: Viewer
) -> None:
    """What each new commune inherits of the old ones by share: nothing lost, nothing twice."""
    carry_out(province, analyst)
    members = {old: official_below(unit, EVE) for old, unit in province.communes.items()}
    inherited = sum(
        line.share * members[old]
        for old, unit in province.communes.items()
        for line in Ancestry.objects.filter(predecessor_id=unit)
    )
    assert inherited == pytest.approx(sum(members.values()))
    assert sum(members.values()) == members_on(EVE)[MembershipStatus.OFFICIAL]


def official_below(unit: UUID, day: dt.date) -> int:
    counts = MembershipCount.objects.filter(
        unit_id__in=cells_below(unit, day), status=MembershipStatus.OFFICIAL, valid__contains=day
    )
    return sum(counts.values_list("count", flat=True))


def test_each_old_commune_is_found_from_its_successor_and_back(
    province: LangSon, analyst: Viewer
) -> None:
    carry_out(province, analyst)
    names = {unit: name for name, unit in new_communes().items()}
    olds = {unit: old for old, unit in province.communes.items()}
    onward: dict[Old, set[str]] = {}
    shares: Counter[Old] = Counter()
    for line in Ancestry.objects.all():
        old = olds[line.predecessor_id]
        onward.setdefault(old, set()).add(names[line.successor_id])
        shares[old] += line.share  # type: ignore[assignment]
    assert onward == {old: set(into) for old, into in heirs().items()}
    assert set(shares.values()) == {1.0}


def test_the_eve_shows_the_old_tree_to_whoever_looks_back(
    province: LangSon, analyst: Viewer
) -> None:
    seen = set(units_visible(analyst, EVE))
    carry_out(province, analyst)
    later = viewer_for(analyst.user, on=dt.date(2026, 1, 1))
    assert set(units_visible(later, EVE)) == seen
    assert len(seen) == 1 + 11 + 194 + 194 * CELLS


def test_a_day_before_the_source_speaks_has_no_data(province: LangSon, analyst: Viewer) -> None:
    carry_out(province, analyst)
    before = SPEAKS_FROM - dt.timedelta(days=1)
    with pytest.raises(NotFound, match="Chưa có dữ liệu"):
        check_in_register(before)
    assert tree_on(before) == set()
    assert any(name == PROVINCE for _, name, _, _ in tree_on(SPEAKS_FROM))


def test_undoing_gives_back_the_very_same_register(province: LangSon, analyst: Viewer) -> None:
    before = register()
    reform = carry_out(province, analyst)
    assert register() != before
    undo_reform(reform_id=reform.pk, reason="Thử lại", by=analyst, at=AT)
    hold_deferred()
    assert register() == before
