"""Sample data for the gallery: invented, fixed, and touching every variant of every component."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator

from vungmanh.core.vocabulary import MonthState, Status, Weight
from vungmanh.web.components import GradeTable, GradeYear, HeatCell, HeatRow, Scale, Stat, Tile
from vungmanh.web.intervals import IntervalBar
from vungmanh.web.marks import MonthsRow, Span, YearRow

NOVEMBER = dt.date(2025, 11, 1)
TWELVE = "HNHNHNHN-NH-"  # the cell whose row is open
HELD_SCALE = Scale((95, 90, 85, 78), ("từ 95", "90–94", "85–89", "78–84", "dưới 78"))
WEAK_SCALE = Scale((0.5, 1.0, 1.5, 3.0), ("dưới 0,5", "0,5–0,9", "1,0–1,4", "1,5–2,9", "từ 3,0 %"))
OLD = ("Trong sạch vững mạnh", "Hoàn thành tốt", "Hoàn thành", "Yếu kém")
NEW = ("Hoàn thành xuất sắc", "Hoàn thành tốt", "Hoàn thành", "Không hoàn thành")


class SampleForm(forms.Form):
    """A field of each kind; bound with a gap, so that the error shows too."""

    reason = forms.CharField(
        label="Lý do chọn khác đề nghị",
        help_text="Nêu việc cụ thể, có văn bản hoặc số liệu. Người đọc là cấp trên và chi bộ đó.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Chưa ghi lý do. Hãy ghi lý do hoặc chọn lại theo đề nghị."},
    )
    held_on = forms.DateField(label="Ngày họp", required=False, help_text="Ví dụ 05/11/2026.")
    level = forms.ChoiceField(
        label="Mức", required=False, choices=[("", "Chưa quyết"), ("tot", "Tốt")]
    )
    confirmed = forms.BooleanField(label="Đã đối chiếu với sổ giấy", required=False)


def gallery_samples() -> dict[str, Any]:
    """The context of gallery.html."""
    return {
        "first": NOVEMBER,
        "states": list(MonthState),
        "statuses": list(Status),
        "heavy": Weight.HEAVY,
        "light": Weight.LIGHT,
        "stats": _stats(),
        "rows": _ranked(),
        "interval": IntervalBar(53.4, 48.3, 58.5, "Chỉ số 53,4, từ 48,3 đến 58,5", limit=75.1),
        "books": _books(),
        "years": _years(),
        "heat": _heat(),
        "held_scale": HELD_SCALE,
        "tiles": _tiles(),
        "weak_scale": WEAK_SCALE,
        "grades": _grades(),
        "form": SampleForm({}),
        "options": [("", "Cả 11 địa bàn"), ("thuong", "Mẫu Thượng"), ("lam", "Mẫu Lâm")],
        "tabs": [("Tổ chức (37)", "?cap=to-chuc", True), ("Chi bộ (86)", "?cap=chi-bo", False)],
        "page": Paginator(range(3012), 50).page(2),
    }


def _stats() -> list[Stat]:
    return [
        Stat("Kỳ đã họp", "2.702", "2.861", "kỳ có báo cáo", "94,4 %; tháng 10/2025 là 92,7 %"),
        Stat("Đã báo cáo", "2.861", "2.994", "kỳ bắt buộc", "95,6 %; 18 kỳ được miễn"),
        Stat("Cần củng cố", "37", "704", "tổ chức", "9 nơi mới xuất hiện tháng này"),
        Stat("Khuyết bí thư trên 90 ngày", "11", "3.012", "chi bộ", "cùng kỳ: 8 / 3.047"),
    ]


def _row(name: str, place: str, status: Status, *reasons: tuple[str, str, str],
         counts: tuple[int, int, int]) -> dict[str, Any]:  # fmt: skip
    held, not_held, no_report = counts
    return {
        "name": name,
        "place": place,
        "status": status,
        "reasons": [{"text": text, "figure": figure, "weight": w} for text, figure, w in reasons],
        "held": held,
        "not_held": not_held,
        "no_report": no_report,
        "due": sum(counts),
        "threshold": sum(counts) * 8 / 12,
    }


def _ranked() -> list[dict[str, Any]]:
    heavy, light = Weight.HEAVY, Weight.LIGHT
    return [
        _row("Chi bộ thôn Pác Thử", "Xã Thử Lâm, Mẫu Lâm", Status.WEAK,
             ("3/12 kỳ bắt buộc", "3/12", heavy), ("khuyết bí thư 133 ngày", "133", heavy),
             ("0 kết nạp trong 4 năm", "0", light), counts=(3, 7, 2)),
        _row("Chi bộ thôn Nà Mẫu", "Xã Tân Mẫu, Mẫu Thượng", Status.WEAK,
             ("5/12 kỳ bắt buộc", "5/12", heavy), ("khuyết bí thư 94 ngày", "94", heavy),
             ("nghị quyết kéo dài 4 kỳ", "4", light), counts=(5, 5, 2)),
        _row("Đảng bộ xã Mẫu Khê Hai", "Mẫu Khê", Status.WATCH,
             ("2/9 chi bộ không đạt", "2/9", light), counts=(88, 14, 4)),
        _row("Chi bộ Hợp tác xã Thử Nghiệm", "Xã Mẫu Đông Một, Mẫu Đông", Status.TO_VERIFY,
             ("6 họp, 2 chưa báo cáo", "6", ""), counts=(6, 4, 2)),
        _row("Chi bộ Trường Tiểu học Mẫu Hai", "Xã Mẫu Giang Hai, Mẫu Giang",
             Status.MUST_VERIFY, ("báo cáo 5/12 kỳ", "5/12", ""), counts=(5, 0, 7)),
    ]  # fmt: skip


def _books() -> list[MonthsRow]:
    return [
        MonthsRow("Kỳ thường kỳ", TWELVE),
        MonthsRow("Kỳ chuyên đề theo quý", " H  N  N  - "),
        MonthsRow(
            "Chức bí thư", spans=(Span(9, "có bí thư"), Span(3, "khuyết", True)), total="từ 29/7"
        ),
    ]


def _years() -> list[YearRow]:
    return [
        YearRow(2026, "HNHNHN-NH-.."),
        YearRow(2025, "HHNHEHHNHHHN"),
        YearRow(2024, "HNHHHHH-HHHH"),
        YearRow(2023, "HHHHHHHNHHHH"),
        YearRow(2022, "HHHHHHNHHHHH"),
    ]


def _heat() -> list[HeatRow]:
    shares = {
        "Mẫu Thượng": (84, 82, 83, 76, 85, 86, 85, 83, 79, 82, 84, 85),
        "Mẫu Lâm": (86, 84, 86, 77, 85, 88, 88, 85, 82, 83, 86, 86),
        "Thành phố Mẫu": (98, 96, 99, 92, 98, 98, 98, 98, 96, 96, 99, 98),
    }
    rows = [
        HeatRow(area, [HeatCell(share, thin=n > 8 and share < 86) for n, share in enumerate(line)])
        for area, line in shares.items()
    ]
    province = (95, 94, 95, 91, 95, 96, 95, 96, 92, 93, 94)
    last = HeatRow("Toàn tỉnh", [*map(HeatCell, province), HeatCell(None)], is_sum=True)
    return [*rows, last]


def _tiles() -> list[Tile]:
    areas = [
        ("Mẫu Thượng", 7, 198, 4, 5),
        ("Mẫu Bắc", 3, 301, 3, 7),
        ("Mẫu Đông", 4, 287, 3, 6),
        ("Mẫu Lâm", 6, 176, 5, 5),
        ("Mẫu Tây", 5, 244, 4, 6),
        ("Thành phố Mẫu", 1, 412, 1, 5),
    ]
    return [
        Tile(name, part, whole, on, all_, f"{on} trong {all_} xã, phường có nơi cần củng cố", "#")
        for name, part, whole, on, all_ in areas
    ]


def _grades() -> GradeTable:
    regimes = {2014: "HD 27, năm 2014", 2018: "QĐ 132, năm 2018", 2023: "QĐ 124", 2025: "QĐ 366"}
    levels = {2014: 1, 2015: 0, 2016: 0, 2017: 1, 2018: 1, 2019: 1, 2020: 1, 2021: 2, 2022: 1,
              2023: 1, 2024: None, 2025: 1}  # fmt: skip
    years = tuple(
        GradeYear(
            year,
            regimes[max(start for start in regimes if start <= year)],
            int(year >= 2018),
            level,
            by_predecessor=year < 2025,
        )
        for year, level in levels.items()
    )
    return GradeTable(years, OLD, NEW)
