"""The board of a cycle: where each dossier stands, what came late and what is missing."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.text import name_key
from vungmanh.core.vocabulary import DossierAct, DossierState
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry
from vungmanh.evaluation.reads import dossiers_visible

A = DossierAct
#: The steps that have a deadline, in the order they follow one another.
TIMED: Final = (A.RATE_SELF, A.GIVE_OPINION, A.VERIFY, A.PROPOSE, A.DECIDE, A.NOTIFY)


@dataclass(frozen=True)
class StepDay:
    """One step of one dossier: its deadline and the day it was done, each None where not known.

    Of the steps not done only the first whose day has passed is missing: those behind it wait.
    """

    act: DossierAct
    deadline: dt.date | None
    done_on: dt.date | None
    is_missing: bool
    is_turn: bool = False
    is_closed: bool = False  # not done, and no longer to be done

    @property
    def is_late(self) -> bool:
        return bool(self.deadline and self.done_on and self.done_on > self.deadline)


@dataclass(frozen=True)
class BoardRow:
    """One dossier on the board. `opinions` of `asked` bodies are in; never what they say."""

    dossier: Dossier
    steps: tuple[StepDay, ...]
    opinions: int
    asked: int

    @property
    def late(self) -> tuple[StepDay, ...]:
        return tuple(step for step in self.steps if step.is_late)

    @property
    def turn(self) -> StepDay | None:
        """The step that is to be done now; None where all are done."""
        return next((step for step in self.steps if step.is_turn), None)

    @property
    def missing(self) -> tuple[StepDay, ...]:
        return tuple(step for step in self.steps if step.is_missing)


@dataclass(frozen=True)
class Board:
    """The dossiers of a cycle that the viewer sees, and how many stand in each state."""

    rows: tuple[BoardRow, ...]
    counts: Mapping[DossierState, int]

    @property
    def late(self) -> int:
        """Dossiers with a step that came late or is missing."""
        return sum(bool(row.late or row.missing) for row in self.rows)


def cycle_board(cycle: Cycle, viewer: Viewer) -> Board:
    """Every dossier of the cycle in sight, by name; two queries however many there are."""
    found = dossiers_visible(viewer).filter(cycle=cycle).order_by("id")
    dossiers = sorted(found, key=lambda one: (one.subject, name_key(one.name)))
    days = _days_of(dossiers)
    rows = tuple(_row(cycle, dossier, days[dossier.pk], viewer.on) for dossier in dossiers)
    counted = Counter(DossierState(dossier.state) for dossier in dossiers)
    return Board(rows, {state: counted[state] for state in DossierState if counted[state]})


_Days = dict[DossierAct, list[dt.date]]


def _days_of(dossiers: Sequence[Dossier]) -> Mapping[UUID, _Days]:
    """On which days each act of the current filing was done. Past the wall, which hides opinions:
    only how many there are is told."""
    filings = {dossier.pk: dossier.filing for dossier in dossiers}
    with lowered():
        rows = DossierEntry.objects.filter(dossier_id__in=filings, act__in=TIMED).order_by(
            "dossier_id", "number"
        )
        said = list(rows.values_list("dossier_id", "filing", "act", "at"))
    days: dict[UUID, _Days] = defaultdict(lambda: defaultdict(list))
    for dossier_id, filing, act, at in said:
        if filing == filings[dossier_id]:
            days[dossier_id][DossierAct(act)].append(localdate(at))
    return days


def _row(cycle: Cycle, dossier: Dossier, days: _Days, today: dt.date) -> BoardRow:
    opinions, asked = len(days[A.GIVE_OPINION]), len(cycle.bodies)
    steps: list[StepDay] = []
    for act in TIMED:
        # The days were set for the year's work; what was opened again goes by none of them.
        deadline = deadline_of(cycle, act) if dossier.version == 1 else None
        done = days[act][0] if days[act] else None  # told again after a complaint is no late step
        if act is A.GIVE_OPINION:  # heard when the last of them is
            done = days[act][-1] if days[act] and opinions >= asked else None
        over = deadline is not None and today > deadline
        is_closed = act is A.GIVE_OPINION and bool(days[A.VERIFY])  # verifying closes the opinions
        undone = done is None and not is_closed
        is_turn = undone and not any(step.is_turn for step in steps)
        is_missing = undone and over and not any(step.is_missing for step in steps)
        steps.append(StepDay(act, deadline, done, is_missing, is_turn, is_closed))
    return BoardRow(dossier, tuple(steps), opinions, asked)


def deadline_of(cycle: Cycle, act: DossierAct) -> dt.date | None:
    """The last day for the step, where the cycle has one."""
    said = cycle.deadlines.get(act.value)
    return dt.date.fromisoformat(said) if said else None
