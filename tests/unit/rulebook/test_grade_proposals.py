"""Conditions against records, and the grade they support, by the rules of each year."""

from datetime import date
from fractions import Fraction

import pytest

from vungmanh.rulebook import shipped_rulebook
from vungmanh.rulebook.grading.conditions import AnsweredBy, Outcome, check_conditions
from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.rulebook.grading.points import points_of
from vungmanh.rulebook.grading.proposal import ProposalState, proposed_grade
from vungmanh.rulebook.values import LeadershipYearSheet, OrganisationConditions
from vungmanh.rulebook.values import OrganisationYearSheet as Sheet
from vungmanh.rulebook.values.words import ConditionFor

BOOK = shipped_rulebook()
CELL, PARTY, LEADERS = (
    ConditionFor.CELL,
    ConditionFor.PARTY_ORGANISATION,
    ConditionFor.LEADERSHIP,
)


def fact(name, value, of=None, records=()):
    number = value if isinstance(value, bool) or value is None else Fraction(value)
    return {name: Fact(name, number, of, "sổ thử", tuple(records))}


def share_out(sheet, total):
    """Answers that fill the rows from the first one until `total` is spent."""
    answers, left = {}, Fraction(total)
    for one in sheet.criteria:
        answers[one.code] = min(one.points, left)
        left -= answers[one.code]
    return answers


def propose(year, answers, *, facts=None, said=None, subject=CELL, kind=Sheet):
    view = BOOK.on(date(year, 12, 31))
    sheet = view.of(kind)
    conditions = (
        view.of(OrganisationConditions) if view.has("grade_conditions.organisation") else None
    )
    if not isinstance(answers, dict):
        answers = share_out(sheet, answers)
    return proposed_grade(
        conditions,
        scale=BOOK.grade_scale(year),
        sheet=sheet,
        points=points_of(sheet, answers),
        subject=subject,
        facts=facts or {},
        said=said or {},
    )


ALL_GOOD_2025 = {
    **fact(FactName.TASKS_DONE, 10, 10),
    **fact(FactName.TASKS_LATE, 0, 10),
    **fact(FactName.TASKS_ON_TIME, 10, 10, ["viec-1", "viec-2"]),
    **fact(FactName.TASKS_BEYOND, 3, 10),
    **fact(FactName.DISCIPLINE_BELOW, 0),
    **fact(FactName.SHORTCOMINGS_REMEDIED, 2, 2),
}
SAID_2025 = {"xuat_sac.a": True, "khong_hoan_thanh.a": False}


# --- 2025 onward -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (Fraction(90), "xuat_sac"),
        (Fraction(90) - Fraction(1, 1000), "tot"),
        (Fraction(70), "tot"),
        (Fraction(70) - Fraction(1, 1000), "hoan_thanh"),
        (Fraction(50), "hoan_thanh"),
        (Fraction(50) - Fraction(1, 1000), "khong_hoan_thanh"),
    ],
)
def test_points_of_2025_lie_exactly_at_90_70_and_50(total, grade):
    found = propose(2025, total, facts=ALL_GOOD_2025, said=SAID_2025)
    assert found.grade == grade
    assert found.state is ProposalState.PROPOSED
    assert found.missing == ()


def test_points_enough_for_the_best_but_one_condition_broken_fall_to_the_next_and_say_why():
    facts = ALL_GOOD_2025 | fact(FactName.TASKS_BEYOND, 2, 10)
    found = propose(2025, 95, facts=facts, said=SAID_2025)
    assert found.grade == "tot"
    assert any("Ít nhất 30% nhiệm vụ vượt yêu cầu" in reason for reason in found.reasons)


def test_share_is_compared_exactly_at_its_limit():
    one_third = ALL_GOOD_2025 | fact(FactName.TASKS_BEYOND, 3, 10)
    assert propose(2025, 95, facts=one_third, said=SAID_2025).grade == "xuat_sac"
    below = ALL_GOOD_2025 | fact(FactName.TASKS_BEYOND, 299, 1000)
    assert propose(2025, 95, facts=below, said=SAID_2025).grade == "tot"


def test_late_tasks_of_a_fifth_still_complete_and_one_more_fits_no_grade():
    late = ALL_GOOD_2025 | fact(FactName.TASKS_ON_TIME, 8, 10)
    fifth = late | fact(FactName.TASKS_LATE, 2, 10)
    assert propose(2025, 60, facts=fifth, said=SAID_2025).grade == "hoan_thanh"
    found = propose(2025, 60, facts=late | fact(FactName.TASKS_LATE, 3, 10), said=SAID_2025)
    assert (found.grade, found.state) == (None, ProposalState.NONE_FITS)
    assert found.possible == ()
    assert "cấp có thẩm quyền" in found.reasons[-1]


