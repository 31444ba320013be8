"""Held, not held, or no report: what the words and cells of a row say. Absent is not zero.

* A date, or "Đã họp", says held.
* "Không họp" (in the state, date or, when nothing else speaks, note column) says not held.
* A blank row says nothing: no report. A score of 0 is no evidence that nobody met.
* A row that speaks of a meeting without its day, or contradicts itself, is refused with a remedy.
"""

from __future__ import annotations

import re
from enum import Enum

from vungmanh.core.text import fold, same_name_key


class Said(Enum):
    """What a piece of text says about the meeting of the month."""

    HELD = "held"
    NOT_HELD = "not_held"
    NO_REPORT = "no_report"
    EXCUSED = "excused"
    PUT_OFF = "put_off"


# Diacritics decide: folded, "không hợp lệ" (not valid) reads like "không họp" (did not meet).
_WITH_MARKS: tuple[tuple[Said, str], ...] = (
    (Said.NO_REPORT, r"(chưa|không) (có |gửi |nộp )?báo cáo|chưa (gửi|nộp|có số liệu)"),
    (Said.EXCUSED, r"^(được )?miễn( họp| sinh hoạt)?\b|được miễn (họp|sinh hoạt)"),
    (
        Said.NOT_HELD,
        r"(không|ko|kg|k) (tổ chức )?(được )?(họp|sinh hoạt)(?! (lệ|chuyên đề|chi ủy))",
    ),
    (Said.PUT_OFF, r"chưa (tổ chức )?(họp|sinh hoạt)|\bhoãn\b|\blùi\b|dời (sang|lịch)"),
    (Said.HELD, r"^(đã |có )?(tổ chức )?(họp|sinh hoạt)( đủ| đúng kỳ)?$|^(có|đã|x)$"),
)
_WITHOUT_MARKS: tuple[tuple[Said, str], ...] = tuple(
    (said, fold(pattern)) for said, pattern in _WITH_MARKS
)


def said_in(text: str) -> Said | None:
    """What a text says of the month's meeting, or None. Without any diacritics it is folded."""
    if not text:
        return None
    words = same_name_key(text)
    plain = words.isascii()
    for said, pattern in _WITHOUT_MARKS if plain else _WITH_MARKS:
        if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words):
            return said
    return None


def is_plainly_not_held(text: str) -> bool:
    """Whether a note says by itself that the cell did not meet ("Chi bộ không họp tháng này").

    A note that only mentions it ("02 đồng chí không sinh hoạt 3 tháng") is for a person to read.
    """
    words = fold(same_name_key(text))
    return bool(re.match(r"(chi bo |thang nay )*(khong|ko|kg|k) (to chuc )?(hop|sinh hoat)", words))
