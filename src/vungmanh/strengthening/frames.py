"""The staging step: register and ledger to the arrays an assessment is computed from."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import numpy as np

from vungmanh.analysis.facts import UNKNOWN, Inputs, Ints
from vungmanh.core.periods import month_of, months_between
from vungmanh.meetings.frames import (
    admissions_known_until,
    first_month_due,
    month_marks,
    recorded_admissions,
)
from vungmanh.org.frames import (
    days_of_change,
    homes,
    official_spans,
    secretary_spans,
    unit_lives,
)


@dataclass
class Homes:
    """The organisation of each cell by day, asked of the database once between two changes."""

    index: dict[UUID, int]
    changes: list[dt.date]
    known: dict[int, Ints] = field(default_factory=dict)

    def on(self, day: dt.date) -> Ints:
        stretch = bisect_right(self.changes, day)
        if stretch not in self.known:
            self.known[stretch] = homes(self.index, day)
        return self.known[stretch]


@dataclass(frozen=True)
class Snapshot:
    """The inputs of an assessment, the units they speak of, and a hash of exactly this content."""

    units: list[UUID]
    inputs: Inputs
    homes: Homes

    @cached_property
    def digest(self) -> str:
        digest = hashlib.sha256(repr((self.inputs.first_month, self.units)).encode())
        arrays = [
            self.inputs.life_start, self.inputs.life_end, self.inputs.marks,
            self.inputs.carried, self.inputs.admitted,
        ]  # fmt: skip
        for spans in (self.inputs.secretaries, self.inputs.officials):
            arrays += [spans.unit, spans.start, spans.end, spans.count]
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def snapshot(until: dt.date) -> Snapshot | None:
    """Everything known up to and including the month `until`; None when nothing was ever due."""
    first = first_month_due()
    if first is None or first > until:
        return None
    lives = unit_lives()
    ledger = month_marks(lives.index, first, until)
    admitted = np.full(ledger.marks.shape, UNKNOWN, dtype=np.int64)
    known_until = admissions_known_until()
    if known_until is not None:  # the register is complete that far: a month without a row had none
        admitted[:, : max(months_between(first, known_until) + 1, 0)] = 0
    for unit, month, count in recorded_admissions(first, until):
        admitted[lives.index[unit], months_between(first, month)] = count
    inputs = Inputs(
        first_month=month_of(first),
        life_start=lives.start,
        life_end=lives.end,
        marks=ledger.marks,
        carried=ledger.carried,
        admitted=admitted,
        secretaries=secretary_spans(lives.index),
        officials=official_spans(lives.index),
    )
    return Snapshot(list(lives.index), inputs, Homes(lives.index, days_of_change()))
