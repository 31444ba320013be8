"""Who rates whom, in which steps, by which days; above all around 1/7/2025 and 26/7/2026."""

from datetime import date, timedelta

import pytest

from vungmanh.core.vocabulary import DossierAct, DossierSubject, UnitKind
from vungmanh.rulebook import RulebookError, shipped_rulebook
from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.values import (
    CycleProcedure,
    GradeDeadlines,
    GradeDeciders,
    GradeScale,
    StructurePlacement,
)
from vungmanh.rulebook.values.cycles import CYCLE_STEPS, deciding_level
from vungmanh.rulebook.values.words import DecidingBody, GradeOrder, RatedLevel
from vungmanh.rulebook.wording import value_lines

BOOK = shipped_rulebook()
K, A = UnitKind, DossierAct
CHANGES = (date(2025, 7, 1), date(2026, 7, 26))
DAYS = [date(2018, 12, 31), *(day for one in CHANGES for day in (one - timedelta(1), one))]


def deciders(day):
    return BOOK.on(day).of(GradeDeciders)


def test_each_rating_year_has_the_procedure_of_its_regime():
    years = {year: BOOK.grade_procedure(year, date(year, 12, 31)) for year in range(2014, 2027)}
    for year, found in years.items():
        assert found.procedure.regime == BOOK.grade_scale(year).regime
        assert found.procedure.subjects == tuple(DossierSubject)
        assert found.deciders_rule.holds_on(date(year, 12, 31))
    assert {one.procedure.regime for one in years.values()} == {"R1", "R2a", "R2b", "R3", "R4"}


def test_year_before_the_first_procedure_is_refused():
    with pytest.raises(RulebookError) as refused:
        BOOK.grade_procedure(2013, date(2013, 12, 31))
    assert refused.value.code == "no-procedure-for-year"
    assert "2013" in refused.value.message


def test_year_is_rated_by_its_own_rule_and_the_structure_of_the_day():
    late = BOOK.grade_procedure(2024, date(2025, 7, 1))
    assert late.procedure.regime == "R3"
    assert late.deciders_rule.id == "QD294-2025-ai-xep-loai"
    now = BOOK.grade_procedure(2026, date(2026, 12, 31))
    assert (now.procedure.regime, now.deciders_rule.id) == ("R4", "QD208-2026-ai-xep-loai")


@pytest.mark.parametrize(
    ("day", "kind", "under", "body", "name"),
    [
        (date(2018, 12, 31), K.CHI_BO, K.DANG_BO_XA, "base_committee", "Đảng ủy cơ sở"),
        (date(2018, 12, 31), K.DANG_BO_XA, K.DANG_BO_HUYEN, "upper_standing", "huyện ủy"),
        (date(2025, 6, 30), K.DANG_BO_CO_SO, K.DANG_BO_HUYEN, "upper_standing", "huyện ủy"),
        (date(2025, 7, 1), K.DANG_BO_CO_SO, K.DANG_BO_XA, "upper_standing", "đảng ủy xã"),
        (date(2025, 7, 1), K.CHI_BO_CO_SO, K.DANG_BO_XA, "upper_standing", "đảng ủy xã"),
        (date(2025, 7, 1), K.DANG_BO_XA, K.DANG_BO_TINH, "upper_standing", "tỉnh ủy"),
        (date(2026, 7, 25), K.CHI_BO, K.DANG_BO_XA, "upper_standing", "đảng ủy xã"),
        (date(2026, 7, 26), K.CHI_BO, K.DANG_BO_XA, "base_committee", "Đảng ủy xã"),
        (date(2026, 7, 26), K.DANG_BO_CO_SO, K.DANG_BO_XA, "base_committee", "Đảng ủy xã"),
        (date(2026, 7, 26), K.DANG_BO_XA, K.DANG_BO_TINH, "upper_standing", "tỉnh ủy"),
        (date(2026, 7, 26), K.CHI_BO, K.DANG_BO_CO_SO, "base_committee", "Đảng ủy cơ sở"),
    ],
)
def test_who_decides_follows_the_day(day, kind, under, body, name):
    found = deciding_level(deciders(day), kind, under)
    assert found.body is DecidingBody(body)
    assert name in found.name


