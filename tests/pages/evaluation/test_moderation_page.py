"""Before the vote: who may read it, that it says what `moderate` says, and what it never tells."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import numpy as np
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, THIRD, Story
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.ids import uuid7
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Role, Sector, Status, UnitKind
from vungmanh.evaluation.models import Cycle, Dossier, YearGrade
from vungmanh.org.models import Unit, UnitVersion
from vungmanh.strengthening.models import Assessment, AssessmentRun, Flag
from vungmanh.strengthening.moderation import Leaning
from vungmanh.strengthening.moderation_texts import discrepancy_text, strict_text
from vungmanh.strengthening.year_fairness import SpreadBy, fairness_of
from vungmanh.strengthening.year_moderation import moderate_cycle
from vungmanh.web.evaluation.moderation import all_bars, summed_words

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
ANALYST, OVERSEER = Role.PROVINCIAL_ANALYST, Role.OVERSEER
CODES = ("khong_hoan_thanh", "hoan_thanh", "tot", "xuat_sac")
OTHERS, UNITS = 6, 10


def dossiers(cycle: Cycle, units: list[UUID]) -> None:
    Unit.objects.bulk_create(Unit(id=unit, is_simulated=True) for unit in units)
    Dossier.objects.bulk_create(
        Dossier(
            cycle=cycle, unit_id=unit, subject="organisation", name=f"Nơi lạ {unit.hex[-4:]}",
            group=Sector.VILLAGE, tier=UnitKind.CHI_BO, state="waiting", changed_at=AT,
        )
        for unit in units
    )  # fmt: skip


def neighbour(story: Story) -> None:
    """Another commune whose committee rates ten cells in the same year."""
    committee = Unit.objects.create(id=uuid7(), is_simulated=True)
    UnitVersion.objects.create(
        unit=committee, valid=DateRange(dt.date(2015, 1, 1), None), name="Đảng bộ xã Nơi Lạ",
        name_fold="", name_key=b"", kind=UnitKind.DANG_BO_XA, sector=Sector.COMMUNE,
        is_organisation=True,
    )  # fmt: skip
    copied = {
        name: getattr(story.cycle, name)
        for name in ("year", "regime", "on", "rules", "rulebook", "state", "opened_at")
    }
    cycle = Cycle.objects.create(unit=committee, name="Đảng bộ xã Nơi Lạ", **copied)
    dossiers(cycle, [uuid7() for _ in range(UNITS)])


def assess(story: Story) -> None:
    """Everybody rated gets an index known within six points, and the grade that goes with it."""
    rated = list(Dossier.objects.order_by("cycle", "name", "pk"))
    draw = np.random.default_rng(11)
    index = np.round(np.clip(draw.normal(70, 12, len(rated)), 20, 98), 2)
    index[[one.unit_id == story.cast[CELL] for one in rated]] = 40.0
    index[[one.unit_id == story.cast[SECOND] for one in rated]] = 97.0
    steps = np.searchsorted(np.quantile(index, (0.05, 0.25, 0.8)), index)
    for one, step in zip(rated, steps.tolist(), strict=True):
        one.proposed_grade = CODES[step]
    Dossier.objects.bulk_update(rated, ["proposed_grade"])
    run = AssessmentRun.objects.create(
        month=dt.date(2019, 12, 1), at=AT, rulebook_version="v", code_version="v",
        input_hash="abcdef" * 10, reported=0, due=0,
    )  # fmt: skip
    Assessment.objects.bulk_create(
        Assessment(
            run=run, unit_id=one.unit_id, name=one.name, name_key=b"", sector=Sector.VILLAGE,
            status=Status.NORMAL, due=12, held=12, not_held=0, no_report=0, excused=0, heavy=0,
            light=0, cells=0, failing_cells=0, estimate=value, low=value - 6, high=value + 6,
            probability=0.1, statistics={"series": [[value, 3.0]]},
        )
        for one, value in zip(rated, index.tolist(), strict=True)
    )  # fmt: skip


@pytest.fixture
def level(story: Story) -> Story:
    """Seven communes of one level, each with enough cells; two cells of ours graded oddly."""
    dossiers(story.cycle, [uuid7() for _ in range(UNITS - 3)])
    for _ in range(OTHERS):
        neighbour(story)
    assess(story)
    for unit, grade in ((CELL, "xuat_sac"), (SECOND, "hoan_thanh"), (THIRD, "tot")):
        story.cycle.dossiers.filter(unit_id=story.cast[unit]).update(proposed_grade=grade)
    Flag.objects.create(
        unit_id=story.cast[CELL], reason="meetings_held", figures={},
        since_month=dt.date(2019, 11, 1), raised_at=AT, reply_by=dt.date(2019, 12, 20),
    )  # fmt: skip
    return story


def address(story: Story) -> str:
    return f"/xep-loai/{story.cycle.pk}/doi-chieu/"


def page(story: Story, role: Role = OFFICE, unit: str = QUAN_MAU) -> str:
    return words(main_of(story.as_(role, unit).get(address(story))))


def test_the_page_is_for_who_decides_and_the_province(story: Story) -> None:
    asked = address(story)
    assert story.as_(OFFICE).get(asked).status_code == 200
    assert story.as_(ANALYST, PROVINCE).get(asked).status_code == 200
    assert story.as_(OFFICE, CELL).get(asked).status_code == 403
    assert story.as_(OVERSEER, CELL).get(asked).status_code == 403
    assert story.as_(SECRETARY, CELL).get(asked).status_code == 403
    assert story.as_(OFFICE, LANG_THU).get(asked).status_code == 404
    for other in ("", "ty-le/"):
        assert (
            asked in story.as_(OFFICE).get(f"/xep-loai/{story.cycle.pk}/{other}").content.decode()
        )


def test_a_cycle_without_a_grade_says_what_is_missing(story: Story) -> None:
    said = page(story)
    assert "Chưa hồ sơ nào năm 2019 có mức tự xếp loại hoặc đề xuất" in said
    assert "3 hồ sơ chưa có mức nào" in said
    assert "Chưa có nơi cùng cấp nào khác" in said
    story.cycle.dossiers.update(self_grade="tot")
    said = page(story)
    assert "Năm 2019 chưa có đánh giá theo số liệu" in said
    assert "3 hồ sơ mới có mức tự xếp loại" in said
    assert "3 đơn vị chưa có chỉ số" in said
    assert "Không có đơn vị nào như vậy." not in said


def test_the_committee_reads_the_figures_of_its_own_moderation(level: Story) -> None:
    told = moderate_cycle(level.cycle, at=timezone.now())
    assert len(told.committees) == OTHERS + 1
    own = told.committees[level.cycle.unit_id]
    assert {one.unit_id for one in own.discrepancies} == {level.cast[CELL], level.cast[SECOND]}
    said = page(level)
    assert "2 trong 10 đơn vị cần nói rõ căn cứ trước khi biểu quyết." in said
    for one in own.discrepancies:
        assert discrepancy_text(one) in said
    assert strict_text(own.strict) in said
    for count in own.counts:
        assert f"{count.label} {count.proposed} {number_vi(count.expected)}" in said
    source = level.as_(OFFICE).get(address(level)).content.decode()
    for unit in (CELL, SECOND):
        assert f"/xep-loai/ho-so/{level.dossier(unit).pk}/" in source
        assert f"/to-chuc/{level.cast[unit]}/" in source
    assert THIRD not in said
    assert "Nơi Lạ" not in said


def test_other_committees_are_told_as_sums_without_names(level: Story) -> None:
    told = moderate_cycle(level.cycle, at=timezone.now())
    said = page(level, ANALYST, PROVINCE)
    assert "Nơi Lạ" not in said
    assert len(all_bars(told)) == OTHERS + 1
    for label, number in summed_words(told):
        assert f"{label} {number}" in said
    assert sum(told.summed.leanings.values()) == OTHERS + 1
    client = level.as_(ANALYST, PROVINCE)
    assert 'class="said-so"' not in client.get(address(level)).content.decode()


def test_sums_of_few_committees_are_not_told(level: Story) -> None:
    kept = Cycle.objects.exclude(pk=level.cycle.pk).order_by("pk")[:3]
    Dossier.objects.exclude(cycle__in=[level.cycle.pk, *(one.pk for one in kept)]).delete()
    told = moderate_cycle(level.cycle, at=timezone.now())
    assert told.summed.leanings[Leaning.TOO_FEW] == 0
    assert summed_words(told) == []
    assert all_bars(told) == []
    assert "chỉ nêu khi có từ 5 nơi so được" in page(level)


def before(story: Story, year: int, grade: str) -> None:
    for unit in (CELL, SECOND, THIRD):
        YearGrade.objects.create(unit_id=story.cast[unit], year=year, regime="R", grade=grade)


def test_the_year_before_is_counted_within_one_regulation(level: Story) -> None:
    before(level, 2018, "tot")
    said = page(level)
    assert "So với năm 2018: 1 đơn vị lên bậc, 1 giữ nguyên, 1 xuống bậc." in said
    assert "7 đơn vị không có mức của năm trước." in said
    assert "đổi quy định" not in said


def test_two_regulations_stand_apart_without_a_change(level: Story) -> None:
    before(level, 2017, "hoan_thanh_tot")
    Cycle.objects.update(year=2018)
    level.cycle.refresh_from_db()
    said = page(level)
    assert "Năm 2017 xếp theo quy định khác" in said
    assert "≠ đổi quy định, không so được" in said
    assert "Hoàn thành tốt nhiệm vụ 3" in said
    assert "lên bậc" not in said
    assert not {"→", "↑", "↓"} & set(said)


def test_more_committees_cost_no_further_query(level: Story) -> None:
    client = level.as_(OFFICE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(address(level))
        return len(caught)

    queries()
    alone = queries()
    neighbour(level)
    Dossier.objects.filter(proposed_grade="").update(proposed_grade="tot")
    assert queries() == alone


def test_the_spread_of_the_best_grade_stands_beside_whom_it_is_a_share_of(level: Story) -> None:
    """Kinds with their intervals, few called few, and the cap asked before anything is decided."""
    sectors = [Sector.VILLAGE] * 7 + [Sector.SCHOOL] * 3
    own = list(level.cycle.dossiers.order_by("name", "pk"))
    for one, sector in zip(own, sectors, strict=True):
        one.group, one.proposed_grade, one.self_points = sector, "tot", 80
        one.state = "proposed"
    own[0].proposed_grade = own[1].proposed_grade = "xuat_sac"
    Dossier.objects.bulk_update(own, ["group", "proposed_grade", "self_points", "state"])
    told = fairness_of(level.cycle, at=timezone.now())
    assert (told.eligible, told.best) == (10, 0), "two equal for one place: none"
    assert "Mức cao nhất phân bố ra sao" not in page(level)
    Dossier.objects.filter(pk=own[0].pk).update(self_points=90)
    told = fairness_of(level.cycle, at=timezone.now())
    (kinds,) = [one for one in told.spreads if one.by is SpreadBy.KIND]
    counts = {row.share.label: (row.share.k, row.share.n, row.is_few) for row in kinds.rows}
    assert counts == {"Thôn, tổ dân phố": (1, 7, True), "Trường học": (0, 3, True)}
    said = page(level)
    assert "1 trong 10 nơi từ hoàn thành tốt trở lên có mức cao nhất (10%)." in said
    assert "Thôn, tổ dân phố 1 trong 7" in said
    assert "100% và 70% dưới 10 nơi, chưa nói được gì" in said
    assert "phần lớn do may rủi" in said
    assert "Chưa có nơi nào ở mức cao nhất năm trước" in said


def test_who_has_it_again_is_not_said_over_two_regulations(level: Story) -> None:
    Dossier.objects.filter(cycle=level.cycle).update(proposed_grade="tot", state="notified")
    Dossier.objects.filter(cycle=level.cycle).update(grade="tot")
    one = level.dossier()
    Dossier.objects.filter(pk=one.pk).update(grade="xuat_sac")
    YearGrade.objects.create(unit_id=one.unit_id, year=2018, regime="R", grade="xuat_sac")
    assert "Trong 1 nơi ở mức cao nhất năm trước, 1 trong 1 (khoảng" in page(level)
    Cycle.objects.update(year=2018)
    level.cycle.refresh_from_db()
    assert "nên không so ai được lại mức cao nhất" in page(level)
