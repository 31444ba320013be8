"""The checker finds the faults known of real sheets, and exactly these."""

import dataclasses
from datetime import date
from fractions import Fraction

import pytest

from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook import RulebookError
from vungmanh.rulebook.checking import check_sheet
from vungmanh.rulebook.loader import shipped_rulebook
from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values import MeetingGrades, MeetingSheet, RegularMeetingSheet
from vungmanh.rulebook.values.words import SheetRescale

BOOK = shipped_rulebook()
RULES = {rule.id: rule for rule in BOOK.rules}
BANDS = BOOK.on(date(2026, 10, 31)).of(MeetingGrades)
AN_PHU = RULES["KH08-2025-an-phu"].value
REPORT = check_sheet(AN_PHU, BANDS)


def sheet(criteria, **more):
    text = {"total": 100, "rescale": "none", "groups": [{"code": "A", "title": "A", "points": 100}]}
    text["groups"][0]["criteria"] = [
        {"code": f"A{n}", "text": "x", "points": 100, "measure": "yes_no"} | one
        for n, one in enumerate(criteria, start=1)
    ]
    return typed(RegularMeetingSheet, text | more, file="", key="")


def codes(value, **options):
    return [one.code for one in check_sheet(value, BANDS, **options).findings]


# --- An Phú ------------------------------------------------------------------------------------


def test_exactly_half_speaking_falls_through():
    (hole,) = [one for one in REPORT.by_code("gap") if one.place == "C4.5"]
    assert (hole.numbers["low"], hole.numbers["high"]) == (Fraction(1, 2), Fraction(1, 2))
    assert "2 trong 4 người phát biểu" in hole.message
    assert hole.severity is Severity.SEVERE


def test_between_half_and_thirty_minutes_short_falls_through():
    holes = [one for one in REPORT.by_code("gap") if one.place == "C1.1"]
    found = [
        (hole.numbers["required"], hole.numbers["low"], hole.numbers["high"]) for hole in holes
    ]
    assert found == [(90, 45, 60), (120, 60, 90)]
    assert "họp 46 phút" in holes[0].message


def test_an_ordinary_month_reaches_95_and_leaves_five_to_lose():
    (found,) = REPORT.by_code("maximum")
    assert found.numbers["highest"] == 95
    assert found.place == "C4.3"
    assert "chỉ còn được mất 5 điểm" in found.message
    assert {one.highest for one in REPORT.ranges if one.thematic} == {100}


def test_the_worst_answers_earn_14_and_16_where_points_are_given_away():
    (found,) = REPORT.by_code("floor")
    assert (found.numbers["lowest"], found.numbers["highest_floor"]) == (14, 16)
    assert found.place == "C1.1, C2.1, C4.5, C7.1"
    assert {one.lowest for one in REPORT.ranges if one.committee} == {14}


def test_a_cell_under_ten_loses_the_top_of_attendance_by_one_absence():
    assert REPORT.first_fair_size == 10
    assert [one.members for one in REPORT.absences if one.loses_top] == list(range(3, 10))
    by_size = {one.members: one.points for one in REPORT.absences}
    assert (by_size[3], by_size[4], by_size[9], by_size[10]) == (2, 1, 1, 0)


def test_points_of_the_network_and_points_told_by_the_cell_are_counted():
    assert (REPORT.network_points, REPORT.self_declared_points) == (4, 30)


def test_nothing_else_is_found():
    assert [one.code for one in REPORT.findings] == [
        *["gap"] * 3,
        "rescale_not_stated",
        "maximum",
        "floor",
        "small_cells",
        "network",
        "self_declared",
    ]
    assert not REPORT.is_sound


# --- other sheets ------------------------------------------------------------------------------


def test_the_frame_of_2018_leaves_all_points_unsaid():
    report = check_sheet(RULES["HD12-2018-khung"].value, None)
    assert [one.code for one in report.findings] == ["no_points"]
    assert report.ranges == ()


def test_the_frame_of_2025_leaves_levels_and_two_groups_unsaid():
    report = check_sheet(RULES["HD42-2025-khung"].value, BANDS)
    assert [one.place for one in report.by_code("no_criteria")] == ["5", "7"]
    assert [one.place for one in report.by_code("no_levels")] == ["1.1", "2.1", "6.1"]
    assert report.is_sound


