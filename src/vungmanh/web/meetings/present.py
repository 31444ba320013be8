"""The month of a cell as a reader sees it: stages, the sentence on top, buttons, the record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.periods import month_of
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import MeetingAct, MeetingState, ReportState
from vungmanh.meetings.states import STEPS
from vungmanh.web.meetings.forms import GROUPS
from vungmanh.web.meetings.month import Month
from vungmanh.web.meetings.words import (
    BUTTONS,
    TURNS,
    label_of,
    month_of_kind,
    said_of,
)

A, S = MeetingAct, MeetingState
#: The five stages of the paper world, and the states in which each is the one being done.
STAGES = (
    (gettext_lazy("Chuẩn bị"), (None, S.PREPARING)),
    (gettext_lazy("Họp"), (S.ANNOUNCED,)),
    (gettext_lazy("Ghi"), (S.RECORDING, S.RETURNED)),
    (gettext_lazy("Xác nhận"), (S.FILED,)),
    (gettext_lazy("Khóa"), (S.CONFIRMED,)),
)
RECORD = 2  # place of the stage in which a record is written


@dataclass(frozen=True)
class Stage:
    """One of the five: done, the one being done, or still to come."""

    label: str
    note: str
    is_current: bool
    is_next: bool


def stages(page: Month) -> list[Stage]:
    """The stepper. A sealed record has passed them all."""
    at = next((n for n, (_label, states) in enumerate(STAGES) if page.state in states), len(STAGES))
    if at < RECORD and _is_over(page):
        at = RECORD
    notes = _notes(page)
    return [
        Stage(str(label), notes[n], n == at, n > at) for n, (label, _states) in enumerate(STAGES)
    ]


def _notes(page: Month) -> list[str]:
    plan, facts, version = page.plan, page.facts, page.standing
    announced = page.state is not None and plan.get("announced")
    filed = _("nộp %(day)s") % {"day": _on(version.filed_at)} if version else ""
    confirmed = _on(version.confirmed_at) if version else ""
    sealed = _on(version.sealed_at) if version else ""
    return [
        _("đã báo họp") if announced else "",
        _("không họp")
        if facts.get("outcome") == ReportState.NOT_HELD
        else _day_of(facts.get("held_on") or plan.get("planned_on")),
        filed if page.state is not S.RETURNED else _("bị trả lại"),
        confirmed,
        sealed,
    ]


def _on(at: dt.datetime | None) -> str:
    return date_vi(localtime(at).date()) if at else ""


def _day_of(text: str | None) -> str:
    return date_vi(dt.date.fromisoformat(text)) if text else ""


def finding(page: Month) -> str:
    """The month in one sentence."""
    return _("%(unit)s, %(month)s: %(what)s.") % {
        "unit": page.version.name,
        "month": month_of_kind(page.kind, page.month),
        "what": _what(page),
    }


def _what(page: Month) -> str:
    """What the state says, from the plan or the record."""
    told = {
        None: _nothing_recorded,
        S.PREPARING: _being_prepared,
        S.ANNOUNCED: lambda page: _("đã báo họp %(when)s") % {"when": when_planned(page.plan)},
        S.RECORDING: _being_recorded,
        S.RETURNED: lambda page: _("bị trả lại, chờ chi bộ sửa"),
    }
    if page.state in told:
        return told[page.state](page)
    assert page.state is not None
    return f"{held_words(page.facts)}; {_(page.state.label).lower()}"


def _being_prepared(page: Month) -> str:
    day = _day_of(page.plan.get("planned_on"))
    return _("đang chuẩn bị, dự kiến họp %(day)s") % {"day": day} if day else _("đang chuẩn bị")


def _being_recorded(page: Month) -> str:
    if page.meeting and page.meeting.version > 1:
        return _("đang đính chính lần %(n)s, chưa nộp") % {"n": page.meeting.version - 1}
    return _("đang ghi, chưa nộp")


def _nothing_recorded(page: Month) -> str:
    if page.report is not None:
        what = _("có họp") if page.report.state == ReportState.HELD else _("không họp")
        return _("đã có trong sổ (%(what)s), nhập từ tệp, chưa có bản ghi") % {"what": what}
    if page.due is None and page.month > month_of(page.viewer.on):
        return _("chưa đến kỳ, chuẩn bị trước được")
    if page.due is None:
        return _("không phải kỳ bắt buộc, chưa ghi gì")
    if page.due.excuse_document:
        return _("được miễn theo %(document)s") % {"document": page.due.excuse_document}
    if page.due.due_by is None:
        return _("chưa ghi gì")
    is_over = page.due.due_by < page.viewer.on
    words = _("chưa có báo cáo, hạn là %(day)s") if is_over else _("chưa ghi gì, hạn nộp %(day)s")
    return words % {"day": date_vi(page.due.due_by)}


def when_planned(plan: dict[str, Any]) -> str:
    """ "lúc 19:30 ngày 05/11/2026 tại nhà văn hóa"; what was not said is left out."""
    parts = []
    if plan.get("planned_at"):
        parts.append(_("lúc %(time)s") % {"time": plan["planned_at"]})
    if plan.get("planned_on"):
        parts.append(_("ngày %(day)s") % {"day": _day_of(plan["planned_on"])})
    if plan.get("place"):
        parts.append(_("tại %(place)s") % {"place": plan["place"]})
    return " ".join(parts)


def held_words(facts: dict[str, Any]) -> str:
    """What a record says happened, in a few words."""
    if facts.get("outcome") == ReportState.NOT_HELD:
        return _("không họp")
    told = _("họp %(day)s") % {"day": _day_of(facts.get("held_on"))}
    if facts.get("present") is not None:
        told += _(", %(n)s người có mặt") % {"n": number_vi(facts["present"])}
    return told


def lead(page: Month) -> str:
    """Whose turn it is, with the reason where there is one."""
    if page.state is S.RETURNED:
        last = page.versions[-1]
        return _("Lý do trả lại: %(reason)s") % {"reason": last.returned_reason}
    if page.state is S.RECORDING and page.meeting and page.meeting.version > 1:
        return _("Lý do đính chính: %(reason)s. Bản trước còn được tính đến khi nộp bản này.") % {
            "reason": page.meeting.correction_reason
        }
    if page.state is None and page.report is not None:
        return _(
            "Muốn có biên bản và chấm điểm thì ghi lại đầy đủ; nộp rồi thì thay số nhập từ tệp."
        )
    if page.state is None and _is_over(page):
        return _("Bí thư chi bộ ghi rồi nộp; không có máy thì văn phòng nhập thay từ bản giấy.")
    return str(TURNS[page.state])


@dataclass(frozen=True)
class Button:
    """An act of the table of states, as a button; `needs_reason` opens a field."""

    act: str
    label: str
    needs_reason: bool
    is_main: bool


#: Acts with a button of their own, what is usually next first.
ORDER = (A.CONFIRM, A.SEAL, A.ANNOUNCE, A.RETURN, A.RETRACT, A.CORRECT)


def buttons(page: Month) -> list[Button]:
    """The acts of the table that need no form of their own. What was announced is not announced
    again by the main button."""
    found = [act for act in ORDER if page.can(act)]
    again = page.state is S.ANNOUNCED
    return [
        Button(
            act.value,
            _("Báo họp lại") if act is A.ANNOUNCE and again else str(BUTTONS[act][0]),
            STEPS[act].needs_reason,
            n == 0 and act in (A.CONFIRM, A.SEAL, A.ANNOUNCE) and not again,
        )
        for n, act in enumerate(found)
    ]


def leads(page: Month) -> str:
    """Which form stands open: preparing while the meeting lies ahead, else the record; neither
    where the ledger has the month already from a file."""
    if page.state is None and page.report is not None:
        return ""
    begun = page.state in (S.RECORDING, S.RETURNED)
    return "record" if begun or _is_over(page) or not page.can(A.PLAN) else "plan"


def _is_over(page: Month) -> bool:
    """Whether the day planned, or the whole month, is behind us: there is nothing to prepare."""
    planned = page.plan.get("planned_on")
    if planned and page.state in (S.PREPARING, S.ANNOUNCED):
        return dt.date.fromisoformat(planned) <= page.viewer.on
    return page.month < month_of(page.viewer.on)


# --- the record as text ------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One field of a record as it is read."""

    label: str
    value: str
    is_long: bool


def record_groups(facts: dict[str, Any]) -> list[tuple[str, list[Said]]]:
    """What was said, by the parts of the minutes; a part where nothing was said is left out."""
    found = []
    for title, names in GROUPS:
        lines = [
            Said(label_of(name), said_of(name, facts[name]), name in ("discussion", "conclusion"))
            for name in names
            if facts.get(name) is not None
        ]
        if lines:
            found.append((str(title), lines))
    return found
