"""The notice of a meeting: when, where, and an agenda that opens with what is still open."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import MeetingAct
from vungmanh.meetings.agenda import Agenda, agenda_of
from vungmanh.meetings.models import Meeting
from vungmanh.meetings.tasks import OpenTask
from vungmanh.org.queries import secretary_of
from vungmanh.outputs.minutes.gather import about_of, heading_of
from vungmanh.outputs.papers.document import (
    Heading,
    Line,
    Paper,
    Part,
    Prose,
    Signature,
    Table,
    clock,
)

_WIDTHS = (8, 37, 20, 17, 18)


def notice_paper(meeting: Meeting, *, on: dt.date) -> Paper:
    """As the agenda stands on the day `on`, or on that of the meeting where it is over."""
    plan = meeting.plan
    planned = dt.date.fromisoformat(plan["planned_on"]) if plan.get("planned_on") else None
    day = min(on, planned) if planned else on
    agenda = agenda_of(meeting.unit_id, meeting.kind, meeting.month, day, plan)
    told = announced_on(meeting)
    return Paper(
        **heading_of(meeting.unit_id, day),
        symbol="TM",
        on=told,
        title="Thư mời",
        about=about_of(meeting.kind, meeting.month, plan.get("theme")),
        addressed="Kính gửi: đồng chí ……………………………………",
        parts=(
            Line("Thời gian", _when(planned, plan.get("planned_at"))),
            Line("Địa điểm", plan.get("place") or ""),
            *_contents(agenda),
            *_papers(plan),
            Prose(("Đề nghị đồng chí đến dự đúng giờ. Vắng mặt thì báo bí thư chi bộ, có lý do.",)),
        ),
        signatures=(_signature(meeting.unit_id, day),),
        recipients=("Đảng viên chi bộ,", "Cấp ủy viên phụ trách chi bộ,", "Lưu chi bộ."),
    )


def announced_on(meeting: Meeting) -> dt.date | None:
    """The day on which the meeting was last announced; None while it is only prepared."""
    last = meeting.changes.filter(act=MeetingAct.ANNOUNCE).order_by("revision").last()
    return localdate(last.at) if last else None


def _when(day: dt.date | None, time: str | None) -> str:
    if day is None:
        return ""
    told = f"ngày {date_vi(day)} ({_WEEKDAYS[day.weekday()]})"
    return f"{clock(time)}, {told}" if time else told


_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def _contents(agenda: Agenda) -> list[Part]:
    """Work left over first, then what came from above, the theme, and what the cell adds."""
    parts: list[Part] = [Heading("Nội dung")]
    if agenda.tasks:
        rows = tuple(
            (
                str(n),
                one.title,
                one.owner,
                date_vi(one.due_on),
                _how(one),
            )
            for n, one in enumerate(agenda.tasks, start=1)
        )
        heads = ("TT", "Việc", "Ai làm", "Hạn", "Tình trạng")
        parts.append(Table("Việc còn lại từ kỳ trước", heads, rows, _WIDTHS, (0, 3)))
    items = [
        f"Văn bản cấp trên: {one.title} (gửi {date_vi(one.sent_on)})." for one in agenda.directives
    ]
    if agenda.theme:
        named = f": {agenda.theme.theme}" if agenda.theme.theme else ""
        due = f", hạn {date_vi(agenda.theme.due_by)}" if agenda.theme.due_by else ""
        items.append(f"Chuẩn bị sinh hoạt chuyên đề quý này{named}{due}.")
    items += agenda.items
    if items:
        parts.append(Prose(tuple(f"{n}. {text}" for n, text in enumerate(items, start=1))))
    if agenda.is_empty:
        parts.append(Line("Nội dung"))
    return parts


def _how(task: OpenTask) -> str:
    if task.carried:
        return f"chuyển tiếp {task.carried} lần"
    return "quá hạn" if task.is_overdue else "trong hạn"


def _papers(plan: dict[str, Any]) -> list[Part]:
    papers = plan.get("papers") or []
    if not papers:
        return []
    return [Heading("Tài liệu gửi kèm"), Prose(tuple(f"- {name}" for name in papers))]


def _signature(unit_id: UUID, on: dt.date) -> Signature:
    known = secretary_of(unit_id, on)
    return Signature("Bí thư", known.holder_name if known.in_post else "", "T/M Chi bộ")
