"""What one written value says, as people and programs write it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungmanh.analysis.layout import OPEN_TABLES
from vungmanh.outputs.folders.columns import heading_key, headings_of
from vungmanh.outputs.folders.values import BAD, READERS

DAY = dt.date(2020, 3, 5)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("held", "Có", "held"), ("held", "x", "held"), ("held", "✓", "held"), ("held", "1", "held"),
        ("held", "1.0", "held"), ("held", "TRUE", "held"), ("held", "đã họp", "held"),
        ("held", "không", "not_held"), ("held", "KHÔNG HỌP", "not_held"), ("held", "0", "not_held"),
        ("held", "not_held", "not_held"), ("held", "", None), ("held", "-", None),
        ("held", "chưa báo cáo", "no_report"), ("held", "được miễn", "excused"),
        ("held", "có lẽ", BAD), ("held", "2", BAD), ("held", "chưa", BAD),
        ("count", "12", 12), ("count", "12.0", 12), ("count", "12,0", 12), ("count", "-2", -2),
        ("count", "NA", None), ("count", "NaN", None), ("count", "1.000", BAD),
        ("count", "1,5", BAD), ("count", "#REF!", BAD), ("count", "mười", BAD),
        ("year", "2020", 2020), ("year", "Năm 2020", 2020), ("year", "20", BAD),
        ("month", "03", 3), ("month", "Tháng 3", 3), ("month", "T12", 12), ("month", "13", 13),
        ("month", "3/2020", BAD),
        ("date", "5/3/2020", DAY), ("date", "2020-03-05", DAY), ("date", "05.03.2020", DAY),
        ("date", "2020-03-05 00:00:00", DAY), ("date", "2020-03-05T08:00:00Z", DAY),
        ("date", "31/2/2020", BAD), ("date", "3/2020", BAD), ("date", "", None),
        ("share", "0,5", 0.5), ("share", "0.5", 0.5), ("share", "50 %", 0.5), ("share", "1", 1.0),
        ("share", "một nửa", BAD), ("share", ".", BAD),
        ("yes_no", "có", True), ("yes_no", "0", False), ("yes_no", "", None), ("yes_no", "hả", BAD),
        ("text", "  thôn   Nà Mẫu ", "thôn Nà Mẫu"), ("text", "", None),
    ],
)  # fmt: skip
def test_a_value_is_read_as_people_write_it(kind: str, written: str, value: object) -> None:
    found = READERS[kind](written.strip())  # type: ignore[index]
    assert found is value if value is BAD else found == value


def test_text_in_two_normal_forms_is_one_unit() -> None:
    assert READERS["text"]("Hoa\u0300") == READERS["text"]("Ho\u00e0")


@given(st.text(max_size=12))
def test_no_text_whatever_breaks_a_reader_or_becomes_a_zero(written: str) -> None:
    for kind, read in READERS.items():
        found = read(written.strip())
        if found == 0 and found is not None and kind in {"count", "share"}:
            assert any(sign in written for sign in "0٠०") or "0" in written


@pytest.mark.parametrize("table", OPEN_TABLES, ids=lambda table: table.name)
def test_no_heading_could_be_two_columns_of_a_table(table) -> None:  # type: ignore[no-untyped-def]
    assert set(headings_of(table).values()) == set(table.column_names)


@pytest.mark.parametrize("heading", ["Số đảng viên", "SO DANG VIEN", "số_đảng_viên (người)"])
def test_headings_are_compared_by_their_words(heading: str) -> None:
    assert heading_key(heading) == "so dang vien"
