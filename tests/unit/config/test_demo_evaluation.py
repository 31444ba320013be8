"""The yearly rating of the demonstration reads as it is told, and moves no grade on record."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.analysis.simulate import LAST_MONTH, SMALL, simulate_province
from vungmanh.config import demo
from vungmanh.config.demo_evaluation import write_demo_cycle
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import DossierState, DossierSubject, Role
from vungmanh.evaluation.actions.complaints import reverify
from vungmanh.evaluation.models import Cycle, GradeDecision, YearGrade
from vungmanh.evaluation.recompute import recompute_many
from vungmanh.strengthening.year_grading import compute, held_back
from vungmanh.strengthening.year_quota import cycle_quota

S = DossierState
TODAY = last_day(LAST_MONTH)


def rated_small_province() -> tuple[Cycle, dict[int, str]]:
    """Its cycle, and the grades on record before there was one."""
    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    demo._write(simulate_province(7, size=SMALL), at=at, say=lambda words: None)
    people = demo.make_accounts(at=at)
    before = dict(YearGrade.objects.values_list("id", "grade"))
    cycle = write_demo_cycle(office=people["vanphong"], today=TODAY, before_reform=False)
    return cycle, before


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demonstration_s_cycle_is_in_many_states_and_the_cap_holds_one_back() -> None:
    cycle, before = rated_small_province()
    assert cycle.year == TODAY.year - 1
    assert dict(YearGrade.objects.values_list("id", "grade")) == before

    rated = cycle.dossiers.filter(subject=DossierSubject.ORGANISATION)
    states = Counter(rated.values_list("state", flat=True))
    assert states[S.NOTIFIED] > len(rated) / 2
    for one in (S.WAITING, S.IN_OPINION, S.RETURNED, S.COMPLAINED):
        assert states[one] == 1, one
    again = rated.filter(version=2)
    assert set(again.values_list("state", flat=True)) == {S.WAITING, S.IN_OPINION, S.RETURNED}
    assert all(one.grade for one in again), "a grade stands until another is decided"
    on_record = dict(YearGrade.objects.filter(year=cycle.year).values_list("unit_id", "grade"))
    assert all(one.grade == on_record[one.unit_id] for one in rated if one.grade)

    held = rated.get(proposed_grade="xuat_sac", grade="tot")
    quota = cycle_quota(cycle, at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert quota is not None
    assert quota.of(str(held.pk)).held(str(held.pk)) is not None
    best = {str(one.pk) for one in rated.filter(grade="xuat_sac")}
    assert best == quota.chosen
    decision = held.decisions.get()
    assert "vượt tỷ lệ" in decision.reason
    assert "chỉ được" in held_back(decision)
    assert held_back(rated.filter(grade="xuat_sac")[0].decisions.get()) == ""

    found = recompute_many(list(GradeDecision.objects.all()), compute)
    assert found
    assert all(one.is_same for one in found)
    office = User.objects.get(username="vanphong")
    complained = rated.get(state=S.COMPLAINED)
    reverify(  # nobody of the story is barred from going on with it
        dossier_id=complained.pk,
        by=viewer_for(office, on=TODAY, role=Role.COMMITTEE_OFFICE),
        at=dt.datetime(2026, 10, 31, 3, tzinfo=dt.UTC),
    )
