"""Items of phones in the words of the office's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.errors import VungManhError
from vungmanh.core.periods import month_label, parse_month
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import ObligationKind, PhoneItemState, ReportState
from vungmanh.meetings.facts import FIELDS, FieldKind
from vungmanh.meetings.models import PhoneItem, Task
from vungmanh.meetings.phone_answers import DAY_SECONDS, clock_words
from vungmanh.org.models import UnitVersion

S = PhoneItemState
KINDS = {
    "meeting.write": gettext_lazy("Ghi buổi họp"),
    "meeting.file": gettext_lazy("Nộp bản ghi"),
    "task.report": gettext_lazy("Báo tiến độ việc"),
    "task.give": gettext_lazy("Giao việc"),
    "sheet.score": gettext_lazy("Chấm điểm buổi họp"),
    "visit.record": gettext_lazy("Ghi lần đi cơ sở"),
}
LABELS = {
    "percent": gettext_lazy("Phần trăm"),
    "note": gettext_lazy("Tiến độ"),
    "proof": gettext_lazy("Kết quả đã có"),
    "state": gettext_lazy("Tình trạng"),
    "done_on": gettext_lazy("Ngày xong"),
    "title": gettext_lazy("Việc"),
    "owner": gettext_lazy("Ai làm"),
    "due_on": gettext_lazy("Hạn"),
    "output": gettext_lazy("Kết quả phải có"),
    "attended": gettext_lazy("Có dự sinh hoạt"),
    "found": gettext_lazy("Điều thấy được"),
    "agreed": gettext_lazy("Điều đã thống nhất"),
    "put_right": gettext_lazy("Điều đã khắc phục"),
    "by_plan": gettext_lazy("Theo kế hoạch"),
}
#: What the server told the phone, said to the office instead.
OFFICE_WORDS = {
    "signed-out": gettext_lazy(
        "Gửi khi chưa đăng nhập được. Đọc rồi cho ghi hay từ chối; người gửi đăng nhập lại thì tự "
        "ghi."
    ),
    "not-yours-now": gettext_lazy("Người gửi không còn phụ trách chi bộ này vào ngày gửi."),
    "unit-unknown": gettext_lazy("Mục này nói về một đơn vị không có trong sổ."),
    "after-missing": gettext_lazy(
        "Mục ghi trước nó chưa tới. Tới đủ thì tự ghi; quá 5 ngày tự ghi."
    ),
    "after-conflict": gettext_lazy("Bản nộp này chờ chọn xong chỗ hai nơi ghi khác nhau."),
    "trouble": gettext_lazy("Máy chủ gặp lỗi khi ghi. Đêm nay máy thử lại."),
    "field-conflict": gettext_lazy("Điện thoại và nơi khác ghi khác nhau cùng một chỗ."),
    "score-conflict": gettext_lazy(
        "Người chấm ghi điểm khác nhau ở hai máy; tự chọn trên máy mình."
    ),
    "record-closed": gettext_lazy(
        "Bản ghi đã nộp trước khi mục này tới. Chọn giá trị khác bản đã nộp thì máy sửa, có lý do, "
        "rồi nộp lại."
    ),
}


@dataclass(frozen=True)
class ItemRow:
    """One item as lists and its page show it. Points are never among `values`."""

    item: PhoneItem
    unit: str
    kind: str
    about: str
    state: str
    message: str
    clock: str
    values: list[tuple[str, str]] = field(default_factory=list)


def item_rows(items: Iterable[PhoneItem]) -> list[ItemRow]:
    """The items with the names of their units and tasks: two queries."""
    given = list(items)
    names = unit_names({one.unit_id for one in given})
    tasks = _task_titles([one for one in given if one.kind == "task.report"])
    return [_row(one, names.get(one.unit_id, ""), tasks) for one in given]


def unit_names(ids: set[UUID]) -> dict[UUID, str]:
    """As each is called now, or was last."""
    versions = UnitVersion.objects.filter(unit_id__in=ids).order_by("valid")
    return dict(versions.values_list("unit_id", "name"))


def _task_titles(items: Iterable[PhoneItem]) -> dict[str, str]:
    found = []
    for one in items:
        try:
            found.append(UUID(one.subject))
        except ValueError:
            continue
    titles = Task.objects.filter(pk__in=found).values_list("pk", "title")
    return {str(key): title for key, title in titles}


def _row(item: PhoneItem, unit: str, tasks: dict[str, str]) -> ItemRow:
    is_score = item.kind == "sheet.score"
    off, why = item.clock_off or 0, _why(item)
    clock = clock_words(off) if abs(off) >= DAY_SECONDS else ""
    return ItemRow(
        item=item,
        unit=unit,
        kind=str(KINDS.get(item.kind, item.kind)),
        about="" if is_score else _about(item, tasks),
        state=S(item.state).label,
        message=why,
        clock="" if clock in why else clock,
        values=[] if is_score else _values(item),
    )


def _why(item: PhoneItem) -> str:
    """Why an item lies here, to an office; a refusal in the words its person reads."""
    told = OFFICE_WORDS.get(item.code)
    if told is not None:
        return str(told)
    return "" if item.kind == "sheet.score" else str(item.answer.get("message") or "")


def _about(item: PhoneItem, tasks: dict[str, str]) -> str:
    body = item.body
    if item.kind.startswith("task."):
        return str(body.get("title") or tasks.get(item.subject, ""))[:200]
    if item.kind == "visit.record":
        return _day_words(str(body.get("on") or ""))[:20]
    try:
        kind = ObligationKind(str(body.get("kind")))
        return f"{kind.label} {month_label(parse_month(str(body.get('month'))))}"
    except (ValueError, VungManhError):
        return ""


def _values(item: PhoneItem) -> list[tuple[str, str]]:
    said = item.body.get("set")
    if item.kind == "task.give":
        said = {name: item.body.get(name) for name in ("title", "owner", "due_on", "output")}
    if not isinstance(said, dict):
        return []
    order = [*FIELDS, *said]
    named = sorted(said.items(), key=lambda one: order.index(one[0]))
    return [(label_of(name), value_words(name, value)) for name, value in named]


def label_of(name: str) -> str:
    """What a reader calls a field."""
    if name in FIELDS:
        return str(_(FIELDS[name].label))
    return str(LABELS.get(name, name))


def kind_of(name: str) -> FieldKind | None:
    """What kind of value a field holds; None for a line of a task."""
    if name in ("due_on", "done_on"):
        return FieldKind.DAY
    if name == "percent":
        return FieldKind.COUNT
    return FIELDS[name].kind if name in FIELDS else None


def value_words(name: str, value: Any) -> str:
    """A value as a reader says it; what was not said is said to be so."""
    if value is None or value == "":
        return _("(chưa ghi)")
    kind = kind_of(name)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if kind is FieldKind.ROLL and isinstance(value, dict):
        marks = [str(one.get("status")) for one in value.values() if isinstance(one, dict)]
        return _("%(all)s người, có mặt %(present)s") % {
            "all": number_vi(len(value)), "present": number_vi(marks.count("present")),
        }  # fmt: skip
    words = str(value)
    if kind is FieldKind.CHOICE and words in set(ReportState):
        return ReportState(words).label
    return _day_words(words) if kind is FieldKind.DAY else words


def _day_words(text: str) -> str:
    try:
        return date_vi(dt.date.fromisoformat(text))
    except ValueError:
        return text


def finding(counts: dict[PhoneItemState, int]) -> str:
    """The sentence the queue opens with."""
    waits = sum(counts[one] for one in (S.CONFLICT, S.QUARANTINED, S.HELD))
    if not waits:
        return _("Không có mục nào từ điện thoại chờ đồng chí.")
    parts = [
        (counts[S.CONFLICT], _("%s chỗ hai nơi ghi khác nhau, cần chọn")),
        (counts[S.QUARANTINED], _("%s mục chờ cho ghi hay từ chối")),
        (counts[S.HELD], _("%s mục đang giữ, chờ mục trước")),
    ]
    told = ", ".join(words % number_vi(count) for count, words in parts if count)
    return _("%(count)s mục từ điện thoại đang chờ: %(told)s.") % {
        "count": number_vi(waits), "told": told,
    }  # fmt: skip
