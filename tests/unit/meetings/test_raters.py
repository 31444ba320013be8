"""What two sides who scored the same meetings agree about, and when nothing can be said."""

from __future__ import annotations

import pytest

from vungmanh.meetings.raters import Agreement, Pair, agreement, weighted_kappa

GRADES = ["tot", "kha", "trung_binh", "kem"]


def pairs(*totals: tuple[float, float], grade: str = "kha") -> list[Pair]:
    return [Pair(own, superior, grade, grade) for own, superior in totals]


def test_fewer_than_five_meetings_say_nothing() -> None:
    assert agreement(pairs((90, 80), (91, 70), (80, 80), (85, 84)), GRADES) == Agreement(4)
    assert agreement([], GRADES).is_enough is False


def test_mean_difference_has_students_interval() -> None:
    found = agreement(pairs((92, 90), (94, 90), (96, 90), (98, 90), (100, 90)), GRADES)
    assert found.difference is not None
    assert found.difference.estimate == 6
    # s = sqrt(10), t(4; 0.95) = 2.131847: half = 2.131847 * sqrt(10 / 5)
    assert found.difference.high - 6 == pytest.approx(3.014887, abs=1e-5)
    assert 6 - found.difference.low == pytest.approx(3.014887, abs=1e-5)


def test_meetings_that_all_differ_by_the_same_pretend_no_certainty() -> None:
    found = agreement(pairs(*[(90, 85)] * 6), GRADES)
    assert (found.difference, found.all_differ_by) == (None, 5)


def test_same_grade_is_a_share_with_wilsons_interval() -> None:
    said = [*pairs(*[(75, 74)] * 7), *[Pair(91, 80, "tot", "kha")] * 3]
    found = agreement(said, GRADES)
    assert (found.same, found.graded) == (7, 10)
    assert found.same_share is not None
    assert found.same_share.low == pytest.approx(0.442, abs=1e-3)
    assert found.same_share.high == pytest.approx(0.874, abs=1e-3)
    assert found.kappa is None, "ten meetings are too few"


def test_a_sheet_without_grades_leaves_the_grade_open() -> None:
    found = agreement([Pair(90, 80)] * 3 + [Pair(90, 81)] * 3, GRADES)
    assert (found.same, found.graded, found.same_share) == (0, 0, None)


def test_kappa_by_hand_on_a_table_of_twenty() -> None:
    # own tot/superior tot 8, tot/kha 4, kha/tot 2, kha/kha 6: po = .7, pe = .6 * .5 + .4 * .5 = .5
    table = {("tot", "tot"): 8, ("tot", "kha"): 4, ("kha", "tot"): 2, ("kha", "kha"): 6}
    said = [Pair(0, 0, *grades) for grades, times in table.items() for _ in range(times)]
    assert weighted_kappa(said, GRADES) == pytest.approx(0.4)
    assert agreement(said, GRADES).kappa == pytest.approx(0.4)


def test_a_grade_two_steps_off_weighs_twice() -> None:
    near = [Pair(0, 0, "tot", "kha"), Pair(0, 0, "trung_binh", "trung_binh")]
    far = [Pair(0, 0, "tot", "kem"), Pair(0, 0, "trung_binh", "trung_binh")]
    assert weighted_kappa(far, GRADES) < weighted_kappa(near, GRADES)  # type: ignore[operator]


def test_one_grade_only_leaves_nothing_to_agree_about() -> None:
    assert weighted_kappa(pairs(*[(95, 95)] * 30, grade="tot"), GRADES) is None
    assert weighted_kappa([], GRADES) is None
