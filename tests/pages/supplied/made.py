"""A form that an office was sent, as Excel would save it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any
from uuid import UUID

import xlsxwriter

from tests.cast import AT
from vungmanh.outputs.models import SuppliedForm

SHEET = "Biểu 02"


def template(rows: int = 6, sheet: str = SHEET, **options: Any) -> bytes:
    """A head with counts and a sum, then a list with room for `rows` lines and who signs below."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    page, box = book.add_worksheet(sheet), book.add_format({"border": 1})
    page.merge_range("A1:D1", "BIỂU TỔNG HỢP XẾP LOẠI", box)
    for row, words in enumerate(("Năm", "Số được xếp loại", "Mức cao nhất", "Mức thứ hai"), 2):
        page.write(f"A{row}", words)
        page.write_blank(f"B{row}", None, box)
    page.write_formula("B6", "=B4+B5", box, 0)
    page.write_row("A8", ["TT", "Tên", "Tự xếp", "Quyết định"], box)
    for row in range(9, 9 + rows):
        for column in "ABCD":
            page.write_blank(f"{column}{row}", None, box)
    page.write(f"A{9 + rows}", "Người lập biểu", box)
    for column in "BCD":
        page.write(f"{column}{9 + rows}", "ký tên", box)
    page.data_validation("B2", {"validate": "integer", "criteria": "between", "minimum": 2014,
                                "maximum": 2100})  # fmt: skip
    if options.get("protect"):
        page.protect()
    book.define_name("nguoi_lap", f"='{sheet}'!$D${9 + rows}")
    book.close()
    return target.getvalue()


def form_of(unit: UUID, purpose: str = "unit", name: str = "Biểu thử", **said: Any) -> SuppliedForm:
    """A form that a unit keeps, with one cell mapped."""
    content = said.get("content") or template()
    cells = said.get(
        "cells", [{"figure": "nam", "text": "", "sheet": SHEET, "cell": "B2", "name": ""}]
    )
    return SuppliedForm.objects.get_or_create(
        unit_id=unit, name=name, defaults={
            "purpose": purpose, "file_name": "bieu.xlsx", "content": content, "cells": cells,
            "sha256": hashlib.sha256(content).hexdigest(), "kept_on": dt.date(2019, 1, 1),
            "changed_at": AT,
        },
    )[0]  # fmt: skip
