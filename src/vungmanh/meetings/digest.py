"""What waits for one person today, as counts: one quiet list instead of many messages.

`waiting_for` asks for a viewer, so that scope and delegation are those of the pages; the nightly
run keeps the answers (`actions.digests`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import MeetingState, PhoneItemState, Role, Scorer
from vungmanh.meetings.asking import to_decide
from vungmanh.meetings.models import Digest, DigestMute, Meeting, Obligation, SheetScore
from vungmanh.meetings.phones import items_visible
from vungmanh.meetings.queue import Pile, pile_of
from vungmanh.meetings.reads import meetings_visible
from vungmanh.meetings.resolutions import waiting_receipts
from vungmanh.meetings.task_listing import TaskFilter, TaskStage, listed_tasks, stage_counts

MONTHS_BACK = 12  # what was not recorded longer ago is no longer a reminder
_DONE = (MeetingState.FILED, MeetingState.CONFIRMED, MeetingState.SEALED)


@dataclass(frozen=True)
class Waiting:
    """How many of one kind wait; `since` is the oldest day where one is known."""

    key: str
    count: int
    since: dt.date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "count": self.count,
            "since": self.since.isoformat() if self.since else None,
        }


def waiting_for(viewer: Viewer, on: dt.date) -> list[Waiting]:
    """What waits for the viewer on a day, what is late first; nothing that is zero."""
    return [one for ask in _QUESTIONS for one in ask(viewer, on) if one.count]


def digest_of(viewer: Viewer, day: dt.date) -> Digest | None:
    """The digest to show: of this day and role, with something in it, unseen and not muted."""
    if viewer.hat is None:
        return None
    found = Digest.objects.filter(
        ~Exists(DigestMute.objects.filter(user=OuterRef("user"), until__gt=day)),
        user=viewer.user,
        hat=viewer.hat.code,
        day=day,
        seen_at=None,
    ).first()
    return found if found is not None and found.items else None


def is_put_away(viewer: Viewer, day: dt.date) -> bool:
    """Whether the person has seen the list of this day, or wants none for a while."""
    if viewer.hat is None:
        return True
    seen = Digest.objects.filter(user=viewer.user, hat=viewer.hat.code, day=day)
    muted = DigestMute.objects.filter(user=viewer.user, until__gt=day)
    return seen.exclude(seen_at=None).exists() or muted.exists()


# --- the questions -------------------------------------------------------------------------------


def _months(viewer: Viewer, on: dt.date) -> Iterator[Waiting]:
    """Months past their term without a report, and records that came back: of one's own cells."""
    if viewer.role is not Role.CELL_SECRETARY:
        return
    first = add_months(month_of(on), -MONTHS_BACK)
    missing = pile_of(viewer, Pile.MISSING, on, first=first)
    assert missing.model is Obligation
    yield Waiting("months_missing", missing.count(), _first(missing, "due_by"))
    yield Waiting("months_returned", pile_of(viewer, Pile.RETURNED, on, first=first).count())


def _office(viewer: Viewer, on: dt.date) -> Iterator[Waiting]:
    """Records to confirm, excuses to decide, what phones sent that needs a person."""
    if can(viewer, "meetings.meeting.confirm"):
        first = add_months(month_of(on), -MONTHS_BACK)
        waiting = pile_of(viewer, Pile.WAITING, on, first=first)
        yield Waiting("to_confirm", waiting.count(), _first(waiting, "changed_at__date"))
    if can(viewer, "meetings.excuse.grant"):
        yield Waiting("excuses_to_decide", to_decide(viewer, on).count())
    if can(viewer, "meetings.phone.settle"):
        found = items_visible(viewer, on).filter(
            state__in=(PhoneItemState.CONFLICT, PhoneItemState.QUARANTINED)
        )
        yield Waiting("phone_items", found.count())


def _tasks(viewer: Viewer, on: dt.date) -> Iterator[Waiting]:
    """Tasks of the units in which the role is held, and what was sent to them from above."""
    if not can(viewer, "meetings.task.report"):
        return
    own = listed_tasks(viewer, TaskFilter(own=True), on)
    counts = stage_counts(own, on)
    yield Waiting("tasks_overdue", counts[TaskStage.OVERDUE])
    yield Waiting("tasks_this_month", counts[TaskStage.THIS_MONTH])
    yield Waiting("receipts", waiting_receipts(viewer, on).count())


def _scores(viewer: Viewer, on: dt.date) -> Iterator[Waiting]:
    """Meetings that the person's side has not scored: an overseer those attended."""
    sides = {Role.OVERSEER: Scorer.SUPERIOR, Role.CELL_SECRETARY: Scorer.SELF}
    if viewer.role not in sides:
        return
    side = sides[viewer.role]
    given = SheetScore.objects.filter(meeting=OuterRef("pk"), scorer=side, is_complete=True)
    found: Any = meetings_visible(viewer, on).filter(
        ~Exists(given),
        Q(facts__superior_present=True) if side is Scorer.SUPERIOR else Q(),
        facts__outcome="held",
        state__in=_DONE,
        month__gte=add_months(month_of(on), -2),
    )
    assert found.model is Meeting
    yield Waiting("scores", found.count())


def _first(found: Any, name: str) -> dt.date | None:
    day: dt.date | None = found.order_by().aggregate(first=Min(name))["first"]
    return day


Question = Callable[[Viewer, dt.date], Iterator[Waiting]]
_QUESTIONS: list[Question] = [_months, _office, _tasks, _scores]


def ask_also(question: Question) -> None:
    """Let a room above this one add what waits in it; its words stand in `web.digest`."""
    if question not in _QUESTIONS:
        _QUESTIONS.append(question)
