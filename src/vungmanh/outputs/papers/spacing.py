"""Numbers that stay with what they count: "năm 2026" and "12 kỳ" stand on one line.

Only running text: names, headings and tables are short, and what stands in them is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vungmanh.core.text import NBSP
from vungmanh.outputs.papers.document import Bullets, Line, Part, Prose

#: What a number follows, and what follows a number.
_BEFORE = "ngày|tháng|năm|quý|Quý|Điều|điều|khoản|Khoản|điểm|số|Số|Mẫu|mẫu|trang"
_AFTER = (
    "%|kỳ|điểm|đồng chí|đảng viên|chi bộ|tổ chức|hồ sơ|việc|ngày|tháng|năm|giờ|phút|nơi|suất|buổi"
)
_NAMED = re.compile(rf"\b({_BEFORE}) (?=\d|[IVX]+\b)")
_COUNTED = re.compile(rf"(?<=\d) (?=(?:{_AFTER})(?!\w|[ {NBSP}]\d))")


def held_together(text: str) -> str:
    """The text with no-break spaces at its numbers; no letter is changed."""
    return _COUNTED.sub(NBSP, _NAMED.sub(rf"\1{NBSP}", text))


def spaced(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts with their running text held together."""
    return tuple(_spaced(part) for part in parts)


def _spaced(part: Part) -> Part:
    if isinstance(part, Prose):
        return replace(part, paragraphs=tuple(held_together(one) for one in part.paragraphs))
    if isinstance(part, Bullets):
        return replace(part, texts=tuple(held_together(one) for one in part.texts))
    if isinstance(part, Line):
        return replace(part, value=held_together(part.value))
    return part
