"""What is still open when a programme is summed up, and the last word said of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from vungmanh.access.ledger import latest_events
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import GateKind, SelectionState
from vungmanh.strengthening.file_reads import files_visible
from vungmanh.strengthening.models import Programme, ProgrammeGate, Selection
from vungmanh.strengthening.models.files import OVER
from vungmanh.strengthening.programme_reads import GateNow, gates_now

UNDECIDED = (SelectionState.DRAFT, SelectionState.SUBMITTED)
_RECENT = 40  # events looked through for the last word


@dataclass(frozen=True)
class StillOpen:
    """What a summing up on a day would leave behind.

    `files` go on to their end and bar nothing; a list that nobody decided, and a final gate that is
    to come or lacks reports, bar it unless a reason is given.
    """

    files: int
    selections: Sequence[Selection]
    gates: Sequence[GateNow]  # that lack reports
    to_come: Sequence[ProgrammeGate]  # final gates after that day

    @property
    def bars(self) -> bool:
        final = [one for one in self.gates if one.gate.kind == GateKind.FINAL]
        return bool(self.selections or self.to_come or final)


def still_open(viewer: Viewer, programme: Programme, day: dt.date) -> StillOpen:
    """As the viewer sees it; who sums up sees all of their committee."""
    files = files_visible(viewer).filter(programme=programme).exclude(state__in=OVER)
    waiting = Selection.objects.filter(programme=programme, state__in=UNDECIDED)
    gates = gates_now(viewer, programme, day)
    return StillOpen(
        files=files.count(),
        selections=list(waiting.order_by("year", "id")),
        gates=[one for one in gates if one.missing],
        to_come=[
            one.gate for one in gates
            if one.gate.kind == GateKind.FINAL and one.gate.due_on > day
        ],
    )  # fmt: skip


def last_gate_day(programme: Programme) -> dt.date | None:
    """The day of the last gate; None without gates."""
    return max((gate.due_on for gate in programme.gates.all()), default=None)


def last_word(programme: Programme, verb: str, *, unless: str) -> Event | None:
    """The last event of a verb, unless one of the other verb came after it."""
    for event in latest_events([f"programme:{programme.pk}"], limit=_RECENT):
        if event.verb in (verb, unless):
            return event if event.verb == verb else None
    return None
