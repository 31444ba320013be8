"""A scoring sheet may be written in Vietnamese words: whoever edits one is no engineer."""

from __future__ import annotations

from collections.abc import Mapping

from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.values.words import (
    AbsentCriterion,
    CriterionMeasure,
    CriterionSource,
    CriterionWhen,
    SheetRescale,
    SheetScorer,
)

#: Vietnamese → the name in rule files.
NAMES = {
    "tổng điểm": "total",
    "quy đổi": "rescale",
    "người chấm": "scorers",
    "thời gian phải họp": "required",
    "số phút": "minutes",
    "từ số đảng viên": "members",
    "tháng chuyên đề": "thematic",
    "nhóm": "groups",
    "mã": "code",
    "tên": "title",
    "điểm": "points",
    "tiêu chí": "criteria",
    "nội dung": "text",
    "cách đo": "measure",
    "mức": "levels",
    "từ": "at_least",
    "trên": "more_than",
    "đến": "at_most",
    "dưới": "less_than",
    "nhãn": "label",
    "hoặc khi": "or_when",
    "khi nào chấm": "applies",
    "không chấm thì": "otherwise",
    "nguồn": "source",
    "điểm thưởng": "bonus",
    "cần mạng": "network",
    "bỏ qua số người vắng có lý do": "forgiven",
    "điều phủ quyết": "vetoes",
    "xếp mức": "grade",
    "cả năm": "year",
    "mọi buổi ít nhất": "every_at_least",
    "mức tốt nhất": "best",
    "số buổi mức tốt nhất": "best_times",
    "mới biết một phần": "partial",
}
VIETNAMESE = {name: words for words, name in NAMES.items()}

_WORDS: dict[str, type[Vocabulary]] = {
    "measure": CriterionMeasure,
    "applies": CriterionWhen,
    "otherwise": AbsentCriterion,
    "source": CriterionSource,
    "rescale": SheetRescale,
    "scorers": SheetScorer,
}
#: Code → the words it is written with, to list what is allowed.
LABELS = {word.value: word.label for words in _WORDS.values() for word in words}
_YES_NO = {"có": True, "không": False}
_SWITCHES = frozenset({"bonus", "network", "thematic", "partial"})


def in_file_names(raw: object, name: str = "") -> object:
    """What was read, with Vietnamese names and labels replaced by those of rule files."""
    if isinstance(raw, Mapping):
        named = ((NAMES.get(_plain(key), key), content) for key, content in raw.items())
        return {key: in_file_names(content, str(key)) for key, content in named}
    if isinstance(raw, list):
        return [in_file_names(item, name) for item in raw]
    if isinstance(raw, str) and name in _WORDS:
        codes = {_plain(word.label): word.value for word in _WORDS[name]}
        return codes.get(_plain(raw), raw)
    if isinstance(raw, str) and name in _SWITCHES:
        return _YES_NO.get(_plain(raw), raw)
    return raw


def path_in_vietnamese(path: str) -> str:
    """The place of an error, "groups[2].points" → "nhóm thứ 2, điểm"."""
    parts = [part.partition("[") for part in path.split(".") if part]
    names = ((VIETNAMESE.get(name, name), rest.rstrip("]")) for name, _, rest in parts)
    return ", ".join(f"{name} thứ {number}" if number else name for name, number in names)


def _plain(words: object) -> str:
    return " ".join(nfc(str(words)).lower().split())
