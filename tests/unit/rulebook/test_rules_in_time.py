"""The same question on two days meets the rules of each day; above all, of the day before."""

from datetime import date, timedelta

import pytest

from vungmanh.core.vocabulary import Weight
from vungmanh.rulebook import RulebookError, shipped_rulebook
from vungmanh.rulebook.values import (
    VALUE_CLASSES,
    FailingCells,
    FewOfficialMembers,
    IndexWeights,
    MeetingGrades,
    MeetingsHeld,
    NoAdmission,
    RegularMeeting,
    RegularMeetingMinutes,
    ReportDeadline,
    ResolutionCarried,
    SecretaryVacant,
    StatusPersistence,
    StatusReporting,
    ThematicMeeting,
)

BOOK = shipped_rulebook()
ONE_DAY = timedelta(days=1)
TODAY = date(2026, 10, 31)


#: Sheets of other places are kept for comparison and are in force nowhere.
IN_FORCE = [rule for rule in BOOK.rules if not rule.whom.example]


def rules(wanted=lambda rule: True):
    return [pytest.param(rule, id=rule.id) for rule in IN_FORCE if wanted(rule)]


@pytest.mark.parametrize("rule", rules())
def test_rule_holds_on_its_first_day_and_not_the_day_before(rule):
    assert BOOK.on(rule.valid_from).rule(rule.key) is rule
    view = BOOK.on(rule.valid_from - ONE_DAY)
    assert not view.has(rule.key) or view.rule(rule.key) is not rule


@pytest.mark.parametrize("rule", rules(lambda rule: rule.valid_to is not None))
def test_rule_that_ended_holds_on_its_last_day_and_no_longer(rule):
    assert BOOK.on(rule.valid_to - ONE_DAY).rule(rule.key) is rule
    assert rule not in BOOK.on(rule.valid_to).rules


@pytest.mark.parametrize("rule", rules(lambda rule: rule.document.date is not None))
def test_rule_does_not_apply_before_its_document_was_signed(rule):
    assert rule not in BOOK.on(rule.document.date - ONE_DAY).rules


@pytest.mark.parametrize("rule", rules(lambda rule: rule.replaces))
def test_rule_that_replaces_another_starts_where_that_one_ends(rule):
    old = {other.id: other for other in BOOK.rules}
    assert [old[name].valid_to for name in rule.replaces] == [rule.valid_from]


# Written here once more by hand, from domain.md §1.1 and §2.1: a slip in a file must not pass.
#: Rules of posts, members and sizes, each under both documents.
PEOPLE = (
    *("chuc-danh", "nhiem-ky", "bo-tri", "ket-nap"),
    *("chuyen-sinh-hoat", "huy-hieu", "ra-soat", "quy-mo"),
)
FIRST_DAYS = {
    "DL2011-ai-phai-hop": date(2011, 1, 19),
    "QD294-2025-bieu-quyet": date(2025, 7, 1),
    "QD208-2026-bieu-quyet": date(2026, 7, 26),
    "QD294-2025-co-so-tinh": date(2025, 7, 1),
    "QD208-2026-co-so-tinh": date(2026, 7, 26),
    "DL2011-hop-thuong-ky": date(2011, 1, 19),
    "HD12-2018-thoi-luong": date(2018, 7, 6),
    "HD42-2025-thoi-luong": date(2025, 10, 28),
    "HD42-2025-chuyen-de": date(2025, 10, 28),
    "HD42-2025-muc-chat-luong": date(2025, 10, 28),
    "HD20-2008-thang-xep-loai": date(2008, 10, 10),
    "HD27-2014-thang-xep-loai": date(2014, 9, 25),
    "QD132-2018-HD16-thang-xep-loai": date(2018, 3, 8),
    "QD132-2018-HD21-thang-xep-loai": date(2019, 10, 18),
    "QD124-2023-thang-xep-loai": date(2023, 10, 4),
    "QD366-2025-thang-xep-loai": date(2025, 8, 30),
    "DL2011-loai-to-chuc": date(2011, 1, 19),
    "QD294-2025-loai-to-chuc": date(2025, 7, 1),
    "QD208-2026-loai-to-chuc": date(2026, 7, 26),
    "HD12-2018-khung": date(2018, 7, 6),
    "HD42-2025-khung": date(2025, 10, 28),
    "HD27-2014-dieu-kien": date(2014, 9, 25),
    "HD21-2019-dieu-kien": date(2019, 10, 18),
    "HD21-2019-dieu-kien-dang-vien": date(2019, 10, 18),
    "QD124-2023-dieu-kien": date(2023, 10, 4),
    "QD366-2025-dieu-kien": date(2025, 8, 30),
    "QD366-2025-diem-ca-nhan": date(2025, 8, 30),
    "QD132-2018-ty-le-xuat-sac": date(2018, 3, 8),
    "HD21-2019-ty-le-xuat-sac": date(2019, 10, 18),
    "QD124-2023-ty-le-xuat-sac": date(2023, 10, 4),
    "QD366-2025-ty-le-xuat-sac": date(2025, 8, 30),
    "HD36-2018-the-thuc": date(2018, 4, 3),
    "HD05-2026-the-thuc": date(2026, 5, 27),
    "ND30-2020-the-thuc": date(2020, 3, 5),
    "QD399-2026-khong-ban-hanh": date(2026, 1, 9),
    "HD27-2014-quy-trinh": date(2014, 9, 25),
    "HD16-2018-quy-trinh": date(2018, 9, 24),
    "HD21-2019-quy-trinh": date(2019, 10, 18),
    "QD124-2023-quy-trinh": date(2023, 10, 4),
    "QD366-2025-quy-trinh": date(2025, 8, 30),
    "DL2011-ai-xep-loai": date(2011, 1, 19),
    "QD294-2025-ai-xep-loai": date(2025, 7, 1),
    "QD208-2026-ai-xep-loai": date(2026, 7, 26),
    "DL2011-nhiem-ky": date(2011, 1, 19),
    "QD98-2017-luan-chuyen": date(2017, 10, 7),
    "QD65-2022-luan-chuyen": date(2022, 4, 28),
    **{f"QD294-2025-{one}": date(2025, 7, 1) for one in PEOPLE},
    **{f"QD208-2026-{one}": date(2026, 7, 26) for one in PEOPLE},
}


