"""The cap holds whoever decides and however many at once: the cycle is held while it is asked."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from tests.contract.capped import Proposed, half_may_be_best
from tests.contract.rating_story import BEST, CELL, GOOD, NOW, OTHER_CELL, secretary
from vungmanh.core.errors import Conflict, InputError, NotAllowed
from vungmanh.evaluation.actions import cycles
from vungmanh.evaluation.models import DecisionInputs, Dossier, GradeDecision
from vungmanh.evaluation.recompute import recompute_many
from vungmanh.strengthening.actions import deciding
from vungmanh.strengthening.actions.deciding import decide_all_under_cap, decide_under_cap
from vungmanh.strengthening.year_deciding import HELD_BACK, cycle_plan
from vungmanh.strengthening.year_grading import compute

together_in_the_database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    half_may_be_best(monkeypatch)


@together_in_the_database
def test_two_best_grades_at_the_same_moment_do_not_pass_the_cap(
    one_place: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Proposed({CELL: "96", OTHER_CELL: "95"})
    barrier = threading.Barrier(2)
    held = deciding.hold_cycle_of

    def together(*given: Any) -> Dossier:
        barrier.wait(timeout=10)  # both have begun before either holds the cycle
        return held(*given)

    monkeypatch.setattr(deciding, "hold_cycle_of", together)
    told: list[InputError] = []

    def decide(unit: str) -> None:
        try:
            decide_under_cap(dossier_id=story.dossier(unit).pk, grade=BEST, by=story.by, at=NOW)
        except InputError as error:
            told.append(error)
        finally:
            connection.close()

    hands = [threading.Thread(target=decide, args=(unit,)) for unit in (CELL, OTHER_CELL)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=30)
    assert [error.code for error in told] == ["over-cap"]
    assert [one.grade for one in GradeDecision.objects.all()] == [BEST]


@together_in_the_database
def test_while_a_cycle_is_held_nobody_changes_who_is_in_it(one_place: None) -> None:
    """Who is protected changes the cap: it waits until the decision is written."""
    story = Proposed({CELL: "96", OTHER_CELL: "95"})
    first, second = story.dossier(CELL), story.dossier(OTHER_CELL)
    order: list[str] = []
    inside, go = threading.Event(), threading.Event()
    decide = deciding.decide

    def slowly(**given: Any) -> Any:
        inside.set()
        go.wait(timeout=5)
        made = decide(**given)
        order.append("decided")
        return made

    def protect() -> None:
        inside.wait(timeout=10)
        threading.Timer(0.3, go.set).start()
        cycles.set_protected(
            dossier_id=second.pk, protected=True, reason="Quân đội.", by=story.by, at=NOW
        )
        order.append("protected")
        connection.close()

    other = threading.Thread(target=protect)
    other.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "decide", slowly)
        decide_under_cap(dossier_id=first.pk, grade=BEST, by=story.by, at=NOW)
    other.join(timeout=30)
    assert order == ["decided", "protected"]


@pytest.mark.django_db
def test_a_whole_cycle_is_decided_on_figures_kept_once(one_place: None) -> None:
    story = Proposed({CELL: "96", OTHER_CELL: "95"})
    plan = cycle_plan(story.cycle, story.by, at=NOW)
    made = decide_all_under_cap(cycle_id=story.cycle.pk, by=story.by, at=NOW, mark=plan.mark)
    assert DecisionInputs.objects.count() == 1
    grades = {one.dossier.name: (one.grade, one.reason) for one in made}
    assert grades.pop(CELL) == (BEST, "")
    assert set(grades.values()) == {(GOOD, HELD_BACK)}
    assert all(one.is_same for one in recompute_many(made, compute))
    places = {one.dossier.name: one.result["quota"]["chosen"] for one in made}
    assert places[CELL] is True
    assert places[OTHER_CELL] is False


@pytest.mark.django_db
def test_what_was_confirmed_is_what_is_done(one_place: None) -> None:
    story = Proposed({CELL: "96", OTHER_CELL: "95"})
    seen = cycle_plan(story.cycle, story.by, at=NOW).mark
    Dossier.objects.filter(pk=story.dossier().pk).update(proposed_grade=GOOD)
    with pytest.raises(Conflict) as told:
        decide_all_under_cap(cycle_id=story.cycle.pk, by=story.by, at=NOW, mark=seen)
    assert told.value.code == "plan-changed"
    assert not GradeDecision.objects.exists()


@pytest.mark.django_db
def test_a_best_grade_that_stands_takes_its_place_in_the_cap(one_place: None) -> None:
    """Somebody below the cut was given the grade before: the plan says so where it goes beyond."""
    story = Proposed({CELL: "96", OTHER_CELL: "95"})
    decide_under_cap(dossier_id=story.dossier(OTHER_CELL).pk, grade=BEST, by=story.by, at=NOW)
    plan = cycle_plan(story.cycle, story.by, at=NOW)
    wrong = {row.dossier.name: " ".join(row.problems) for row in plan.wrong}
    assert set(wrong) == {CELL}
    assert "chỉ được 1" in wrong[CELL]
    with pytest.raises(InputError) as told:
        decide_all_under_cap(cycle_id=story.cycle.pk, by=story.by, at=NOW)
    assert told.value.code == "rows-missing"
    assert GradeDecision.objects.count() == 1


@pytest.mark.django_db
def test_a_blank_and_a_missing_score_refuse_the_whole(one_place: None) -> None:
    story = Proposed({CELL: "96", OTHER_CELL: "95"})
    one = story.dossier()
    one.answers.pop(next(iter(one.answers)))
    one.self_points = None
    one.save()
    plan = cycle_plan(story.cycle, story.by, at=NOW)
    assert [row.dossier.name for row in plan.wrong] == [CELL]
    assert "Còn 1 tiêu chí để trống" in plan.wrong[0].problems[0]
    assert "chưa có điểm" in plan.wrong[0].problems[1]
    with pytest.raises(InputError):
        decide_all_under_cap(cycle_id=story.cycle.pk, by=story.by, at=NOW)
    assert not GradeDecision.objects.exists()


@pytest.mark.django_db
def test_a_unit_that_is_rated_decides_nothing(one_place: None) -> None:
    story = Proposed({CELL: "96"})
    by = secretary(story.cast)
    with pytest.raises(NotAllowed):
        decide_all_under_cap(cycle_id=story.cycle.pk, by=by, at=NOW)
    with pytest.raises(NotAllowed):
        decide_under_cap(dossier_id=story.dossier().pk, grade=GOOD, by=by, at=NOW)
