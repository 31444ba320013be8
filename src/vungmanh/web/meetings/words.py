"""A meeting in words: its state as a sentence, its values, what each act did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.periods import month_label
from vungmanh.core.text import NBSP, date_vi, number_vi
from vungmanh.core.vocabulary import FiledVia, MeetingAct, MeetingState, ObligationKind, ReportState
from vungmanh.meetings.facts import FIELDS, ROLL_MARKS

_PLAN = {
    "planned_on": gettext_lazy("Ngày họp (chuẩn bị)"),
    "planned_at": gettext_lazy("Giờ họp (chuẩn bị)"),
    "place": gettext_lazy("Nơi họp (chuẩn bị)"),
    "theme": gettext_lazy("Tên chuyên đề"),
    "items": gettext_lazy("Nội dung thêm"),
    "papers": gettext_lazy("Tài liệu gửi kèm"),
}

#: What each act is called on its button, and what is said once it is done.
BUTTONS = {
    MeetingAct.PLAN: (gettext_lazy("Lưu chuẩn bị"), gettext_lazy("Đã lưu phần chuẩn bị.")),
    MeetingAct.ANNOUNCE: (
        gettext_lazy("Báo họp"),
        gettext_lazy("Đã báo họp. In hoặc gửi giấy mời cho đảng viên và người phụ trách."),
    ),
    MeetingAct.WRITE: (gettext_lazy("Lưu nháp"), gettext_lazy("Đã lưu nháp, chưa nộp.")),
    MeetingAct.FILE: (
        gettext_lazy("Lưu và nộp"),
        gettext_lazy("Đã nộp. Sổ nghĩa vụ tính ngay; còn chờ văn phòng đảng ủy xác nhận."),
    ),
    MeetingAct.RETRACT: (
        gettext_lazy("Rút lại để sửa"),
        gettext_lazy("Đã rút lại. Sửa xong nhớ nộp lại."),
    ),
    MeetingAct.CONFIRM: (gettext_lazy("Xác nhận"), gettext_lazy("Đã xác nhận.")),
    MeetingAct.RETURN: (
        gettext_lazy("Trả lại"),
        gettext_lazy("Đã trả lại, kèm lý do; chi bộ thấy ngay."),
    ),
    MeetingAct.SEAL: (
        gettext_lazy("Khóa"),
        gettext_lazy("Đã khóa. Muốn sửa thì đính chính, có lý do."),
    ),
    MeetingAct.CORRECT: (
        gettext_lazy("Đính chính"),
        gettext_lazy("Đã mở bản đính chính. Bản cũ còn nguyên và còn được tính đến khi nộp lại."),
    ),
}
#: Whose turn it is in each state.
TURNS = {
    None: gettext_lazy("Bí thư chi bộ chuẩn bị hoặc ghi; không có máy thì văn phòng nhập thay."),
    MeetingState.PREPARING: gettext_lazy("Bí thư chi bộ báo họp cho đảng viên."),
    MeetingState.ANNOUNCED: gettext_lazy("Họp xong, bí thư chi bộ ghi rồi nộp."),
    MeetingState.RECORDING: gettext_lazy("Bí thư chi bộ ghi xong thì nộp."),
    MeetingState.FILED: gettext_lazy("Văn phòng đảng ủy xác nhận hoặc trả lại, có lý do."),
    MeetingState.RETURNED: gettext_lazy("Bí thư chi bộ sửa theo lý do trả lại, rồi nộp lại."),
    MeetingState.CONFIRMED: gettext_lazy("Văn phòng đảng ủy khóa."),
    MeetingState.SEALED: gettext_lazy("Xong. Muốn sửa thì đính chính, có lý do."),
}
KINDS = {
    ObligationKind.REGULAR: gettext_lazy("sinh hoạt thường kỳ"),
    ObligationKind.THEMATIC: gettext_lazy("sinh hoạt chuyên đề"),
}


def label_of(name: str) -> str:
    """The name of a field as a reader knows it."""
    return _(FIELDS[name].label) if name in FIELDS else str(_PLAN.get(name, name))


def said_of(name: str, value: Any) -> str:
    """One value as a reader says it; not said is said so."""
    if value is None or value in ("", []):
        return _("chưa ghi")
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, int):
        return number_vi(value)
    return _WORDS.get(name, str)(value)


def _day(value: str) -> str:
    try:
        return date_vi(dt.date.fromisoformat(value))
    except ValueError:
        return value


def roll_words(roll: dict[str, dict[str, str]]) -> str:
    """How many were marked how; names stay on the roll itself."""
    marks = [said.get("status") for said in roll.values()]
    told = [(label, marks.count(mark)) for mark, label in ROLL_MARKS.items()]
    return ", ".join(f"{_(label).lower()} {count}" for label, count in told if count)


_WORDS: dict[str, Callable[[Any], str]] = {
    "held_on": _day,
    "planned_on": _day,
    "outcome": lambda value: _("có họp") if value == ReportState.HELD else _("không họp"),
    "roll": roll_words,
}


def percent(share: Fraction) -> str:
    """A share in tenths of a percent, rounded as in school."""
    tenths = (share.numerator * 2000 + share.denominator) // (2 * share.denominator)
    return f"{tenths // 10},{tenths % 10}{NBSP}%" if tenths % 10 else f"{tenths // 10}{NBSP}%"


def month_of_kind(kind: ObligationKind, month: dt.date) -> str:
    """ "kỳ tháng 11/2026", with the theme's kind where it is one."""
    label = month_label(month)
    if kind is ObligationKind.THEMATIC:
        return _("kỳ chuyên đề %(month)s") % {"month": label}
    return _("kỳ %(month)s") % {"month": label}


def via_words(via: str) -> str:
    """How a record came in, where a reader must know: nothing for the usual way."""
    return _(FiledVia(via).label) if via in (FiledVia.PAPER, FiledVia.PHONE) else ""
