"""The figures that a supplied form can ask for, each with the name a cell is mapped by.

Grades are named by their place in the scale of the year, the best first: a map made this year
holds for the next even where a grade is called otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vungmanh.core.aggregate_words import VALUES, Ethnicity
from vungmanh.core.people_words import MemberChange
from vungmanh.core.vocabulary import DossierSubject, MembershipStatus, Sector, UnitKind, Vocabulary
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
    own = {
        FormPurpose.CYCLE: _of_cycle,
        FormPurpose.UNIT: _of_unit,
        FormPurpose.PERIOD: period_figures_offered,
    }[purpose]()
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


#: In a list of the units below, each a column that runs down: the figure and its words.
PERIOD_COLUMNS = {
    "tt": "số thứ tự",
    "ten": "tên",
    "opening": "đầu kỳ",
    "up": "tăng",
    "down": "giảm",
    "closing": "cuối kỳ",
    "closing.official": "cuối kỳ, chính thức",
    "closing.probationary": "cuối kỳ, dự bị",
    "closing.exempt": "cuối kỳ, được miễn sinh hoạt",
    "up.admitted": "kết nạp",
    "up.arrived": "chuyển đến",
    "down.sent": "chuyển đi",
    "down.died": "từ trần",
    "down.struck": "xóa tên",
    "down.expelled": "khai trừ",
}
UP_WORDS = (MemberChange.ADMITTED, MemberChange.ARRIVED, MemberChange.LISTED)
DOWN_WORDS = (
    MemberChange.SENT, MemberChange.DIED, MemberChange.LEFT, MemberChange.STRUCK,
    MemberChange.EXPELLED,
)  # fmt: skip
BOTH_WORDS = (MemberChange.REFORM, MemberChange.UNTOLD)


def period_figures_offered() -> tuple[FormFigure, ...]:
    """What a statistic of a period offers, and the aggregates of its last day."""
    ends = {"opening": "Đầu kỳ", "closing": "Cuối kỳ"}
    return (
        FormFigure("ten", "Tên tổ chức"),
        FormFigure("tu", "Ngày đầu kỳ"),
        FormFigure("den", "Ngày cuối kỳ"),
        FormFigure("nam", "Năm"),
        FormFigure("biet", "Ngày biết số liệu"),
        *(FormFigure(key, f"{words}: tổng số đảng viên") for key, words in ends.items()),
        *(
            FormFigure(f"{key}.{status}", f"{words}: {status.label.lower()}")
            for key, words in ends.items()
            for status in MembershipStatus
        ),
        FormFigure("up", "Tăng: tổng số"),
        *(FormFigure(f"up.{one}", f"Tăng: {one.label.lower()}") for one in UP_WORDS + BOTH_WORDS),
        FormFigure("down", "Giảm: tổng số"),
        *(
            FormFigure(f"down.{one}", f"Giảm: {one.label.lower()}")
            for one in DOWN_WORDS + BOTH_WORDS
        ),
        FormFigure("made_official", "Chuyển đảng viên chính thức trong kỳ"),
        FormFigure("cells", "Số chi bộ có mặt cuối kỳ"),
        *(FormFigure(f"so.{kind}", f"Số {kind.label.lower()}") for kind in BRANCHES),
        *(FormFigure(f"linh_vuc.{one}", f"Số tổ chức: {one.label.lower()}") for one in Sector),
        *(
            FormFigure(f"{dimension}.{value}", f"{dimension.label}: {_in_words(value)}")
            for dimension, values in VALUES.items()
            for value in values
        ),
        *(
            FormFigure(f"dong.{code}", f"Từng đơn vị bên dưới: {words}", is_column=True)
            for code, words in PERIOD_COLUMNS.items()
        ),
    )


def _in_words(value: Vocabulary) -> str:
    """Names of peoples keep their capital after the colon."""
    return value.label if isinstance(value, Ethnicity) else value.label.lower()
