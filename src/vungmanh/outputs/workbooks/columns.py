"""What a monthly workbook can say, and the many headings under which offices write it.

Headings are compared by `core.text.same_words_key`, so each synonym stands here once, in its
plainest spelling. A heading that fits no synonym is left unread, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from vungmanh.core.text import same_words_key


class Field(StrEnum):
    """One thing a column says. Values named as in analysis.schema where the schema has them."""

    NUMBER = "number"
    UNIT_ID = "unit"
    NAME = "name"
    ORGANISATION = "organisation"
    CODE = "official_code"
    MONTH = "month"
    MONTH_KEY = "month_key"
    STATE = "state"
    HELD_ON = "held_on"
    MEMBERS = "members"
    PRESENT = "present"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    EXEMPT = "exempt"
    DURATION = "duration_minutes"
    SCORE = "score"
    MARK_GOOD = "mark_good"
    MARK_FAIR = "mark_fair"
    MARK_AVERAGE = "mark_average"
    MARK_POOR = "mark_poor"
    CARRIED = "longest_carried"
    ADMITTED = "admitted"
    TASKS_DUE = "tasks_due"
    TASKS_ON_TIME = "tasks_on_time"
    NOTE = "note"


@dataclass(frozen=True)
class Column:
    """A field with the heading we write and the headings we also understand."""

    field: Field
    title: str
    synonyms: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column(Field.NUMBER, "STT", ("TT", "Số TT", "Số thứ tự", "No")),
    Column(Field.UNIT_ID, "Mã đơn vị (không sửa)"),
    Column(
        Field.NAME,
        "Chi bộ",
        (
            "Tên chi bộ",
            "Tên đơn vị",
            "Đơn vị",
            "Chi bộ trực thuộc",
            "Tên chi bộ trực thuộc",
            "Tên tổ chức đảng",
            "Tổ chức đảng",
            "Tên TCĐ",
            "Chi bộ, đảng bộ",
            "Chi bộ, đơn vị",
        ),
    ),
    Column(
        Field.ORGANISATION,
        "Tổ chức cơ sở đảng",
        ("Đảng bộ", "Đảng bộ cơ sở", "TCCSĐ", "Trực thuộc", "Thuộc đảng bộ", "Đảng ủy"),
    ),
    Column(
        Field.CODE,
        "Mã tổ chức đảng",
        ("Mã", "Mã số", "Mã đơn vị", "Mã chi bộ", "Mã TCĐ", "Mã định danh"),
    ),
    Column(Field.MONTH, "Tháng", ("Kỳ", "Kỳ báo cáo", "Tháng báo cáo", "Kỳ sinh hoạt")),
    Column(Field.MONTH_KEY, "Mã tháng (không sửa)"),
    Column(
        Field.STATE,
        "Đã họp hay không",
        ("Tình trạng", "Trạng thái", "Sinh hoạt", "Tình hình sinh hoạt", "Họp", "Kết quả họp"),
    ),
    Column(
        Field.HELD_ON,
        "Ngày họp",
        (
            "Ngày sinh hoạt",
            "Ngày, tháng họp",
            "Ngày tháng sinh hoạt",
            "Ngày họp chi bộ",
            "Ngày sinh hoạt chi bộ",
            "Ngày sinh hoạt thường kỳ",
            "Thời gian họp",
            "Thời gian sinh hoạt",
            "Ngày tổ chức",
            "Ngày",
        ),
    ),
    Column(
        Field.MEMBERS,
        "Số đảng viên",
        (
            "Đảng số",
            "Số ĐV",
            "Tổng số đảng viên",
            "Tổng số ĐV",
            "Tổng đảng viên",
            "Đảng viên",
            "Số lượng đảng viên",
            "Số lượng ĐV",
            "Tổng số",
        ),
    ),
    Column(
        Field.PRESENT,
        "Có mặt",
        ("Số có mặt", "Đảng viên có mặt", "ĐV có mặt", "Dự họp", "Số dự họp", "Số ĐV dự họp"),
    ),
    Column(
        Field.EXCUSED,
        "Vắng có lý do",
        ("Vắng có phép", "Có lý do", "Có phép", "Số vắng có lý do", "Vắng CLD"),
    ),
    Column(
        Field.UNEXCUSED,
        "Vắng không lý do",
        (
            "Vắng không phép",
            "Không lý do",
            "Không phép",
            "Số vắng không lý do",
            "Vắng không có lý do",
            "Vắng KLD",
        ),
    ),
    Column(
        Field.EXEMPT,
        "Được miễn sinh hoạt",
        ("Miễn sinh hoạt", "Miễn SH", "Số được miễn", "ĐV miễn sinh hoạt", "Miễn"),
    ),
    Column(
        Field.DURATION,
        "Thời lượng (phút)",
        ("Số phút", "Thời lượng", "Thời lượng họp", "Thời gian (phút)", "Phút"),
    ),
    Column(
        Field.SCORE,
        "Điểm",
        (
            "Tổng điểm",
            "Số điểm",
            "Điểm chất lượng",
            "Điểm đánh giá",
            "Điểm sinh hoạt",
            "Điểm tự chấm",
            "Điểm chấm",
            "Chấm điểm",
        ),
    ),
    Column(Field.MARK_GOOD, "Tốt", ("Loại tốt",)),
    Column(Field.MARK_FAIR, "Khá", ("Loại khá",)),
    Column(Field.MARK_AVERAGE, "Trung bình", ("TB", "Loại trung bình")),
    Column(Field.MARK_POOR, "Kém", ("Yếu", "Loại kém", "Yếu, kém")),
    Column(
        Field.CARRIED,
        "Nghị quyết kéo dài (số kỳ)",
        (
            "Nghị quyết kéo dài",
            "Số kỳ nghị quyết kéo dài",
            "NQ kéo dài",
            "Kéo dài",
            "Số kỳ kéo dài",
        ),
    ),
    Column(
        Field.ADMITTED,
        "Kết nạp trong tháng",
        ("Kết nạp", "KNĐ", "Số kết nạp", "Kết nạp đảng viên", "Số đảng viên kết nạp"),
    ),
    Column(
        Field.TASKS_DUE,
        "Việc đến hạn trong tháng",
        (
            "Việc đến hạn",
            "Số việc đến hạn",
            "Nhiệm vụ đến hạn",
            "Số nhiệm vụ đến hạn",
            "Việc, nghị quyết đến hạn",
            "Việc, nghị quyết đến hạn trong tháng",
        ),
    ),
    Column(
        Field.TASKS_ON_TIME,
        "Việc xong đúng hạn",
        (
            "Xong đúng hạn",
            "Trong đó xong đúng hạn",
            "Số việc xong đúng hạn",
            "Hoàn thành đúng hạn",
            "Số việc hoàn thành đúng hạn",
            "Nhiệm vụ hoàn thành đúng hạn",
        ),
    ),
    Column(
        Field.NOTE,
        "Ghi chú",
        (
            "Lý do trừ điểm",
            "Ghi chú (lý do trừ điểm)",
            "Giải trình",
            "Lý do",
            "Ghi chú, lý do trừ điểm",
            "Diễn giải",
        ),
    ),
)

TITLES: dict[Field, str] = {column.field: column.title for column in COLUMNS}

#: The mark columns of the practice layout, with the word each stands for.
MARKS: dict[Field, str] = {
    Field.MARK_GOOD: "Tốt",
    Field.MARK_FAIR: "Khá",
    Field.MARK_AVERAGE: "Trung bình",
    Field.MARK_POOR: "Kém",
}

#: Columns whose content shows that something was reported.
FACTS: frozenset[Field] = frozenset(
    {
        Field.STATE,
        Field.HELD_ON,
        Field.MEMBERS,
        Field.PRESENT,
        Field.EXCUSED,
        Field.UNEXCUSED,
        Field.EXEMPT,
        Field.DURATION,
        Field.SCORE,
        Field.CARRIED,
        Field.ADMITTED,
        Field.TASKS_DUE,
        Field.TASKS_ON_TIME,
        *MARKS,
    }
)

#: Layout of the workbooks this program writes; raised when a reader must know the difference.
LAYOUT_VERSION = 1
LAYOUT_SHEET = "_vungmanh"


@cache
def fields_by_heading() -> dict[str, Field]:
    """Every heading understood, by its same-words key."""
    found: dict[str, Field] = {}
    for column in COLUMNS:
        for heading in (column.title, *column.synonyms):
            key = same_words_key(heading)
            if found.setdefault(key, column.field) is not column.field:
                raise ValueError(f"two columns claim the heading {heading!r}")
    return found
