"""Layouts, limits and terms of papers in plain Vietnamese."""

from __future__ import annotations

from vungmanh.core.text import date_vi
from vungmanh.rulebook.values.papers import CongressTerms, PaperLayout, PaperLimits


def layout_lines(layout: PaperLayout) -> list[tuple[str, str]]:
    """A layout as (label, text)."""
    margins = (
        f"trên {layout.top_mm}, dưới {layout.bottom_mm}, trái {layout.left_mm}, "
        f"phải {layout.right_mm} mm"
    )
    sizes = (
        f"{layout.heading_line} {layout.heading_pt}; cấp trên {layout.superior_pt}, nơi ban hành "
        f"{layout.issuer_pt}, số {layout.number_pt}, ngày {layout.dated_pt}, tên loại "
        f"{layout.title_pt}, trích yếu {layout.about_pt}, nội dung {layout.body_pt}, bảng "
        f"{layout.table_pt}, nơi nhận {layout.recipients_pt}, số trang {layout.page_number_pt}"
    )
    symbols = ", ".join(f"{one.type.label} {one.letters}" for one in layout.symbols)
    words = ", ".join(f"{one.words} ({one.capacity.label.lower()})" for one in layout.capacities)
    return [
        ("Khổ giấy", f"{layout.page_width_mm} x {layout.page_height_mm} mm"),
        ("Lề", margins),
        ("Phông chữ", layout.font),
        ("Cỡ chữ", sizes),
        *([("Dòng dưới tiêu đề", f"{layout.motto} {layout.motto_pt}")] if layout.motto else []),
        ("Dòng", f"cao đúng {layout.line_pt} pt, cách đoạn {layout.after_pt} pt"),
        ("Lùi đầu dòng", f"{layout.indent_mm} mm"),
        ("Số trang", f"giữa, phía trên, từ trang {layout.page_number_from}"),
        ("Số và ký hiệu", layout.number_form.format(number="…", type="loại", body="cơ quan")),
        ("Thêm số 0", f"số dưới {layout.pad_number_below}, ngày dưới {layout.pad_day_below}, "
                      f"tháng đến {layout.pad_month_to}"),
        ("Đánh số lại", layout.restarts.label),
        ("Dấu kết thúc", layout.closing),
        ("Thẩm quyền ký", words),
        ("Ký hiệu loại", symbols),
    ]  # fmt: skip


def limit_lines(limits: PaperLimits) -> list[tuple[str, str]]:
    """Who may not issue what, a line each."""
    return [
        (one.body.label, "không ban hành " + ", ".join(kind.label for kind in one.types))
        for one in limits.limits
    ]


def term_lines(terms: CongressTerms) -> list[tuple[str, str]]:
    """Each term with the day from which numbers begin again."""
    named = (("Cấp ủy", terms.committees), ("Chi bộ trực thuộc đảng ủy cơ sở", terms.cells))
    return [
        (label, "; ".join(f"{one.name} từ {date_vi(one.begins)}" for one in found))
        for label, found in named
    ]
