"""The open layout: how anybody's own files are laid out to be assessed, and how results come back.

One plain table for each kind of record; only `unit`, `year`, `month` and `held` are obligatory.
Whatever is absent is unknown, never zero. `vungmanh schema` prints this as a data dictionary;
`outputs.folders` reads files by it and hands `OpenTables` to `analysis.assessing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

OpenType = Literal["text", "year", "month", "held", "yes_no", "count", "date", "share"]

TYPE_WORDS: dict[OpenType, str] = {
    "text": "chữ", "year": "năm", "month": "tháng 1–12", "held": "có / không / trống",
    "yes_no": "có / không", "count": "số đếm", "date": "ngày", "share": "phần, 0–1",
}  # fmt: skip


@dataclass(frozen=True)
class OpenColumn:
    """A column of one's own file. `also` are headings understood beside the name itself.

    Headings are compared by `core.text.same_words_key`: case, diacritics, spaces and underscores
    do not matter.
    """

    name: str
    type: OpenType
    obligatory: bool
    meaning: str  # Vietnamese
    english: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenTable:
    """One kind of record. `key` are the columns that no two rows may share."""

    name: str
    title: str
    meaning: str
    english: str
    key: tuple[str, ...]
    columns: tuple[OpenColumn, ...]
    also: tuple[str, ...] = ()  # file and sheet names understood beside the name itself

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> OpenColumn:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class OpenTables:
    """One's own files as read and checked: canonical pyarrow tables.

    * `units`: unit, name (never null: the unit's id where none was given), kind, group, parent
      (null: none), is_organisation (never null), valid_from, valid_to (date32, null: open). Every
      unit of the other tables stands here. Rows of one unit do not overlap.
    * `cell_months`: unit, month (date32, first day), state (held, not_held, no_report, excused),
      members, exempt, present (≤ members − exempt), tasks_due, tasks_on_time (int32), held_on,
      filed_on (date32), longest_carried, admitted (int32), set_aside (bool).
    * `not_due`: unit, month: months that the file says were not owed.
    * `cell_years`: unit, year (int32), due, held, not_held, no_report, excused, owing, present,
      tasks_due, tasks_on_time (int32).
    * `grades`: unit, year, grade, regime. `lineage`: predecessor, successor, on, share (float64;
      the shares of one predecessor add up to 1).

    `unit`, `state`, `kind` and `group` may be dictionary-encoded. A table not given is empty, with
    its columns. `notes` are the assumptions made in reading, in Vietnamese, for the report;
    `source` names the folder.
    """

    units: pa.Table
    cell_months: pa.Table
    not_due: pa.Table
    cell_years: pa.Table
    grades: pa.Table
    lineage: pa.Table
    notes: tuple[str, ...] = ()
    source: str = ""


def _column(
    name: str, type_: OpenType, meaning: str, english: str, *also: str, needed: bool = False
) -> OpenColumn:
    return OpenColumn(name, type_, needed, meaning, english, also)


_UNIT = _column(
    "unit", "text", "mã hoặc tên riêng của chi bộ, tổ chức; giữ nguyên qua mọi bảng, mọi năm",
    "id (or unique name) of the unit, the same in every table and year",
    "đơn vị", "mã đơn vị", "mã chi bộ", "chi bộ", "mã tổ chức", "mã tổ chức đảng", "unit id",
    "unit code", "cell", "mã", "id", needed=True,
)  # fmt: skip
_YEAR = _column("year", "year", "năm, bốn chữ số", "year, four digits", "năm", needed=True)
_TASKS_DUE = _column(
    "tasks_due", "count", "việc, nghị quyết đến hạn", "tasks and resolutions that fell due",
    "việc đến hạn", "nhiệm vụ đến hạn", "nghị quyết đến hạn", "số việc đến hạn",
)  # fmt: skip
_TASKS_ON_TIME = _column(
    "tasks_on_time", "count", "trong đó xong đúng hạn", "of these, done on time",
    "xong đúng hạn", "việc xong đúng hạn", "việc đúng hạn", "hoàn thành đúng hạn", "đúng hạn",
)  # fmt: skip

UNITS = OpenTable(
    "units",
    "Đơn vị",
    "đơn vị là gì, thuộc đâu; có thay đổi thì mỗi giai đoạn một dòng",
    "what a unit is and where it belongs; one row per span of dates",
    ("unit", "valid_from"),
    (
        _UNIT,
        _column("name", "text", "tên đầy đủ", "full name", "tên", "tên đơn vị", "tên chi bộ",
                "tên tổ chức", "tên tổ chức đảng"),
        _column("kind", "text", "loại hình: chi bộ, chi bộ cơ sở, đảng bộ cơ sở…",
                "form of the unit", "loại", "loại hình", "loại hình tổ chức"),
        _column("group", "text", "nhóm tương đồng; chỉ so sánh trong cùng nhóm",
                "like kind: units are compared within one group only", "nhóm", "nhóm tương đồng",
                "lĩnh vực", "sector", "like kind", "loại tương đồng"),
        _column("parent", "text", "mã đơn vị cấp trên trực tiếp", "id of the unit directly above",
                "cấp trên", "trực thuộc", "thuộc", "đơn vị cấp trên", "mã cấp trên", "đảng bộ",
                "thuộc đảng bộ", "tổ chức cơ sở đảng"),
        _column("is_organisation", "yes_no", "là tổ chức cơ sở đảng",
                "is a grassroots organisation", "là tổ chức cơ sở", "là tổ chức cơ sở đảng",
                "tccsđ", "là tccsđ", "tổ chức cơ sở"),
        _column("valid_from", "date", "từ ngày", "first day", "từ ngày", "ngày thành lập", "từ"),
        _column("valid_to", "date", "đến trước ngày này; trống: còn hoạt động",
                "day after the last; blank: still there", "đến ngày", "đến", "ngày kết thúc"),
    ),
    ("đơn vị", "don vi", "danh sách đơn vị", "danh mục đơn vị", "tổ chức"),
)  # fmt: skip

CELL_MONTHS = OpenTable(
    "cell_months",
    "Từng tháng",
    "mỗi chi bộ mỗi tháng một dòng: đã họp, không họp hay chưa báo cáo",
    "one row per cell and month: held, not held or no report",
    ("unit", "year", "month"),
    (
        _UNIT,
        _YEAR,
        _column("month", "month", "tháng, 1 đến 12", "month, 1 to 12", "tháng", needed=True),
        _column("held", "held", "đã họp: có, x, 1; không họp: không, 0; trống: chưa báo cáo",
                "held: yes/x/1; not held: no/0; blank: no report", "đã họp", "họp", "có họp",
                "sinh hoạt", "đã họp hay không", "tình trạng", "trạng thái", "state", "kết quả họp",
                needed=True),
        _column("due", "yes_no", "phải họp; 0: tháng ấy không phải họp", "0: nothing was owed",
                "phải họp", "đến hạn"),
        _column("excused", "yes_no", "được cấp trên cho miễn họp", "excused by the superior",
                "được miễn", "được miễn họp", "miễn họp", "hoãn họp"),
        _column("members", "count", "số đảng viên của chi bộ tháng ấy", "members that month",
                "đảng viên", "số đảng viên", "tổng số đảng viên", "đảng số", "tổng số"),
        _column("exempt", "count", "trong đó được miễn sinh hoạt", "of these, exempt",
                "miễn sinh hoạt", "được miễn sinh hoạt", "đảng viên miễn sinh hoạt", "số được miễn",
                "đảng viên được miễn"),
        _column("present", "count", "đảng viên có mặt", "members present", "có mặt", "số có mặt",
                "dự họp", "số dự họp", "đảng viên có mặt", "đảng viên dự họp"),
        _TASKS_DUE,
        _TASKS_ON_TIME,
        _column("held_on", "date", "ngày họp", "day of the meeting", "ngày họp", "ngày sinh hoạt"),
        _column("filed_on", "date", "ngày gửi báo cáo", "day the report was filed",
                "ngày báo cáo", "ngày gửi", "ngày nộp", "ngày gửi báo cáo", "ngày nộp báo cáo"),
        _column("longest_carried", "count", "số kỳ mà nghị quyết kéo dài nhất đã kéo dài",
                "times the longest-carried resolution was carried over", "nghị quyết kéo dài",
                "kéo dài", "số kỳ kéo dài"),
        _column("admitted", "count", "đảng viên kết nạp trong tháng", "members admitted",
                "kết nạp", "số kết nạp", "kết nạp trong tháng"),
        _column("set_aside", "yes_no", "để riêng: đã họp nhưng biên bản không tin được",
                "held, but its record is not believed (a copied minute)", "để riêng",
                "chép biên bản", "biên bản chép"),
    ),
    ("sinh hoạt", "họp", "theo tháng", "từng tháng", "kỳ sinh hoạt", "sinh hoạt chi bộ", "months"),
)  # fmt: skip

CELL_YEARS = OpenTable(
    "cell_years",
    "Cả năm",
    "mỗi chi bộ mỗi năm một dòng, cho nơi chỉ giữ số cả năm; năm đã có từng tháng thì bỏ qua",
    "one row per cell and year, for whoever kept yearly counts only",
    ("unit", "year"),
    (
        _UNIT,
        _YEAR,
        _column("due", "count", "số kỳ phải họp", "meetings due", "phải họp", "số kỳ phải họp",
                "số kỳ", "kỳ phải họp"),
        _column("held", "count", "số kỳ đã họp", "meetings held", "đã họp", "số kỳ đã họp",
                "số kỳ họp", "số lần họp"),
        _column("not_held", "count", "số kỳ không họp", "meetings not held", "không họp",
                "số kỳ không họp"),
        _column("excused", "count", "số kỳ được miễn", "months excused", "được miễn",
                "số kỳ được miễn"),
        _column("owing", "count", "lượt đảng viên phải dự, cộng cả năm",
                "attendances owed, summed over the year", "phải dự", "lượt phải dự"),
        _column("present", "count", "lượt đảng viên có mặt, cộng cả năm",
                "attendances, summed over the year", "có mặt", "lượt có mặt", "lượt dự họp"),
        _TASKS_DUE,
        _TASKS_ON_TIME,
    ),
    ("cả năm", "theo năm", "tổng hợp năm", "years"),
)  # fmt: skip

GRADES = OpenTable(
    "grades",
    "Xếp loại",
    "xếp loại hằng năm, giữ nguyên chữ của quy định khi đó",
    "yearly grades, in the words of their own regime",
    ("unit", "year"),
    (
        _UNIT,
        _YEAR,
        _column("grade", "text", "mức xếp loại", "the grade", "xếp loại", "mức xếp loại",
                "kết quả xếp loại", "loại", needed=True),
        _column("regime", "text", "theo quy định nào", "under which regime", "quy định",
                "theo quy định"),
    ),
    ("xếp loại", "đánh giá"),
)  # fmt: skip

LINEAGE = OpenTable(
    "lineage",
    "Sáp nhập, chia tách",
    "đơn vị đã kết thúc đi về đâu; có bảng này thì nơi sáp nhập không đứt, không tính hai lần",
    "what became of units that ended, so that a merged unit is neither broken nor counted twice",
    ("predecessor", "successor", "on"),
    (
        _column("predecessor", "text", "đơn vị cũ", "the unit that ended", "đơn vị cũ", "từ",
                "mã cũ", "tiền thân", needed=True),
        _column("successor", "text", "đơn vị mới", "the unit it went into", "đơn vị mới", "vào",
                "mã mới", "kế thừa", needed=True),
        _column("on", "date", "ngày có hiệu lực", "day it took effect", "ngày", "từ ngày",
                "ngày hiệu lực", "date", needed=True),
        _column("share", "share", "phần về nơi ấy, 0 đến 1; trống: chia đều",
                "how much of it went there; blank: equal parts", "phần", "tỷ lệ", "tỉ lệ"),
    ),
    ("sáp nhập", "chia tách", "kế thừa", "sap nhap chia tach"),
)  # fmt: skip

OPEN_TABLES: tuple[OpenTable, ...] = (UNITS, CELL_MONTHS, CELL_YEARS, GRADES, LINEAGE)
BY_NAME: dict[str, OpenTable] = {table.name: table for table in OPEN_TABLES}