def test_a_veto_is_told_apart_from_points():
    (veto,) = check_sheet(RULES["TRAVINH-ap-khom"].value, None).by_code("veto")
    assert "dù được bao nhiêu điểm" in veto.message


@pytest.mark.parametrize("rule_id", ["MAU-bang-diem-thuong-ky", "MAU-bang-diem-chuyen-de"])
def test_the_sheets_this_program_suggests_are_sound(rule_id):
    report = check_sheet(RULES[rule_id].value, BANDS)
    assert report.is_sound
    assert not any(one.loses_top for one in report.absences)
    assert {one.highest for one in report.ranges} == {100}


def test_every_finding_says_what_and_what_to_do():
    for rule in BOOK.rules:
        if isinstance(rule.value, MeetingSheet):
            for one in check_sheet(rule.value, BANDS).findings:
                assert one.message.endswith(".")
                assert one.remedy.endswith(".")


# --- single faults -----------------------------------------------------------------------------


def test_weights_of_99_are_refused_with_what_is_missing():
    (found,) = check_sheet(sheet([{"points": 60}, {"points": 39}]), BANDS).by_code("sum")
    assert found.severity is Severity.SEVERE
    assert "cộng lại là 99, phải là 100: thiếu 1" in found.message


def test_groups_that_do_not_make_the_total_are_refused():
    report = check_sheet(sheet([{}], total=99), BANDS)
    assert [one.code for one in report.of(Severity.SEVERE)] == ["sum", "total_not_100"]


def levels(*pairs, measure="tasks"):
    return [{"measure": measure, "levels": [{"points": p} | ends for p, ends in pairs]}]


HALF = {"at_least": "50%"}, {"less_than": "50%"}


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        (levels((100, {"at_least": "50%"}), (0, {"at_most": "50%"})), "overlap"),
        (levels((100, {"more_than": "50%"}), (0, {"less_than": "50%"})), "gap"),
        (levels((100, {"at_least": "50%"})), "gap"),
        (levels((100, {"at_least": 50}), (0, {"less_than": "50%"})), "impossible_level"),
        (levels((0, HALF[0]), (100, HALF[1])), "falling"),
        (levels((90, HALF[0]), (0, HALF[1])), "level_points"),
        ([{"measure": "attendance"}], "no_levels"),
        ([{"code": "B"}, {"code": "B"}], "same_code"),
        (levels((100, HALF[0]), (0, HALF[1]), measure="yes_no"), "unused_levels"),
        (levels((100, HALF[0]), (0, HALF[1]), measure="judged"), "unused_levels"),
        (levels((100, HALF[0]), (0, HALF[1]), measure="levels"), "unmeasured_levels"),
        (levels((100, {"label": "Tốt"}), (0, {"label": "tốt"}), measure="levels"), "untold_levels"),
        (levels((100, {"label": "Tốt"}), (0, {}), measure="levels"), "untold_levels"),
    ],
)
def test_a_fault_is_severe_and_named(criteria, code):
    assert code in [one.code for one in check_sheet(sheet(criteria), BANDS).of(Severity.SEVERE)]


def test_a_hole_no_cell_can_fall_into_is_only_a_warning():
    value = sheet(levels((100, {"at_least": "50%"}), (0, {"less_than": "49.99%"})))
    (found,) = check_sheet(value, BANDS).by_code("gap")
    assert found.severity is Severity.WARNING


def test_a_third_is_exact():
    value = sheet(levels((100, {"at_least": "1/3"}), (0, {"less_than": "1/3"})))
    assert codes(value) == ["grade_unreachable", "grade_unreachable"]


def test_spreading_the_points_gives_an_ordinary_month_its_hundred():
    spread = dataclasses.replace(AN_PHU, rescale=SheetRescale.PROPORTIONAL)
    report = check_sheet(spread, BANDS)
    assert {one.highest for one in report.ranges} == {100}
    assert report.by_code("maximum") == ()
    assert min(one.lowest for one in report.ranges) == 14


def test_a_grade_nobody_reaches_is_severe_when_it_is_the_best():
    value = sheet([{"points": 85}, {"points": 15, "applies": "thematic_month"}])
    report = check_sheet(value, BANDS)
    assert "không bao giờ vào được mức Tốt" in report.by_code("grade_unreachable")[0].message
    assert "Không nơi nào đạt mức Tốt" in report.by_code("maximum")[0].message


