"""The figures that a supplied form can ask for, each with the name a cell is mapped by.

Grades are named by their place in the scale of the year, the best first: a map made this year
holds for the next even where a grade is called otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vungmanh.core.vocabulary import DossierSubject, UnitKind
from vungmanh.outputs.supplied.models import FormPurpose

TEXT = "chu"  # words typed into the map itself
SUBJECTS = {
    "to_chuc": (DossierSubject.ORGANISATION, "Tổ chức đảng"),
    "tap_the": (DossierSubject.LEADERSHIP, "Tập thể lãnh đạo"),
}
STAGES = {"tu_xep": "tự xếp", "de_xuat": "được đề xuất", "quyet_dinh": "được quyết định"}
PLACES = {"1": "mức cao nhất", "2": "mức thứ hai", "3": "mức thứ ba", "4": "mức thấp nhất"}
COLUMNS = {
    "tt": "số thứ tự",
    "ten": "tên",
    "tu_xep": "mức tự xếp",
    "de_xuat": "mức đề xuất",
    "quyet_dinh": "mức quyết định",
    "van_ban": "số văn bản quyết định",
}
BRANCHES = tuple(kind for kind in UnitKind if kind is not UnitKind.DANG_BO_TINH)
STATUSES = {"chinh_thuc": "chính thức", "du_bi": "dự bị"}


@dataclass(frozen=True)
class FormFigure:
    """One figure, or (`is_column`) a list that runs down from the cell it is mapped to."""

    code: str
    label: str
    is_column: bool = False


@cache
def figures_for(purpose: FormPurpose) -> tuple[FormFigure, ...]:
    """In the order in which a list offers them."""
    own = _of_cycle() if purpose is FormPurpose.CYCLE else _of_unit()
    return (*own, FormFigure(TEXT, "Chữ ghi sẵn (gõ ở ô bên)"))


def figure_of(purpose: FormPurpose, code: str) -> FormFigure | None:
    return next((one for one in figures_for(purpose) if one.code == code), None)


def _of_cycle() -> tuple[FormFigure, ...]:
    found = [
        FormFigure("nam", "Năm xếp loại"),
        FormFigure("cap_quyet_dinh", "Tên cấp quyết định"),
        FormFigure("ngay", "Ngày điền biểu"),
    ]
    for subject, (_value, whose) in SUBJECTS.items():
        found.append(FormFigure(f"{subject}.so", f"{whose}: số được xếp loại"))
        for stage, done in STAGES.items():
            found += [
                FormFigure(f"{subject}.{stage}.{place}", f"{whose}: số {done} {words}")
                for place, words in PLACES.items()
            ]
            found.append(FormFigure(f"{subject}.{stage}.chua", f"{whose}: số chưa {done}"))
    for subject, (_value, whose) in SUBJECTS.items():
        found += [
            FormFigure(f"{subject}.cot.{column}", f"{whose}, từng dòng: {words}", is_column=True)
            for column, words in COLUMNS.items()
        ]
    return tuple(found)


def _of_unit() -> tuple[FormFigure, ...]:
    return (
        FormFigure("ten", "Tên tổ chức"),
        FormFigure("cap_tren", "Tên cấp trên trực tiếp"),
        FormFigure("nam", "Năm"),
        FormFigure("ngay", "Ngày số liệu"),
        *(FormFigure(f"so.{kind.value}", f"Số {kind.label.lower()}") for kind in BRANCHES),
        *(
            FormFigure(f"dang_vien.{status}", f"Số đảng viên {words}")
            for status, words in STATUSES.items()
        ),
        FormFigure("dang_vien.tong", "Tổng số đảng viên"),
        FormFigure("ket_nap", "Số kết nạp trong năm"),
    )
