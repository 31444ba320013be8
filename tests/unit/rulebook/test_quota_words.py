"""The quota in words: to the one held back and to the committee."""

from fractions import Fraction

from tests.unit.rulebook.test_quota import BY_CRITERIA, DOWN, POOLED, eligible, good, quota
from vungmanh.core.text import NBSP
from vungmanh.rulebook.grading.apportion import webster
from vungmanh.rulebook.grading.explain import (
    apportion_words,
    cap_words,
    complaint_remedy,
    group_words,
    held_back_words,
    over_cap,
)
from vungmanh.rulebook.grading.quota import Candidate, cap_of, hold_quota
from vungmanh.rulebook.quota_wording import method_lines
from vungmanh.rulebook.values.quota import (
    QuotaMethod,
    QuotaOnComplaint,
    QuotaRounding,
    QuotaSharing,
)
from vungmanh.rulebook.values.words import QuotaBase


def spaced(text):
    return text.replace(NBSP, " ")


def told(rated, name, method=DOWN):
    return spaced(held_back_words(hold_quota(rated, quota(), method), name))


def test_cap_is_reckoned_in_words():
    assert spaced(cap_words(cap_of(37, quota(), QuotaRounding.DOWN))) == (
        "20 % của 37 là 7,4, làm tròn xuống 7."
    )
    assert spaced(cap_words(cap_of(35, quota(), QuotaRounding.DOWN))) == "20 % của 35 là 7."
    assert "vượt 20 %" in spaced(cap_words(cap_of(38, quota(), QuotaRounding.UP)))
    words = spaced(cap_words(cap_of(37, quota(base=QuotaBase.GOOD_ONLY), QuotaRounding.DOWN)))
    assert "Chọn 6 nơi xuất sắc thì còn 31 nơi" in words
    assert "20 % của 31 là 6,2, làm tròn xuống 6" in words


def test_base_of_zero_is_a_sentence():
    poor = Candidate("a", "school", Fraction(60), False, False)
    result = hold_quota([poor], quota(), DOWN)
    assert group_words(result.groups[0]) == (
        "Chưa nơi nào được đề nghị từ hoàn thành tốt trở lên, nên không có số để tính tỷ lệ.",
    )


def test_one_held_back_hears_its_own_score_the_cap_and_the_cut():
    rated = [eligible("a", 98), eligible("b", 96), eligible("c", "191/2"), *good(8)]
    assert told(rated, "c") == (
        "Được đề xuất xuất sắc nhưng nhóm “Thôn, tổ dân phố” có 11 nơi từ hoàn thành tốt trở lên, "
        "chỉ được 2 suất. 20 % của 11 là 2,2, làm tròn xuống 2. Điểm của đơn vị: 95,5. "
        "Mức cuối cùng được chọn: 96."
    )
    assert told(rated, "a") == ""


def test_score_of_a_single_chosen_neighbour_is_not_told():
    words = told([eligible("Khe Sanh", 98), eligible("b", 95), *good(4)], "b")
    assert "98" not in words
    assert "Khe Sanh" not in words
    assert "chỉ một nơi được chọn" in words


def test_tie_at_the_cut_is_told_to_those_in_it_and_to_those_behind():
    rated = [eligible("a", 95), eligible("b", 95), eligible("c", 94), *good(4)]
    assert "2 nơi bằng nhau ở 95 điểm mà chỉ còn 1 suất" in told(rated, "a")
    assert "2 nơi đứng trước bằng nhau mà không đủ suất" in told(rated, "c")


def test_one_behind_by_a_criterion_hears_which():
    rated = [eligible("a", 95, 12, 3), eligible("b", 95, 12, 2), *good(4)]
    assert told(rated, "b", BY_CRITERIA).endswith("đứng sau theo tiêu chí phụ: việc đúng hạn.")
    further = [*rated, eligible("c", 95, 11, 9)]
    assert told(further, "c", BY_CRITERIA).endswith("đứng sau theo tiêu chí phụ: kỳ họp.")
    (group,) = hold_quota(further, quota(), BY_CRITERIA).groups
    assert (
        "3 nơi bằng điểm ở chỗ hết suất, xét theo tiêu chí phụ: kỳ họp; việc đúng hạn."
        in group_words(group)
    )