def test_nothing_to_remedy_from_before_is_all_remedied_but_no_tasks_at_all_stay_unknown():
    nothing = ALL_GOOD_2025 | fact(FactName.SHORTCOMINGS_REMEDIED, 0, 0)
    assert propose(2025, 95, facts=nothing, said=SAID_2025).grade == "xuat_sac"
    idle = ALL_GOOD_2025 | fact(FactName.TASKS_BEYOND, 0, 0)
    found = propose(2025, 95, facts=idle, said=SAID_2025)
    assert found.grade is None
    assert found.possible == ("xuat_sac", "tot")


def test_fact_nobody_recorded_makes_neither_grade_until_a_person_says():
    facts = {k: v for k, v in ALL_GOOD_2025.items() if k != FactName.DISCIPLINE_BELOW}
    found = propose(2025, 95, facts=facts, said=SAID_2025)
    assert (found.grade, found.state) == (None, ProposalState.NOT_ENOUGH)
    assert found.possible == ("xuat_sac", "tot")
    assert any("Không đơn vị trực thuộc" in one for one in found.missing)
    said = propose(2025, 95, facts=facts, said=SAID_2025 | {"xuat_sac.c": True})
    assert said.grade == "xuat_sac"
    (asked,) = (one for one in said.conditions if one.key == "xuat_sac.c")
    assert asked.by is AnsweredBy.PERSON


def test_record_wins_over_a_word_against_it_and_the_contradiction_is_shown():
    facts = ALL_GOOD_2025 | fact(FactName.DISCIPLINE_BELOW, 1, None, ["qd-12"])
    found = propose(2025, 95, facts=facts, said=SAID_2025 | {"xuat_sac.c": True})
    (against,) = found.contradictions
    assert (against.outcome, against.by) == (Outcome.BROKEN, AnsweredBy.RECORDS)
    assert against.records == ("qd-12",)
    assert found.grade == "tot"


def test_work_on_time_by_the_books_still_asks_a_person_about_its_quality():
    unsaid = propose(2025, 95, facts=ALL_GOOD_2025, said={"khong_hoan_thanh.a": False})
    on_time = unsaid.of("xuat_sac")[0]
    assert (on_time.outcome, on_time.asks_person) == (Outcome.UNKNOWN, True)
    assert on_time.records == ("viec-1", "viec-2")
    late = ALL_GOOD_2025 | fact(FactName.TASKS_ON_TIME, 9, 10)
    broken = propose(2025, 95, facts=late, said=SAID_2025).of("xuat_sac")[0]
    assert (broken.outcome, broken.contradiction) == (Outcome.BROKEN, True)
    assert broken.told == ("Nhiệm vụ xong đúng hạn: 9 trên 10; mốc: tỷ lệ ít nhất 100%",)


def test_one_sentence_asked_for_by_two_grades_is_one_question():
    found = propose(2025, 95, facts=ALL_GOOD_2025, said=SAID_2025)
    assert found.of("xuat_sac")[0].key == found.of("tot")[0].key == "xuat_sac.a"
    assert found.of("tot")[0].outcome is Outcome.MET


def test_listed_case_strikes_whatever_the_points_and_unsaid_it_leaves_two_grades():
    struck = propose(2025, 95, facts=ALL_GOOD_2025, said=SAID_2025 | {"khong_hoan_thanh.a": True})
    assert struck.grade == "khong_hoan_thanh"
    assert struck.of("khong_hoan_thanh")[0].outcome_label == "Vướng"
    unsaid = propose(2025, 95, facts=ALL_GOOD_2025, said={"xuat_sac.a": True})
    assert unsaid.grade is None
    assert unsaid.possible == ("xuat_sac", "khong_hoan_thanh")


def test_blank_row_makes_no_grade_even_where_the_rest_is_enough():
    sheet = BOOK.on(date(2025, 12, 31)).of(Sheet)
    answers = share_out(sheet, 100) | {"3.1": None}
    found = propose(2025, answers, facts=ALL_GOOD_2025, said=SAID_2025)
    assert found.points.lowest >= 90
    assert (found.grade, found.possible) == (None, ("xuat_sac",))
    assert found.missing == ("Còn 1 tiêu chí chưa ghi: 3.1.",)


# --- 2014 to 2017 ------------------------------------------------------------------------------

