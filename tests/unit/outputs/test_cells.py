"""One cell to one value, as offices write it; what cannot be read says what to do."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest

from vungmanh.outputs.workbooks.attendance import attendance_problems, attendance_warning
from vungmanh.outputs.workbooks.cells import FormulaError, Unreadable, is_blank, text_of
from vungmanh.outputs.workbooks.days import held_on, month_in, month_of_cell
from vungmanh.outputs.workbooks.states import Said, is_plainly_not_held, said_in
from vungmanh.outputs.workbooks.tasks import task_problems
from vungmanh.outputs.workbooks.values import minutes, note, score, whole_number

NOVEMBER = dt.date(2026, 11, 1)


def count(cell: object) -> int | None:
    return whole_number(cell, most=2000, what="số đảng viên")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, 12), (12.0, 12), ("12", 12), (" 12 ", 12), ("12 đv", 12), ("12 đảng viên", 12),
        ("1.234", 1234), ("0", 0), (0, 0), ("", None), ("-", None), ("   ", None), (None, None),
    ],
)  # fmt: skip
def test_count_is_read(cell: object, value: int | None) -> None:
    assert count(cell) == value


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("mười hai", "không phải số đảng viên"),
        (12.5, "không phải số đảng viên"),
        (-3, "không thể âm"),
        ("-3", "không thể âm"),
        (99999, "quá lớn"),
        (True, "không phải số đảng viên"),
        (float("inf"), "không phải số đảng viên"),
        (FormulaError("#REF!"), "lỗi công thức #REF!"),
    ],
)
def test_count_that_cannot_be_read_says_why(cell: object, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        count(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (92.5, "92.50"), ("92,5", "92.50"), ("92.5", "92.50"), ("92/100", "92.00"),
        ("92 điểm", "92.00"), (0, "0.00"), (100, "100.00"), ("88đ", "88.00"),
    ],
)  # fmt: skip
def test_score_is_read_with_comma_or_point(cell: object, value: str) -> None:
    assert score(cell) == Decimal(value)


@pytest.mark.parametrize("cell", [101, "100,5", -1, "Tốt", FormulaError("#N/A")])
def test_score_outside_its_scale_is_refused(cell: object) -> None:
    with pytest.raises(Unreadable):
        score(cell)


def test_a_blank_score_is_no_score() -> None:
    assert score("") is None
    assert score(0) == 0


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (95, 95), ("95", 95), ("95 phút", 95), ("95'", 95), ("1h35", 95), ("1 giờ 35", 95),
        ("1:35", 95), (dt.time(1, 35), 95), (dt.timedelta(minutes=95), 95),
        ("8h30 - 10h05", 95), ("2h", 120),
    ],
)  # fmt: skip
def test_length_is_read(cell: object, value: int) -> None:
    assert minutes(cell) == value


@pytest.mark.parametrize("cell", ["8h30", dt.time(8, 30), 0, -5, "10h - 8h", "lâu", 600])
def test_a_starting_time_or_nonsense_is_not_a_length(cell: object) -> None:
    with pytest.raises(Unreadable):
        minutes(cell)


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2026, 11, 5), dt.datetime(2026, 11, 5, 8, 30), "05/11/2026", "5/11/2026",  # noqa: DTZ001
        "5.11.26", "05-11-2026", "5/11", "2026-11-05", 46331, 46331.0, "46331",
        "8h30 ngày 05/11/2026", "8h30-10h00, 5/11/2026", "ngày 5 tháng 11 năm 2026",
        " 05 / 11 / 2026 ",
    ],
)  # fmt: skip
def test_the_fifth_of_november_in_every_spelling(cell: object) -> None:
    assert held_on(cell, NOVEMBER) == (dt.date(2026, 11, 5), "")


def test_a_bare_day_number_is_taken_with_a_warning() -> None:
    day, warning = held_on(5, NOVEMBER)
    assert day == dt.date(2026, 11, 5)
    assert "05/11/2026" in warning


def test_a_day_without_a_year_goes_to_the_nearest_year() -> None:
    assert held_on("02/01", dt.date(2026, 12, 1))[0] == dt.date(2027, 1, 2)
    assert held_on("28/12", dt.date(2026, 1, 1))[0] == dt.date(2025, 12, 28)


@pytest.mark.parametrize(
    ("day", "accepted"),
    [
        (dt.date(2026, 10, 16), False), (dt.date(2026, 10, 17), True),
        (dt.date(2026, 12, 31), True), (dt.date(2027, 1, 1), False),
    ],
)  # fmt: skip
def test_a_meeting_may_be_moved_so_far_and_no_farther(day: dt.date, accepted: bool) -> None:
    if accepted:
        found, warning = held_on(day, NOVEMBER)
        assert found == day
        assert "họp bù" in warning
    else:
        with pytest.raises(Unreadable, match="không thuộc tháng 11/2026"):
            held_on(day, NOVEMBER)


def test_a_date_that_excel_turned_round_is_refused_with_both_readings() -> None:
    with pytest.raises(Unreadable, match=r"11/05/2026.*05/11/2026"):
        held_on(dt.date(2026, 5, 11), NOVEMBER)


@pytest.mark.parametrize("cell", ["hôm qua", "32/11/2026", "5/13/2026", 99, "05/11 và 20/11", True])
def test_what_is_no_day_is_refused(cell: object) -> None:
    with pytest.raises(Unreadable):
        held_on(cell, NOVEMBER)


@pytest.mark.parametrize(
    "text",
    [
        "BIỂU TỔNG HỢP THÁNG 11 NĂM 2026", "Tháng 11/2026", "T11-2026", "tháng 11.2026", "2026-11",
        "kỳ 11/2026", "11/2026",
    ],
)  # fmt: skip
def test_the_month_is_found_in_a_title(text: str) -> None:
    assert month_in(text) == NOVEMBER


def test_a_date_in_a_title_is_not_its_month() -> None:
    assert month_in("Tân Mẫu, ngày 30/11/2026") is None
    assert month_in("Số 13/2026") is None
    assert month_in("T11", year=2026) == NOVEMBER


def test_a_month_cell_that_is_no_month_says_so() -> None:
    assert month_of_cell(dt.date(2026, 11, 5)) == NOVEMBER
    assert month_of_cell("") is None
    with pytest.raises(Unreadable, match="không phải tháng"):
        month_of_cell("quý III")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Không họp", Said.NOT_HELD), ("KHÔNG HỌP", Said.NOT_HELD), ("khong hop", Said.NOT_HELD),
        ("ko họp", Said.NOT_HELD), ("Không sinh hoạt do mưa lũ", Said.NOT_HELD),
        (unicodedata.normalize("NFD", "Không họp"), Said.NOT_HELD),
        ("Đã họp", Said.HELD), ("da hop", Said.HELD), ("x", Said.HELD),
        ("Chưa có báo cáo", Said.NO_REPORT), ("không báo cáo", Said.NO_REPORT),
        ("chưa họp", Said.PUT_OFF), ("Hoãn sang tháng 12", Said.PUT_OFF),
        ("Được miễn", Said.EXCUSED),
        ("không hợp lệ", None), ("khong hop le", None), ("Không họp chuyên đề", None), ("", None),
    ],
)  # fmt: skip
def test_words_of_the_state(text: str, said: Said | None) -> None:
    assert said_in(text) is said


def test_a_note_about_members_is_not_a_note_about_the_cell() -> None:
    assert is_plainly_not_held("Chi bộ không họp tháng này")
    assert is_plainly_not_held("Không họp, lý do mưa lũ")
    assert not is_plainly_not_held("02 đồng chí không sinh hoạt 3 tháng")


def test_text_is_composed_and_squashed_and_errors_are_not_text() -> None:
    assert text_of(unicodedata.normalize("NFD", " Chi bộ\u00a0 thôn ")) == "Chi bộ thôn"
    assert text_of(3.0) == "3"
    assert text_of(dt.date(2026, 11, 5)) == "05/11/2026"
    assert not is_blank(FormulaError("#REF!"))
    with pytest.raises(Unreadable):
        text_of(FormulaError("#REF!"))


def test_a_note_too_long_is_refused_not_cut() -> None:
    assert note("a" * 500) == "a" * 500
    with pytest.raises(Unreadable, match="501 ký tự"):
        note("a" * 501)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"members": 9, "present": 9}, []),
        ({"members": 9, "present": 10}, ["present"]),
        ({"members": 9, "present": 0}, ["present"]),
        ({"members": 9, "present": 8, "excused": 1, "unexcused": 1}, ["present"]),
        ({"members": 9, "present": 7, "excused": 1, "unexcused": 1, "exempt": 1}, []),
        ({"present": 12}, []),
        ({}, []),
    ],
)
def test_counts_that_cannot_be_true_together(values: dict, fields: list[str]) -> None:
    assert [field for field, _ in attendance_problems(values)] == fields


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"tasks_due": 4, "tasks_on_time": 4}, []),
        ({"tasks_due": 4, "tasks_on_time": 5}, ["tasks_on_time"]),
        ({"tasks_due": 0}, []),
        ({"tasks_on_time": 2}, []),  # what was due may be known from before; the import looks
        ({}, []),
    ],
)
def test_tasks_in_time_are_some_of_those_due(values: dict, fields: list[str]) -> None:
    assert [field for field, _ in task_problems(values)] == fields


def test_somebody_left_out_of_the_roll_call_is_a_warning() -> None:
    whole = {"members": 9, "present": 6, "excused": 1, "unexcused": 0}
    assert "Còn 2 đảng viên" in attendance_warning(whole)
    assert attendance_warning({**whole, "exempt": 2}) == ""
    assert attendance_warning({"members": 9, "present": 6}) == ""