def test_every_rule_with_a_document_has_its_first_day_written_down_here():
    assert {rule.id for rule in IN_FORCE if rule.document.date is not None} == set(FIRST_DAYS)


def test_no_example_of_another_place_is_ever_in_force():
    examples = [rule for rule in BOOK.rules if rule.whom.example]
    assert {rule.key for rule in examples} == {
        "meeting_sheet.regular",
        "members.admission",
        "members.badges",
        "members.screening",
        "members.transfer",
    }
    for rule in examples:
        view = BOOK.on(date(2026, 10, 31), province=rule.whom.example)
        assert rule not in view.rules


@pytest.mark.parametrize(("rule_id", "first"), FIRST_DAYS.items())
def test_dated_rule_applies_from_its_day_and_not_the_day_before(rule_id, first):
    assert rule_id in {rule.id for rule in BOOK.on(first).rules}
    assert rule_id not in {rule.id for rule in BOOK.on(first - ONE_DAY).rules}


def test_thematic_meeting_is_owed_from_hd42_not_the_day_before():
    assert BOOK.on(date(2025, 10, 28)).of(ThematicMeeting).every_months == 3
    with pytest.raises(RulebookError) as caught:
        BOOK.on(date(2025, 10, 27)).of(ThematicMeeting)
    assert caught.value.code == "no-rule-on-day"
    assert "27/10/2025" in caught.value.message


def test_longer_meeting_with_a_theme_starts_with_hd42_not_the_day_before():
    before = BOOK.on(date(2025, 10, 27)).of(RegularMeetingMinutes)
    after = BOOK.on(date(2025, 10, 28)).of(RegularMeetingMinutes)
    assert (before.minutes, before.with_thematic) == (90, None)
    assert (after.minutes, after.with_thematic) == (90, 120)


def test_length_of_a_meeting_is_ruled_from_hd12_not_the_day_before():
    assert BOOK.on(date(2018, 7, 6)).has(RegularMeetingMinutes.key)
    assert not BOOK.on(date(2018, 7, 5)).has(RegularMeetingMinutes.key)


def test_grades_of_a_meeting_are_ruled_from_hd42_not_the_day_before():
    grades = BOOK.on(date(2025, 10, 28)).of(MeetingGrades)
    named = [grades.band_of(score).label for score in (100, 90, 89.5, 70, 69.9, 50, 49.9, 0)]
    assert named == ["Tốt", "Tốt", "Khá", "Khá", "Trung bình", "Trung bình", "Kém", "Kém"]
    assert not BOOK.on(date(2025, 10, 27)).has(MeetingGrades.key)


@pytest.mark.parametrize("score", [-0.1, 100.5])
def test_band_of_a_score_outside_the_scale_is_refused(score):
    with pytest.raises(ValueError, match="must lie in"):
        BOOK.on(TODAY).of(MeetingGrades).band_of(score)


def test_regular_meeting_is_monthly_from_the_charter_of_2011_not_the_day_before():
    assert BOOK.on(date(2011, 1, 19)).of(RegularMeeting).every_months == 1
    assert not BOOK.on(date(2011, 1, 18)).has(RegularMeeting.key)


