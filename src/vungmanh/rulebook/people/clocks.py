"""A term that runs: from which day, until when, and where it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.people.days import WorkingDays
from vungmanh.rulebook.people.findings import Citation


class ClockState(Vocabulary):
    """Where a term stands on a day."""

    WAITING = "waiting", "Chưa bắt đầu"
    RUNNING = "running", "Trong hạn"
    PROLONGED = "prolonged", "Trong thời gian kéo dài"
    OVERDUE = "overdue", "Quá hạn"
    STALLED = "stalled", "Quá hạn, đã ghi lý do"
    DONE = "done", "Đúng hạn"
    LATE = "late", "Đã làm, muộn"
    UNKNOWN = "unknown", "Chưa tính được"


@dataclass(frozen=True)
class Clock:
    """One step: due by `due_on`, with what the rule adds by `latest_on`.

    `days` is the length in working days (None: months, or not said). `late_days` are calendar days
    past `latest_on`. `why` tells, in words, why nothing could be counted.
    """

    step: str
    title: str
    state: ClockState
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    latest_on: dt.date | None = None
    done_on: dt.date | None = None
    days: int | None = None
    late_days: int = 0
    why: str = ""
    citation: Citation | None = None

    @property
    def is_behind(self) -> bool:
        return self.state in {ClockState.OVERDUE, ClockState.STALLED}


@dataclass(frozen=True)
class Term:
    """The length of a step by its rule: working days, and how many the rule adds."""

    days: int | None
    more_days: int = 0
    citation: Citation | None = None


UNRECEIVED = "Chưa ghi ngày chi bộ nhận quyết định; hạn tính từ ngày ấy"
UNCOVERED = "Lịch làm việc chưa có ngày nghỉ của năm ấy"
UNSTARTED = "Bước trước chưa ghi ngày"
UNRULED = "Chưa có quy định về thời hạn này"


def run_clock(
    step: str,
    title: str,
    term: Term,
    *,
    starts_on: dt.date | None,
    done_on: dt.date | None,
    on: dt.date,
    calendar: WorkingDays,
    stalled: bool = False,
) -> Clock:
    """A step of `term`, from the day after `starts_on`, as it stands on `on`."""
    if starts_on is None:
        done = ClockState.UNKNOWN if done_on is not None else ClockState.WAITING
        return Clock(step, title, done, done_on=done_on, days=term.days, why=UNSTARTED,
                     citation=term.citation)  # fmt: skip
    if term.days is None:
        return Clock(step, title, ClockState.UNKNOWN, starts_on, done_on=done_on,
                     why=UNRULED, citation=term.citation)  # fmt: skip
    due = calendar.after(starts_on, term.days)
    latest = calendar.after(starts_on, term.days + term.more_days)
    if due is None or latest is None:
        return Clock(step, title, ClockState.UNKNOWN, starts_on, done_on=done_on, days=term.days,
                     why=UNCOVERED, citation=term.citation)  # fmt: skip
    if on < starts_on and done_on is None:
        return Clock(step, title, ClockState.WAITING, starts_on, due, latest, None, term.days,
                     citation=term.citation)  # fmt: skip
    state, late = state_of(due, latest, done_on, on, stalled=stalled)
    return Clock(step, title, state, starts_on, due, latest, done_on, term.days, late,
                 citation=term.citation)  # fmt: skip


def state_of(
    due: dt.date, latest: dt.date, done_on: dt.date | None, on: dt.date, *, stalled: bool
) -> tuple[ClockState, int]:
    """Where a step stands, and by how many calendar days it is past its latest day."""
    # What was done after the day asked about was still open on it.
    done = done_on if done_on is not None and done_on <= on else None
    late = max(0, ((done or on) - latest).days)
    if done is not None:
        return (ClockState.LATE if late else ClockState.DONE), late
    if late:
        return (ClockState.STALLED if stalled else ClockState.OVERDUE), late
    return (ClockState.RUNNING if on <= due else ClockState.PROLONGED), 0