def test_forgiving_one_absence_makes_small_cells_whole():
    ends = [(100, {"at_least": "90%"}), (0, {"less_than": "90%"})]
    (criterion,) = levels(*ends, measure="attendance")
    assert "small_cells" in codes(sheet([criterion]))
    assert "small_cells" not in codes(sheet([criterion | {"forgiven": 1}]))


def test_a_sheet_of_yaml_text_reads_the_same():
    text = "total: 100\nrescale: none\ngroups: [{code: A, title: A, points: 100}]\n"
    value = typed(RegularMeetingSheet, read_yaml(text, file=""), file="", key="")
    assert codes(value) == ["no_criteria"]


def test_a_criterion_of_which_no_level_can_be_reached_earns_nothing():
    value = sheet(levels((100, {"at_least": 90}), (60, {"at_least": 80}), measure="attendance"))
    report = check_sheet(value, BANDS)
    assert {(one.lowest, one.highest) for one in report.ranges} == {(0, 0)}
    assert len(report.by_code("impossible_level")) == 2


LENGTH = levels((100, {"at_least": "required"}), (0, {"less_than": "required"}), measure="minutes")


@pytest.mark.parametrize(
    "required", [[], [{"minutes": 90, "members": 10}], [{"minutes": 90, "thematic": True}]]
)
def test_levels_told_by_a_length_that_is_not_always_asked_are_severe(required):
    (found,) = check_sheet(sheet(LENGTH, required=required), BANDS).by_code("no_required")
    assert (found.place, found.severity) == ("A1", Severity.SEVERE)
    assert "no_required" not in codes(sheet(LENGTH, required=[{"minutes": 90}]))


def test_a_length_asked_wherever_the_criterion_applies_is_enough():
    criteria = [LENGTH[0] | {"applies": "members_at_least", "members": 10}]
    assert "no_required" not in codes(sheet(criteria, required=[{"minutes": 90, "members": 10}]))


@pytest.mark.parametrize(
    "more",
    [
        {"vetoes": [{"code": "P1", "text": "x", "grade": "Rất tệ"}]},
        {"year": [{"grade": "Xuất sắc", "every_at_least": "Khá"}]},
        {"year": [{"grade": "Tốt", "every_at_least": "Vừa"}]},
        {"year": [{"grade": "Tốt", "every_at_least": "Khá", "best": "Giỏi", "best_times": 7}]},
    ],
)
def test_a_grade_there_is_none_of_is_severe(more):
    (found,) = check_sheet(sheet([{}], **more), BANDS).by_code("no_such_grade")
    assert found.severity is Severity.SEVERE
    assert "Tốt, Khá, Trung bình, Kém" in found.remedy


def test_grades_are_known_by_label_and_by_code():
    year = [{"grade": "TỐT", "every_at_least": "trung_binh", "best": "Khá", "best_times": 12}]
    assert "no_such_grade" not in codes(sheet([{}], year=year))


YEAR = {"grade": "Tốt", "every_at_least": "Khá"}


@pytest.mark.parametrize(
    ("criterion", "more"),
    [
        ({}, {"year": [YEAR | {"best": "Tốt", "best_times": 13}]}),
        ({}, {"year": [YEAR | {"best": "Tốt", "best_times": 0}]}),
        ({}, {"year": [YEAR | {"best": "Tốt"}]}),
        ({}, {"required": [{"minutes": 0}]}),
        ({}, {"required": [{"minutes": 601}]}),
        ({}, {"required": [{"minutes": 90, "members": -1}]}),
        ({}, {"groups": [{"code": " ", "title": "A", "points": 100}]}),
        ({}, {"total": 10_000_000}),
        ({"points": 10_000_000, "measure": "judged"}, {}),
        ({"points": "1/1001"}, {}),
        ({"points": "1,0001"}, {}),
        ({"forgiven": 10**9}, {}),
        ({"levels": [{"points": 1, "label": str(n)} for n in range(21)]}, {}),
    ],
)
def test_numbers_out_of_all_bounds_are_refused(criterion, more):
    with pytest.raises(RulebookError):
        sheet([criterion], **more)


def test_points_without_a_common_measure_are_refused():
    with pytest.raises(RulebookError, match="chia quá nhỏ"):
        sheet([{"points": f"1/{n}"} for n in (997, 991, 983)])


def test_more_criteria_than_any_sheet_has_are_refused():
    with pytest.raises(RulebookError, match="nhiều nhất 100 tiêu chí"):
        sheet([{"points": 1}] * 101)
