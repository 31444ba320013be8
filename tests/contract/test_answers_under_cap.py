"""Answers to complaints stand under the same cap, whoever gives them and however many at once."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

import vungmanh
from tests.contract.capped import Proposed, half_may_be_best
from tests.contract.rating_story import (
    ANSWER,
    BEST,
    CELL,
    DONE,
    GOOD,
    NOW,
    OTHER_CELL,
    analyst,
    brought_to,
    secretary,
)
from vungmanh.core.errors import InputError, NotAllowed
from vungmanh.core.vocabulary import DossierState
from vungmanh.evaluation.actions.complaints import appeal, complain, reverify
from vungmanh.evaluation.actions.deciding import notify, reopen
from vungmanh.evaluation.models import Dossier, GradeDecision, YearGrade
from vungmanh.evaluation.recompute import recompute_many
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaOnComplaint, QuotaTies
from vungmanh.strengthening import year_quota
from vungmanh.strengthening.actions import deciding
from vungmanh.strengthening.actions.deciding import (
    answer_appeal_under_cap,
    answer_complaint_under_cap,
    decide_all_under_cap,
    decide_under_cap,
)
from vungmanh.strengthening.year_grading import compute
from vungmanh.strengthening.year_places import is_next, open_places
from vungmanh.strengthening.year_quota import cycle_quota

together_in_the_database = pytest.mark.django_db(transaction=True)
WHY = "Đã xác minh."
POINTS = {CELL: "96", OTHER_CELL: "95"}


@pytest.fixture(autouse=True)
def one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    half_may_be_best(monkeypatch)


def complained(story: Proposed, unit: str) -> Dossier:
    """Told its grade, it objects; the committee verifies anew."""
    one = story.dossier(unit)
    notify(dossier_id=one.pk, by=story.by, at=NOW)
    complain(dossier_id=one.pk, reason=WHY, by=secretary(story.cast, unit), at=NOW)
    reverify(dossier_id=one.pk, by=story.by, at=NOW)
    return story.dossier(unit)


def decided(story: Proposed) -> Proposed:
    """96 points have the place; 95 and 80 are held back by the cap."""
    decide_all_under_cap(cycle_id=story.cycle.pk, by=story.by, at=NOW)
    return story


def answer(story: Proposed, unit: str, grade: str, **more: Any) -> GradeDecision:
    return answer_complaint_under_cap(
        dossier_id=story.dossier(unit).pk, grade=grade, reason=WHY, by=story.by, at=NOW, **more
    )


@pytest.mark.django_db
def test_a_new_best_grade_beyond_the_cap_is_refused_with_the_way_out() -> None:
    story = decided(Proposed(POINTS))
    complained(story, OTHER_CELL)
    with pytest.raises(InputError) as told:
        answer(story, OTHER_CELL, BEST)
    assert (told.value.code, told.value.field) == ("over-cap", "grade")
    for words in ("chỉ được 1", "giữ mức đã quyết định", "suất trống", "mở lại hồ sơ"):
        assert words in told.value.message
    assert "Hãy bớt" not in told.value.message
    assert story.dossier(OTHER_CELL).state == DossierState.REVERIFYING
    made = answer(story, OTHER_CELL, GOOD)
    assert (made.number, made.grade, made.result["quota"]["held_back"]) == (2, GOOD, "beyond_cap")
    assert all(one.is_same for one in recompute_many([made], compute))


@pytest.mark.django_db
def test_confirming_the_best_grade_needs_no_place() -> None:
    """Even where the cap has become smaller since: what was decided stands."""
    story = decided(Proposed(POINTS))
    for unit in ("Chi bộ thôn Ăn Mẫu", OTHER_CELL):
        complained(story, unit)
        answer(story, unit, DONE)
    complained(story, CELL)
    found = cycle_quota(story.cycle, at=NOW)
    assert found is not None
    assert found.of(str(story.dossier().pk)).places == 0
    assert [one.over for one in open_places(story.cycle, found)] == [1]
    assert answer(story, CELL, BEST).grade == BEST


@pytest.mark.django_db
def test_a_place_freed_by_a_complaint_is_told_and_changes_nobody() -> None:
    story = decided(Proposed(POINTS))
    assert open_places(story.cycle, cycle_quota(story.cycle, at=NOW)) == ()
    before = dict(YearGrade.objects.values_list("unit_id", "grade"))
    complained(story, CELL)
    answer(story, CELL, GOOD)
    (place,) = open_places(story.cycle, cycle_quota(story.cycle, at=NOW))
    assert (place.free, place.next, place.over) == (1, (str(story.dossier(OTHER_CELL).pk),), 0)
    assert is_next(story.dossier(OTHER_CELL), at=NOW)
    assert not is_next(story.dossier(CELL), at=NOW), "lowered for a reason, not by the cap"
    after = dict(YearGrade.objects.values_list("unit_id", "grade"))
    assert after == {**before, story.cast[CELL]: GOOD}
    complained(story, OTHER_CELL)
    assert answer(story, OTHER_CELL, BEST).grade == BEST
    assert open_places(story.cycle, cycle_quota(story.cycle, at=NOW)) == ()


@pytest.mark.django_db
def test_one_raised_from_below_counts_in_the_base_it_is_a_share_of() -> None:
    """Three good leave one place; the complaint is of a fourth by being good itself."""
    story = Proposed(POINTS)
    Dossier.objects.filter(pk=story.dossier(OTHER_CELL).pk).update(proposed_grade=DONE)
    Dossier.objects.filter(cycle=story.cycle, name="Chi bộ thôn Ăn Mẫu").update(proposed_grade=DONE)
    decided(story)
    assert story.dossier(CELL).grade == GOOD, "half of one is no place"
    complained(story, CELL)
    with pytest.raises(InputError):
        answer(story, CELL, BEST)
    answer(story, CELL, GOOD)
    complained(story, OTHER_CELL)
    assert answer(story, OTHER_CELL, BEST).grade == BEST, "half of two is one"


@pytest.mark.django_db
def test_the_rule_may_let_a_complaint_pass_the_cap_with_a_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = decided(Proposed(POINTS))
    complained(story, OTHER_CELL)
    beyond = QuotaMethod(on_complaint=QuotaOnComplaint.BEYOND)
    monkeypatch.setattr(deciding, "value_of", lambda rules, key: beyond)
    with pytest.raises(InputError, match="ghi số, ký hiệu và ngày văn bản"):
        answer(story, OTHER_CELL, BEST)
    assert answer(story, OTHER_CELL, BEST, paper=ANSWER).grade == BEST


@pytest.mark.django_db
def test_the_level_above_answers_under_the_same_cap_and_others_not_at_all() -> None:
    story = decided(Proposed(POINTS))
    one = complained(story, OTHER_CELL)
    above = analyst(story.cast)
    with pytest.raises(NotAllowed):
        answer_complaint_under_cap(
            dossier_id=one.pk, grade=GOOD, reason=WHY, by=secretary(story.cast, OTHER_CELL), at=NOW
        )
    answer(story, OTHER_CELL, GOOD)
    this = {"dossier_id": one.pk, "at": NOW}
    notify(by=story.by, **this)
    appeal(reason=WHY, by=secretary(story.cast, OTHER_CELL), **this)
    with pytest.raises(NotAllowed):
        answer_appeal_under_cap(grade=GOOD, reason=WHY, by=story.by, **this)
    with pytest.raises(InputError) as told:
        answer_appeal_under_cap(grade=BEST, reason=WHY, by=above, **this)
    assert told.value.code == "over-cap"
    assert answer_appeal_under_cap(grade=GOOD, reason=WHY, by=above, **this).number == 3


@pytest.mark.django_db
def test_a_reopened_grade_keeps_its_place_until_it_is_decided_anew() -> None:
    story = decided(Proposed(POINTS))
    complained(story, OTHER_CELL)
    best = story.dossier(CELL)
    reopen(dossier_id=best.pk, reason=WHY, by=story.by, at=NOW)
    with pytest.raises(InputError):
        answer(story, OTHER_CELL, BEST)
    below = secretary(story.cast, CELL)
    brought_to(DossierState.PROPOSED, story.dossier(CELL), below, story.by, story.by)
    Dossier.objects.filter(pk=best.pk).update(proposed_grade=BEST)
    again = decide_under_cap(dossier_id=best.pk, grade=BEST, by=story.by, at=NOW)
    assert (again.version, again.number, again.grade) == (2, 2, BEST)


@together_in_the_database
@pytest.mark.parametrize("first", ["decide", "answer"])
def test_two_who_decide_at_once_cannot_both_take_the_last_place(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Proposed(POINTS)
    units = (OTHER_CELL,) if first == "decide" else (CELL, OTHER_CELL)
    for unit in units:
        one = story.dossier(unit)
        decide_under_cap(dossier_id=one.pk, grade=GOOD, reason=WHY, by=story.by, at=NOW)
        complained(story, unit)
    held, barrier = deciding.hold_cycle_of, threading.Barrier(2)

    def together(*given: Any) -> Dossier:
        barrier.wait(timeout=10)  # both have begun before either holds the cycle
        return held(*given)

    monkeypatch.setattr(deciding, "hold_cycle_of", together)
    told: list[str] = []

    def hand(does: Callable[[], object]) -> None:
        try:
            does()
        except InputError as error:
            told.append(error.code)
        finally:
            connection.close()

    this = {"dossier_id": story.dossier().pk, "grade": BEST, "by": story.by, "at": NOW}
    one = (lambda: decide_under_cap(**this)) if first == "decide" else (
        lambda: answer(story, CELL, BEST)
    )  # fmt: skip
    hands = [
        threading.Thread(target=hand, args=(does,))
        for does in (one, lambda: answer(story, OTHER_CELL, BEST))
    ]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join(timeout=30)
    assert told == ["over-cap"]
    assert list(Dossier.objects.filter(grade=BEST).values_list("grade", flat=True)) == [BEST]


def by_meetings(monkeypatch: pytest.MonkeyPatch, *criteria: str) -> None:
    """The province names these secondary criteria."""
    shipped = year_quota.value_of

    def named(rules: Any, key: str) -> Any:
        value = shipped(rules, key)
        if isinstance(value, QuotaMethod):
            return replace(value, ties=QuotaTies.CRITERIA, criteria=criteria)
        return value

    monkeypatch.setattr(year_quota, "value_of", named)


@pytest.mark.django_db
def test_equals_are_told_apart_by_the_facts_the_rule_names(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Proposed({CELL: "95", OTHER_CELL: "95"}, last=2019)
    story.cast.hold(CELL, 2019, held=9)
    story.cast.hold(OTHER_CELL, 2019, held=12)
    later = timezone.now()
    found = cycle_quota(story.cycle, at=later)
    assert found is not None
    assert found.chosen == frozenset(), "no criterion: all or none"
    by_meetings(monkeypatch, "tín nhiệm", "meetings_held")
    group = cycle_quota(story.cycle, at=later)
    assert group is not None
    assert group.chosen == frozenset(), "of words nothing is known, so they decide for none"
    by_meetings(monkeypatch, "meetings_held")
    told = cycle_quota(story.cycle, at=later)
    assert told is not None
    assert told.chosen == {str(story.dossier(OTHER_CELL).pk)}
    one = told.of(str(story.dossier(CELL).pk))
    assert one.decided_by == ("meetings_held",)
    assert set(one.level) == {str(story.dossier(unit).pk) for unit in (CELL, OTHER_CELL)}
    early = cycle_quota(story.cycle, at=NOW)
    assert early is not None
    assert early.chosen == frozenset(), "on that day nobody had reported yet"


UNCAPPED = {"answer_complaint", "answer_appeal", "decide", "decide_cycle"}


def uncapped_in(source: str) -> set[str]:
    """What a module takes of the acts that decide without asking the cap."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and "evaluation.actions" in (node.module or ""):
            found |= UNCAPPED & {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= (
                UNCAPPED & {node.attr} if node.value.id in {"complaints", "deciding"} else set()
            )
    return found


def test_no_page_decides_past_the_cap() -> None:
    """Pages know only the acts that ask the cap first."""
    assert uncapped_in("complaints.answer_complaint()") == {"answer_complaint"}
    assert uncapped_in("from vungmanh.evaluation.actions.deciding import decide") == {"decide"}
    pages = sorted((Path(vungmanh.__file__).parent / "web").rglob("*.py"))
    assert len(pages) > 50
    told = {path.name: uncapped_in(path.read_text(encoding="utf-8")) for path in pages}
    assert {name for name, found in told.items() if found} == set()
