"""Before the vote: proposed grades beside the figures, said only where chance is excluded."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Sector, Status
from vungmanh.evaluation.models import YearGrade
from vungmanh.org.models import Unit
from vungmanh.strengthening.models import Assessment, AssessmentRun, Flag
from vungmanh.strengthening.moderation import Doubt, Leaning, Moderation, moderate
from vungmanh.strengthening.moderation_texts import before_text, discrepancy_text, strict_text

pytestmark = pytest.mark.django_db
YEAR, COMMITTEES, UNITS = 2019, 8, 10
AT = dt.datetime(2020, 1, 10, 3, tzinfo=dt.UTC)
CODES = ("khong_hoan_thanh", "hoan_thanh", "tot", "xuat_sac")


class World:
    """Eighty units alike in eight committees; the index of each is known within 6 points."""

    def __init__(self) -> None:
        draw = np.random.default_rng(11)
        self.bodies = [uuid7() for _ in range(COMMITTEES)]
        self.units = [Unit(id=uuid7(), is_simulated=True) for _ in range(COMMITTEES * UNITS)]
        Unit.objects.bulk_create(self.units)
        self.ids = [unit.pk for unit in self.units]
        self.index = np.round(np.clip(draw.normal(70, 12, len(self.ids)), 20, 98), 2)
        self.committees = {unit: self.bodies[row // UNITS] for row, unit in enumerate(self.ids)}
        steps = np.searchsorted(np.quantile(self.index, (0.05, 0.25, 0.8)), self.index)
        self.grades = {unit: CODES[step] for unit, step in zip(self.ids, steps, strict=True)}
        run = AssessmentRun.objects.create(
            month=dt.date(YEAR, 12, 1), at=AT, rulebook_version="v", code_version="v",
            input_hash="h" * 64, reported=0, due=0,
        )  # fmt: skip
        Assessment.objects.bulk_create(
            Assessment(
                run=run, unit_id=unit, name=f"Đảng bộ {row}", name_key=b"", sector=Sector.COMMUNE,
                status=Status.NORMAL, due=12, held=12, not_held=0, no_report=0, excused=0, heavy=0,
                light=0, cells=0, failing_cells=0, estimate=index, low=index - 6, high=index + 6,
                probability=0.1, statistics={"series": [[index, 3.0]]},
            )
            for row, (unit, index) in enumerate(zip(self.ids, self.index.tolist(), strict=True))
        )  # fmt: skip

    def flag(self, unit: UUID) -> None:
        Flag.objects.create(
            unit_id=unit, reason="meetings_held", figures={}, since_month=dt.date(YEAR, 11, 1),
            raised_at=AT - dt.timedelta(days=20), reply_by=dt.date(YEAR, 12, 20),
        )  # fmt: skip

    def moderated(self, year: int = YEAR) -> Moderation:
        return moderate(self.grades, self.committees, year=year, at=AT)


@pytest.fixture
def world() -> World:
    return World()


def test_committees_that_follow_the_figures_are_left_alone(world: World) -> None:
    found = world.moderated()
    assert (found.run_month, found.input_hash) == (dt.date(YEAR, 12, 1), "h" * 64)
    summed = found.summed
    assert (summed.committees, summed.units, summed.unknown) == (8, 80, 0)
    assert summed.leanings[Leaning.NOT_SEEN] == 8
    assert not any(summed.doubts.values())
    assert not any(count.is_outside for one in found.committees.values() for count in one.counts)


def test_a_committee_that_gives_everybody_the_best_grade_is_seen(world: World) -> None:
    lenient = world.bodies[0]
    world.grades |= dict.fromkeys(world.ids[:UNITS], "xuat_sac")
    one = world.moderated().committees[lenient]
    assert one.strict.leaning is Leaning.LENIENT
    assert one.strict.low is not None
    assert one.strict.low > 0
    assert "cao hơn nơi khác" in strict_text(one.strict)
    best = one.counts[0]
    assert (best.label, best.proposed) == ("Hoàn thành xuất sắc nhiệm vụ", UNITS)
    assert best.is_outside
    summed = world.moderated().summed
    assert summed.leanings[Leaning.LENIENT] == 1


def test_the_best_grade_beside_open_signs_is_asked_about(world: World) -> None:
    weak = world.ids[int(np.argsort(world.index)[8])]
    world.grades[weak] = "xuat_sac"
    assert not world.moderated().summed.doubts[Doubt.EXCELLENT_WITH_SIGNALS]  # no sign is open
    world.flag(weak)
    (found,) = world.moderated().committees[world.committees[weak]].discrepancies
    assert (found.unit_id, found.doubt) == (weak, Doubt.EXCELLENT_WITH_SIGNALS)
    assert found.signal.high < found.cut
    assert "1 dấu hiệu yếu đang mở" in discrepancy_text(found)
    Flag.objects.update(fate="explained", concluded_at=AT - dt.timedelta(days=1))
    assert not world.moderated().summed.doubts[Doubt.EXCELLENT_WITH_SIGNALS]


def test_an_open_sign_within_the_interval_is_no_doubt(world: World) -> None:
    best = world.ids[int(np.argmax(world.index))]
    assert world.grades[best] == "xuat_sac"
    world.flag(best)
    assert not any(world.moderated().summed.doubts.values())


def test_a_low_grade_of_a_strong_unit_is_asked_about(world: World) -> None:
    strong = world.ids[int(np.argmax(world.index))]
    world.grades[strong] = "hoan_thanh"
    (found,) = world.moderated().committees[world.committees[strong]].discrepancies
    assert found.doubt is Doubt.LOW_THOUGH_STRONG
    assert found.signal.low > found.cut
    assert "Cần xem lại" in discrepancy_text(found)


def test_units_without_an_index_are_counted_as_not_known(world: World) -> None:
    Assessment.objects.filter(unit_id__in=world.ids[:7]).update(estimate=None, low=None, high=None)
    one = world.moderated().committees[world.bodies[0]]
    assert (one.units, one.unknown) == (UNITS, 7)
    assert one.strict.leaning is Leaning.TOO_FEW
    assert "Chưa so được" in strict_text(one.strict)
    assert sum(count.proposed for count in one.counts) == 3


def test_a_year_never_assessed_expects_nothing(world: World) -> None:
    AssessmentRun.objects.all().delete()
    found = world.moderated()
    assert found.run_month is None
    assert {one.strict.leaning for one in found.committees.values()} == {Leaning.TOO_FEW}
    assert found.summed.unknown == 80


def graded_before(world: World, year: int, code: str) -> None:
    YearGrade.objects.bulk_create(
        YearGrade(unit_id=unit, year=year, regime="R", grade=code) for unit in world.ids[:UNITS]
    )
    YearGrade.objects.update(recorded_at=AT - dt.timedelta(days=1))


def test_the_year_before_is_compared_within_one_regime(world: World) -> None:
    graded_before(world, YEAR - 1, "khong_hoan_thanh")
    for unit in world.ids[:UNITS]:
        world.grades[unit] = "tot"
    before = world.moderated().committees[world.bodies[0]].before
    assert not before.is_break
    assert before.change is not None
    assert (before.change.up, before.change.down) == (UNITS, 0)
    assert before.change.is_clear
    assert "10 đơn vị lên bậc" in before_text(before)
    assert world.moderated().committees[world.bodies[1]].before.missing == UNITS


def test_few_changes_are_said_to_be_few(world: World) -> None:
    graded_before(world, YEAR - 1, "tot")
    world.grades |= dict.fromkeys(world.ids[:UNITS], "tot")
    world.grades[world.ids[0]] = "xuat_sac"
    before = world.moderated().committees[world.bodies[0]].before
    assert before.change is not None
    assert (before.change.up, before.change.same) == (1, 9)
    assert not before.change.is_clear
    assert "còn ít" in before_text(before)


def test_two_regimes_are_never_joined(world: World) -> None:
    graded_before(world, 2017, "hoan_thanh_tot")
    before = (
        moderate(world.grades, world.committees, year=2018, at=AT)
        .committees[world.bodies[0]]
        .before
    )
    assert before.is_break
    assert before.change is None
    assert dict(before.counts)["Hoàn thành tốt nhiệm vụ"] == UNITS
    assert "không tính tăng giảm" in before_text(before)
    assert before_text(replace(before, is_break=False)).startswith("Chưa có xếp loại")
