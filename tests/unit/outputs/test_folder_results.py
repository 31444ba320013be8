"""Results as files that other programs open, and a report that stands alone."""

from __future__ import annotations

import csv
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vungmanh.analysis.result_layout import RESULT_COLUMNS, RESULT_NAMES, result_schema
from vungmanh.core.errors import InputError
from vungmanh.outputs.folders.report import About, Limits, finding, report_html
from vungmanh.outputs.folders.write import NAMES, check_target, write_results

LIMITS = Limits((40, 30, 30), 80, 50, 10, 3, 90, 70, 8, 12)
ABOUT = About("so-lieu", [2020], ["Không có bảng units."], "2026-01", "0.1.0", LIMITS)


def row(unit: str, **values: Any) -> dict[str, Any]:
    known = {
        "level": "organisation", "unit": unit, "name": f"Đảng bộ {unit}", "organisation": None,
        "year": 2020, "group": "thôn", "order": 1, "status": "Cần củng cố", "index": 41.5,
        "low": 33.0, "high": 50.0, "reference": 55.0, "probability": 0.97,
        "probability_words": "gần như chắc là yếu", "rank": 1, "rank_low": 1, "rank_high": 4,
        "of_units": 30, "due": 12.0, "held": 5.0, "not_held": 5.0, "no_report": 2.0, "excused": 0.0,
        "set_aside": 0.0, "received": 10.0, "completeness": 0.8333, "worst": 0.4167, "best": 0.5833,
        "reasons": ["5/12 kỳ bắt buộc. Họp 5, không họp 5."], "notes": [],
    }  # fmt: skip
    return {**known, **values}


UNKNOWN = dict.fromkeys(
    ("index", "low", "high", "reference", "probability", "rank", "rank_low", "rank_high",
     "of_units", "completeness", "worst", "best"),
)  # fmt: skip


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=result_schema())


RESULTS = table(
    row("a"),
    row("=1+1", order=2, name="@SUM(A1)", reasons=[], status="Bình thường"),
    row("c", order=3, due=0.0, held=0.0, status="Chưa đủ kỳ", reasons=[], **UNKNOWN),
    row("d", level="cell", organisation="Đảng bộ a"),
)