NO_KNOCK_OUT_2014 = {
    **fact(FactName.DISCIPLINE_OF_MEMBERS, 0),
    **fact(FactName.GOVERNMENT_LOWEST, False),
    **fact(FactName.MASS_ORGANISATIONS_LOWEST, 1),
    **fact(FactName.SUBORDINATES_COMPLETED, 2, 3),
    **fact(FactName.MEMBERS_COMPLETED, 5, 10),
}


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (90, "trong_sach_vung_manh"),
        (70, "hoan_thanh_tot"),
        (Fraction(6999, 100), "hoan_thanh"),
        (50, "hoan_thanh"),
        (Fraction(4999, 100), "yeu_kem"),
    ],
)
def test_points_of_2014_make_the_grade_where_no_knock_out_strikes(total, grade):
    found = propose(2014, total, facts=NO_KNOCK_OUT_2014, said={"yeu_kem.a": False})
    assert found.grade == grade


@pytest.mark.parametrize(
    ("change", "subject", "key"),
    [
        (fact(FactName.SUBORDINATES_COMPLETED, 199, 300), PARTY, "yeu_kem.đ1"),
        (fact(FactName.MEMBERS_COMPLETED, 4, 10), CELL, "yeu_kem.đ2"),
        (fact(FactName.MASS_ORGANISATIONS_LOWEST, 2), CELL, "yeu_kem.d"),
        (fact(FactName.GOVERNMENT_LOWEST, True), CELL, "yeu_kem.c"),
    ],
)
def test_knock_out_of_2014_strikes_a_hundred_points(change, subject, key):
    facts = NO_KNOCK_OUT_2014 | change
    found = propose(2014, 100, facts=facts, said={"yeu_kem.a": False}, subject=subject)
    assert found.grade == "yeu_kem"
    struck = [one.key for one in found.conditions if one.outcome is Outcome.MET]
    assert struck == [key]


def test_exactly_a_third_of_weak_subordinates_does_not_strike():
    found = propose(2014, 100, facts=NO_KNOCK_OUT_2014, said={"yeu_kem.a": False}, subject=PARTY)
    assert found.grade == "trong_sach_vung_manh"


def test_discipline_of_members_alone_does_not_say_whether_it_was_for_corruption():
    facts = NO_KNOCK_OUT_2014 | fact(FactName.DISCIPLINE_OF_MEMBERS, 1)
    found = propose(2014, 80, facts=facts, said={"yeu_kem.a": False})
    assert found.possible == ("hoan_thanh_tot", "yeu_kem")
    said = propose(2014, 80, facts=facts, said={"yeu_kem.a": False, "yeu_kem.b": True})
    assert said.grade == "yeu_kem"


# --- 2018 to 2024: levels ----------------------------------------------------------------------


def levels(year, *, parts=None, else_="tot", kind=Sheet):
    sheet = BOOK.on(date(year, 12, 31)).of(kind)
    chosen = parts or {}
    return {
        one.code: chosen.get(group.part.value, else_)
        for group in sheet.groups
        for one in group.criteria
    }


BEST_2019 = {
    **fact(FactName.MEMBERS_COMPLETED, 10, 10),
    **fact(FactName.MEMBERS_GOOD, 8, 10),
    **fact(FactName.GOVERNMENT_GRADE, 2),
    **fact(FactName.MASS_ORGANISATIONS_GOOD, 5, 5),
}
TOP_PARTS = {"party_building": "xuat_sac", "task_result": "xuat_sac"}


def test_best_grade_of_2019_needs_its_levels_its_members_and_those_beside_it():
    said = {"xuat_sac.a": True}
    answers = levels(2019, parts=TOP_PARTS)
    assert propose(2019, answers, facts=BEST_2019, said=said).grade == "xuat_sac"
    fewer = BEST_2019 | fact(FactName.MEMBERS_GOOD, 7, 10)
    found = propose(2019, answers, facts=fewer, said=said)
    assert found.grade is None
    assert found.possible == ("tot", "hoan_thanh", "khong_hoan_thanh")
    assert any("chưa có trong bộ quy định" in one for one in found.missing)


def test_one_row_of_party_building_below_the_best_level_rules_the_best_grade_of_2019_out():
    answers = levels(2019, parts=TOP_PARTS) | {"1.1": "tot"}
    found = propose(2019, answers, facts=BEST_2019, said={"xuat_sac.a": True})
    assert "xuat_sac" not in found.possible


