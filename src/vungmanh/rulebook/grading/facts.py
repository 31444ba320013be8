"""Facts of a year that stand beside the criteria and conditions of a grade.

The rulebook names them; whoever has the records (`strengthening.year_evidence`) fills them in.
A fact that nobody recorded is None: "not known" is never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vungmanh.core.vocabulary import Vocabulary


class FactName(Vocabulary):
    """What the records of a unit can say about its year. Counts are of the rating year."""

    MEETINGS_HELD = "meetings_held", "Kỳ họp đã họp"
    MEETINGS_DUE = "meetings_due", "Kỳ họp phải họp"
    THEMATIC_HELD = "thematic_held", "Kỳ sinh hoạt chuyên đề đã họp"
    ATTENDANCE = "attendance", "Tỷ lệ đảng viên dự họp"
    TASKS_DUE = "tasks_due", "Nhiệm vụ đến hạn trong năm"
    TASKS_DONE = "tasks_done", "Nhiệm vụ đã xong"
    TASKS_ON_TIME = "tasks_on_time", "Nhiệm vụ xong đúng hạn"
    TASKS_LATE = "tasks_late", "Nhiệm vụ xong muộn"
    TASKS_BEYOND = "tasks_beyond", "Nhiệm vụ vượt yêu cầu"
    SUBORDINATES_RATED = "subordinates_rated", "Tổ chức trực thuộc được xếp loại"
    SUBORDINATES_GOOD = "subordinates_good", "Tổ chức trực thuộc hoàn thành tốt trở lên"
    SUBORDINATES_COMPLETED = (
        "subordinates_completed",
        "Tổ chức trực thuộc hoàn thành nhiệm vụ trở lên",
    )
    MEMBERS_RATED = "members_rated", "Đảng viên được xếp loại"
    MEMBERS_GOOD = "members_good", "Đảng viên hoàn thành tốt trở lên"
    MEMBERS_COMPLETED = "members_completed", "Đảng viên hoàn thành nhiệm vụ trở lên"
    DISCIPLINE_OF_UNIT = "discipline_of_unit", "Tổ chức bị kỷ luật trong năm"
    DISCIPLINE_OF_MEMBERS = "discipline_of_members", "Đảng viên bị kỷ luật trong năm"
    DISCIPLINE_OF_LEADERS = (
        "discipline_of_leaders",
        "Thành viên tập thể lãnh đạo bị kỷ luật từ cảnh cáo trở lên",
    )
    DISCIPLINE_BELOW = (
        "discipline_below",
        "Đơn vị trực thuộc hoặc lãnh đạo bị kỷ luật trong năm",
    )
    OPEN_FLAGS = "open_flags", "Dấu hiệu yếu đang còn mở"
    INSPECTIONS_REFUTED = "inspections_refuted", "Kỳ họp kiểm tra thấy khác báo cáo"
    SHORTCOMINGS_FOUND = "shortcomings_found", "Hạn chế đã nêu ở kỳ trước"
    SHORTCOMINGS_REMEDIED = "shortcomings_remedied", "Hạn chế đã khắc phục xong"
    GOVERNMENT_LOWEST = "government_lowest", "Chính quyền cùng cấp bị xếp loại thấp nhất"
    GOVERNMENT_GRADE = "government_grade", "Bậc xếp loại của chính quyền cùng cấp (1 là cao nhất)"
    MASS_ORGANISATIONS_LOWEST = (
        "mass_organisations_lowest",
        "Số tổ chức Mặt trận, đoàn thể bị xếp loại thấp nhất",
    )
    MASS_ORGANISATIONS_GOOD = (
        "mass_organisations_good",
        "Số tổ chức Mặt trận, đoàn thể hoàn thành tốt trở lên",
    )


@dataclass(frozen=True)
class Fact:
    """One fact of one unit and year.

    `value` is a count, a share, or yes/no; `of` is the number it is counted among (tasks due for
    tasks on time), when there is one. `source` says in Vietnamese where it comes from. `records`
    are the keys or ids of the records it was made from, passed through and never read here.
    """

    name: FactName
    value: Fraction | bool | None
    of: int | None
    source: str
    records: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything was recorded at all."""
        return self.value is not None

    @property
    def share(self) -> Fraction | None:
        """`value` among `of`, exactly; None when either is unknown or nothing was counted."""
        if self.value is None or isinstance(self.value, bool) or not self.of:
            return None
        return Fraction(self.value) / self.of


def unknown(name: FactName, source: str = "") -> Fact:
    """A fact that nobody recorded."""
    return Fact(name, None, None, source)