def test_one_without_a_score_hears_what_to_do():
    assert "Hãy chấm đủ các tiêu chí" in told([eligible("a", None), *good(4)], "a")


def test_group_without_places_is_told_as_such():
    words = told([eligible("a", 95), *good(2)], "a")
    assert "không có suất nào. 20 % của 3 là 0,6, làm tròn xuống 0." in words


def test_shared_places_are_told_by_group():
    method = QuotaMethod(minimum_group=9, pool="Gộp", sharing=QuotaSharing.APPORTIONED)
    rated = [*good(5), eligible("v", 91), *good(2, "school"), eligible("s", 99, group="school")]
    words = told(rated, "s", method)
    assert "Webster: Trường học: 0; Thôn, tổ dân phố: 1." in words
    equal = [*good(3), eligible("v", 91), *good(3, "school"), eligible("s", 99, group="school")]
    assert "Còn 1 suất không chia được, vì 2 nhóm có quyền ngang nhau" in told(equal, "s", method)


def test_committee_reads_the_whole_group():
    rated = [
        eligible("a", 95),
        eligible("b", 95),
        eligible("n", None),
        eligible("army", 99, protected=True),
        *good(1),
        *good(3, "school"),
    ]
    (group,) = hold_quota(rated, quota(), POOLED).groups
    words = group_words(group)
    assert "Gộp 2 nhóm nhỏ: Trường học; Thôn, tổ dân phố." in words
    assert "Được chọn 0 trong 1 suất; 2 nơi được đề xuất nhưng vượt số." in words
    assert "1 nơi được đề xuất chưa có điểm, chưa xét." in words
    assert "1 nơi không tính vào tỷ lệ." in words
    assert any(one.startswith("2 nơi bằng nhau mà chỉ còn 1 suất") for one in words)


def test_wish_beyond_the_cap_is_refused_in_words():
    rated = [
        eligible("a", 98),
        eligible("b", 95),
        eligible("army", 99, protected=True),
        *good(4),
    ]
    result = hold_quota(rated, quota(), DOWN)
    assert over_cap(result, ["a", "army"]) == ()
    (words,) = over_cap(result, ["a", "b", "army"])
    assert words.startswith("Nhóm “Thôn, tổ dân phố” đề nghị 2 nơi xuất sắc, chỉ được 1.")
    assert words.endswith("Hãy bớt 1 nơi.")


def test_method_is_told_for_the_page_of_the_rulebook():
    assert dict(method_lines(DOWN))["Nhóm nhỏ"] == "không gộp"
    lines = dict(method_lines(QuotaMethod(QuotaRounding.UP, minimum_group=5, pool="Gộp")))
    assert lines["Số lẻ"] == "Làm tròn lên (có thể vượt tỷ lệ)"
    assert lines["Nhóm nhỏ"] == "nhóm dưới 5 nơi thì gộp thành “Gộp”"
    assert dict(method_lines(BY_CRITERIA))["Tiêu chí phụ, theo thứ tự"] == "kỳ họp; việc đúng hạn"


def test_a_complaint_hears_what_the_rule_leaves_to_do():
    assert "mở lại hồ sơ" in complaint_remedy(DOWN)
    beyond = QuotaMethod(on_complaint=QuotaOnComplaint.BEYOND)
    assert "ghi số, ký hiệu và ngày văn bản" in complaint_remedy(beyond)
    assert dict(method_lines(beyond))["Trả lời kiến nghị"].startswith("Được vượt tỷ lệ")


def test_websters_steps_are_told_with_their_arithmetic():
    found = webster(3, {"village": 5, "school": 5, "health": 2})
    assert apportion_words(found) == (
        "Suất 1, 2: Trường học và Thôn, tổ dân phố, ngang nhau, 5 : 1 = 5.",
        "Suất 3: Y tế, 2 : 1 = 2.",
    )
