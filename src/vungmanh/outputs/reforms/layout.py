"""The workbook "Sắp xếp tổ chức": its sheets, columns, verbs, and the headings also understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from vungmanh.core.text import same_words_key
from vungmanh.core.vocabulary import MembershipStatus, Vocabulary

DECISION_SHEET = "Quyết định"
STEPS_SHEET = "Các bước"
CHOICES_SHEET = "Danh mục"
HELP_SHEET = "Hướng dẫn"


class Verb(Vocabulary):
    """What one row does. The label is what the drop-down offers."""

    CREATE = "create", "Lập mới"
    CHANGE = "change", "Đổi"
    MOVE = "move", "Chuyển"
    MERGE = "merge", "Sáp nhập"
    SPLIT = "split", "Chia tách"
    END = "end", "Kết thúc"


#: Other words offices use for the same thing.
VERB_SYNONYMS = {
    "Thành lập": Verb.CREATE,
    "Thành lập mới": Verb.CREATE,
    "Lập": Verb.CREATE,
    "Đổi tên": Verb.CHANGE,
    "Sửa": Verb.CHANGE,
    "Thay đổi": Verb.CHANGE,
    "Chuyển giao": Verb.MOVE,
    "Điều chuyển": Verb.MOVE,
    "Tiếp nhận": Verb.MOVE,
    "Nhập": Verb.MERGE,
    "Hợp nhất": Verb.MERGE,
    "Sát nhập": Verb.MERGE,
    "Tách": Verb.SPLIT,
    "Chia": Verb.SPLIT,
    "Giải thể": Verb.END,
    "Kết thúc hoạt động": Verb.END,
}


class Col(StrEnum):
    """One column of the sheet of steps."""

    UNIT_ID = "unit_id"
    NUMBER = "number"
    VERB = "verb"
    UNIT = "unit"
    UNDER = "under"
    CODE = "code"
    TARGET = "target"
    TARGET_CODE = "target_code"
    SHARE = "share"
    MEMBERS = "members"
    NEW_NAME = "new_name"
    KIND = "kind"
    SECTOR = "sector"
    AREA = "area"
    NEW_CODE = "new_code"
    IS_ORGANISATION = "is_organisation"


@dataclass(frozen=True)
class Column:
    """A column with the heading we write, its width, and the headings we also understand."""

    field: Col
    title: str
    width: int
    synonyms: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column(Col.UNIT_ID, "Mã ẩn (không sửa)", 0),
    Column(Col.NUMBER, "STT", 6, ("TT", "Số TT", "Bước", "Số thứ tự")),
    Column(Col.VERB, "Việc", 12, ("Việc làm", "Nội dung", "Hình thức")),
    Column(Col.UNIT, "Đơn vị", 40, ("Tên đơn vị", "Đơn vị (tên)", "Tổ chức đảng")),
    Column(Col.UNDER, "Đang thuộc", 32, ("Thuộc", "Trực thuộc", "Đơn vị cấp trên hiện nay")),
    Column(Col.CODE, "Mã đơn vị", 16, ("Mã", "Mã số", "Mã hiện nay")),
    Column(
        Col.TARGET, "Đơn vị cấp trên, đích", 40, ("Đơn vị cấp trên", "Đơn vị đích", "Đích", "Vào")
    ),
    Column(Col.TARGET_CODE, "Mã cấp trên, đích", 16, ("Mã đích", "Mã đơn vị đích", "Mã cấp trên")),
    Column(Col.SHARE, "Tỷ lệ", 9, ("Tỷ lệ %", "Phần", "Tỉ lệ")),
    Column(Col.MEMBERS, "Đảng viên", 22, ("Số đảng viên", "Đảng viên sang")),
    Column(Col.NEW_NAME, "Tên mới", 40, ("Tên sau sắp xếp",)),
    Column(Col.KIND, "Loại", 22, ("Loại hình", "Loại hình mới")),
    Column(Col.SECTOR, "Lĩnh vực", 20, ()),
    Column(Col.AREA, "Địa bàn", 20, ()),
    Column(Col.NEW_CODE, "Mã mới", 14, ("Mã chính thức mới",)),
    Column(
        Col.IS_ORGANISATION, "Là tổ chức cơ sở đảng", 12, ("Là TCCSĐ", "TCCSĐ", "Tổ chức cơ sở")
    ),
)
TITLES = {column.field: column.title for column in COLUMNS}
AT = {column.field: place for place, column in enumerate(COLUMNS)}


class Fact(StrEnum):
    """One line of the sheet of the decision."""

    TITLE = "title"
    DOCUMENT = "document"
    SIGNED_ON = "signed_on"
    EFFECTIVE_ON = "effective_on"


FACTS: tuple[tuple[Fact, str, tuple[str, ...]], ...] = (
    (Fact.TITLE, "Tên", ("Tên việc sắp xếp", "Tên gọi", "Trích yếu")),
    (Fact.DOCUMENT, "Văn bản (số, ngày)", ("Văn bản", "Số văn bản", "Số, ngày văn bản")),
    (Fact.SIGNED_ON, "Ngày ký", ("Ngày ban hành",)),
    (Fact.EFFECTIVE_ON, "Ngày hiệu lực", ("Hiệu lực từ ngày", "Có hiệu lực từ")),
)
FACT_TITLES = {fact: title for fact, title, _ in FACTS}

YES, NO = "Có", "Không"
YES_WORDS = {"co", "x", "dung", "phai", "1"}
NO_WORDS = {"khong", "0", "khong phai"}

#: How members are written per status: "12 chính thức, 1 dự bị"; a bare number is official members.
STATUS_WORDS = {same_words_key(status.label): status for status in MembershipStatus} | {
    "chinh thuc": MembershipStatus.OFFICIAL,
    "du bi": MembershipStatus.PROBATIONARY,
}


@cache
def column_named(text: str) -> Col | None:
    """The column a heading names, or None."""
    return _by_heading().get(same_words_key(text))


@cache
def _by_heading() -> dict[str, Col]:
    found = {}
    for column in COLUMNS:
        for words in (column.title, *column.synonyms):
            found[same_words_key(words)] = column.field
    return found


@cache
def fact_named(text: str) -> Fact | None:
    """The fact of the decision that a label names, or None."""
    key = same_words_key(text)
    for fact, title, synonyms in FACTS:
        if key in {same_words_key(words) for words in (title, *synonyms)}:
            return fact
    return None


@cache
def verb_named(text: str) -> Verb | None:
    """The verb a cell names, or None."""
    key = same_words_key(text)
    for verb in Verb:
        if key == same_words_key(verb.label):
            return verb
    for words, verb in VERB_SYNONYMS.items():
        if key == same_words_key(words):
            return verb
    return None