@pytest.mark.parametrize("day", [date(2014, 1, 1), TODAY])
def test_templates_say_what_decisions_3_and_5_say(day):
    view = BOOK.on(day)
    heavy, light = Weight.HEAVY, Weight.LIGHT
    assert view.of(MeetingsHeld) == MeetingsHeld(12, 8, 12, 6, heavy)
    assert view.of(SecretaryVacant) == SecretaryVacant(90, heavy)
    assert view.of(ResolutionCarried) == ResolutionCarried(3, light)
    assert view.of(NoAdmission) == NoAdmission(4, light)
    assert view.of(FewOfficialMembers) == FewOfficialMembers(3, light)
    assert view.of(FailingCells) == FailingCells(1, 3, heavy)
    assert view.of(IndexWeights) == IndexWeights(0.4, 0.3, 0.3)
    assert view.of(StatusReporting) == StatusReporting(70)
    assert view.of(StatusPersistence) == StatusPersistence(12, 2, 2)
    assert view.of(ReportDeadline) == ReportDeadline(5)


def test_templates_do_not_reach_back_before_the_first_month_of_facts():
    assert [r.id for r in BOOK.on(date(2013, 12, 31)).rules if r.id.startswith("MAU")] == []


def test_every_key_has_a_rule_today_reached_by_name_and_by_type():
    view = BOOK.on(TODAY)
    assert {rule.key for rule in view.rules} == set(VALUE_CLASSES)
    for key, value_class in VALUE_CLASSES.items():
        assert view.value(key) is view.of(value_class)
    assert view.version == BOOK.version


@pytest.mark.parametrize("ask", ["rule", "value", "has"])
def test_key_that_does_not_exist_is_told_with_the_keys_that_do(ask):
    with pytest.raises(RulebookError) as caught:
        getattr(BOOK.on(TODAY), ask)("fact_reason.meetings")
    assert caught.value.code == "no-such-rule"
    assert "fact_reason.meetings_held" in caught.value.message


def test_history_of_a_key_that_does_not_exist_is_refused():
    with pytest.raises(RulebookError, match="grade_scales"):
        BOOK.history("grade_scales")


REGIME_OF_YEAR = {
    2008: "R0", 2013: "R0", 2014: "R1", 2017: "R1", 2018: "R2a", 2019: "R2b",
    2022: "R2b", 2023: "R3", 2024: "R3", 2025: "R4", 2026: "R4",
}  # fmt: skip


@pytest.mark.parametrize(("year", "regime"), REGIME_OF_YEAR.items())
def test_each_rating_year_has_the_scale_of_its_regime(year, regime):
    assert BOOK.grade_scale(year).regime == regime
    assert BOOK.grade_scale_rule(year).value is BOOK.grade_scale(year)


def test_rating_year_before_the_first_scale_has_none():
    with pytest.raises(RulebookError) as caught:
        BOOK.grade_scale(2007)
    assert caught.value.code == "no-scale-for-year"
    assert "2007" in caught.value.message


def test_only_2017_to_2018_is_a_break_between_neighbouring_years():
    breaks = [year for year in range(2008, 2026) if BOOK.is_break(year, year + 1)]
    assert breaks == [2017]
    assert BOOK.is_break(2024, 2016)
    assert not BOOK.is_break(2018, 2025)


def test_old_and_new_scale_share_no_grade_that_could_be_mistaken():
    old, new = BOOK.grade_scale(2017), BOOK.grade_scale(2018)
    assert old.grade("trong_sach_vung_manh").label == "Trong sạch, vững mạnh"
    assert new.grade("xuat_sac").label == "Hoàn thành xuất sắc nhiệm vụ"
    assert (old.grade("xuat_sac"), new.grade("yeu_kem")) == (None, None)
    assert [grade.code for grade in new.grades] == [
        "xuat_sac",
        "tot",
        "hoan_thanh",
        "khong_hoan_thanh",
    ]
    assert [grade.code for grade in old.grades] == [
        "trong_sach_vung_manh",
        "hoan_thanh_tot",
        "hoan_thanh",
        "yeu_kem",
    ]


CAUTIONS = {
    "HD12-2018-thoi-luong": "",
    "HD42-2025-chuyen-de": "cần kiểm tra",
    "DL2011-hop-thuong-ky": "cần kiểm tra",
    "MAU-ly-do-so-ky-hop": "mẫu, tỉnh chưa ban hành",
}


def test_caution_says_how_far_a_rule_may_be_trusted():
    found = {rule.id: rule.caution for rule in BOOK.rules if rule.id in CAUTIONS}
    assert found == CAUTIONS


def test_document_is_named_as_vietnamese_texts_cite_it():
    names = {rule.id: rule.document.name for rule in BOOK.rules}
    assert names["HD42-2025-chuyen-de"] == (
        "Hướng dẫn số 42-HD/BTCTW ngày 28/10/2025 của Ban Tổ chức Trung ương"
    )
    assert names["DL2011-hop-thuong-ky"] == (
        "Điều lệ Đảng ngày 19/01/2011 của Đại hội đại biểu toàn quốc lần thứ XI"
    )
    assert names["MAU-trong-so"] == "Mẫu đề nghị của chương trình Vững Mạnh"
