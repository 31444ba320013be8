"""Before the vote: the grades committees propose beside what the figures let one expect.

Nothing here changes a grade. What is said is said only where the interval excludes chance, and as a
question to the committee. Formulas: `analysis.strictness`. Strictness is shown to the committee
itself and, summed without names, to the level above (decisions.md 6).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from vungmanh.access.wall import lowered
from vungmanh.analysis.strictness import (
    ExpectedGrades,
    Strictness,
    expected_grades,
    number_expected,
    strictness,
)
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import GradeScale
from vungmanh.strengthening.moderation_signals import Signal, Signals, signals_of
from vungmanh.strengthening.moderation_years import YearBefore, years_beside

#: Among fewer units of like kind no index is usual for a grade, and nothing is held against any.
FEW_ALIKE = 10
LEVEL = 0.95


class Doubt(Vocabulary):
    """How a proposed grade and the figures disagree."""

    EXCELLENT_WITH_SIGNALS = (
        "excellent_with_signals",
        "Đề nghị mức cao nhất, còn dấu hiệu yếu đang mở",
    )
    LOW_THOUGH_STRONG = "low_though_strong", "Đề nghị mức thấp, số liệu lại mạnh"


class Leaning(Vocabulary):
    """How a committee's grades lie beside those of others for units with like figures."""

    LENIENT = "lenient", "Xếp cao hơn nơi khác"
    STRICT = "strict", "Xếp thấp hơn nơi khác"
    NOT_SEEN = "not_seen", "Chưa thấy khác nơi khác"
    TOO_FEW = "too_few", "Quá ít để so"


@dataclass(frozen=True)
class Discrepancy:
    """One unit whose interval lies wholly on the other side of `cut`, the index from which the
    grade (for a low one: "good" or better) is usual among its like."""

    unit_id: UUID
    doubt: Doubt
    grade: str
    signal: Signal
    cut: float


@dataclass(frozen=True)
class GradeCount:
    """One grade in a committee: proposed, and expected by the figures with its interval."""

    code: str
    label: str
    proposed: int
    expected: float
    low: int
    high: int

    @property
    def is_outside(self) -> bool:
        return not self.low <= self.proposed <= self.high


@dataclass(frozen=True)
class Strict:
    """A committee's strictness in places: +0.1 is a tenth of all units higher than expected."""

    leaning: Leaning
    units: int
    raw: float | None
    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class CommitteeModeration:
    """What one committee reads of its own proposal. `unknown`: graded units without an index;
    `counts` speak of the others."""

    committee_id: UUID
    units: int
    unknown: int
    counts: tuple[GradeCount, ...]
    strict: Strict
    discrepancies: tuple[Discrepancy, ...]
    before: YearBefore


@dataclass(frozen=True)
class Moderation:
    """All committees of one level. `run_month` and `input_hash` name the assessment used; None
    where there was none, and then nothing is expected."""

    year: int
    run_month: dt.date | None
    input_hash: str
    committees: Mapping[UUID, CommitteeModeration]

    @property
    def summed(self) -> Summed:
        """What the level above reads: how many committees and units, never which."""
        told = list(self.committees.values())
        leanings = Counter(one.strict.leaning for one in told)
        doubts = Counter(found.doubt for one in told for found in one.discrepancies)
        return Summed(
            committees=len(told),
            units=sum(one.units for one in told),
            unknown=sum(one.unknown for one in told),
            leanings={one: leanings[one] for one in Leaning},
            doubts={one: doubts[one] for one in Doubt},
        )


@dataclass(frozen=True)
class Summed:
    """Counts over all committees."""

    committees: int
    units: int
    unknown: int
    leanings: Mapping[Leaning, int]
    doubts: Mapping[Doubt, int]


def moderate(
    grades: Mapping[UUID, str],
    committees: Mapping[UUID, UUID],
    *,
    year: int,
    at: dt.datetime,
    groups: Mapping[UUID, str] | None = None,
) -> Moderation:
    """Proposed grades (unit → code) of committees (unit → who proposes) beside the figures.

    Only units of `groups` alike (else of one sector) are compared. Give every committee of the
    level: with one alone there is nobody to compare with. Codes the scale of the year does not
    know, and units without a committee, are left out. Reads past the wall: what is compared with
    is shown as sums only, the caller has checked the committees that it shows.
    """
    scale = load_rulebook().grade_scale(year)
    steps = _steps(scale)
    asked = {
        unit: code for unit, code in sorted(grades.items()) if code in steps and unit in committees
    }
    with lowered():
        found = signals_of(asked, year, at)
        before = years_beside(asked, committees, year, at)
    table = _Table(asked, committees, found, groups or {}, scale)
    told = {
        committee: table.of(committee, before[committee])
        for committee in sorted({committees[unit] for unit in asked})
    }
    return Moderation(year, found.month, found.input_hash, told)


