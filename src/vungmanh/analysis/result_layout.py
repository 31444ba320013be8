"""What an assessment of one's own files gives back: one row per unit and year, every column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

ResultType = Literal["text", "texts", "int", "float"]

CELL, ORGANISATION = "cell", "organisation"
LEVEL_WORDS = {CELL: "chi bộ", ORGANISATION: "tổ chức"}


@dataclass(frozen=True)
class ResultColumn:
    """`heading` is what Excel shows; `decimals` how a float is shown there."""

    name: str
    type: ResultType
    heading: str
    meaning: str  # Vietnamese
    english: str
    decimals: int = 0
    width: int = 11


RESULT_COLUMNS: tuple[ResultColumn, ...] = (
    ResultColumn("level", "text", "Cấp", "chi bộ hay tổ chức cơ sở", "cell or organisation"),
    ResultColumn("unit", "text", "Mã", "mã đơn vị, như trong tệp đưa vào", "id of the unit",
                 width=14),
    ResultColumn("name", "text", "Tên", "tên mới nhất", "latest name", width=38),
    ResultColumn("organisation", "text", "Thuộc", "tổ chức ở cuối năm", "its organisation",
                 width=30),
    ResultColumn("year", "int", "Năm", "năm được đánh giá", "year assessed", width=7),
    ResultColumn("group", "text", "Nhóm tương đồng", "chỉ so sánh trong nhóm này", "like kind",
                 width=20),
    ResultColumn("order", "int", "Thứ tự làm việc", "nơi cần xem trước đứng trước; không phải hạng",
                 "order in which to work through the units; no rank", width=9),
    ResultColumn("status", "text", "Trạng thái", "kết luận của năm: lý do và xác suất, xét "
                 "qua các kỳ", "status: facts and probability over the periods", width=17),
    ResultColumn("index", "float", "Chỉ số", "ước lượng 0–100: họp 40, dự họp 30, việc đúng "
                 "hạn 30; trống: chưa rõ", "estimated index 0–100; blank: unknown", 1),
    ResultColumn("low", "float", "Chỉ số, thấp", "đầu dưới của khoảng", "lower end of the interval",
                 1),
    ResultColumn("high", "float", "Chỉ số, cao", "đầu trên của khoảng", "upper end", 1),
    ResultColumn("reference", "float", "Mốc yếu", "dưới mốc này là yếu; của nhóm, cố định",
                 "index below which a unit of the group is weak", 1),
    ResultColumn("probability", "float", "Xác suất yếu", "xác suất chỉ số thật nằm dưới mốc của "
                 "nhóm", "probability that the true index is below the group's reference", 2),
    ResultColumn("probability_words", "text", "Nói bằng lời", "xác suất ấy bằng lời",
                 "the same in words", width=20),
    ResultColumn("rank", "int", "Hạng", "hạng trong nhóm, 1 là yếu nhất", "rank, 1 is weakest"),
    ResultColumn("rank_low", "int", "Hạng, từ", "khoảng hạng, đầu dưới", "rank interval, from"),
    ResultColumn("rank_high", "int", "Hạng, đến", "khoảng hạng, đầu trên", "rank interval, to"),
    ResultColumn("of_units", "int", "Trong số", "số nơi được xếp hạng cùng", "units ranked"),
    ResultColumn("due", "float", "Phải họp", "số kỳ phải họp", "meetings due", 1),
    ResultColumn("held", "float", "Đã họp", "số kỳ đã họp và tin được", "held and believed", 1),
    ResultColumn("not_held", "float", "Không họp", "số kỳ báo là không họp", "reported not held",
                 1),
    ResultColumn("no_report", "float", "Chưa báo cáo", "số kỳ phải họp mà chưa có báo cáo; không "
                 "phải là không họp", "due without report", 1),
    ResultColumn("excused", "float", "Được miễn", "số kỳ được miễn", "months excused", 1),
    ResultColumn("set_aside", "float", "Để riêng", "số kỳ báo đã họp nhưng số liệu không tin được",
                 "held, not believed", 1),
    ResultColumn("received", "float", "Có báo cáo", "số kỳ có báo cáo", "reports received", 1),
    ResultColumn("completeness", "float", "Đầy đủ", "phần kỳ có báo cáo, 0–1",
                 "share of due months reported", 2),
    ResultColumn("worst", "float", "Xấu nhất", "tỷ lệ họp nếu mọi kỳ chưa rõ đều không họp, 0–1",
                 "share held if nothing unknown was held", 2),
    ResultColumn("best", "float", "Tốt nhất", "tỷ lệ họp nếu mọi kỳ chưa rõ đều đã họp, 0–1",
                 "share held if everything unknown was held", 2),
    ResultColumn("reasons", "texts", "Lý do", "lý do đếm được và lý do thống kê, nặng trước",
                 "reasons, heaviest first", width=90),
    ResultColumn("notes", "texts", "Cần lưu ý", "điều làm cho các số trên kém chắc",
                 "what makes these figures less sure", width=60),
)  # fmt: skip

RESULT_NAMES: tuple[str, ...] = tuple(column.name for column in RESULT_COLUMNS)


def result_schema() -> pa.Schema:
    """The Arrow schema of a table of results."""
    import pyarrow as pa

    types = {
        "text": pa.string(), "texts": pa.list_(pa.string()), "int": pa.int32(),
        "float": pa.float64(),
    }  # fmt: skip
    return pa.schema([pa.field(column.name, types[column.type]) for column in RESULT_COLUMNS])
