"""The two layouts: what we write reads back as it was, and offices' own tables are understood."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.core.errors import InputError
from vungmanh.core.periods import last_day
from vungmanh.core.text import nfc
from vungmanh.outputs.workbooks.columns import Field
from vungmanh.outputs.workbooks.read import read_workbook
from vungmanh.outputs.workbooks.rows import ReadRow
from vungmanh.outputs.workbooks.write import SheetRow, write_blank_workbook, write_filled_workbook
from vungmanh.outputs.workbooks.write_rollup import write_rollup_workbook

OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
COMMITTEE = "Đảng bộ xã Tân Mẫu"
UNIT = "01890000-0000-7000-8000-000000000001"
HELD: dict[str, Any] = {
    "state": "held", "held_on": dt.date(2026, 11, 5), "members": 12, "present": 10, "excused": 1,
    "unexcused": 0, "exempt": 1, "duration_minutes": 95, "score": Decimal("92.50"),
    "longest_carried": 2, "admitted": 0, "tasks_due": 4, "tasks_on_time": 3, "note": "đúng kỳ",
}  # fmt: skip


def filled(*rows: SheetRow, month: dt.date = NOVEMBER) -> bytes:
    target = io.BytesIO()
    write_filled_workbook(target, COMMITTEE, month, rows)
    return target.getvalue()


def rolled(*rows: SheetRow, month: dt.date = NOVEMBER) -> bytes:
    target = io.BytesIO()
    write_rollup_workbook(target, COMMITTEE, month, rows, bands=lambda score: "tot")
    return target.getvalue()


def read(data: bytes, name: str = "t.xlsx") -> list[ReadRow]:
    return list(read_workbook(data, name).rows())


def said(row: ReadRow) -> dict[str, Any]:
    return {"state": row.state, **row.values}


# --- ours ---------------------------------------------------------------------------------------


def test_the_addressed_workbook_reads_back_as_it_was_written() -> None:
    rows = read(filled(SheetRow(UNIT, "Chi bộ thôn Nà Mẫu", COMMITTEE, HELD)))
    assert said(rows[0]) == HELD
    assert (rows[0].unit, rows[0].month, rows[0].label) == (UNIT, NOVEMBER, "Chi bộ thôn Nà Mẫu")
    assert rows[0].problems == []


def test_a_workbook_sent_out_before_the_task_columns_existed_stays_readable() -> None:
    data = filled(SheetRow(UNIT, "Chi bộ thôn Nà Mẫu", COMMITTEE, HELD))
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["Báo cáo"].delete_cols(19, 2)
    target = io.BytesIO()
    book.save(target)
    row = read(target.getvalue())[0]
    assert row.problems == []
    assert said(row) == {k: v for k, v in HELD.items() if not k.startswith("tasks")}


def test_no_task_due_and_no_word_of_tasks_are_not_the_same() -> None:
    none_due = {**HELD, "tasks_due": 0, "tasks_on_time": None}
    unsaid = {**HELD, "tasks_due": None, "tasks_on_time": None}
    rows = read(filled(*(SheetRow(UNIT, "Chi bộ A", COMMITTEE, one) for one in (none_due, unsaid))))
    assert [row.values.get("tasks_due") for row in rows] == [0, None]


counts = st.integers(0, 300)
notes = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60).map(
    lambda text: " ".join(nfc(text).split())
)


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """Any report the register may hold, in the values of analysis.schema."""
    absent = {"excused": draw(counts), "unexcused": draw(counts)}
    present = draw(st.integers(1, 300))
    exempt = draw(counts)
    whole: dict[str, Any] = {
        "state": "held",
        "held_on": draw(st.dates(NOVEMBER, last_day(NOVEMBER))),
        "members": present + sum(absent.values()) + exempt,
        "present": present,
        **absent,
        "exempt": exempt,
        "duration_minutes": draw(st.integers(1, 360)),
        "score": draw(st.decimals(0, 100, places=2)),
        "longest_carried": draw(st.integers(0, 120)),
        "admitted": draw(counts),
        "tasks_due": (due := draw(counts)),
        "tasks_on_time": draw(st.integers(0, due)),
        "note": draw(notes),
    }
    if draw(st.booleans()):
        kept = ("members", "exempt", "longest_carried", "admitted", "tasks_due", "note")
        whole = {"state": "not_held", **{name: whole[name] for name in kept}}
    left_out = draw(st.sets(st.sampled_from(sorted(whole.keys() - {"state", "members"}))))
    return {name: value for name, value in whole.items() if name not in left_out}


@settings(max_examples=60)
@given(reports())
def test_whatever_is_written_is_read_back(report: dict[str, Any]) -> None:
    row = read(filled(SheetRow(UNIT, "Chi bộ thôn Nà Mẫu", "", report)))[0]
    assert row.problems == []
    blank_notes = {"", "-", "–", "—", "…", "..."}
    expected = {k: v for k, v in report.items() if k != "note" or v not in blank_notes}
    assert said(row) == expected


def test_a_cell_without_a_report_stays_blank_and_reads_as_no_report() -> None:
    row = read(filled(SheetRow(UNIT, "Chi bộ thôn Nà Mẫu")))[0]
    assert (row.state, row.values, row.problems) == (None, {}, [])


def test_the_same_rows_make_the_same_bytes() -> None:
    row = SheetRow(UNIT, "Chi bộ thôn Nà Mẫu", COMMITTEE, HELD)
    assert filled(row) == filled(row)
    assert rolled(row) == rolled(row)


def test_the_blank_workbook_pre_fills_no_answer() -> None:
    """Even what is known: nothing evaluative and no count is ever typed for the office."""
    target = io.BytesIO()
    row = SheetRow(UNIT, "Chi bộ thôn Nà Mẫu", COMMITTEE, HELD)
    write_blank_workbook(target, COMMITTEE, [OCTOBER, NOVEMBER], [row])
    rows = read(target.getvalue())
    assert [(one.month, one.state, one.values) for one in rows] == [
        (OCTOBER, None, {}),
        (NOVEMBER, None, {}),
    ]


def test_the_blank_workbook_helps_and_guards_the_one_who_fills_it() -> None:
    target = io.BytesIO()
    row = SheetRow(UNIT, "Chi bộ thôn Nà Mẫu", COMMITTEE)
    write_blank_workbook(target, COMMITTEE, [NOVEMBER], [row])
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    sheet = book["Báo cáo"]
    assert book["_vungmanh"].sheet_state == "veryHidden"
    assert "Hướng dẫn" in book.sheetnames
    assert sheet.freeze_panes == "E7"
    assert sheet.column_dimensions["A"].hidden
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet["D7"].protection.locked
    assert not sheet["G7"].protection.locked
    lists = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert lists["G7"].formula1 == '"Đã họp,Không họp"'
    assert {rule.type for rule in lists.values()} == {"list", "date", "whole", "decimal"}


def test_a_name_that_looks_like_a_formula_is_written_as_text() -> None:
    data = filled(SheetRow(UNIT, "=1+1", "+2", {"state": "held", "note": "@x"}))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Báo cáo"]
    assert {sheet[cell].data_type for cell in ("D7", "E7", "R7")} == {"s"}


def test_a_newer_layout_is_refused_with_one_sentence() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(SheetRow(UNIT, "Chi bộ thôn Nà Mẫu"))))
    book["_vungmanh"]["B1"] = 99
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(InputError) as refused:
        read(target.getvalue())
    assert refused.value.code == "workbook-newer-layout"


# --- theirs -------------------------------------------------------------------------------------


def table(*rows: list[Any], sheet: str = "T10") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


TITLE = ["TỔNG HỢP THÁNG 10 NĂM 2026"]
HEAD = ["TT", "Chi bộ", "Đảng số", "Ngày họp", "Điểm", "Tốt", "Khá", "TB", "Kém", "Ghi chú"]


def one(*cells: Any, head: list[str] = HEAD) -> ReadRow:
    rows = read(table(TITLE, head, [1, "Chi bộ A", *cells]))
    assert len(rows) == 1
    return rows[0]


def test_the_practice_rollup_is_understood_with_its_merges_groups_and_total() -> None:
    rows = read(
        rolled(
            SheetRow("", "Chi bộ thôn Nà Mẫu", COMMITTEE, HELD),
            SheetRow("", "Chi bộ thôn Đồi Mẫu", COMMITTEE, {"members": 9}),
            SheetRow("", "Chi bộ Trường Thử", "Đảng bộ Trường Thử", {"state": "not_held"}),
        )
    )
    sure = [row for row in rows if row.is_sure]
    assert [(row.label, row.state) for row in sure] == [
        ("Chi bộ thôn Nà Mẫu", "held"),
        ("Chi bộ thôn Đồi Mẫu", None),
        ("Chi bộ Trường Thử", "not_held"),
    ]
    assert sure[0].values == {
        "held_on": dt.date(2026, 11, 5), "members": 12, "score": Decimal("92.50"),
        "note": "đúng kỳ",
    }  # fmt: skip
    assert all(not row.problems for row in sure)
    assert "Tổng cộng" not in {row.label for row in rows}


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ((12, "05/10/2026", 92), "held"),
        ((12, "không họp", None), "not_held"),
        ((12, "không họp", 0), "not_held"),
        ((12, None, None, None, None, None, None, "Chi bộ không họp"), "not_held"),
        ((12, None, None), None),
        ((12, None, 0), None),
        ((12, "chưa có báo cáo", None), None),
        ((None, None, None), None),
    ],
)
def test_absent_is_not_zero_and_not_not_held(cells: tuple, state: str | None) -> None:
    row = one(*cells)
    assert (row.state, row.problems) == (state, [])


@pytest.mark.parametrize(
    ("cells", "place", "says"),
    [
        ((12, None, 88), "ô E3", "chưa ghi ngày họp"),
        ((12, None, None, "x"), "ô F3", "chưa ghi ngày họp"),
        ((12, "không họp", 88), "ô E3", "Xóa một trong hai"),
        ((12, "chưa họp", None), "ô B3", "Chưa rõ kỳ này"),
        ((12, "05/10/2026", 88, "x", "x"), "ô G3", "Chỉ giữ một mức"),
        ((12, "05/10/2026", 101), "ô E3", "0 đến 100"),
        ((-1, "05/10/2026", 88), "ô C3", "không thể âm"),
        ((12, None, None, None, None, None, None, "02 đ/c không sinh hoạt"), "ô J3", "chưa rõ"),
    ],
)
def test_what_is_doubtful_is_refused_at_its_cell(cells: tuple, place: str, says: str) -> None:
    problem = one(*cells).problems[0]
    assert problem.place == place
    assert says in problem.message


def test_a_mark_without_a_score_is_kept_in_the_note() -> None:
    assert one(12, "05/10/2026", None, None, "x").values["note"] == "Xếp loại kỳ họp: Khá."
    assert "note" not in one(12, "05/10/2026", 75, None, "x").values


def headings() -> Iterator[list[list[str]]]:
    plain = ["STT", "Tên chi bộ", "Tổng số ĐV", "Ngày sinh hoạt", "Tổng điểm"]
    yield [plain]
    yield [[text.upper() for text in plain]]
    yield [["so tt", "ten chi bo", "tong so dv", "ngay sinh hoat", "tong diem"]]
    yield [["STT.", "  Tên  chi bộ:", "Tổng số ĐV (người)", "Ngày\nsinh hoạt", "TỔNG ĐIỂM (100)"]]
    yield [
        ["STT", "Chi bộ", "Đảng viên", "Kỳ sinh hoạt thường kỳ", ""],
        ["", "", "", "Ngày họp", "Điểm"],
    ]
    yield [["1", *plain[1:]], ["(1)", "(2)", "(3)", "(4)", "(5)"]]


@pytest.mark.parametrize("head", list(headings()), ids=range(6))
def test_headings_are_matched_however_they_are_written(head: list[list[str]]) -> None:
    rows = read(table(TITLE, [], *head, [1, "Chi bộ A", 12, "05/10/2026", 90]))
    assert [said(row) for row in rows] == [
        {
            "state": "held", "members": 12, "held_on": dt.date(2026, 10, 5),
            "score": Decimal("90.00"),
        }
    ]  # fmt: skip


def test_columns_may_stand_in_any_order_and_others_are_left_alone() -> None:
    head = ["Điểm", "Bí thư", "Ngày họp", "Chi bộ", "TT"]
    rows = read(table(TITLE, head, [90, "Bí thư Thử Một", "5/10/2026", "Chi bộ A", 1]))
    assert said(rows[0]) == {
        "state": "held", "held_on": dt.date(2026, 10, 5), "score": Decimal("90.00"),
    }  # fmt: skip


def test_parts_of_a_number_are_not_taken_for_the_number() -> None:
    """ "Đảng số" over "Chính thức" and "Dự bị": neither column is the number of members."""
    data = table(
        TITLE,
        ["TT", "Chi bộ", "Đảng số", "", "Ngày họp"],
        ["", "", "Chính thức", "Dự bị", ""],
        [1, "Chi bộ A", 11, 1, "5/10/2026"],
    )
    assert said(read(data)[0]) == {"state": "held", "held_on": dt.date(2026, 10, 5)}


def test_two_columns_of_one_kind_are_not_chosen_between() -> None:
    head = ["TT", "Chi bộ", "Ngày họp", "Điểm", "Điểm"]
    with pytest.raises(InputError) as refused:
        read(table(TITLE, head, [1, "Chi bộ A", "5/10/2026", 90, 70]))
    assert refused.value.code == "workbook-doubled-column"


def test_several_sheets_are_read_each_with_its_month() -> None:
    book = openpyxl.Workbook()
    for month in (9, 10):
        sheet = book.active if month == 9 else book.create_sheet()
        sheet.title = f"T{month}"
        sheet.append(["NĂM 2026"])
        sheet.append(HEAD)
        sheet.append([1, "Chi bộ A", 12, f"05/{month}/2026", 90])
    book.create_sheet("Ghi nhớ").append(["chép tay"])
    hidden = book.create_sheet("Cũ")
    hidden.sheet_state = "hidden"
    hidden.append(HEAD)
    hidden.append([1, "Chi bộ B", 12, "05/10/2026", 90])
    target = io.BytesIO()
    book.save(target)
    rows = read(target.getvalue())
    assert [(row.label, row.month.month, row.place) for row in rows if row.month] == [
        ("Chi bộ A", 9, "trang “T9”, ô B3"),
        ("Chi bộ A", 10, "trang “T10”, ô B3"),
    ]


def test_a_sheet_of_figures_under_no_known_heading_is_not_passed_over_in_silence() -> None:
    book = openpyxl.load_workbook(io.BytesIO(table(TITLE, HEAD, [1, "Chi bộ A", 12, "5/10/2026"])))
    other = book.create_sheet("Phụ lục")
    for number in range(3):
        other.append([number, 12, 5, 90])
    target = io.BytesIO()
    book.save(target)
    last = read(target.getvalue())[-1]
    assert last.label == "Phụ lục"
    assert "chưa đọc" in last.problems[0].message


def test_a_second_table_on_the_sheet_starts_anew() -> None:
    data = table(
        TITLE, HEAD, [1, "Chi bộ A", 12, "05/10/2026", 90], ["Tổng cộng", None, 12], [],
        HEAD, [1, "Chi bộ B", 9, "06/10/2026", 80],
    )  # fmt: skip
    rows = read(data)
    assert [row.label for row in rows] == ["Chi bộ A", "Chi bộ B"]
    assert rows[0].section != rows[1].section


@pytest.mark.parametrize(
    ("title", "sheet", "file"),
    [
        (["Biểu tháng 10/2026"], "Sheet1", "a.xlsx"),
        (["Biểu tổng hợp"], "Tháng 10-2026", "a.xlsx"),
        (["Biểu tổng hợp năm 2026"], "T10", "a.xlsx"),
        (["Biểu tổng hợp"], "Sheet1", "bao cao thang 10-2026.xlsx"),
    ],
)
def test_the_month_is_found_where_offices_put_it(title: list[str], sheet: str, file: str) -> None:
    data = table(title, HEAD, [1, "Chi bộ A", 12, "05/10/2026", 90], sheet=sheet)
    assert read(data, file)[0].month == OCTOBER


def test_a_table_without_a_month_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        read(table(["Biểu tổng hợp"], HEAD, [1, "Chi bộ A", 12, "05/10/2026", 90], sheet="Sheet1"))
    assert refused.value.code == "workbook-no-month"


def test_a_month_column_gives_each_row_its_own() -> None:
    head = ["Chi bộ", "Tháng", "Ngày họp"]
    rows = read(table(head, ["Chi bộ A", "9/2026", "5/9/2026"], ["Chi bộ A", "10/2026", "5/10"]))
    assert [row.month for row in rows] == [dt.date(2026, 9, 1), OCTOBER]


def test_every_field_has_one_heading_of_its_own() -> None:
    from vungmanh.outputs.workbooks.columns import COLUMNS, fields_by_heading

    assert {column.field for column in COLUMNS} == set(Field)
    assert set(fields_by_heading().values()) == set(Field)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ods", "xls", "xlsx"])
def test_libreoffice_opens_and_saves_what_we_write(tmp_path: Path, kind: str) -> None:
    for name, data in (
        ("co-ten", filled(SheetRow(UNIT, "Chi bộ thôn Nà Mẫu", COMMITTEE, HELD))),
        ("tong-hop", rolled(SheetRow("", "Chi bộ thôn Nà Mẫu", "", HELD))),
    ):
        source = tmp_path / f"{name}.xlsx"
        source.write_bytes(data)
        out = tmp_path / "out"
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
                "--convert-to", kind, "--outdir", str(out), str(source),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        again = read((out / f"{name}.{kind}").read_bytes(), f"{name}.{kind}")
        expected = read(data)
        assert [said(row) for row in again] == [said(row) for row in expected]
        assert [row.label for row in again] == [row.label for row in expected]