def _steps(scale: GradeScale) -> dict[str, int]:
    """Grades as numbers that rise, the lowest 0."""
    return {one.code: len(scale.grades) - one.order for one in scale.grades}


class _Table:
    """The graded units as arrays, with what is estimated of all of them together."""

    def __init__(
        self,
        grades: Mapping[UUID, str],
        committees: Mapping[UUID, UUID],
        found: Signals,
        groups: Mapping[UUID, str],
        scale: GradeScale,
    ) -> None:
        self.units, self.grades = list(grades), grades
        self.steps = steps = _steps(scale)
        self.labels = {one.code: one.label for one in scale.grades}
        self.signals = found.by_unit
        self.codes = sorted(steps, key=lambda code: -steps[code])
        kinds = [groups.get(unit) or self._sector(unit) for unit in self.units]
        names = sorted(set(kinds))
        self.group = np.array([names.index(kind) for kind in kinds], dtype=np.int64)
        self.bodies = sorted({committees[unit] for unit in self.units})
        place = {body: number for number, body in enumerate(self.bodies)}
        self.body = np.array([place[committees[unit]] for unit in self.units], dtype=np.int64)
        self.step = np.array([steps[code] for code in grades.values()], dtype=np.float64)
        self.index = np.array([self._number(unit, "index") for unit in self.units])
        self.sd = np.array([self._number(unit, "sd") for unit in self.units])
        self.expected: ExpectedGrades = expected_grades(
            self.step, self.index, self.sd, self.group, len(steps)
        )
        self.strictness: Strictness = strictness(
            self.step, self.index, self.body, self.group, level=LEVEL
        )
        known = np.isfinite(self.index)
        self.alike = np.bincount(self.group[known], minlength=max(len(names), 1))

    def _sector(self, unit: UUID) -> str:
        signal = self.signals.get(unit)
        return signal.sector if signal else ""

    def _number(self, unit: UUID, name: str) -> float:
        signal = self.signals.get(unit)
        return float(getattr(signal, name)) if signal else float("nan")

    def of(self, committee: UUID, before: YearBefore) -> CommitteeModeration:
        place = self.bodies.index(committee)
        rows = np.flatnonzero(self.body == place)
        known = rows[np.isfinite(self.index[rows])]
        return CommitteeModeration(
            committee_id=committee,
            units=len(rows),
            unknown=len(rows) - len(known),
            counts=tuple(self._count(code, known) for code in self.codes),
            strict=self._strict(place),
            discrepancies=tuple(
                found for row in known.tolist() if (found := self._discrepancy(row)) is not None
            ),
            before=before,
        )

    def _count(self, code: str, known: np.ndarray) -> GradeCount:
        step = self.steps[code]
        chances = self.expected.chances[known, step]
        mean, low, high = number_expected(chances, LEVEL)
        proposed = int((self.step[known] == step).sum())
        return GradeCount(code, self.labels[code], proposed, mean, low, high)

    def _strict(self, place: int) -> Strict:
        told, units = self.strictness, int(self.strictness.units[place])
        if not np.isfinite(told.estimate[place]):
            return Strict(Leaning.TOO_FEW, units, None, None, None, None)
        low, high = float(told.low[place]), float(told.high[place])
        leaning = Leaning.LENIENT if low > 0 else Leaning.STRICT if high < 0 else Leaning.NOT_SEEN
        return Strict(
            leaning, units, float(told.raw[place]), float(told.estimate[place]), low, high
        )

    def _discrepancy(self, row: int) -> Discrepancy | None:
        """Only where the whole interval of the index lies on the other side of the cut."""
        unit, step, group = self.units[row], int(self.step[row]), int(self.group[row])
        signal, top = self.signals[unit], len(self.steps) - 1
        if self.alike[group] < FEW_ALIKE:
            return None
        excellent, good = self.expected.cuts[group, top - 1], self.expected.cuts[group, top - 2]
        if step == top and signal.open_flags and signal.high < excellent:
            doubt, cut = Doubt.EXCELLENT_WITH_SIGNALS, excellent
        elif step < top - 1 and not signal.open_flags and signal.low > good:
            doubt, cut = Doubt.LOW_THOUGH_STRONG, good
        else:
            return None
        return Discrepancy(unit, doubt, self.labels[self.grades[unit]], signal, float(cut))
