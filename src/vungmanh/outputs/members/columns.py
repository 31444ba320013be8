"""Which column of a list holds what, by its Vietnamese heading, however it is written.

The layout of the member database's exports could not be read anywhere, so headings are recognised
by words, what was understood is shown, and whoever brings the file corrects it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vungmanh.core.text import same_words_key
from vungmanh.outputs.members.models import MemberColumn

_WORDS: dict[MemberColumn, tuple[str, ...]] = {
    MemberColumn.ROW: ("khoa dong",),
    MemberColumn.KEY: (
        "ma dang vien", "ma so dang vien", "so hieu dang vien", "ma dinh danh", "ma dv",
        "ma trong csdl", "ma trong co so du lieu dang vien", "ma ho so", "so the dang vien",
    ),
    MemberColumn.NAME: (
        "ho va ten", "ho ten", "ho ten dang vien", "ten dang vien", "ho va ten khai sinh",
        "ho va ten dang dung", "ho ten khai sinh", "ho ten dang dung",
    ),
    MemberColumn.FAMILY: ("ho va ten dem", "ho dem", "ho va chu dem", "ho lot", "ho va ten lot"),
    MemberColumn.GIVEN: ("ten",),
    MemberColumn.BORN: ("ngay sinh", "ngay thang nam sinh", "sinh ngay", "nam sinh"),
    MemberColumn.JOINED: (
        "ngay vao dang", "ngay ket nap", "ngay ket nap dang", "vao dang", "ngay vao dcsvn",
    ),
    MemberColumn.STATUS: (
        "dien", "dien dang vien", "tinh trang", "tinh trang dang vien", "trang thai",
        "loai dang vien", "dien sinh hoat",
    ),
    MemberColumn.UNIT: (
        "chi bo", "ten chi bo", "chi bo sinh hoat", "noi sinh hoat", "to chuc dang",
        "to chuc dang sinh hoat", "don vi sinh hoat", "sinh hoat tai chi bo", "ten to chuc dang",
    ),
    MemberColumn.CODE: ("ma chi bo", "ma to chuc dang", "ma to chuc", "ma don vi"),
    MemberColumn.ABOVE: (
        "dang bo", "dang uy", "dang bo co so", "dang bo cap tren", "to chuc co so dang",
        "dang bo cua chi bo",
    ),
}  # fmt: skip
_BY_WORDS = {words: column for column, all_words in _WORDS.items() for words in all_words}
#: Headings that hold the words of another and mean something else.
_OTHER = ("chinh thuc", "quyet dinh", "noi ket nap", "nguoi gioi thieu", "nguyen quan", "cap")


def column_of(heading: str, known: Mapping[str, str]) -> MemberColumn | None:
    """What a heading means: as its reader said before, else by its words, else nothing."""
    key = same_words_key(heading)
    if key in known:
        return MemberColumn(known[key]) if known[key] else None
    if key in _BY_WORDS:
        return _BY_WORDS[key]
    padded = f" {key} "
    if any(f" {words} " in padded for words in _OTHER):
        return None
    held = [words for words in _BY_WORDS if len(words.split()) > 1 and f" {words} " in padded]
    return _BY_WORDS[max(held, key=len)] if held else None


def columns_of(headings: Sequence[str], known: Mapping[str, str]) -> list[MemberColumn | None]:
    """The column of each heading, the first one winning where two mean the same."""
    found: list[MemberColumn | None] = []
    for heading in headings:
        column = column_of(heading, known) if heading else None
        found.append(None if column in found else column)
    return found


def what_is_missing(columns: Sequence[MemberColumn | None]) -> str:
    """What a list cannot be read without, in words; empty when nothing is."""
    has = set(columns)
    if MemberColumn.NAME not in has and not {MemberColumn.FAMILY, MemberColumn.GIVEN} <= has:
        return "Chưa rõ cột nào là họ tên. Chỉ cột ấy ở bảng các cột rồi chọn lại tệp."
    if not {MemberColumn.UNIT, MemberColumn.CODE} & has:
        return "Chưa rõ cột nào là chi bộ. Chỉ cột ấy ở bảng các cột rồi chọn lại tệp."
    return ""
