"""*Nhận diện* as a workbook: the same rows, the same figures, every reason in words."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from vungmanh.core.periods import add_months, month_label
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Status
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.reason_texts import ReasonText


class ListedUnit(Protocol):
    """What the export needs of a row of the page."""

    @property
    def assessment(self) -> Assessment: ...

    @property
    def position(self) -> int: ...

    @property
    def reasons(self) -> list[ReasonText]: ...

    @property
    def is_ranked(self) -> bool: ...

    @property
    def told_rank(self) -> tuple[int, int, int] | None: ...


def _headings(is_cells: bool) -> list[tuple[str, int]]:
    return [
        (_("Thứ tự"), 8),
        (_("Tổ chức"), 44),
        (_("Thuộc") if is_cells else _("Số chi bộ"), 30 if is_cells else 10),
        (_("Địa bàn"), 18),
        (_("Trạng thái"), 16),
        (_("Kỳ trước"), 16),
        (_("Phải họp"), 10),
        (_("Đã họp"), 10),
        (_("Không họp"), 10),
        (_("Chưa báo cáo"), 12),
        (_("Được miễn"), 10),
        (_("Chỉ số"), 9),
        (_("Khoảng từ"), 10),
        (_("Khoảng đến"), 10),
        (_("Xác suất yếu"), 12),
        (_("Hạng từ"), 9),
        (_("Hạng đến"), 9),
        (_("Trong số nơi"), 10),
        (_("Lý do"), 60),
        (_("Diễn giải"), 90),
    ]


def assessment_workbook(
    rows: Iterable[ListedUnit], run: AssessmentRun, *, finding: str, chosen: str, is_cells: bool
) -> bytes:
    """An xlsx: some lines that say what it is, a heading row, one row per unit.

    `chosen` are the filters in words, "" for none.
    """
    import xlsxwriter

    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"title": finding, "created": run.at.replace(tzinfo=None)})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(_("Nhận diện"))
    sheet.write_string(0, 0, finding, workbook.add_format({"bold": True, "font_size": 14}))
    about = _about(run, chosen)
    for line, text in enumerate(about, start=1):
        sheet.write_string(line, 0, text)
    top = len(about) + 2
    headings = _headings(is_cells)
    for column, (heading, width) in enumerate(headings):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, bold)
    last = top
    for last, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(_values(row, is_cells)):
            write = sheet.write_number if isinstance(value, (int, float)) else sheet.write_string
            write(last, column, value, plain)
    sheet.freeze_panes(top + 1, 2)
    sheet.autofilter(top, 0, max(last, top + 1), len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    workbook.close()
    return target.getvalue()


def _about(run: AssessmentRun, chosen: str) -> list[str]:
    first = add_months(run.month, -11)
    lines = [
        _("12 tháng: %(first)s đến %(last)s.")
        % {"first": month_label(first), "last": month_label(run.month)},
        _("Tính ngày %(day)s; quy định bản %(rules)s; số liệu %(data)s.")
        % {
            "day": date_vi(timezone.localtime(run.at).date()),
            "rules": run.rulebook_version,
            "data": run.input_hash[:12],
        },
        _("Máy nêu lý do, người có thẩm quyền quyết định. Chưa báo cáo không phải là không họp."),
    ]
    if chosen:
        lines.insert(1, _("Chỉ gồm: %(filters)s.") % {"filters": chosen})
    if run.rows.filter(unit__is_simulated=True).exists():
        lines.insert(0, _("Dữ liệu mô phỏng: tên đơn vị và số liệu do máy tạo ra."))
    return lines


def _values(row: ListedUnit, is_cells: bool) -> list[str | int | float]:
    one = row.assessment
    before = _(Status(one.previous_status).label) if one.previous_status else ""
    return [
        row.position if row.is_ranked else "–",
        one.name,
        one.organisation_name if is_cells else one.cells,
        one.area,
        _(Status(one.status).label),
        before,
        one.due,
        one.held,
        one.not_held,
        one.no_report,
        one.excused,
        *(
            "" if value is None else round(value, digits)
            for value, digits in (
                (one.estimate, 1),
                (one.low, 1),
                (one.high, 1),
                (one.probability, 3),
            )
        ),
        *(row.told_rank or ("", "", "")),
        "; ".join(text.chip for text in row.reasons),
        " ".join(text.sentence for text in row.reasons),
    ]
