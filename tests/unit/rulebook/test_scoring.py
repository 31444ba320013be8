"""One meeting by one sheet: what the facts decide, what is typed, and what stays blank."""

from datetime import date
from fractions import Fraction

import pytest

from vungmanh.core.errors import InputError, NotNow
from vungmanh.rulebook.loader import shipped_rulebook
from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.scoring import (
    Answers,
    Measured,
    PointSource,
    check_answers,
    read_answers,
    score_sheet,
    sheet_rule,
)
from vungmanh.rulebook.values import MeetingGrades, MeetingSheet, RegularMeetingSheet

BOOK = shipped_rulebook()
VIEW = BOOK.on(date(2026, 10, 1))
RULES = {rule.id: rule for rule in BOOK.rules}
BANDS = VIEW.of(MeetingGrades)
TEMPLATE = RULES["MAU-bang-diem-thuong-ky"].value
AN_PHU = RULES["KH08-2025-an-phu"].value
SHEETS = [rule for rule in BOOK.rules if isinstance(rule.value, MeetingSheet)]
FACTS = Measured(
    members=9, thematic=False, committee=True, minutes=95, present=8, excused=1, unexcused=0,
    speakers=5, tasks_due=4, tasks_done=4, tasks_on_time=3,
)  # fmt: skip
JUDGED = {"3.1": 4, "3.2": 2, "3.3": 3, "4.1": "4,5", "4.2": 12, "4.4": 8, "5.1": 5, "7.1": 3,
          "7.2": 2}  # fmt: skip


def scored(said=JUDGED, facts=FACTS, sheet=TEMPLATE):
    return score_sheet(sheet, facts, read_answers(sheet, said), BANDS)


def line(code, *args, **kwargs):
    return next(one for one in scored(*args, **kwargs).lines if one.code == code)


def small(criterion, **more):
    text = {"total": 100, "rescale": "none", "groups": [{"code": "A", "title": "A", "points": 100}]}
    text["groups"][0]["criteria"] = [
        {"code": "A1", "text": "x", "points": 100, "measure": "yes_no"} | criterion
    ]
    return typed(RegularMeetingSheet, text | more, file="", key="")


def refused(said, facts=FACTS, sheet=TEMPLATE, **options):
    with pytest.raises(InputError) as caught:
        check_answers(sheet, facts, read_answers(sheet, said), **options)
    return caught.value


# --- computed ----------------------------------------------------------------------------------


def test_what_the_system_knows_is_computed_and_says_from_what():
    found = scored()
    points = {one.code: one.points for one in found.lines if one.source is PointSource.COMPUTED}
    assert points == {"1.1": 5, "2.1": 5, "4.3": 10, "6.1": 22}
    assert line("1.1").why == "Họp 95 phút; bảng đòi 90 phút."
    assert "8 trong 9" in line("2.1").why
    assert "bỏ qua 1 người vắng có lý do" in line("2.1").why
    assert "5 trong 8" in line("4.3").why
    assert "3 trong 4" in line("6.1").why


def test_total_grade_and_attainable_are_exact():
    found = scored()
    assert (found.total, found.attainable) == (Fraction("85.5"), 100)
    assert (found.grade.label, found.is_given) == ("Khá", True)
    assert (found.least, found.most) == (found.total, found.total)


def test_a_month_with_a_theme_asks_for_two_hours():
    facts = Measured(**FACTS.as_json() | {"thematic": True})
    assert line("1.1", facts=facts).points == 2


def test_a_month_that_may_have_a_theme_leaves_the_length_to_the_scorer():
    found = line("1.1", {}, Measured(**FACTS.as_json() | {"thematic": None}))
    assert (found.source, found.choices) == (PointSource.BLANK, (5, 2))
    assert "phải họp 90 phút thì 5 điểm, phải họp 120 phút thì 2 điểm" in found.why
    long = Measured(**FACTS.as_json() | {"thematic": None, "minutes": 121})
    assert line("1.1", {}, long).points == 5


def test_forgiving_one_absence_forgives_no_unlawful_one():
    facts = Measured(**FACTS.as_json() | {"excused": 0, "unexcused": 1})
    assert line("2.1", facts=facts).points == 3
    assert line("2.1", facts=Measured(**FACTS.as_json() | {"excused": None})).points == 5


