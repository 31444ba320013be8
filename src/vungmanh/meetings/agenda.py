"""What a meeting opens with: work left over, guidance not received, the theme of the quarter.

The next agenda starts from the last minutes (peers.md 2c): nobody types what is already known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import MeetingState, ObligationKind
from vungmanh.meetings.duties import duties_of
from vungmanh.meetings.models import Meeting, Obligation, Receipt
from vungmanh.meetings.tasks import OpenTask, open_tasks

#: A thematic month answers a quarter: it lies at most so many months ahead.
QUARTER = 3


@dataclass(frozen=True)
class Directive:
    """Guidance from above, sent and not yet received here."""

    receipt_id: UUID
    resolution_id: UUID
    title: str
    sent_on: dt.date


@dataclass(frozen=True)
class Theme:
    """The thematic meeting this month belongs to: which month owes it, and what is planned."""

    month: dt.date
    due_by: dt.date | None
    state: MeetingState | None
    theme: str


@dataclass(frozen=True)
class Agenda:
    """The opening of a meeting's agenda, and the items its own plan adds."""

    tasks: list[OpenTask]
    directives: list[Directive]
    theme: Theme | None
    items: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.tasks or self.directives or self.theme or self.items)


def agenda_of(
    unit_id: UUID, kind: str, month: dt.date, on: dt.date, plan: dict[str, Any] | None = None
) -> Agenda:
    """The agenda as it stands on day `on`, in a fixed number of queries."""
    return Agenda(
        tasks=open_tasks([unit_id], on),
        directives=directives_not_received(unit_id, on),
        theme=theme_of_quarter(unit_id, month) if kind == ObligationKind.REGULAR else None,
        items=list((plan or {}).get("items") or []),
    )


def directives_not_received(unit_id: UUID, on: dt.date) -> list[Directive]:
    """What was sent to the unit by that day and has not been received yet, the oldest first."""
    waiting = Receipt.objects.filter(unit_id=unit_id, received_at=None, sent_on__lte=on)
    return [
        Directive(one.pk, one.resolution_id, _named(one.resolution), one.sent_on)
        for one in waiting.select_related("resolution").order_by("sent_on", "id")
    ]


def _named(resolution: Any) -> str:
    return " ".join(part for part in (resolution.number, resolution.title) if part)


def theme_of_quarter(unit_id: UUID, month: dt.date) -> Theme | None:
    """The thematic meeting owed for the quarter of a month; None where none is, or it is excused.

    By the rules, since the ledger reaches no further than the running month.
    """
    last = add_months(month, QUARTER - 1)
    due = next(duties_of([unit_id]).due(unit_id, ObligationKind.THEMATIC, month, last), None)
    if due is None:
        return None
    same = {"unit_id": unit_id, "kind": ObligationKind.THEMATIC, "month": due.month}
    if Obligation.objects.filter(**same).exclude(excuse_document="").exists():
        return None
    meeting = Meeting.objects.filter(**same).first()
    return Theme(
        due.month,
        due.due_by,
        MeetingState(meeting.state) if meeting else None,
        str((meeting.plan if meeting else {}).get("theme") or ""),
    )
