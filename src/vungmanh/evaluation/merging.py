"""Two who type into one dossier: what merges, and what a person must decide (as for meetings)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from vungmanh.core.errors import Conflict, InputError
from vungmanh.core.text import nfc

LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 2000
MOST_ANSWERS: Final = 400

Values = Mapping[str, Any]


class AnswerConflict(Conflict):
    """Somebody else answered the same meanwhile. `fields` maps each to (theirs, mine, was)."""

    def __init__(self, fields: Mapping[str, tuple[Any, Any, Any]]) -> None:
        names = ", ".join(sorted(fields))
        super().__init__(
            f"Có người vừa ghi khác ở mục {names}. Xem hai giá trị, chọn một rồi ghi lại; phần của "
            "đồng chí còn nguyên.",
            code="field-conflict",
        )
        self.fields = dict(fields)


def cleaned(said: Values) -> dict[str, Any]:
    """Answers as they are kept: null, yes or no, a number, or text. Raises InputError."""
    kept = {}
    for name, value in said.items():
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise InputError(
                "Bảng tiêu chí không có mục này: mẫu đã đổi. Tải lại trang rồi ghi lại.",
                code="unknown-field",
            )
        kept[name] = _clean(name, value)
    return kept


def _clean(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if not isinstance(value, str):
        raise InputError(f"Không đọc được giá trị ở mục {name}.", field=name, code="bad-value")
    text = nfc(value.strip())
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"Mục {name} dài quá {LONGEST_TEXT} chữ cái; rút gọn.", field=name, code="too-long"
        )
    if any(not char.isprintable() and char not in "\n\r\t" for char in text):
        raise InputError(
            f"Mục {name} có ký tự lạ không hiện được; xóa đi rồi gõ lại.",
            field=name,
            code="control-character",
        )
    return text or None


def merged(
    stored: Values, said: Values, was: Values
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The stored answers with those said, and what changed; AnswerConflict for the same one."""
    conflicts, changed = {}, {}
    for name, mine in said.items():
        theirs, before = stored.get(name), was.get(name)
        if mine in (theirs, before):  # said alike, or left as it was found: theirs stands
            continue
        if theirs not in (before, None) or (theirs is None and before is not None):
            conflicts[name] = (theirs, mine, before)
        else:
            changed[name] = [theirs, mine]
    if conflicts:
        raise AnswerConflict(conflicts)
    whole = {**stored, **{name: now for name, (_, now) in changed.items()}}
    kept = {name: value for name, value in whole.items() if value is not None}
    if len(kept) > MOST_ANSWERS:
        raise InputError("Quá nhiều mục trong một hồ sơ.", code="too-many-answers")
    return kept, changed
