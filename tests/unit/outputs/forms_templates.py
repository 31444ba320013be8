"""A template as an office sends it: looks, sums, drop-downs, a picture, hidden rows, two sheets."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter
from PIL import Image

from vungmanh.outputs.forms.mapping import Target

SHEET, SUMMARY = "Biểu 1", "Tổng hợp"
TARGETS = (
    Target("so_dang_vien", sheet=SHEET, cell="C5"),
    Target("so_to_chuc", sheet=SHEET, cell="C6"),
    Target("ngay_lap", sheet=SHEET, cell="C9"),
    Target("noi_lap", name="noi_lap"),
)


def template(change: Callable[[Any, Any], None] | None = None) -> bytes:
    """The template; `change` gets the workbook and its first sheet before it is closed."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    sheet, summary = book.add_worksheet(SHEET), book.add_worksheet(SUMMARY)
    bold = book.add_format({"bold": True, "font_name": "Times New Roman", "bg_color": "#FFF2CC"})
    number = book.add_format({"num_format": "#,##0", "border": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "border": 1})
    open_cell = book.add_format({"locked": False, "border": 2})
    sheet.merge_range("A1:D1", "BIỂU THỐNG KÊ CƠ BẢN", bold)
    sheet.set_column("A:A", 31.5)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.write("A5", "Số đảng viên")
    sheet.write("A6", "Số tổ chức")
    for cell in ("C5", "C6"):
        sheet.write_blank(cell, None, number)
    sheet.write_formula("C7", "=C5+C6", number, 0)
    sheet.write_formula("D7", '=IF(C5>10,"đủ","thiếu")', number, "thiếu")
    sheet.write_blank("C9", None, day)
    sheet.write_blank("C10", None, open_cell)
    sheet.merge_range("B12:C12", "", number)
    sheet.data_validation("C5", {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.conditional_format("C5:C7", {"type": "cell", "criteria": ">", "value": 9, "format": bold})
    sheet.print_area("A1:D12")
    sheet.set_landscape()
    sheet.set_header("&CMẫu 1")
    sheet.write_comment("A5", "Tính đến ngày 31/12")
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    sheet.insert_image("F2", "dau.png", {"image_data": picture})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"='{SHEET}'!$C$5:$C$6"})
    summary.insert_chart("B4", chart)
    summary.write_formula("A1", f"='{SHEET}'!C7*2", number, 0)
    summary.write("A2", "không đổi")
    book.define_name("noi_lap", f"='{SHEET}'!$B$12:$C$12")
    book.define_name("cot_c", f"='{SHEET}'!$C$5:$C$6")
    if change:
        change(book, sheet)
    book.close()
    return target.getvalue()


def entries(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(workbook: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with some of its entries made another way."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries(workbook).items():
            archive.writestr(name, changes[name](data) if name in changes else data)
        for name in changes.keys() - entries(workbook).keys():
            archive.writestr(name, changes[name](b""))
    return target.getvalue()
