"""Secondary criteria of the quota that are facts of the year."""

from fractions import Fraction

import pytest

from vungmanh.rulebook.grading.facts import Fact, FactName, unknown
from vungmanh.rulebook.grading.tiebreaks import criterion_label, tiebreak_words, tiebreaks_of
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaTies

CRITERIA = ("tasks_on_time", "open_flags", "lòng dân")


def facts(*told):
    return {fact.name: fact for fact in told}


def test_a_share_counts_as_a_share_and_fewer_signs_stand_first():
    known = facts(
        Fact(FactName.TASKS_ON_TIME, Fraction(9), 12, "sổ"),
        Fact(FactName.OPEN_FLAGS, Fraction(2), None, "sổ"),
    )
    assert tiebreaks_of(CRITERIA, known) == (Fraction(3, 4), Fraction(-2), None)


def test_what_nobody_recorded_is_not_known_and_never_zero():
    nothing = facts(
        unknown(FactName.OPEN_FLAGS), Fact(FactName.TASKS_ON_TIME, Fraction(0), 0, "sổ")
    )
    assert tiebreaks_of(CRITERIA, nothing) == (None, None, None)
    assert tiebreaks_of(CRITERIA, {}) == (None, None, None)


def test_numbers_and_criteria_read_in_vietnamese():
    assert criterion_label("tasks_on_time") == "Nhiệm vụ xong đúng hạn"
    assert criterion_label("open_flags") == "Dấu hiệu yếu đang còn mở, ít hơn đứng trước"
    assert criterion_label("lòng dân") == "lòng dân"
    assert tiebreak_words("tasks_on_time", Fraction(1)) == "100%"
    assert tiebreak_words("tasks_on_time", Fraction(3, 4)) == "75%"
    assert tiebreak_words("open_flags", Fraction(-2)) == "2"
    assert tiebreak_words("lòng dân", None) == "chưa có số liệu"


def test_a_fact_that_is_only_counted_against_is_no_criterion():
    with pytest.raises(ValueError, match="Kỳ họp phải họp"):
        QuotaMethod(ties=QuotaTies.CRITERIA, criteria=("meetings_due",))
