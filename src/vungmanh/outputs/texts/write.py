"""What was found, into a folder: CSV, Excel and the report, all of them or none."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vungmanh.core.errors import InputError
from vungmanh.core.periods import month_slug
from vungmanh.core.text import number_vi
from vungmanh.outputs.result_folder import DANGEROUS, all_or_none, check_free
from vungmanh.outputs.texts.compare import Compared

CSV, BOOK, REPORT = "pairs.csv", "pairs.xlsx", "report.html"
NAMES = (CSV, BOOK, REPORT)
#: Written into each of our folders, so that a second run knows its own files from a stranger's.
STAMP = ".vungmanh-texts"
_MOST_ROWS = 50_000  # of an Excel sheet
_PAIRS = (
    ("unit", "Chi bộ", 34), ("month", "Kỳ", 10), ("filed_on", "Ngày nộp", 12),
    ("other_unit", "Biên bản trước: chi bộ", 34), ("other_month", "Kỳ trước", 10),
    ("other_filed_on", "Ngày nộp trước", 12), ("rule", "Vì sao mời xem", 34),
    ("share", "Mức giống", 10), ("shared", "Số cụm giống", 10),
    ("order_known", "Biết bên nào trước", 12), ("place", "Ở đâu", 30),
    ("other_place", "Biên bản trước ở đâu", 30),
)  # fmt: skip
_CELLS = (
    ("Chi bộ", 34), ("Số biên bản", 10), ("Lặp lại của mình", 10), ("Trong số so được", 10),
    ("Nổi hơn lệ thường", 12), ("Ít nội dung riêng", 10), ("Nộp dồn: tỷ lệ", 10), ("Năm", 8),
)  # fmt: skip


def check_target(out: Path, source: Path) -> None:
    """Raise InputError when results may not be written to `out`: nothing of others is replaced."""
    check_free(out, NAMES, STAMP)
    inside = source if source.is_dir() else source.parent
    if out.exists() and out.resolve() == inside.resolve():
        raise InputError(
            "Nơi ghi trùng với nơi để biên bản. Chọn một thư mục khác.",
            field="out",
            code="out-is-source",
        )


def write_found(out: Path, found: Compared, report: str) -> list[Path]:
    """Write the three files; they appear together, or nothing changes."""
    with all_or_none(out, NAMES, STAMP) as place:
        with (place / CSV).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([name for name, _, _ in _PAIRS])
            writer.writerows([_harmless(value) for value in row] for row in _rows(found))
        _write_book(place / BOOK, found)
        (place / REPORT).write_text(report, encoding="utf-8")
    return [out / name for name in NAMES]


def _rows(found: Compared) -> Iterator[list[Any]]:
    """One row a pair, as `_PAIRS` names them; what is not known is blank."""
    for pair in found.pairs:
        later, earlier = _about(found, pair.later), _about(found, pair.earlier)
        yield [
            *later[:3], *earlier[:3], pair.rule.label, round(pair.share, 4), pair.shared,
            "có" if pair.order_known else "chưa biết", later[3], earlier[3],
        ]  # fmt: skip


def _about(found: Compared, row: int) -> tuple[str, str, str, str]:
    texts = found.texts
    day = texts.filed_on[row]
    return (
        texts.unit[row],
        month_slug(texts.month[row]),
        day.isoformat() if day else "",
        texts.place[row],
    )


def _harmless(value: Any) -> Any:
    """Text never starts like a formula."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return "'" + value
    return value


def _write_book(path: Path, found: Compared) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "Biên bản giống nhau, Vững Mạnh"})
        heads = [(title, width) for _, title, width in _PAIRS]
        rows = (row for _, row in zip(range(_MOST_ROWS), _rows(found), strict=False))
        _sheet(book, "Cặp giống nhau", heads, rows, len(found.pairs))
        _sheet(book, "Chi bộ", list(_CELLS), _cell_rows(found), len(found.cells))


def _cell_rows(found: Compared) -> Iterator[list[Any]]:
    for cell in found.cells:
        stands = "chưa đủ để nói" if cell.p_value is None else "có" if cell.stands_out else "không"
        yield [
            cell.unit, cell.minutes, cell.repeated, cell.comparable, stands, cell.empty,
            "" if cell.together is None else round(cell.together, 4), cell.together_year or "",
        ]  # fmt: skip


def _sheet(
    book: Any, title: str, heads: list[tuple[str, int]], rows: Iterator[list[Any]], count: int
) -> None:
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, (words, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, words, head)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(min(count, _MOST_ROWS), 1), len(heads) - 1)
    line = 0
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if value == "":
                continue
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(line, place, value)
    if count > _MOST_ROWS:
        sheet.write_string(line + 1, 0, f"Còn {number_vi(count - _MOST_ROWS)} dòng: xem {CSV}.")