def test_absence_of_unknown_kind_leaves_the_line_to_the_scorer():
    facts = Measured(**FACTS.as_json() | {"excused": None, "unexcused": None})
    found = line("2.1", facts=facts)
    assert (found.source, found.choices) == (PointSource.BLANK, (5, 3))
    full = Measured(**facts.as_json() | {"present": 9})
    assert line("2.1", facts=full).source is PointSource.COMPUTED


def test_one_unlawful_absence_leads_to_the_level_its_words_name():
    facts = Measured(members=10, present=9, excused=0, unexcused=1)
    assert line("C2.1", {}, facts, AN_PHU).points == 1
    without = Measured(members=10, present=9)
    assert line("C2.1", {}, without, AN_PHU).choices == (4, 1)


# --- blank, absent, holes ----------------------------------------------------------------------


def test_a_blank_is_no_zero_and_keeps_the_total_open():
    found = scored({code: said for code, said in JUDGED.items() if code != "4.2"} | {"7.2": None})
    assert found.total is None
    assert found.grade is None
    assert [one.code for one in found.blanks] == ["4.2", "7.2"]
    assert (found.given, found.given_of) == (Fraction("71.5"), 83)
    assert (found.least, found.most) == (Fraction("71.5"), Fraction("88.5"))
    assert scored(JUDGED | {"4.2": 0}).total == Fraction("73.5")


def test_a_fact_the_system_lacks_may_be_typed_as_one_of_its_levels():
    facts = Measured(**FACTS.as_json() | {"tasks_due": None})
    assert line("6.1", facts=facts).choices == (30, 22, 14, 0)
    assert scored(JUDGED | {"6.1": 14}, facts).total == Fraction("77.5")
    assert refused({"6.1": 15}, facts).code == "score-of-no-level"


def test_tasks_done_late_count_where_the_sheet_does_not_ask_for_the_term():
    assert line("C7.1", {}, FACTS, AN_PHU).points == 30
    assert line("6.1").points == 22


def test_no_task_due_is_unknown_and_not_all_done():
    found = line("6.1", facts=Measured(**FACTS.as_json() | {"tasks_due": 0, "tasks_on_time": 0}))
    assert found.source is PointSource.BLANK
    assert "không có việc nào" in found.why


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Measured(members=4, thematic=False, minutes=50), "C1.1"),
        (Measured(present=4, speakers=2), "C4.5"),
    ],
)
def test_a_hole_between_levels_is_reported_and_nothing_is_guessed(facts, code):
    found = line(code, {}, facts, AN_PHU)
    assert (found.source, found.points) == (PointSource.HOLE, None)
    assert "không mức nào nhận con số này" in found.why
    assert refused({code: 3}, facts, AN_PHU).code == "computed-criterion"


def test_two_levels_that_overlap_are_reported():
    levels = [{"points": 100, "at_least": "50%"}, {"points": 40, "at_most": "50%"}]
    sheet = small({"measure": "speakers", "levels": levels})
    found = scored({}, Measured(present=4, speakers=2), sheet)
    assert [one.code for one in found.faults] == ["A1"]
    assert (found.total, found.least, found.most) == (None, 40, 100)


def test_a_cell_without_committee_is_granted_the_points_of_its_meeting():
    facts = Measured(**FACTS.as_json() | {"committee": False})
    found = line("3.2", {}, facts)
    assert (found.source, found.points) == (PointSource.GRANTED, 2)
    assert refused({"3.2": 2}, facts).code == "not-applying"


def test_where_nobody_knows_of_a_committee_the_scorer_says():
    facts = Measured(**FACTS.as_json() | {"committee": None})
    assert line("3.2", {}, facts).source is PointSource.BLANK
    assert line("3.2", {"3.2": "none"}, facts).points == 2
    assert line("3.2", {"3.2": 0}, facts).points == 0
    check_answers(TEMPLATE, facts, read_answers(TEMPLATE, {"3.2": "none"}))
    assert refused({"3.1": "none"}, facts).code == "criterion-applies"


def test_points_of_a_theme_are_lost_kept_or_spread_as_the_sheet_says():
    theme = {"code": "A2", "text": "y", "points": 20, "measure": "yes_no",
             "applies": "thematic_month"}  # fmt: skip
    plain = {"code": "A1", "text": "x", "points": 80, "measure": "yes_no"}
    groups = [{"code": "A", "title": "A", "points": 100, "criteria": [plain, theme]}]
    facts, said = Measured(thematic=False), {"A1": 80}
    kept = scored(said, facts, small({}, groups=groups))
    assert (kept.total, kept.attainable, kept.is_converted) == (80, 80, False)
    spread = scored(said, facts, small({}, groups=groups, rescale="proportional"))
    assert (spread.total, spread.attainable, spread.is_converted) == (100, 100, True)


