"""Results into a folder: CSV, Parquet, Excel and the report, all of them or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vungmanh.analysis.result_layout import LEVEL_WORDS, RESULT_COLUMNS, ResultColumn
from vungmanh.core.errors import InputError
from vungmanh.core.text import number_vi
from vungmanh.outputs.result_folder import DANGEROUS, all_or_none, check_free

if TYPE_CHECKING:
    import pyarrow as pa

CSV, PARQUET, BOOK, REPORT = "result.csv", "result.parquet", "result.xlsx", "report.html"
NAMES = (CSV, PARQUET, BOOK, REPORT)
#: Written into each of our folders, so that a second run knows its own files from a stranger's.
STAMP = ".vungmanh-result"
_MOST_ROWS = 50_000  # of an Excel sheet: nobody reads on, and more takes minutes to write


def check_target(out: Path, source: Path) -> None:
    """Raise InputError when results may not be written to `out`: nothing of others is replaced."""
    check_free(out, NAMES, STAMP)
    if out.exists() and out.resolve() == source.resolve():
        raise InputError(
            "Nơi ghi trùng với thư mục số liệu. Chọn một thư mục khác để không lẫn kết quả với số "
            "liệu.",
            field="out",
            code="out-is-source",
        )


def write_results(out: Path, results: pa.Table, report: str) -> list[Path]:
    """Write the four files; they appear together, or nothing changes. `results`: result_schema."""
    with all_or_none(out, NAMES, STAMP) as place:
        _write_csv(place / CSV, results)
        _write_parquet(place / PARQUET, results)
        _write_book(place / BOOK, results)
        (place / REPORT).write_text(report, encoding="utf-8")
    return [out / name for name in NAMES]


def _write_parquet(path: Path, results: pa.Table) -> None:
    import pyarrow.parquet as pq

    pq.write_table(results, path, compression="zstd", version="2.6")


def _write_csv(path: Path, results: pa.Table) -> None:
    """UTF-8 with the mark by which Excel knows it; text never starts like a formula."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    columns = []
    for column in RESULT_COLUMNS:
        values = results.column(column.name)
        if column.type == "texts":
            values = pc.binary_join(values, "; ")
        if column.type in ("text", "texts"):
            values = pc.fill_null(values, "")
            risky = pc.is_in(pc.utf8_slice_codeunits(values, 0, 1), pa.array(DANGEROUS))
            values = pc.if_else(risky, pc.binary_join_element_wise("'", values, ""), values)
        columns.append(values)
    named = pa.table(columns, names=[column.name for column in RESULT_COLUMNS])
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        csv.write_csv(named, file)


def _write_book(path: Path, results: pa.Table) -> None:
    """Two sheets, organisations first, with real numbers under Vietnamese headings."""
    import pyarrow.compute as pc
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "Kết quả đánh giá, Vững Mạnh"})
        for level, title in (("organisation", "Tổ chức"), ("cell", "Chi bộ")):
            rows = results.filter(pc.equal(results.column("level"), level))
            _write_sheet(book, title, rows.slice(0, _MOST_ROWS), left=rows.num_rows - _MOST_ROWS)


def _write_sheet(book: Any, title: str, rows: pa.Table, *, left: int) -> None:
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        column.name: book.add_format(
            {"valign": "top"} | ({"num_format": _number(column)} if column.decimals else {})
        )
        for column in RESULT_COLUMNS
    }
    for place, column in enumerate(RESULT_COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.heading, head)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(rows.num_rows, 1), len(RESULT_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    line = 0
    for batch in rows.to_batches(max_chunksize=20_000):
        columns = [batch.column(column.name).to_pylist() for column in RESULT_COLUMNS]
        for values in zip(*columns, strict=True):
            line += 1
            for place, (column, value) in enumerate(zip(RESULT_COLUMNS, values, strict=True)):
                if value is None:
                    continue  # unknown stays blank, never 0
                write = sheet.write_string if isinstance(value, str | list) else sheet.write_number
                write(line, place, _shown(value), formats[column.name])
    if left > 0:
        said = f"Còn {number_vi(left)} dòng: xem {CSV} hoặc {PARQUET}."
        sheet.write_string(line + 1, 0, said)


def _shown(value: Any) -> str | float:
    if isinstance(value, list):
        value = "; ".join(value)
    return LEVEL_WORDS.get(value, value)[:32_000] if isinstance(value, str) else value


def _number(column: ResultColumn) -> str:
    return "0." + "0" * column.decimals