def test_district_decides_nothing_from_the_first_of_july_2025():
    before, after = (deciders(day) for day in (date(2025, 6, 30), date(2025, 7, 1)))
    assert deciding_level(before, K.DANG_BO_HUYEN, K.DANG_BO_TINH).name == "Ban thường vụ tỉnh ủy"
    assert deciding_level(after, K.DANG_BO_HUYEN, K.DANG_BO_TINH) is None
    assert deciding_level(after, K.CHI_BO_CO_SO, K.DANG_BO_HUYEN) is None


@pytest.mark.parametrize("day", [date(2025, 6, 30), *CHANGES])
def test_whatever_stands_under_a_committee_has_somebody_who_decides(day):
    """No kind that the structure allows under the base or above it is forgotten."""
    unsaid = {
        (kind, above)
        for one in BOOK.on(day).of(StructurePlacement).placements
        for kind in [one.kind]
        for above in one.under or (None,)
        if deciding_level(deciders(day), kind, above) is None
    }
    # A cell straight under the province or a committee above the base: no text read says who.
    assert unsaid <= {(K.CHI_BO, K.DANG_BO_TINH), (K.CHI_BO, K.DANG_BO_CAP_TREN)}


def test_top_of_the_province_is_decided_by_the_centre():
    for day in DAYS:
        assert deciding_level(deciders(day), K.DANG_BO_TINH, None).body is DecidingBody.CENTRAL


def test_order_is_what_the_text_of_the_regime_says_and_nothing_where_it_is_unread():
    orders = {
        year: BOOK.grade_procedure(year, date(year, 12, 31)).procedure
        for year in (2016, 2019, 2024, 2025)
    }
    assert orders[2019].asks(GradeOrder.LOWER_FIRST) is True
    assert orders[2019].asks(GradeOrder.GOVERNMENT_FIRST) is False
    assert orders[2024].order == (
        GradeOrder.LOWER_FIRST,
        GradeOrder.GOVERNMENT_FIRST,
        GradeOrder.LEADERSHIP_FIRST,
        GradeOrder.HEAD_LAST,
    )
    assert orders[2016].asks(GradeOrder.LOWER_FIRST) is None
    assert orders[2025].asks(GradeOrder.LOWER_FIRST) is None


def test_steps_no_text_names_are_kept_and_said_to_be_unstated():
    procedure = BOOK.grade_procedure(2025, date(2025, 12, 31)).procedure
    assert tuple(one.step for one in procedure.steps) == CYCLE_STEPS
    assert not procedure.step(A.VERIFY).stated
    assert procedure.step(A.DECIDE).stated
    assert procedure.step(A.GIVE_OPINION).blind is None
    told = dict(value_lines(procedure))
    assert "chương trình vẫn ghi" in told["Bước 3. Thẩm định"]
    assert told["Thứ tự"] == "văn bản không nêu"
    assert "Mẫu 2C" in told["Mẫu giấy"]


def test_givers_of_opinions_differ_by_level():
    procedure = BOOK.grade_procedure(2019, date(2019, 12, 31)).procedure
    below = [one.name for one in procedure.givers(RatedLevel.BELOW_BASE)]
    base = [one.name for one in procedure.givers(RatedLevel.BASE)]
    assert below == ["Các ban của đảng ủy", "Mặt trận", "Chính quyền"]
    assert base == ["Các ban của cấp ủy cấp trên", "Cơ quan liên quan"]


def test_every_regime_since_2014_rests_on_sources_still_to_be_checked():
    for rule in (*BOOK.history(CycleProcedure.key), *BOOK.history(GradeDeciders.key)):
        assert rule.caution == "cần kiểm tra"
        assert rule.note
    assert BOOK.on(date(2026, 1, 1)).rule(GradeDeadlines.key).caution == "mẫu, tỉnh chưa ban hành"


# --- deadlines ---------------------------------------------------------------------------------


def test_deadlines_fall_into_the_year_and_the_notice_into_the_next():
    days = BOOK.on(date(2025, 12, 1)).of(GradeDeadlines).last_days(2025)
    assert list(days) == list(CYCLE_STEPS)
    assert days[A.DECIDE] == date(2025, 12, 31)
    assert days[A.NOTIFY] == date(2026, 1, 15)
    assert list(days.values()) == sorted(days.values())