# --- vetoes ------------------------------------------------------------------------------------


def test_a_veto_stands_apart_from_points():
    sheet = small({}, vetoes=[{"code": "P1", "text": "Có kỷ luật", "grade": "Kém"}])
    found = scored({"A1": 100, "P1": True}, Measured(), sheet)
    assert (found.total, found.grade_by_points.label, found.grade.label) == (100, "Tốt", "Kém")
    assert scored({"A1": 100, "P1": False}, Measured(), sheet).grade.label == "Tốt"
    open_ = scored({"A1": 100}, Measured(), sheet)
    assert (open_.total, open_.grade, open_.is_given) == (100, None, False)


# --- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"5.1": 6}, "score-out-of-band"),
        ({"5.1": -1}, "score-out-of-band"),
        ({"5.1": "1/3"}, "score-too-fine"),
        ({"5.1": "năm"}, "score-not-a-number"),
        ({"5.1": True}, "score-not-a-number"),
        ({"5.1": "50%"}, "score-not-a-number"),
        ({"3.2": 1}, "score-of-no-level"),
        ({"9.9": 1}, "unknown-criterion"),
        ({"1.1": 5}, "computed-criterion"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_at_its_line(said, code):
    error = refused(said)
    assert (error.code, error.field) == (code, next(iter(said)))
    assert error.message.endswith(".")


def test_what_was_typed_without_a_network_is_set_aside_where_the_system_can_tell():
    said = JUDGED | {"1.1": 2}
    check_answers(TEMPLATE, FACTS, read_answers(TEMPLATE, said), computed_may_be_typed=True)
    found = line("1.1", said)
    assert (found.points, found.set_aside) == (5, 2)
    beyond = refused({"1.1": 9}, computed_may_be_typed=True)
    assert beyond.code == "score-out-of-band"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("MAU-bang-diem-chuyen-de", "sheet-of-another-kind"),
        ("KH08-2025-an-phu", "sheet-of-another-place"),
        ("khong-co", "unknown-sheet"),
        ("HD42-2025-khung", "sheet-of-another-kind"),
    ],
)
def test_another_sheet_is_refused_with_the_right_one_named(sent, code):
    with pytest.raises(InputError) as caught:
        sheet_rule(VIEW, "regular", sent)
    assert (caught.value.code, caught.value.field) == (code, "sheet")
    assert "Bảng điểm mẫu cho buổi sinh hoạt thường kỳ" in caught.value.message


def test_a_time_without_a_sheet_and_a_duty_never_scored_say_so():
    with pytest.raises(NotNow):
        sheet_rule(BOOK.on(date(2019, 1, 1)), "regular")
    with pytest.raises(InputError):
        sheet_rule(VIEW, "plan")


# --- every sheet -------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", SHEETS, ids=lambda rule: rule.id)
def test_every_sheet_of_the_rulebook_can_be_scored(rule):
    facts = Measured(
        members=12, thematic=True, committee=True, minutes=120, present=12, excused=0,
        unexcused=0, speakers=12, tasks_due=5, tasks_done=5, tasks_on_time=5,
    )  # fmt: skip
    blank = score_sheet(rule.value, facts, Answers(), BANDS)
    said = {one.code: (max(one.choices) if one.choices else one.most) for one in blank.blanks}
    vetoes = {one.veto.code: False for one in blank.vetoes}
    answers = Answers(said, vetoes=vetoes)
    check_answers(rule.value, facts, answers)
    full = score_sheet(rule.value, facts, answers, BANDS)
    assert full.is_given
    assert not full.faults
    if rule.value.total is None:
        assert (full.total, full.attainable) == (None, None)
    else:
        assert (full.total, full.attainable, full.grade.label) == (100, 100, "Tốt")


def test_answers_come_back_from_storage_as_they_went():
    answers = read_answers(TEMPLATE, JUDGED | {"3.2": "none", "4.4": "1/3"})
    assert read_answers(TEMPLATE, answers.as_json()) == answers
    assert Measured.from_json(FACTS.as_json() | {"of a later version": 1}) == FACTS
