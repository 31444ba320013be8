"""The cadres and members of the demonstration: told by the real acts, each state to be seen."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.simulate import LAST_MONTH, SMALL, simulate_province
from vungmanh.cadre.concerns import concerns_visible
from vungmanh.cadre.handed_over import hand_over_of
from vungmanh.cadre.models import Course, CourseCount, Rotation, Term
from vungmanh.cadre.replacing import replacing_of
from vungmanh.cadre.rotations import is_past_return
from vungmanh.config import demo
from vungmanh.config.demo_people import Stage, write_demo_people
from vungmanh.core.people_words import PostConcern
from vungmanh.core.periods import last_day
from vungmanh.org.admission_targets import targets_visible
from vungmanh.org.admissions import OPEN, admissions_visible, on_the_way
from vungmanh.org.member_lists import review_lists
from vungmanh.org.models import (
    Admission,
    AggregateCount,
    Appointment,
    Membership,
    MemberTransfer,
    Place,
)

AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
TODAY = last_day(LAST_MONTH)


def told() -> tuple[Stage, Viewer]:
    province = simulate_province(7, size=SMALL, last_month=LAST_MONTH)
    demo._write(province, at=AT, say=lambda words: None)
    people = demo.make_accounts(at=AT, last_month=LAST_MONTH)
    stage = write_demo_people(people=people, today=TODAY)
    assert stage is not None
    return stage, viewer_for(people["vanphong"], on=TODAY)


@pytest.mark.django_db
def test_cadres_and_members_of_the_demonstration_show_each_state_that_pages_know() -> None:
    stage, office = told()
    found = concerns_visible(office, TODAY, within=dt.timedelta(days=183))
    kinds = {fact.kind for one in found for fact in one.facts}
    assert kinds == set(PostConcern)
    replaced = replacing_of(stage.cells[11], TODAY)
    assert replaced.holder is not None
    assert replaced.before is not None
    assert len(replaced.acted) == 1
    assert hand_over_of(replaced.holder) is not None
    assert Term.objects.filter(approved_on=None).exists()
    rotations = Counter(Rotation.objects.values_list("state", flat=True))
    assert set(rotations) == {"decided", "away", "returned", "stayed"}
    assert {one.way for one in Rotation.objects.all()} == {
        "rotated_down", "rotated_up", "rotated_sideways",
    }  # fmt: skip
    assert any(is_past_return(one, TODAY) for one in Rotation.objects.all())
    assert not Appointment.objects.exclude(person=None).filter(holder_name="").exists()

    board = on_the_way(admissions_visible(office, TODAY).filter(state__in=OPEN), TODAY)
    assert {row.is_behind for row in board} == {True, False}
    assert {bool(row.admission.stall) for row in board if row.is_behind} == {True, False}
    states = set(Admission.objects.values_list("state", flat=True))
    assert states == {"open", "admitted", "official", "stopped"}
    assert {one.person is None for one in Admission.objects.all()} == {True, False}
    states = set(MemberTransfer.objects.values_list("state", flat=True))
    assert states == {"sent", "accepted", "refused"}
    assert sum(one.target > 0 for one in targets_visible(office, TODAY, TODAY.year)) == 7

    lists = review_lists(office, TODAY)
    assert len(lists.exempt_past) == 2
    assert any(one.late_days for one in lists.waiting)
    assert not all(one.late_days for one in lists.waiting)
    assert all((lists.mismatches, lists.stale, lists.grounds))
    twice = Membership.objects.filter(person__name_fold="nong thu hoa")
    assert len(set(twice.values_list("unit_id", flat=True))) == 2
    assert Place.objects.count() == 4
    courses = Counter(Course.objects.values_list("state", flat=True))
    assert courses == {"held": 2, "planned": 1, "dropped": 1}
    assert CourseCount.objects.filter(session__course__plan__unit_id=stage.commune).count() == 23
    reported = AggregateCount.objects.filter(dimension="sex", replaced_at=None)
    assert reported.values("unit_id").distinct().count() == 8
    names = {one.person.name for one in Membership.objects.select_related("person")}
    assert all("Thử" in name or "Mẫu" in name for name in names), "nobody real"
