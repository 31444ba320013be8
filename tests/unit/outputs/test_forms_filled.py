"""A supplied template is filled cell by cell and stays itself in all else."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.unit.outputs.forms_templates import (
    SHEET,
    SUMMARY,
    TARGETS,
    entries,
    rewritten,
    template,
)
from vungmanh.outputs.forms.fill import fill_template
from vungmanh.outputs.forms.mapping import Target

VALUES = {
    "so_dang_vien": 1_250,
    "so_to_chuc": 62,
    "ngay_lap": dt.date(2026, 2, 5),
    "noi_lap": "Đảng ủy xã Mẫu Thượng & <Văn phòng>",
}
FILE = "xl/worksheets/sheet1.xml"


def opened(data: bytes, **how):
    return openpyxl.load_workbook(io.BytesIO(data), **how)


def saved_by_excel() -> bytes:
    """Excel itself does not ask to count anew: it trusts the results it stored."""
    return rewritten(
        template(), {"xl/workbook.xml": lambda data: data.replace(b' fullCalcOnLoad="1"', b"")}
    )


def test_filled_cells_hold_the_values_with_the_look_of_the_template():
    sheet = opened(fill_template(template(), TARGETS, VALUES))[SHEET]
    assert (sheet["C5"].value, sheet["C6"].value) == (1250, 62)
    assert sheet["C9"].value.date() == dt.date(2026, 2, 5)
    assert sheet["B12"].value == "Đảng ủy xã Mẫu Thượng & <Văn phòng>"
    assert sheet["C5"].number_format == "#,##0"
    assert sheet["C9"].number_format == "dd/mm/yyyy"
    assert sheet["B12"].border.left.style == "thin"


def test_everything_but_the_filled_cells_is_byte_identical_without_formulas():
    def bare(data: bytes) -> bytes:
        return re.sub(rb"<f>.*?</f>", b"", data)

    plain = rewritten(template(), {FILE: bare, "xl/worksheets/sheet2.xml": bare})
    before, after = entries(plain), entries(fill_template(plain, TARGETS, VALUES))
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == [FILE]
    cells = re.compile(rb'<c r="(?:C5|C6|C9|B12)".*?(?:/>|</c>)')
    assert cells.sub(b"", before[FILE]) == cells.sub(b"", after[FILE])
    assert len(cells.findall(after[FILE])) == 4


def test_with_formulas_only_their_stored_results_go_too():
    before = entries(saved_by_excel())
    after = entries(fill_template(saved_by_excel(), TARGETS, VALUES))
    changed = [name for name in before if before[name] != after[name]]
    assert sorted(changed) == ["xl/workbook.xml", FILE, "xl/worksheets/sheet2.xml"]
    assert b"<f>C5+C6</f></c>" in after[FILE]
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"].replace(
        b"</f><v>0</v>", b"</f>"
    )
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    assert b"<v>thi" not in after[FILE]


def test_the_archive_keeps_its_order_and_dates():
    first = fill_template(template(), TARGETS, VALUES)
    assert list(entries(first)) == list(entries(template()))
    assert fill_template(template(), TARGETS, VALUES) == first


def test_what_surrounds_the_cells_is_still_there():
    book = opened(fill_template(template(), TARGETS, VALUES))
    sheet = book[SHEET]
    assert book.sheetnames == [SHEET, SUMMARY]
    assert sheet["C7"].value == "=C5+C6"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:D1", "B12:C12"}
    assert sheet.row_dimensions[3].hidden
    assert sheet.column_dimensions["A"].width == pytest.approx(31.5, abs=1)
    assert sheet.print_area == "'Biểu 1'!$A$1:$D$12"
    assert sheet.page_setup.orientation == "landscape"
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["C5"]
    assert sheet["A5"].comment.text.strip() == "Tính đến ngày 31/12"
    assert len(book[SUMMARY]._charts) == 1
    assert len(sheet._images) == 1


def test_what_openpyxl_would_lose_is_kept():
    def rich(_book, sheet):
        sheet.add_sparkline("F5", {"range": "'Biểu 1'!C5:C6"})
        sheet.insert_textbox("F8", "Ghi chú của nơi ban hành")

    before = template(rich)
    through = io.BytesIO()
    with pytest.warns(UserWarning, match="will be removed"):
        opened(before).save(through)
    lost = b"".join(entries(through.getvalue()).values())
    kept = b"".join(entries(fill_template(before, TARGETS, VALUES)).values())
    for mark in (b"sparklineGroup", "Ghi chú của nơi ban hành".encode()):
        assert mark in kept
        assert mark not in lost


def test_a_large_sheet_keeps_every_other_row():
    def large(_book, sheet):
        for row in range(20, 5_020):
            sheet.write_row(row, 0, [row, "chữ", row / 7])

    targets = [Target("x", sheet=SHEET, cell=f"B{row}") for row in range(21, 5_021, 2)]
    sheet = opened(fill_template(template(large), targets, {"x": "đã điền"}), read_only=True)[SHEET]
    column = [row[0] for row in sheet.iter_rows(21, 5_020, 2, 2, values_only=True)]
    assert column == ["đã điền", "chữ"] * 2_500


def test_a_value_not_known_leaves_its_cell_as_it_was():
    nothing = dict.fromkeys(VALUES)
    before, after = entries(template()), entries(fill_template(template(), TARGETS, nothing))
    assert before == after


def test_a_cell_left_out_because_it_was_empty_is_added_in_its_place():
    targets = [
        Target("a", sheet=SHEET, cell="B5"),
        Target("b", sheet=SHEET, cell="D5"),
        Target("c", sheet=SHEET, cell="B4"),
        Target("d", sheet=SHEET, cell="A8"),
        Target("e", sheet=SHEET, cell="A3"),
    ]
    made = fill_template(template(), targets, dict.fromkeys("abcde", 7))
    sheet = opened(made)[SHEET]
    assert [sheet[one.cell].value for one in targets] == [7] * 5
    rows = [int(row) for row in re.findall(rb'<row r="(\d+)"', entries(made)[FILE])]
    assert rows == sorted(set(rows))
    order = re.findall(rb'<c r="([A-D])5"', entries(made)[FILE])
    assert order == [b"A", b"B", b"C", b"D"]
    assert sheet.row_dimensions[3].hidden


def test_words_of_a_day_go_where_the_template_shows_no_days():
    made = fill_template(
        template(), [Target("x", sheet=SHEET, cell="C10")], {"x": dt.date(2026, 2, 5)}
    )
    assert opened(made)[SHEET]["C10"].value == "05/02/2026"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Decimal("12.50"), 12.5),
        (True, True),
        (0, 0),
        ("=1+1", "=1+1"),
        ("dòng 1\ndòng 2", "dòng 1\ndòng 2"),
        ("  đầu và cuối  ", "  đầu và cuối  "),
        ("ho\u0323c", "học"),
    ],
)
def test_a_value_is_read_back_as_it_was_given(value, read):
    made = fill_template(template(), [Target("x", sheet=SHEET, cell="C10")], {"x": value})
    cell = opened(made)[SHEET]["C10"]
    assert cell.value == read
    assert cell.data_type != "f"


def test_an_open_cell_of_a_protected_sheet_is_filled():
    locked = template(lambda _book, sheet: sheet.protect("bí mật"))
    made = fill_template(locked, [Target("x", sheet=SHEET, cell="C10")], {"x": 5})
    assert opened(made)[SHEET]["C10"].value == 5
    assert opened(made)[SHEET].protection.sheet


def test_a_sheet_written_with_prefixes_is_filled():
    def prefixed(data: bytes) -> bytes:
        named = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", data)
        return named.replace(b' xmlns="', b' xmlns:x="', 1)

    made = fill_template(
        rewritten(template(), {FILE: prefixed}),
        [Target("x", sheet=SHEET, cell="C6"), Target("y", sheet=SHEET, cell="B4")],
        {"x": "chữ", "y": 3},
    )
    sheet = opened(made)[SHEET]
    assert (sheet["C6"].value, sheet["B4"].value) == ("chữ", 3)


@pytest.mark.slow
def test_libreoffice_opens_the_filled_template_and_counts_it_anew(tmp_path: Path):
    (tmp_path / "bieu.xlsx").write_bytes(fill_template(saved_by_excel(), TARGETS, VALUES))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "ra",
         tmp_path / "bieu.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    book = opened((tmp_path / "ra/bieu.xlsx").read_bytes(), data_only=True)
    assert book[SHEET]["C7"].value == 1312
    assert book[SHEET]["D7"].value == "đủ"
    assert book[SUMMARY]["A1"].value == 2624
    assert book[SHEET]["B12"].value == VALUES["noi_lap"]


def test_a_cell_left_out_looks_as_its_row_or_column_does():
    def styled(book, sheet):
        sheet.set_column("G:G", 9, book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.set_row(20, None, book.add_format({"bold": True}))
        sheet.write("A21", "hàng đậm")
        sheet.write("H5", 1)

    targets = [Target("a", sheet=SHEET, cell="D21"), Target("b", sheet=SHEET, cell="G5")]
    made = fill_template(template(styled), targets, {"a": "x", "b": dt.date(2026, 2, 5)})
    sheet = opened(made)[SHEET]
    assert sheet["D21"].font.bold
    assert sheet["G5"].value.date() == dt.date(2026, 2, 5)


def test_capitals_do_not_tell_names_of_a_template_apart():
    made = fill_template(template(), [Target("x", name="NOI_LAP")], {"x": "đây"})
    assert opened(made)[SHEET]["B12"].value == "đây"


@pytest.mark.parametrize("words", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"])
def test_words_that_look_like_a_formula_stay_words(words):
    made = fill_template(template(), [Target("x", name="noi_lap")], {"x": words})
    assert b"<f>" + words.encode() not in entries(made)[FILE]
    cell = opened(made)[SHEET]["B12"]
    assert (cell.value, cell.data_type) == (words, "s")