def read_deadlines(*rows):
    names = ("step", "month", "day", "next_year")
    raw = {"deadlines": [dict(zip(names, row, strict=False)) for row in rows]}
    return typed(GradeDeadlines, raw, file="thu.yaml", key="value")


def test_deadline_before_the_step_it_follows_is_refused_and_names_both():
    with pytest.raises(RulebookError) as refused:
        read_deadlines(("rate_self", 12, 20), ("verify", 12, 5))
    said = refused.value.problem
    assert "“Thẩm định” (5/12)" in said
    assert "“Nộp bản tự xếp loại” (20/12)" in said
    assert "Lùi hạn sau" in said


def test_deadline_in_the_next_year_may_be_an_earlier_day_of_the_calendar():
    days = read_deadlines(("decide", 12, 31), ("notify", 1, 5, True)).last_days(2019)
    assert days == {A.DECIDE: date(2019, 12, 31), A.NOTIFY: date(2020, 1, 5)}
    same = read_deadlines(("decide", 12, 31), ("notify", 12, 31)).last_days(2019)
    assert same[A.DECIDE] == same[A.NOTIFY]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("rate_self", 2, 29)], "29/2"),
        ([("rate_self", 13, 1)], "1/13"),
        ([("rate_self", 12, 0)], "0/12"),
        ([("complain", 12, 1)], "không phải một bước"),
        ([("decide", 12, 1), ("verify", 12, 5)], "phải đứng trước"),
        ([("decide", 12, 1), ("decide", 12, 5)], "một lần"),
        ([], "ít nhất một bước"),
    ],
)
def test_deadlines_that_cannot_stand_are_refused_with_the_place(rows, words):
    with pytest.raises(RulebookError) as refused:
        read_deadlines(*rows)
    assert words in refused.value.problem


# --- what a file may not say -------------------------------------------------------------------


def raw_procedure(**changed):
    raw = {
        "regime": "R9", "first_year": 2030, "last_year": None, "subjects": ["organisation"],
        "leadership": None, "steps": [{"step": "rate_self"}, {"step": "decide"}], "order": None,
        "forms": None, "review_days": None, "review_days_province": None,
    }  # fmt: skip
    return typed(CycleProcedure, {**raw, **changed}, file="thu.yaml", key="value")


def test_shortest_procedure_is_read_and_says_nothing_more():
    procedure = raw_procedure()
    assert procedure.covers(2035)
    assert not procedure.covers(2029)
    assert procedure.givers(RatedLevel.BASE) is None
    assert procedure.step(A.NOTIFY) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_year": 2029}, "sớm hơn"),
        ({"subjects": []}, "ít nhất một đối tượng"),
        ({"steps": [{"step": "decide"}]}, "còn thiếu bước “Nộp bản tự xếp loại”"),
        ({"steps": [{"step": "rate_self"}]}, "còn thiếu bước “Quyết định mức”"),
        ({"steps": [{"step": "decide"}, {"step": "rate_self"}]}, "phải đứng trước"),
        ({"order": ["lower_first", "lower_first"]}, "hai lần"),
        ({"review_days": 0}, "từ 1 trở lên"),
    ],
)
def test_procedure_that_cannot_stand_is_refused(changed, words):
    with pytest.raises(RulebookError) as refused:
        raw_procedure(**changed)
    assert words in refused.value.problem


def test_two_deciders_for_one_place_are_refused_and_named():
    row = {"kinds": ["chi_bo"], "under": ["dang_bo_xa"], "body": "base_committee", "name": "x"}
    with pytest.raises(RulebookError) as refused:
        typed(GradeDeciders, {"deciders": [row, row]}, file="thu.yaml", key="value")
    assert "Chi bộ dưới Đảng bộ xã, phường" in refused.value.problem


def test_scale_and_procedure_of_a_regime_hold_the_same_years():
    scales = {rule.value.regime: rule.value for rule in BOOK.history(GradeScale.key)}
    for rule in BOOK.history(CycleProcedure.key):
        scale = scales[rule.value.regime]
        assert (rule.value.first_year, rule.value.last_year) == (
            scale.first_year,
            scale.last_year,
        )
