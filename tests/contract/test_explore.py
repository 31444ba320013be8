"""Trying a threshold: the same judgement as a real assessment under it, and nothing stored."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt

import pytest

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, Cast, december
from tests.pages.strengthening.story import make_story
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed
from vungmanh.core.vocabulary import Role, Status
from vungmanh.strengthening import rules_in_force
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.explore import Exploration, explore
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.thresholds import THRESHOLDS

pytestmark = pytest.mark.django_db

MONTH = december(2017)


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    cast = make_story()
    assess_months(months=[MONTH], by=None, at=AT)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return viewer_for(cast.user("phân tích", Role.PROVINCIAL_ANALYST), on=AT.date())


def run() -> AssessmentRun:
    return AssessmentRun.objects.get(month=MONTH)


def stands(exploration: Exploration) -> dict[str, Status]:
    """Where every unit would stand: as it was stored, then as it would move."""
    stored = {row.name: Status(row.status) for row in run().rows.all()}
    moved = (*exploration.cells.moved, *exploration.organisations.moved)
    return stored | {one.name: one.after for one in moved}


def test_unchanged_thresholds_move_nobody(analyst: Viewer) -> None:
    rules = explore(analyst, run(), {}).rules
    same = {threshold.code: threshold.of(rules) for threshold in THRESHOLDS}
    found = explore(analyst, run(), same)
    assert found.tried == found.rules
    for change in (found.cells, found.organisations):
        assert change.moved == ()
        assert change.before == change.after
    assert found.overseers.before == found.overseers.after


def test_the_count_before_is_the_assessment(analyst: Viewer) -> None:
    found = explore(analyst, run(), {})
    cells = Assessment.objects.filter(run=run(), cell_position__isnull=False)
    assert found.cells.before[Status.WEAK] == cells.filter(status=Status.WEAK).count() > 0
    assert sum(found.cells.before.values()) == cells.count()


@pytest.mark.parametrize(
    "changes",
    [
        {"so-ky": 6}, {"so-ky": 5}, {"so-ky": 12}, {"bao-cao": 40}, {"bao-cao": 90},
        {"chi-bo-yeu": 80}, {"it-dang-vien": 10}, {"so-ky": 5, "bao-cao": 40},
    ],
)  # fmt: skip
def test_an_exploration_is_a_real_assessment_under_the_changed_rule(
    analyst: Viewer, monkeypatch: pytest.MonkeyPatch, changes: dict[str, int]
) -> None:
    found = explore(analyst, run(), changes)
    expected = stands(found)
    real = rules_in_force.fact_rules

    def changed(book: object, day: dt.date) -> object:
        return found.tried if day == dt.date(2017, 12, 31) else real(book, day)  # type: ignore[arg-type]

    monkeypatch.setattr(rules_in_force, "fact_rules", changed)
    assess_months(months=[MONTH], by=None, at=AT)
    assert {row.name: Status(row.status) for row in run().rows.all()} == expected


def test_a_lower_minimum_lets_a_cell_leave_and_lightens_its_committee(
    cast: Cast, analyst: Viewer
) -> None:
    found = explore(analyst, run(), {"so-ky": 6})
    assert [one.name for one in found.cells.leaving] == ["Chi bộ thôn Đồi Mẫu"]
    assert found.cells.entering == ()
    assert (found.committees.most_before, found.committees.most_after) == (2, 1)
    assert [(area.before, area.after) for area in found.cells.areas] == [(2, 1)]


def test_the_load_of_overseers_follows(cast: Cast, analyst: Viewer) -> None:
    overseer = cast.user("phụ trách", Role.OVERSEER, "Chi bộ thôn Đồi Mẫu")
    found = explore(analyst, run(), {"so-ky": 6})
    assert overseer.grants.count() == 1
    assert (found.overseers.before, found.overseers.without_before) == ({1: 1}, 1)
    assert (found.overseers.after, found.overseers.without_after) == ({}, 1)


def test_nothing_is_stored(analyst: Viewer) -> None:
    before = list(Assessment.objects.order_by("pk").values())
    explore(analyst, run(), {"so-ky": 12})
    assert list(Assessment.objects.order_by("pk").values()) == before
    assert dataclasses.asdict(explore(analyst, run(), {}))["cells"]["moved"] == ()


def test_an_analyst_sees_only_the_own_committee(cast: Cast) -> None:
    user: User = cast.user("bên cạnh", Role.PROVINCIAL_ANALYST, LANG_THU)
    found = explore(viewer_for(user, on=AT.date()), run(), {"so-ky": 12, "bao-cao": 0})
    names = {one.name for one in (*found.cells.moved, *found.organisations.moved)}
    assert names
    assert not names & {QUAN_MAU, "Chi bộ thôn Đồi Mẫu", PROVINCE}


@pytest.mark.parametrize(
    "changes", [{"so-ky": 0}, {"so-ky": 13}, {"bao-cao": 101}, {"khong-co": 3}]
)
def test_a_number_out_of_bounds_is_refused_with_the_bounds(
    analyst: Viewer, changes: dict[str, int]
) -> None:
    with pytest.raises(InputError) as refusal:
        explore(analyst, run(), changes)
    assert refusal.value.field == next(iter(changes))


def test_others_do_not_explore(cast: Cast) -> None:
    office = viewer_for(cast.user("văn phòng", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())
    with pytest.raises(NotAllowed):
        explore(office, run(), {})
