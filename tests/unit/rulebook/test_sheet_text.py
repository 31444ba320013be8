"""A sheet as a text in Vietnamese words, edited and read back."""

import pytest

from vungmanh.rulebook import RulebookError, shipped_rulebook
from vungmanh.rulebook.checking import check_sheet
from vungmanh.rulebook.sheet_text import parse_sheet, sheet_text
from vungmanh.rulebook.values import MeetingGrades, MeetingSheet

BOOK = shipped_rulebook()
SHEETS = [rule for rule in BOOK.rules if isinstance(rule.value, MeetingSheet)]
BANDS = BOOK.history(MeetingGrades.key)[-1].value

TEXT = """\
tổng điểm: 100
quy đổi: Không quy đổi
nhóm:
  - mã: A
    tên: Phát biểu
    điểm: 100
    tiêu chí:
      - mã: A1
        nội dung: Tỷ lệ đảng viên phát biểu
        điểm: 100
        cách đo: Tỷ lệ phát biểu
        cần mạng: không
        mức:
          - {điểm: 100, trên: 50%}
          - {điểm: 0, dưới: 50%}
"""


@pytest.mark.parametrize("rule", SHEETS, ids=lambda rule: rule.id)
def test_a_sheet_written_and_read_back_is_the_same(rule):
    assert parse_sheet(sheet_text(rule.value), type(rule.value)) == rule.value


@pytest.mark.parametrize("rule", SHEETS, ids=lambda rule: rule.id)
def test_the_text_holds_no_english_name(rule):
    text = sheet_text(rule.value)
    assert "points" not in text
    assert "at_least" not in text
    assert "điểm" in text


def test_a_hole_typed_in_vietnamese_is_found_and_mended():
    (hole,) = check_sheet(parse_sheet(TEXT), BANDS).by_code("gap")
    assert "đúng 50%" in hole.message
    mended = parse_sheet(TEXT.replace("trên: 50%", "từ: 50%"))
    assert check_sheet(mended, BANDS).is_sound


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    điểm: 100\n    tiêu",
            "    điểm: nhiều\n    tiêu",
            "“nhóm thứ 1, điểm”: phải là một số",
        ),
        ("trên: 50%", "trên: nửa", "“nhóm thứ 1, tiêu chí thứ 1, mức thứ 1, trên”"),
        ("trên: 50%", "từ: 50%, trên: 50%", "chỉ ghi một trong hai đầu dưới"),
        ("        điểm: 100\n", "", "“nhóm thứ 1, tiêu chí thứ 1, điểm”: còn thiếu"),
        ("Tỷ lệ phát biểu", "Hỏi trời", "không có trong danh mục"),
        ("Tỷ lệ phát biểu", "Hỏi trời", "Được dùng: Số phút họp, Tỷ lệ dự họp"),
        ("quy đổi:", "đổi quy:", "khóa này không được dùng ở đây"),
        ("trên: 50%", "trên: 1/0", "mẫu số phải khác 0"),
        ("cần mạng: không", "cần mạng: lúc có", "cần mạng”: phải là có hoặc không"),
        ("nhóm:", "nhóm: [", "không đọc được"),
    ],
)
def test_a_slip_is_told_with_its_place_in_vietnamese(old, new, said):
    assert TEXT.count(old) == 1
    with pytest.raises(RulebookError) as caught:
        parse_sheet(TEXT.replace(old, new))
    assert said in caught.value.message