def test_every_file_says_the_same_and_unknown_is_blank(tmp_path: Path) -> None:
    import openpyxl

    write_results(tmp_path / "out", RESULTS, "<!doctype html>")
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.suffix) == sorted(
        NAMES
    )
    assert pq.read_table(tmp_path / "out/result.parquet") == RESULTS
    raw = (tmp_path / "out/result.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == list(RESULT_NAMES)
    assert [line["index"] for line in rows] == ["41.5", "41.5", "", "41.5"]
    book = openpyxl.load_workbook(tmp_path / "out/result.xlsx")
    assert book.sheetnames == ["Tổ chức", "Chi bộ"]
    sheet = book["Tổ chức"]
    headings = [cell.value for cell in sheet[1]]
    assert headings == [column.heading for column in RESULT_COLUMNS]
    place = headings.index("Chỉ số")
    assert [sheet.cell(line, place + 1).value for line in (2, 3, 4)] == [41.5, 41.5, None]
    assert sheet.freeze_panes == "D2"
    assert book["Chi bộ"].max_row == 2


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    import openpyxl

    write_results(tmp_path / "out", RESULTS, "")
    text = (tmp_path / "out/result.csv").read_text("utf-8-sig")
    line = list(csv.DictReader(text.splitlines()))[1]
    assert (line["unit"], line["name"]) == ("'=1+1", "'@SUM(A1)")
    sheet = openpyxl.load_workbook(tmp_path / "out/result.xlsx")["Tổ chức"]
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("=1+1", "s")


@pytest.mark.slow
@pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_the_workbook(tmp_path: Path) -> None:
    write_results(tmp_path / "out", RESULTS, "")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "csv", "--outdir", str(tmp_path), str(tmp_path / "out/result.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    opened = (tmp_path / "result.csv").read_text("utf-8", errors="replace")
    assert "41.5" in opened


def test_files_of_others_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_text("của tôi", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_target(tmp_path, tmp_path / "source")
    assert caught.value.code == "out-has-foreign-files"
    assert (tmp_path / "result.csv").read_text("utf-8") == "của tôi"


def test_results_of_an_earlier_run_are_replaced_and_strangers_beside_them_stay(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    write_results(out, RESULTS, "một")
    (out / "ghi-chu.txt").write_text("của tôi", encoding="utf-8")
    check_target(out, tmp_path)
    write_results(out, RESULTS, "hai")
    assert (out / "report.html").read_text("utf-8") == "hai"
    assert (out / "ghi-chu.txt").exists()


@pytest.mark.parametrize("is_file", [True, False])
def test_a_target_that_cannot_be_is_refused(tmp_path: Path, is_file: bool) -> None:
    out = tmp_path / "out"
    out.write_text("x") if is_file else out.mkdir()
    with pytest.raises(InputError) as caught:
        check_target(out, out)
    assert caught.value.code == ("out-not-a-folder" if is_file else "out-is-source")


def test_a_failure_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, results: pa.Table) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vungmanh.outputs.folders.write._write_book", full)
    with pytest.raises(OSError, match="No space"):
        write_results(tmp_path / "out", RESULTS, "")
    assert list(tmp_path.iterdir()) == []


def test_the_report_opens_with_its_finding_and_stands_alone() -> None:
    page = report_html(RESULTS, ABOUT)
    assert '<html lang="vi">' in page
    assert "<h1>Năm 2020: 1 trong 3 tổ chức cần củng cố.</h1>" in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "http" not in page.replace("http://www.w3.org/", "")
    assert "@SUM(A1)" in page
    for title in ("Đã giả định", "Cách tính", "Khi nào đừng tin", "Các cột của tệp kết quả"):
        assert title in page


def test_a_weak_cell_of_a_sound_organisation_is_told_at_once() -> None:
    sound = row("a", status="Bình thường", reasons=[])
    weak = row("d", level="cell", name="Chi bộ d", organisation="Đảng bộ a")
    page = report_html(table(sound, weak), ABOUT)
    assert "Trong 1 chi bộ: 1 cần củng cố." in page
    assert "Chi bộ cần xem trước" in page
    assert "Chi bộ d" in page
    assert "Chi bộ cần xem trước" not in report_html(table(sound), ABOUT)


def test_without_a_reference_nothing_is_said_of_weakness() -> None:
    bare = {"reference": None, "probability": None, "probability_words": None}
    rows = [row("a", status="Bình thường", **bare), row("b", status="Bình thường", **bare)]
    page = report_html(table(*rows), ABOUT)
    assert "nhóm chưa có mốc yếu" in page
    assert "vạch đỏ" not in page


def test_the_report_escapes_what_a_file_brings() -> None:
    page = report_html(table(row("a", name="<script>alert(1)</script>")), ABOUT)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_unknown_stays_unknown_in_the_report() -> None:
    page = report_html(table(row("c", status="Cần xác minh", **UNKNOWN)), ABOUT)
    assert "chưa rõ" in page
    assert "1 dòng chưa ước lượng được gì" in page


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("a")], "Năm 2020: 1 trong 1 tổ chức cần củng cố."),
        ([row("a", status="Bình thường")], "chưa đủ căn cứ để nói tổ chức nào trong 1"),
        ([row("a", status="Phải xác minh")], "1 nơi báo cáo quá ít, phải xác minh trước."),
    ],
)
def test_the_finding_is_one_sentence(rows: list[dict[str, Any]], said: str) -> None:
    assert said in finding(rows, 2020)


def test_pictures_come_with_enough_units_and_their_captions_count() -> None:
    rows = [
        row(
            f"u{place}", due=6.0 + place, held=5.0, not_held=1.0 + place,
            index=40.0 + place, low=30.0 + place, high=50.0 + place, rank=place + 1,
        )
        for place in range(12)
    ]  # fmt: skip
    page = report_html(table(*rows), ABOUT)
    assert page.count("<svg") == 3
    assert page.count('role="img"') == 3
    assert "11 trong 11 nơi sau có khoảng chạm khoảng của nơi đầu" in page


def test_a_sheet_ends_where_nobody_reads_on_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setattr("vungmanh.outputs.folders.write._MOST_ROWS", 1)
    write_results(tmp_path / "out", RESULTS, "")
    book = openpyxl.load_workbook(tmp_path / "out/result.xlsx")
    assert book["Tổ chức"]["B2"].value == "a"
    assert book["Tổ chức"]["A3"].value == "Còn 2 dòng: xem result.csv hoặc result.parquet."
    assert book["Chi bộ"]["A3"].value is None
    assert pq.read_table(tmp_path / "out/result.parquet").num_rows == 4