def test_discipline_strikes_a_leading_collective_of_2019_and_not_its_organisation():
    facts = BEST_2019 | fact(FactName.DISCIPLINE_OF_UNIT, 1, None, ["qd-9"])
    leaders = propose(
        2019,
        levels(2019, parts=TOP_PARTS, kind=LeadershipYearSheet),
        facts=facts,
        said={"xuat_sac.a": True},
        subject=LEADERS,
        kind=LeadershipYearSheet,
    )
    assert leaders.grade == "khong_hoan_thanh"
    assert [one.key for one in leaders.conditions if one.records] == ["khong_hoan_thanh.c"]
    cell = propose(2019, levels(2019, parts=TOP_PARTS), facts=facts, said={"xuat_sac.a": True})
    assert cell.grade == "xuat_sac"


def test_year_without_conditions_read_proposes_nothing_and_says_so():
    found = propose(2018, levels(2018, parts=TOP_PARTS))
    assert found.grade is None
    assert len(found.possible) == 4
    assert len(found.missing) == 4


CLEAN_2023 = {**fact(FactName.DISCIPLINE_BELOW, 0), **fact(FactName.DISCIPLINE_OF_UNIT, 0)}
NOT_LISTED = {"khong_hoan_thanh.b": False}


@pytest.mark.parametrize(
    ("parts", "rest", "said", "grade"),
    [
        ({"task_result": "xuat_sac"}, "tot", {"xuat_sac.a": True}, "xuat_sac"),
        ({"task_result": "tot"}, "trung_binh", {}, "tot"),
        ({"task_result": "trung_binh"}, "trung_binh", {"hoan_thanh.a": True}, "hoan_thanh"),
    ],
)
def test_levels_of_2023_make_their_grade(parts, rest, said, grade):
    answers = levels(2023, parts=parts, else_=rest)
    found = propose(2023, answers, facts=CLEAN_2023, said=NOT_LISTED | said)
    assert found.grade == grade


def test_poor_row_of_2023_asks_a_person_whether_it_is_a_chief_one():
    answers = levels(2023, parts={"task_result": "tot"}, else_="trung_binh") | {"3.1": "kem"}
    found = propose(2023, answers, facts=CLEAN_2023, said=NOT_LISTED | {"hoan_thanh.a": True})
    assert found.possible == ("hoan_thanh", "khong_hoan_thanh")
    (asked,) = (one for one in found.conditions if one.key == "khong_hoan_thanh.a")
    assert (asked.outcome, asked.asks_person) == (Outcome.UNKNOWN, True)


def test_discipline_of_2023_can_be_excused_by_a_person_only_for_good_and_completed():
    facts = CLEAN_2023 | fact(FactName.DISCIPLINE_OF_UNIT, 1)
    answers = levels(2023, parts={"task_result": "tot"}, else_="trung_binh")
    assert propose(2023, answers, facts=facts, said=NOT_LISTED).grade is None
    found = propose(2023, answers, facts=facts, said=NOT_LISTED | {"tot.b": True})
    assert found.grade == "tot"


def test_points_rules_with_a_sheet_of_levels_ask_for_a_sheet_with_a_total():
    view = BOOK.on(date(2025, 12, 31))
    sheet = BOOK.on(date(2023, 12, 31)).of(Sheet)
    found = proposed_grade(
        view.of(OrganisationConditions),
        scale=BOOK.grade_scale(2025),
        sheet=sheet,
        points=points_of(sheet, {one.code: "tot" for one in sheet.criteria}),
        subject=CELL,
        facts=ALL_GOOD_2025,
        said=SAID_2025,
    )
    assert found.state is ProposalState.NOT_ENOUGH
    assert any("chưa cho tổng điểm" in one for one in found.missing)


# --- the rule files ----------------------------------------------------------------------------


def test_single_check_says_the_same_limit_as_the_condition_it_stands_for():
    rules = [rule.value for rule in BOOK.rules if isinstance(rule.value, OrganisationConditions)]
    conditions = [c for value in rules for demand in value.demands for c in demand.conditions]
    pairs = [
        (one.text, one.limit, one.checks[0].limit)
        for one in conditions
        if one.limit is not None and len(one.checks) == 1
    ]
    assert len(pairs) >= 10
    assert [pair for pair in pairs if pair[1] != pair[2]] == []


def test_condition_with_no_check_is_left_to_a_person_and_never_decided_by_records():
    view = BOOK.on(date(2014, 12, 31))
    found = check_conditions(
        view.of(OrganisationConditions), subject=CELL, facts=NO_KNOCK_OUT_2014, said={}
    )
    disunited = found[0]
    assert disunited.text == "Cấp ủy hoặc ban thường vụ mất đoàn kết"
    assert (disunited.outcome, disunited.by) == (Outcome.UNKNOWN, AnsweredBy.NOBODY)
    assert {one.key for one in found if "đ1" in one.key} == set()
