"""A value as the inside of a cell. The look of the cell stays the template's."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from xml.sax.saxutils import escape

from vungmanh.core.text import date_vi, nfc
from vungmanh.outputs.forms.refusals import refused

#: None leaves the cell as the template has it: not known is never a zero.
Value = str | int | float | Decimal | bool | dt.date | None

MAX_TEXT = 32_767  # what Excel holds in a cell
MOST_DIGITS = 15  # more, Excel keeps as noughts: a figure that is not the figure
#: Control characters, halves of characters, and signs that turn the direction of what follows.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_BEGIN = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


def inside(
    value: Value, place: str, prefix: str, *, holds_days: bool, since_1904: bool
) -> tuple[str, str]:
    """The kind of a cell ("" for a number) and its content as XML.

    A day becomes Excel's number where the template shows days, else the words of a day.
    """
    if isinstance(value, dt.datetime):
        raise refused("value-kind", f"Giá trị ở {place} có cả giờ: chỉ điền được ngày.", place)
    if isinstance(value, dt.date):
        if not holds_days or value < dt.date(1904 if since_1904 else 1901, 1, 2):
            return _text(date_vi(value), place, prefix)
        return "", f"<{prefix}v>{(value - _BEGIN[since_1904]).days}</{prefix}v>"
    if isinstance(value, bool):
        return "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    if isinstance(value, int | float | Decimal):
        if not _fits(value):
            raise refused(
                "value-kind",
                f"Giá trị ở {place} không phải là một số, hoặc dài quá {MOST_DIGITS} chữ số.",
                place,
            )
        return "", f"<{prefix}v>{value}</{prefix}v>"
    if isinstance(value, str):
        return _text(nfc(value), place, prefix)
    raise refused("value-kind", f"Giá trị ở {place} không phải chữ, số hay ngày.", place)


def _fits(value: int | float | Decimal) -> bool:
    """Whether Excel keeps the number as it is."""
    if isinstance(value, int):
        return abs(value) < 10**MOST_DIGITS
    return math.isfinite(value) and abs(float(value)) < 1e300


def _text(text: str, place: str, prefix: str) -> tuple[str, str]:
    """Kept in the cell itself, so that the list of texts all sheets share stays untouched."""
    if _CONTROL.search(text):
        raise refused(
            "control-characters",
            f"Chữ định điền vào {place} có ký tự điều khiển không nhìn thấy (thường do chép từ "
            "phần mềm khác). Gõ lại chữ ấy rồi làm lại.",
            place,
        )
    if len(text) > MAX_TEXT:
        raise refused(
            "text-too-long", f"Chữ định điền vào {place} dài quá 32.767 ký tự. Rút ngắn lại.", place
        )
    # Excel reads _x000A_ as a character of that number: the underscore itself must be escaped.
    kept = _ESCAPED.sub(
        lambda found: f"_x005F{found[0]}", text.replace("\r\n", "\n").replace("\r", "\n")
    )
    return "inlineStr", (
        f'<{prefix}is><{prefix}t xml:space="preserve">{escape(kept)}</{prefix}t></{prefix}is>'
    )
