"""Tasks in the words of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import FiledVia, TaskState
from vungmanh.meetings.models import Task, TaskStep
from vungmanh.meetings.task_listing import TaskStage, stage_of
from vungmanh.meetings.task_rules import Share
from vungmanh.meetings.tasks import carried_of
from vungmanh.org.models import UnitVersion


def names_of(unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What units were last called, in one query."""
    versions = UnitVersion.objects.filter(unit_id__in=set(unit_ids)).order_by("valid")
    return dict(versions.values_list("unit_id", "name"))


@dataclass(frozen=True)
class TaskRow:
    """One task as lists, its page and its export show it."""

    task: Task
    unit: str
    carried: int
    on: dt.date

    @property
    def stage(self) -> TaskStage:
        return stage_of(self.task, self.on)

    @property
    def resolution(self) -> str:
        of = self.task.resolution
        return (of.number or of.title) if of else ""

    @property
    def is_late(self) -> bool:
        return self.stage is TaskStage.OVERDUE

    @property
    def carried_words(self) -> str:
        """ "chuyển tiếp 2 lần"; "" where it never was."""
        return _("chuyển tiếp %(n)s lần") % {"n": number_vi(self.carried)} if self.carried else ""

    @property
    def term(self) -> str:
        """What the day means: so many days over or left, or when it ended."""
        days = (self.task.due_on - self.on).days
        match self.stage:
            case TaskStage.OVERDUE:
                return _("quá hạn %(n)s ngày") % {"n": number_vi(-days)}
            case TaskStage.DONE:
                return _ended(self.task)
            case TaskStage.DROPPED:
                return _("bỏ ngày %(day)s: %(why)s") % {
                    "day": date_vi(self.task.ended_on or self.on), "why": self.task.drop_reason,
                }  # fmt: skip
        return _("hạn hôm nay") if not days else _("còn %(n)s ngày") % {"n": number_vi(days)}

    @property
    def progress(self) -> str:
        said = self.task.percent
        share = "" if said is None else percent_vi(said / 100, decimals=0)
        return "; ".join(part for part in (share, self.task.note) if part)


def _ended(task: Task) -> str:
    ended_on = task.ended_on or task.due_on
    late = (ended_on - task.due_on).days
    if late > 0:
        return _("xong ngày %(day)s, muộn %(n)s ngày") % {
            "day": date_vi(ended_on), "n": number_vi(late),
        }  # fmt: skip
    return _("xong ngày %(day)s, đúng hạn") % {"day": date_vi(ended_on)}


def task_rows(tasks: Iterable[Task], on: dt.date) -> list[TaskRow]:
    """Rows with names and how often each was carried: three queries whatever their number."""
    found = list(tasks)
    names, carried = names_of(one.unit_id for one in found), carried_of(found, on)
    return [TaskRow(one, names.get(one.unit_id, ""), carried[one.pk], on) for one in found]


def finding_of_list(counts: Mapping[TaskStage, int], waiting: int) -> str:
    """What is to be done now."""
    parts = [
        words % {"n": number_vi(number)}
        for number, words in (
            (waiting, _("%(n)s văn bản chờ nhận")),
            (counts[TaskStage.OVERDUE], _("%(n)s việc quá hạn")),
            (counts[TaskStage.THIS_MONTH], _("%(n)s việc hạn trong tháng này")),
        )
        if number
    ]
    if parts:
        return "; ".join(parts)[:1].upper() + "; ".join(parts)[1:] + "."
    if not sum(counts.values()):
        return _("Chưa có việc nào trong phạm vi của đồng chí.")
    return _("Không có việc quá hạn; tháng này không còn việc nào đến hạn.")


def share_words(part: int, whole: int) -> str:
    """ "7/9 (77,8 %)"; the share is left out of nothing."""
    counted = f"{number_vi(part)}/{number_vi(whole)}"
    return f"{counted} ({percent_vi(part / whole)})" if whole else counted


def reviewed_words(share: Share | None) -> str:
    """The result of the last resolution as a meeting today would find it; "" with nothing due."""
    if share is None or not share.due:
        return ""
    return _(
        "Nếu họp hôm nay: việc đến hạn và việc kỳ trước chuyển sang đã xong %(share)s, trong đó "
        "%(n)s đúng hạn."
    ) % {"share": share_words(share.done, share.due), "n": number_vi(share.on_time)}


def stage_tabs(
    counts: Mapping[TaskStage, int], shown: TaskStage, kept: Sequence[tuple[str, str]]
) -> list[tuple[str, str, bool]]:
    """(words, address, is current) of each stage."""
    return [
        (
            f"{_(stage.label)} {number_vi(counts[stage])}",
            f"?{urlencode([('gd', stage.value), *kept])}",
            stage is shown,
        )
        for stage in TaskStage
    ]


def finding_of_task(row: TaskRow) -> str:
    """The sentence of one task."""
    parts = [row.term, row.carried_words]
    return f"{row.task.title}: " + "; ".join(part for part in parts if part) + "."


# --- the history of a task -----------------------------------------------------------------------

_FIELDS = {
    "owner": gettext_lazy("Ai làm"),
    "percent": gettext_lazy("Phần trăm"),
    "note": gettext_lazy("Tiến độ, vướng mắc"),
    "proof": gettext_lazy("Kết quả đã có"),
    "done_on": gettext_lazy("Ngày xong"),
}


@dataclass(frozen=True)
class StepRow:
    """One step: who, when, what it did, and the values it wrote."""

    step: TaskStep
    what: str
    values: list[tuple[str, str]]

    @property
    def via(self) -> str:
        """By which way, where it was not this page."""
        return "" if self.step.via == FiledVia.WEB else _(FiledVia(self.step.via).label)


def step_rows(steps: Iterable[TaskStep]) -> list[StepRow]:
    """The history, newest first."""
    return [StepRow(one, _what(one), _values(one)) for one in steps]


def _what(step: TaskStep) -> str:
    if step.revision == 1:
        return _("giao việc")
    if "state" not in step.fields:
        return _("báo tiến độ")
    match step.state:
        case TaskState.DONE:
            return _("ghi là đã xong")
        case TaskState.DROPPED:
            return _("bỏ việc")
    return _("mở lại")


def _values(step: TaskStep) -> list[tuple[str, str]]:
    told = [(name, now) for name, (_was, now) in step.fields.items() if name in _FIELDS]
    return [(str(_FIELDS[name]), _value(name, now)) for name, now in told]


def _value(name: str, now: Any) -> str:
    if now is None:
        return _("để trống")
    if name == "percent":
        return percent_vi(now / 100, decimals=0)
    return date_vi(dt.date.fromisoformat(now)) if name == "done_on" else str(now)


def conflict_words(fields: Mapping[str, tuple[Any, Any, Any]]) -> list[str]:
    """Both values of each field that two people wrote."""
    return [
        _("%(field)s: đang ghi “%(theirs)s”, đồng chí ghi “%(mine)s”.")
        % {
            "field": _FIELDS[name],
            "theirs": _value(name, theirs),
            "mine": _value(name, mine),
        }
        for name, (theirs, mine, _was) in fields.items()
        if name in _FIELDS
    ]
