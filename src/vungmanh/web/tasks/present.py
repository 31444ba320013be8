"""Tasks and resolutions in the words of the page."""

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
from vungmanh.core.vocabulary import FiledVia, ResolutionKind, ResolutionState, TaskState
from vungmanh.meetings.models import Receipt, Resolution, Task, TaskStep
from vungmanh.meetings.resolutions import RolledUp
from vungmanh.meetings.task_listing import Carried, TaskStage, stage_of
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


# --- resolutions -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ResolutionRow:
    """One resolution as its list shows it."""

    resolution: Resolution
    unit: str
    told: Carried

    @property
    def kind(self) -> str:
        return _(ResolutionKind(self.resolution.kind).label)

    @property
    def state(self) -> str:
        return _(ResolutionState(self.resolution.state).label)

    @property
    def done(self) -> str:
        return share_words(self.told.done, self.told.tasks) if self.told.tasks else ""

    @property
    def received(self) -> str:
        return share_words(self.told.received, self.told.sent) if self.told.sent else ""


def share_words(part: int, whole: int) -> str:
    """ "7/9 (77,8 %)"; the share is left out of nothing."""
    counted = f"{number_vi(part)}/{number_vi(whole)}"
    return f"{counted} ({percent_vi(part / whole)})" if whole else counted


def resolution_rows(
    found: Iterable[Resolution], told: Mapping[UUID, Carried]
) -> list[ResolutionRow]:
    """Rows with the names of the units."""
    rows = list(found)
    names = names_of(one.unit_id for one in rows)
    return [ResolutionRow(one, names.get(one.unit_id, ""), told[one.pk]) for one in rows]


def resolution_name(resolution: Resolution) -> str:
    """Number and title, as a reader finds it again."""
    return " ".join(part for part in (resolution.number, resolution.title) if part)


def finding_of_resolution(resolution: Resolution, told: Carried) -> str:
    """How far it has come."""
    parts = []
    if resolution.state != ResolutionState.IN_FORCE:
        parts.append(_(ResolutionState(resolution.state).label).lower())
    if told.sent:
        parts.append(
            _("%(n)s nơi được gửi, %(has)s đã nhận, %(not)s chưa nhận")
            % {
                "n": number_vi(told.sent),
                "has": number_vi(told.received),
                "not": number_vi(told.not_received),
            }
        )
    if told.tasks:
        parts.append(_("%(share)s việc đã xong") % {"share": share_words(told.done, told.tasks)})
    if told.late:
        parts.append(_("%(n)s việc quá hạn") % {"n": number_vi(told.late)})
    return f"{resolution_name(resolution)}: {'; '.join(parts) or _('chưa giao việc nào')}."


def pressing_first(rows: Sequence[RolledUp]) -> list[RolledUp]:
    """Those that have not received first, then those that are late; else as they came."""
    return sorted(rows, key=lambda one: (-one.not_received, -one.late))


def sum_of(rows: Sequence[RolledUp]) -> dict[str, int]:
    """The last line of a roll-up."""
    columns = ("sent", "received", "not_received", "tasks", "done", "on_time", "doing", "late",
               "unreceived")  # fmt: skip
    return {column: sum(getattr(one, column) for one in rows) for column in columns}


@dataclass(frozen=True)
class WaitingRow:
    """What was sent and waits to be received."""

    receipt: Receipt
    name: str
    sender: str
    unit: str


def waiting_rows(receipts: Iterable[Receipt]) -> list[WaitingRow]:
    """What waits, the oldest first, with who sent it."""
    found = list(receipts)
    names = names_of(unit for one in found for unit in (one.sent_from_id, one.unit_id))
    return [
        WaitingRow(
            one,
            resolution_name(one.resolution),
            names.get(one.sent_from_id, ""),
            names.get(one.unit_id, ""),
        )
        for one in found
    ]
