"""Where a month leads: score, papers, minutes, calendar, tasks, the cell."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from vungmanh.access.permissions import can
from vungmanh.core.vocabulary import MeetingState
from vungmanh.meetings.models import TextLikeness
from vungmanh.web.meetings.month import Month

RECORDED = (
    MeetingState.RECORDING, MeetingState.FILED, MeetingState.RETURNED, MeetingState.CONFIRMED,
    MeetingState.SEALED,
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """Words and address."""

    words: str
    href: str


def links_of(page: Month) -> list[Link]:
    """What can be opened now; a page that this installation does not have is left out."""
    writes = can(page.viewer, "meetings.meeting.write")
    readable = RECORDED if writes else RECORDED[1:]  # a draft is for those who write it
    told = [
        (_("Thư mời họp"), "meeting_notice", page.id, page.state is not None),
        (_("Ghi vào lịch (.ics)"), "meeting_ics", page.id, bool(page.plan.get("planned_on"))),
        (_("Biên bản"), "meeting_minutes", page.id, page.state in readable),
        (_("Chấm điểm buổi họp"), "meeting_score", page.id, page.state in RECORDED),
        (_("Mẫu giấy để ghi tay"), "blank_minutes", page.unit_id, True),
        (_("Sổ nghĩa vụ của chi bộ"), "unit_ledger", page.unit_id, True),
    ]
    if can(page.viewer, "meetings.task.give") and page.state in RECORDED:
        query = f"?buoi={page.id}"
        tasks = [
            Link(_("Ghi nghị quyết của buổi họp"), address("resolution_new") + query),
            Link(_("Giao việc từ buổi họp"), address("task_give") + query),
        ]
    else:
        tasks = []
    alike = TextLikeness.objects.filter(
        version__meeting_id=page.id, version__returned_at=None, version__retracted_at=None
    ).values_list("pk", flat=True)
    if page.state in RECORDED and can(page.viewer, "meetings.text.view"):
        words = _("Mời xem lại: giống biên bản khác")
        tasks += [Link(words, address("lookalike", key)) for key in alike]
    found = tasks + [Link(words, address(name, key)) for words, name, key, shown in told if shown]
    return [one for one in found if one.href]


def address(name: str, *args: object) -> str:
    """The address of a page; empty where there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
