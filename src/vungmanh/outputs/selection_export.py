"""The score table of a selection as a workbook: the same rows, the same words."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext as _

from vungmanh.core.periods import month_label
from vungmanh.strengthening.models import Selection


class ListedPlace(Protocol):
    """What the export needs of a row of the page."""

    @property
    def name(self) -> str: ...

    @property
    def area(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def number(self) -> int: ...

    @property
    def verdict(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def facts(self) -> str: ...

    @property
    def rank(self) -> str: ...

    @property
    def likelihood(self) -> str: ...

    @property
    def lot(self) -> int: ...


def selection_workbook(
    rows: Iterable[ListedPlace], one: Selection, *, title: str, finding: str
) -> bytes:
    """An xlsx: some lines that say what it is and rests on, a heading row, one row per unit."""
    import xlsxwriter

    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"title": title, "created": one.made_at.replace(tzinfo=None)})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(_("Lựa chọn"))
    sheet.write_string(0, 0, title, workbook.add_format({"bold": True, "font_size": 14}))
    about = _about(one, finding)
    for line, text in enumerate(about, start=1):
        sheet.write_string(line, 0, text)
    top = len(about) + 2
    for column, (heading, width) in enumerate(_headings()):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, bold)
    last = top
    for last, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(_values(row)):
            write = sheet.write_number if isinstance(value, int) else sheet.write_string
            write(last, column, value, plain)
    sheet.freeze_panes(top + 1, 2)
    sheet.autofilter(top, 0, max(last, top + 1), len(_headings()) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    workbook.close()
    return target.getvalue()


def _headings() -> list[tuple[str, int]]:
    return [
        (_("Thứ tự"), 8), (_("Tổ chức"), 44), (_("Loại"), 18), (_("Địa bàn"), 18),
        (_("Kết quả"), 24), (_("Vì sao"), 60), (_("Số liệu"), 50), (_("Hạng"), 26),
        (_("Khả năng yếu"), 24), (_("Thăm"), 8),
    ]  # fmt: skip


def _values(row: ListedPlace) -> list[str | int]:
    return [
        row.number, row.name, row.kind, row.area, row.verdict, row.sentence, row.facts, row.rank,
        row.likelihood, row.lot or "",
    ]  # fmt: skip


def _about(one: Selection, finding: str) -> list[str]:
    lines = [
        finding,
        _("Dựa vào kết quả nhận diện %(month)s; tiêu chí %(rule)s; quy định bản %(book)s.")
        % {
            "month": month_label(one.month),
            "rule": one.rules.get("programme.selection", ""),
            "book": one.rulebook_version[:12],
        },
        _("Mã số liệu vào %(inputs)s; mã kết quả %(result)s; số gốc bốc thăm %(seed)s.")
        % {"inputs": one.snapshot_id[:16], "result": one.result_hash[:16], "seed": one.seed},
        _("Máy xếp theo tiêu chí, cấp ủy quyết định. Chưa báo cáo không phải là không họp."),
    ]
    if one.unit.is_simulated:
        lines.insert(0, _("Dữ liệu mô phỏng: tên đơn vị và số liệu do máy tạo ra."))
    return lines
