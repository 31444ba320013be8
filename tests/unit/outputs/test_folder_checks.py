"""Bad input is named by file, row, column and remedy, before anything is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.outputs.folder_files import MONTHS, folder, refused
from vungmanh.core.errors import InputError
from vungmanh.outputs.folders import convert
from vungmanh.outputs.folders.read import chosen_years, read_folder

HEAD = "unit,year,month,held,members,present,exempt,tasks_due,tasks_on_time,held_on\n"


@pytest.mark.parametrize(
    ("row", "code", "column", "said"),
    [
        ("a,2020,13,1,,,,,,", "month-outside", "month", "tháng 13"),
        ("a,2020,0,1,,,,,,", "month-outside", "month", "tháng 0"),
        ("a,1820,1,1,,,,,,", "year-unbelievable", "year", "năm 1820"),
        ("a,2092,1,1,,,,,,", "year-to-come", "year", "năm 2092 chưa đến"),
        ("a,2020,1,1,-3,,,,,", "count-negative", "members", "-3"),
        ("a,2020,1,1,9,12,,,,", "present-above-members", "present", "có mặt 12"),
        ("a,2020,1,1,9,,10,,,", "exempt-above-members", "exempt", "chỉ có 9 đảng viên"),
        ("a,2020,1,1,,,,2,3,", "tasks-on-time-above-tasks-due", "tasks_on_time", "3 việc"),
        ("a,2020,1,1,,,,,,5/13/2020", "value-unreadable", "held_on", "5/13/2020"),
        ("a,2020,1,1,,,,,,5/1/1020", "date-unbelievable", "held_on", "05/01/1020"),
        ("a,2020,1,đại khái,,,,,,", "value-unreadable", "held", "đại khái"),
        (",2020,1,1,,,,,,", "value-missing", "unit", "để trống"),
        ("a,,1,1,,,,,,", "value-missing", "year", "để trống"),
        ("a,2020,1,1,9", "row-uneven", "", "có 5 ô"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(
    tmp_path: Path, row: str, code: str, column: str, said: str
) -> None:
    error = refused(tmp_path, cell_months=f"{HEAD}b,2020,1,1,,,,,,\n{row}\n")
    assert (error.code, error.field) == (code, column)
    assert error.place == "cell_months.csv, dòng 3"
    assert said in error.message
    assert "dòng 3" in error.message


def test_a_repeated_key_is_named_with_its_values(tmp_path: Path) -> None:
    error = refused(tmp_path, cell_months=MONTHS + "a,2020,1,không\n")
    assert error.code == "key-twice"
    assert "dòng 5" in error.message
    assert "unit “a”, year “2020”, month “1”" in error.message


def test_a_quoted_line_end_does_not_shift_the_line_named(tmp_path: Path) -> None:
    rows = '"chi\nbộ",2020,1,1\n\nb,2020,99,1\n'
    assert "dòng 5" in refused(tmp_path, cell_months="unit,year,month,held\n" + rows).message


def test_many_problems_are_counted_and_the_first_twenty_told(tmp_path: Path) -> None:
    rows = "".join(f"u{place},2020,13,1\n" for place in range(50))
    error = refused(tmp_path, cell_months="unit,year,month,held\n" + rows)
    assert error.message.count("•") == 20
    assert "Số liệu có 50 lỗi" in error.message
    assert "… và 30 lỗi nữa." in error.message
    assert error.code == "month-outside"


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    units = "unit,parent,valid_from,valid_to\na,,1/1/2020,1/1/2019\n"
    error = refused(tmp_path, cell_months=MONTHS + "b,2020,13,1\n", units=units)
    assert error.code == "files-wrong"
    assert "units.csv, dòng 2, cột valid_to" in error.message
    assert "cell_months.csv, dòng 5, cột month" in error.message


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ("a,b,,\nb,a,,\n", "parent-circle"),
        ("a,a,,\n", "parent-circle"),
        ("a,,1/1/2020,\na,,1/1/2021,\n", "spans-overlap"),
        ("a,,,\na,,,\n", "key-twice"),
    ],
)
def test_a_register_that_cannot_be_is_refused(tmp_path: Path, units: str, code: str) -> None:
    head = "unit,parent,valid_from,valid_to\n"
    error = refused(tmp_path, cell_months=MONTHS, units=head + units)
    assert error.code == code


def test_who_stood_above_whom_may_change_over_time(tmp_path: Path) -> None:
    units = "unit,parent,valid_from,valid_to\na,b,1/1/2019,1/1/2020\nb,a,1/1/2020,\n"
    tables = read_folder(folder(tmp_path, cell_months=MONTHS, units=units))
    assert tables.units.num_rows == 2


@pytest.mark.parametrize(
    ("lineage", "code"),
    [
        ("a,x,1/1/2020,\n", "lineage-unknown-unit"),
        ("a,a,1/1/2020,\n", "lineage-of-itself"),
        ("a,b,1/1/2020,1.5\n", "share-outside"),
        ("a,b,1/1/2020,0.4\n", "shares-not-whole"),
        ("a,b,,\n", "value-missing"),
    ],
)
def test_a_lineage_that_cannot_be_is_refused(tmp_path: Path, lineage: str, code: str) -> None:
    head = "predecessor,successor,on,share\n"
    error = refused(tmp_path, cell_months=MONTHS + "b,2020,1,1\n", lineage=head + lineage)
    assert error.code == code


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a,2020,12,13,,,\n", "held-above-due"),
        ("a,2020,12,8,8,,\n", "held-and-not-above-due"),
        ("a,2020,12,8,,9,10\n", "present-above-owing"),
        ("a,2020,13,13,,,\n", "more-than-a-year"),
        ("a,2020,,8,6,,\n", "more-than-a-year"),
    ],
)
def test_yearly_counts_that_cannot_be_are_refused(tmp_path: Path, row: str, code: str) -> None:
    head = "unit,year,due,held,not_held,owing,present\n"
    assert refused(tmp_path, cell_years=head + row).code == code


def test_a_year_has_twelve_months_those_excused_among_them(tmp_path: Path) -> None:
    """Counted as due and as excused, two months would be missing that were never owed."""
    head = "unit,year,due,held,not_held,excused\n"
    error = refused(tmp_path, cell_years=head + "a,2020,12,8,2,2\n")
    assert (error.code, "14 kỳ" in error.message) == ("more-than-a-year", True)
    read_folder(folder(tmp_path, cell_years=head + "a,2020,10,8,2,2\n"))


@pytest.mark.parametrize(("year", "line"), [(1950, 5), (2009, 5)])
def test_a_year_far_from_all_others_is_refused(tmp_path: Path, year: int, line: int) -> None:
    """One row of 1950 took six gigabytes, and gave a reference from years without any record."""
    error = refused(tmp_path, cell_months=MONTHS + f"a,{year},1,có\n")
    assert error.code == "year-far-away"
    assert f"dòng {line}" in error.message
    read_folder(folder(tmp_path, cell_months=MONTHS + "a,2010,1,có\n"))


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "cell_months.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="đường tắt"):
        read_folder(tmp_path)


def test_signs_nobody_sees_do_not_enter_a_name(tmp_path: Path) -> None:
    """The drawing program ends the whole process on a control character."""
    rows = "unit,year,month,held\na\x01\x0b b\u200b,2020,1,1\n"
    tables = read_folder(folder(tmp_path, cell_months=rows))
    assert tables.cell_months["unit"].to_pylist() == ["a b"]


def test_where_nothing_was_due_nothing_is_assessed(tmp_path: Path) -> None:
    rows = "unit,year,month,held,due\na,2020,1,,0\n"
    with pytest.raises(InputError) as raised:
        chosen_years(read_folder(folder(tmp_path, cell_months=rows)), [])
    assert raised.value.code == "nothing-due"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "table-missing"),
        ({"units": "unit\na\n"}, "table-missing"),
        ({"cell_months": ""}, "file-empty"),
        ({"cell_months": "\n\n"}, "file-empty"),
        ({"cell_months": "unit,year,month,held\n"}, "file-empty"),
        ({"cell_months": "unit,year,month\na,2020,1\n"}, "column-missing"),
        ({"cell_months": MONTHS, "Sinh_hoat": MONTHS}, "table-twice"),
        ({"cell_months__parquet": "không phải"}, "file-unreadable"),
        ({"cell_months__csv__gz": "không phải"}, "file-unreadable"),
        ({"cell_months__xlsx": "không phải"}, "workbook-not-a-workbook"),
        ({"cell_months": "đơn vị,năm,tháng,họp\n".encode("utf-16")}, "file-encoding"),
        ({"cell_months": b"unit,year,month,held\nth\xf4n,2020,1,1\n"}, "file-encoding"),
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, files: dict[str, str | bytes], code: str
) -> None:
    error = refused(tmp_path, **files)
    assert error.code == code
    assert len(error.message) > 30


def test_no_folder_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_folder(tmp_path / "none")
    assert caught.value.code == "no-folder"


def test_a_year_without_data_names_the_years_there_are(tmp_path: Path) -> None:
    tables = read_folder(folder(tmp_path, cell_months=MONTHS))
    with pytest.raises(InputError, match="2020"):
        chosen_years(tables, [1999])


def test_more_rows_than_one_reckoning_holds_are_refused_while_streaming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "MAX_ROWS", 2)
    error = refused(tmp_path, cell_months=MONTHS)
    assert error.code == "too-many-rows"
    assert "tách theo tỉnh" in error.message
