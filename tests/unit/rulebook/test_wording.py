from datetime import date

import pytest

from vungmanh.core.text import NBSP
from vungmanh.rulebook import shipped_rulebook
from vungmanh.rulebook.wording import validity_text, value_lines

BOOK = shipped_rulebook()
RULES = {rule.id: rule for rule in BOOK.rules}


def test_value_is_told_in_vietnamese_with_its_words_and_numbers():
    assert value_lines(RULES["MAU-ly-do-so-ky-hop"].value) == [
        ("Số tháng nhìn lại", "12"),
        ("Số tối thiểu", "8"),
        ("Trong số kỳ", "12"),
        ("Số kỳ phải họp tối thiểu để xét", "6"),
        ("Mức lý do", "Nặng"),
    ]


def test_weights_of_the_index_are_told_as_percentages():
    texts = [text for _, text in value_lines(RULES["MAU-trong-so"].value)]
    assert texts == [f"40{NBSP}%", f"30{NBSP}%", f"30{NBSP}%"]


def test_what_a_document_does_not_say_is_told_as_such():
    assert value_lines(RULES["HD12-2018-thoi-luong"].value)[1][1] == "văn bản không nêu"


def test_scale_is_told_by_its_years_and_grades_not_by_codes():
    lines = dict(value_lines(RULES["QD366-2025-thang-xep-loai"].value))
    assert (lines["Từ năm xếp loại"], lines["Đến năm xếp loại"]) == ("2025", "đến nay")
    assert lines["Các mức"].startswith("1. Hoàn thành xuất sắc nhiệm vụ; 2. ")
    assert "tu_2018" not in lines.values()


def test_bands_of_a_meeting_are_told_by_their_lowest_score():
    lines = dict(value_lines(RULES["HD42-2025-muc-chat-luong"].value))
    assert lines["Các mức"] == (
        "Tốt: từ 90 điểm; Khá: từ 70 điểm; Trung bình: từ 50 điểm; Kém: từ 0 điểm"
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_value_can_be_told(rule):
    lines = value_lines(rule.value)
    assert lines
    assert all(label and text for label, text in lines)


def test_validity_names_the_first_day_and_the_day_it_ended_before():
    assert RULES["HD12-2018-thoi-luong"].valid_to == date(2025, 10, 28)
    assert validity_text(RULES["HD12-2018-thoi-luong"]) == "từ 06/07/2018 đến trước 28/10/2025"
    assert validity_text(RULES["HD42-2025-chuyen-de"]) == "từ 28/10/2025 đến nay"
