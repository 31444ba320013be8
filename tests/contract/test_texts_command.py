"""`vungmanh texts`: one's own minutes, from a folder or a table, to pairs and a report."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from openpyxl import load_workbook
from typer.testing import CliRunner

from vungmanh.config.cli import app
from vungmanh.outputs.texts.read import day_from, month_from

OWN = (
    "Đồng chí Tấm đề nghị nạo vét mương Nà Pài trước rằm, mười hai hộ góp ba ngày công; đồng chí "
    "Cám nhận đổ bê tông ngõ cụ Kẹ sau vụ gặt, xi măng xin của hợp tác xã."
)
OTHER = (
    "Chi bộ bàn việc lớp mẫu giáo thiếu mái che, giao chi đoàn dựng lán tạm bên bờ suối; cựu chiến "
    "binh trông đàn trâu của trường và sửa loa xóm dưới trong tuần tới."
)
ROWS = [
    ("Chi bộ Nà Pài", "2026-05", OWN, "2026-06-03"),
    ("Chi bộ Pác Ve", "05/2026", OWN.replace("rằm", "<b>Tết</b>"), "05/06/2026"),
    ("Chi bộ Bản Nhùng", "2026-05", OTHER, "2026-06-01"),
    ("=Chi bộ Khuổi", "2026-05", "Nhất trí.", ""),
]
HEADINGS = ("Chi bộ", "Kỳ họp", "Nội dung", "Ngày nộp")


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["texts", *map(str, arguments)], env={"COLUMNS": "300"})
    assert result.exit_code == code, result.output
    return result.output


def as_csv(path: Path, rows=ROWS, headings=HEADINGS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def as_excel(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Biên bản")
        sheet.write_row(0, 0, ["Tổng hợp biên bản quý II"])
        for line, row in enumerate([HEADINGS, *ROWS], start=1):
            sheet.write_row(line, 0, row)
    return path


def as_parquet(path: Path) -> Path:
    unit, month, text, filed = zip(*ROWS, strict=True)
    days = [day_from(day) for day in filed]
    months = [month_from(one) for one in month]
    columns = {"unit": unit, "month": months, "text": text, "filed_on": days}
    pq.write_table(pa.table(columns), path)
    return path


def as_folder(path: Path) -> Path:
    path.mkdir()
    for unit, _, text, _ in ROWS[:2]:
        (path / f"{unit}_2026-05.txt").write_text(text, encoding="utf-8")
    document = docx.Document()
    document.add_paragraph(OTHER)
    document.add_table(1, 1).rows[0].cells[0].text = "Biểu quyết 9/9."
    document.save(str(path / "Chi bộ Bản Nhùng_5-2026.docx"))
    (path / "ảnh.jpg").write_bytes(b"x")
    return path


def pairs_of(out: Path) -> list[dict[str, str]]:
    with (out / "pairs.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


MAKERS = [(as_csv, "bang.csv"), (as_excel, "bang.xlsx"), (as_parquet, "bang.parquet")]


@pytest.mark.parametrize(("make", "name"), MAKERS, ids=[name for _, name in MAKERS])
def test_a_table_of_any_kind_gives_the_same_pair(tmp_path: Path, make, name: str) -> None:
    out = tmp_path / "ra"
    said = run(make(tmp_path / name), "--out", out)
    assert "Mời xem lại 1 trong 4 biên bản" in said
    [pair] = pairs_of(out)
    assert (pair["unit"], pair["other_unit"]) == ("Chi bộ Pác Ve", "Chi bộ Nà Pài")
    assert (pair["month"], pair["filed_on"], pair["order_known"]) == ("2026-05", "2026-06-05", "có")
    sheets = load_workbook(out / "pairs.xlsx")
    assert sheets.sheetnames == ["Cặp giống nhau", "Chi bộ"]
    assert sheets["Chi bộ"].max_row == 5


def test_the_report_shows_both_texts_and_nothing_in_them_is_taken_for_html(tmp_path: Path) -> None:
    out = tmp_path / "ra"
    run(as_csv(tmp_path / "bang.csv"), "--out", out)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<b>Tết</b>" not in page
    assert "&lt;b&gt;Tết&lt;/b&gt;" in page
    assert page.count("<mark>") >= 2
    assert "Giống nhau chưa phải là sai" in page
    assert "1 biên bản hầu như không có nội dung riêng" in page
    assert "gian dối" not in page
    assert "<script" not in page


def test_a_folder_of_documents_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    out = tmp_path / "ra"
    run(as_folder(tmp_path / "bien-ban"), "--out", out)
    [pair] = pairs_of(out)
    assert {pair["unit"], pair["other_unit"]} == {"Chi bộ Pác Ve", "Chi bộ Nà Pài"}
    assert pair["order_known"] == "chưa biết"
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Không đọc các tệp: ảnh.jpg." in page
    assert "chưa biết biên bản nào nộp trước" in page


def test_words_of_a_template_make_nobody_alike(tmp_path: Path) -> None:
    form = tmp_path / "mau.txt"
    form.write_text(OWN, encoding="utf-8")
    out = tmp_path / "ra"
    run(as_csv(tmp_path / "bang.csv"), "--templates", form, "--out", out)
    assert pairs_of(out) == []


def test_a_cell_that_files_a_year_in_one_evening_is_told(tmp_path: Path) -> None:
    rows = [
        ("Chi bộ Nà Pài", f"2025-{month:02d}", f"{OTHER} việc{month} riêng{month}", "2025-12-28")
        for month in range(1, 9)
    ]
    out = tmp_path / "ra"
    run(as_csv(tmp_path / "bang.csv", rows), "--out", out)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Nộp dồn một lúc" in page
    assert "Nộp muộn không phải là lỗi" in page


@pytest.mark.parametrize(
    ("rows", "headings", "told"),
    [
        ([("", "2026-05", OWN, "")], HEADINGS, "dòng 2, cột unit: để trống"),
        ([("A", "tháng năm", OWN, "")], HEADINGS, "cột month: “tháng năm” không phải tháng"),
        ([("A", "2026-13", OWN, "")], HEADINGS, "“2026-13” không phải tháng. Ghi như 2026-05"),
        ([("A", "2026-05", OWN, "31/02/2026")], HEADINGS, "“31/02/2026” không phải ngày"),
        ([("A", "2026-05", OWN, "")], ("Chi bộ", "Kỳ họp", "Chữ", "x"), "thiếu cột text"),
        ([("A", "2026-05", " ", "")], HEADINGS, "không có biên bản nào có chữ"),
    ],
)
def test_what_is_wrong_in_a_table_is_one_clear_sentence(
    tmp_path: Path, rows, headings, told: str
) -> None:
    out = tmp_path / "ra"
    said = run(as_csv(tmp_path / "bang.csv", rows, headings), "--out", out, code=2)
    assert told in " ".join(said.split())
    assert "Traceback" not in said
    assert not out.exists()


def test_what_is_wrong_in_a_folder_is_told_with_every_file(tmp_path: Path) -> None:
    folder = tmp_path / "bien-ban"
    folder.mkdir()
    (folder / "không có tháng.txt").write_text(OWN, encoding="utf-8")
    (folder / "A_2026-05.txt").write_bytes(OWN.encode("utf-16"))
    (folder / "B_2026-05.docx").write_bytes(b"not a document")
    said = " ".join(run(folder, "--out", tmp_path / "ra", code=2).split())
    assert "Số liệu có 3 lỗi" in said
    assert "A_2026-05.txt: không phải UTF-8" in said
    assert "B_2026-05.docx: không phải tệp Word" in said
    assert "không có tháng.txt: tên tệp phải là đơn-vị_tháng" in said


def test_nothing_of_others_is_replaced(tmp_path: Path) -> None:
    table = as_csv(tmp_path / "bang.csv")
    out = tmp_path / "ra"
    run(table, "--out", out)
    run(table, "--out", out)  # our own folder: written anew
    foreign = tmp_path / "khac"
    foreign.mkdir()
    (foreign / "report.html").write_text("của người khác", encoding="utf-8")
    assert "không do lệnh này ghi" in run(table, "--out", foreign, code=2)
    assert "Không có" in run(tmp_path / "không-có", "--out", out, code=2)


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("2026-05", 5),
        ("5/2026", 5),
        ("2026-05-31", 5),
        ("31/12/2026", 12),
        ("2026", None),
        ("", None),
    ],
)
def test_a_month_is_read_however_it_is_written(said: str, month: int | None) -> None:
    assert month_from(said) == (None if month is None else dt.date(2026, month, 1))
