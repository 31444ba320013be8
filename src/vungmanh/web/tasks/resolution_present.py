"""Resolutions in the words of the page: how far one has come, what waits, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import ResolutionKind, ResolutionState
from vungmanh.meetings.models import Receipt, Resolution
from vungmanh.meetings.resolutions import RolledUp
from vungmanh.meetings.task_listing import Carried
from vungmanh.web.tasks.present import names_of, share_words


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
