"""One's own files are found, matched and read, in whatever usual form they come."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.outputs.folder_files import MONTHS, folder, refused, workbook
from vungmanh.outputs.folders.read import chosen_years, read_folder, rows_of

ROWS = [
    {"unit": "a", "month": dt.date(2020, 1, 1), "state": "held"},
    {"unit": "a", "month": dt.date(2020, 2, 1), "state": "not_held"},
    {"unit": "a", "month": dt.date(2020, 3, 1), "state": "no_report"},
]


def states(place: Path, **files: str | bytes) -> list[dict[str, object]]:
    tables = read_folder(folder(place, **files))
    return tables.cell_months.select(["unit", "month", "state"]).to_pylist()


@pytest.mark.parametrize(
    "files",
    [
        {"cell_months": MONTHS},
        {"cell_months": "\ufeff" + MONTHS},
        {"cell_months": MONTHS.replace(",", ";")},
        {"cell_months__tsv": MONTHS.replace(",", "\t")},
        {"cell_months": MONTHS.replace("\n", "\r\n")},
        {"Sinh_hoat": MONTHS.replace("unit,year,month,held", "Đơn vị,Năm,Tháng,Đã họp")},
        {"cell_months": "Báo cáo sinh hoạt,,,\n,,,\n" + MONTHS},
        {"cell_months": MONTHS + ",,,\n\n,,,\n"},
        {"cell_months__csv__gz": gzip.compress(MONTHS.encode())},
    ],
    ids=["plain", "mark", "semicolon", "tab", "windows", "vietnamese", "title", "blank", "gzip"],
)
def test_the_usual_forms_of_csv_say_the_same(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert states(tmp_path, **files) == ROWS


def test_parquet_and_excel_say_the_same_as_csv(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    table = pa.table(
        {"unit": ["a"] * 3, "year": [2020.0] * 3, "month": [1, 2, 3], "held": [True, False, None]}
    )
    pq.write_table(table, tmp_path / "p/cell_months.parquet")
    assert states(tmp_path / "p") == ROWS
    head = ["Chi bộ", "Năm", "Tháng", "Đã họp", "Ngày họp"]
    rows = [["a", 2020, 1, True, dt.date(2020, 1, 5)], ["a", 2020, 2, "không"], ["a", 2020, 3]]
    (tmp_path / "x").mkdir()
    workbook(tmp_path / "x/số liệu.xlsx", {"Ghi chú": [["xin chào"]], "cell_months": [head, *rows]})
    assert states(tmp_path / "x") == ROWS
    held_on = read_folder(tmp_path / "x").cell_months["held_on"].to_pylist()
    assert held_on == [dt.date(2020, 1, 5), None, None]


def test_a_table_may_come_in_parts(tmp_path: Path) -> None:
    head, *rows = MONTHS.splitlines()
    for place, row in enumerate(rows):
        folder(tmp_path / "cell_months", **{f"tinh-{place}": f"{head}\n{row}\n"})
    assert states(tmp_path) == ROWS
    bad = folder(tmp_path / "cell_months", **{"tinh-1": f"{head}\na,2020,14,có\n"})
    error = refused(bad.parent)
    assert error.place == "tinh-1.csv, dòng 2"


def test_only_four_columns_are_obligatory_and_the_rest_is_unknown(tmp_path: Path) -> None:
    tables = read_folder(folder(tmp_path, cell_months=MONTHS))
    for column in ("members", "present", "tasks_due", "filed_on", "set_aside"):
        assert tables.cell_months[column].null_count == 3
    assert tables.units.to_pylist()[0]["is_organisation"] is True
    said = " ".join(tables.notes)
    for assumed in ("mỗi chi bộ được coi là một tổ chức", "Chỉ có một đơn vị", "Chỉ có một năm"):
        assert assumed in said
    assert rows_of(tables) == "đơn vị 1 dòng, từng tháng 3 dòng"


def test_nothing_known_at_all_is_a_stated_lesser_result(tmp_path: Path) -> None:
    tables = read_folder(folder(tmp_path, cell_months="unit,year,month,held\na,2020,1,\n"))
    assert any("mọi nơi đều chưa đủ căn cứ" in note for note in tables.notes)


def test_a_mapping_file_names_the_columns(tmp_path: Path) -> None:
    odd = MONTHS.replace("unit,year,month,held", "Mã,Tên,Kỳ,Kết luận của cán bộ")
    odd = odd.replace("a,2020", "a,2020")
    mapping = (
        "cell_months:\n  file: odd.csv\n  year: Tên\n  month: Kỳ\n  held: Kết luận của cán bộ\n"
    )
    assert states(tmp_path, odd=odd, columns__yaml=mapping) == ROWS


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("cell_month: {}", "cell_months"),
        ("cell_months: {helt: x}", "helt"),
        ("cell_months: [a]", "cột: tên trong tệp"),
        ("a: [", "không đọc được"),
        ("cell_months: {file: none.csv}", "none.csv"),
        ("cell_months: {held: Không có}", "Không có"),
    ],
)
def test_a_mapping_that_cannot_be_followed_says_why(
    tmp_path: Path, mapping: str, said: str
) -> None:
    assert said in refused(tmp_path, cell_months=MONTHS, columns__yaml=mapping).message


def test_an_unused_heading_is_listed_and_an_ambiguous_one_refused(tmp_path: Path) -> None:
    more = "unit,year,month,held,Màu sắc\na,2020,1,1,đỏ\n"
    notes = read_folder(folder(tmp_path / "a", cell_months=more)).notes
    assert "cell_months.csv: không dùng các cột “Màu sắc”." in notes
    two = "Đơn vị,Chi bộ,năm,tháng,họp\na,b,2020,1,1\n"
    error = refused(tmp_path / "b", cell_months=two)
    assert (error.code, error.field) == ("column-ambiguous", "unit")
    mapped = folder(tmp_path / "b", columns__yaml="cell_months: {unit: Chi bộ}")
    assert read_folder(mapped).cell_months["unit"].to_pylist() == ["b"]


def test_due_and_excused_keep_months_apart(tmp_path: Path) -> None:
    rows = "a,2020,1,,0,\na,2020,2,,1,1\na,2020,3,1,,1\n"
    tables = read_folder(folder(tmp_path, cell_months="unit,year,month,held,due,excused\n" + rows))
    assert tables.cell_months["state"].to_pylist() == ["excused", "held"]
    assert tables.not_due["month"].to_pylist() == [dt.date(2020, 1, 1)]


def test_exempt_members_who_came_do_not_make_more_than_all(tmp_path: Path) -> None:
    rows = "a,2020,1,1,9,2,8\na,2020,2,0,9,0,5\n"
    tables = read_folder(
        folder(tmp_path, cell_months="unit,year,month,held,members,exempt,present\n" + rows)
    )
    assert tables.cell_months["present"].to_pylist() == [7, None]
    assert sum("1 dòng" in note for note in tables.notes) == 2


def test_whoever_stands_above_cells_is_their_organisation(tmp_path: Path) -> None:
    months = "unit,year,month,held\na,2020,1,1\nb,2020,1,1\nc,2020,1,1\n"
    units = "unit,name,parent\na,Chi bộ A,x\nb,Chi bộ B,x\n"
    tables = read_folder(folder(tmp_path, cell_months=months, units=units))
    rows = {row["unit"]: row for row in tables.units.to_pylist()}
    assert {unit for unit, row in rows.items() if row["is_organisation"]} == {"x", "c"}
    assert (rows["a"]["name"], rows["c"]["name"], rows["x"]["name"]) == ("Chi bộ A", "c", "x")


def test_shares_left_blank_are_equal_parts(tmp_path: Path) -> None:
    months = "unit,year,month,held\n" + "".join(f"{unit},2020,1,1\n" for unit in "abcd")
    lineage = "predecessor,successor,on,share\na,b,1/7/2020,\na,c,1/7/2020,\nb,d,1/8/2020,\n"
    tables = read_folder(folder(tmp_path, cell_months=months, lineage=lineage))
    assert tables.lineage["share"].to_pylist() == [0.5, 0.5, 1.0]


def test_yearly_counts_alone_are_enough(tmp_path: Path) -> None:
    years = "Chi bộ,Năm,Phải họp,Đã họp,Không họp\na,2019,12,9,1\nb,2020,12,,\n"
    tables = read_folder(folder(tmp_path, cell_years=years))
    rows = tables.cell_years.to_pylist()
    assert [(row["held"], row["no_report"]) for row in rows] == [(9, 2), (None, 12)]
    assert chosen_years(tables, []) == [2020]
    assert chosen_years(tables, [2020, 2019]) == [2019, 2020]


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"units": "unit,valid_from,valid_to\na,1/1/2019,1/2/2020\n"}, "2 dòng"),
        ({"units": "unit,valid_from,valid_to\na,1/3/2020,\n"}, "2 dòng"),
        ({"units": "unit,valid_from,valid_to\na,31/1/2020,1/4/2020\n"}, ""),
        ({"lineage": "predecessor,successor,on\na,b,1/3/2020\n"}, "1 dòng"),
    ],
    ids=["after its end", "before its start", "within", "after it went into another"],
)
def test_months_of_a_unit_that_was_not_there_are_told(
    tmp_path: Path, files: dict[str, str], count: str
) -> None:
    tables = read_folder(folder(tmp_path, cell_months=MONTHS + "b,2020,3,có\n", **files))
    told = [note for note in tables.notes if "nằm trước ngày thành lập" in note]
    assert [note.startswith(count) for note in told] == ([True] if count else [])
