"""What a plan of overseers is made from, and what it says: plain values in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import hypot

from vungmanh.core.vocabulary import Vocabulary

NOBODY: frozenset[str] = frozenset()


class AssigningRule(Vocabulary):
    """A rule that an overseer's place must keep."""

    OWN_CELL = "own_cell", "không phụ trách chi bộ mình sinh hoạt"
    GRADES_IT = "grades_it", "người xếp loại chi bộ không phụ trách chi bộ ấy"
    KIN = "kin", "không phụ trách nơi có người thân thuộc diện phải tránh"
    LANGUAGE = "language", "biết tiếng dùng ở chi bộ"
    LOAD = "load", "không quá khối lượng tối đa của người phụ trách"
    HARD_CASES = "hard_cases", "không quá số chi bộ khó cho một người"


#: Rules about conflict of interest: named for relaxing only where nothing else can help.
WALLS = (AssigningRule.OWN_CELL, AssigningRule.GRADES_IT, AssigningRule.KIN)


class PlanGoal(Vocabulary):
    """What a plan strives for, the earlier before the later."""

    UNASSIGNED = "unassigned", "lượt phụ trách chưa có người"
    UNCOVERED = "uncovered", "lượt ở chi bộ khó chưa giao người có kinh nghiệm"
    HEAVIEST = "heaviest", "khối lượng của người nặng việc nhất"
    DISTANCE = "distance", "tổng quãng đường (mét)"
    CHANGES = "changes", "lượt đổi người so với năm trước"


class ChargeReason(Vocabulary):
    """Why this overseer stands beside this cell."""

    ONLY_ONE = "only_one", "chỉ người này được phép"
    KEPT = "kept", "đang phụ trách, giữ nguyên"
    NEAREST = "nearest", "gần nhất trong những người được phép"
    NEARER_TAKEN = "nearer_taken", "người gần hơn dành cho chi bộ khác"
    EXPERIENCED = "experienced", "chi bộ khó, giao người có kinh nghiệm"
    INEXPERIENCED = "inexperienced", "chi bộ khó nhưng chưa có người kinh nghiệm để giao"
    SPEAKS = "speaks", "biết tiếng dùng ở chi bộ"
    FAR_UNKNOWN = "far_unknown", "chưa biết quãng đường, tính như xa nhất"


@dataclass(frozen=True)
class Overseer:
    """Somebody who can be put in charge. `grades` and `kin` are ids of cells, nothing more."""

    id: str
    code: str
    place: str
    max_load: int
    role: str = ""
    experienced: bool = False
    own_cells: frozenset[str] = NOBODY
    grades: frozenset[str] = NOBODY
    kin: frozenset[str] = NOBODY
    languages: frozenset[str] = NOBODY


@dataclass(frozen=True)
class Cell:
    """A cell that wants overseers; `weight` is the load on each (attendances a year, say).

    `languages`: one of them is enough; empty asks for none. `current`: who does it now; empty means
    nobody, so that whoever comes is no change.
    """

    id: str
    code: str
    place: str
    weight: int
    is_hard: bool = False
    languages: frozenset[str] = NOBODY
    current: frozenset[str] = NOBODY
    wants: int = 1


@dataclass(frozen=True)
class AssigningRules:
    """What the rulebook leaves to a province. None is no limit."""

    max_hard: int | None = None  #: hard cells for one overseer
    language: bool = True
    spare_load: int = 0  #: the heaviest load may exceed the least possible by so much, to save ways
    most_extra: int | None = None  #: relaxing may raise one person's load by at most so much


class Distances:
    """Whole metres from place to place; None where not known, which is never zero."""

    def __init__(
        self,
        points: Mapping[str, tuple[float, float]] | None = None,
        table: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self._points = dict(points or {})
        self._table = dict(table or {})

    def between(self, one: str, other: str) -> int | None:
        """The table's word either way round, else the straight line, else 0 at the same place."""
        for pair in ((one, other), (other, one)):
            if pair in self._table:
                return self._table[pair]
        if one in self._points and other in self._points:
            (x, y), (u, v) = self._points[one], self._points[other]
            return round(hypot(x - u, y - v))
        return 0 if one and one == other else None


@dataclass(frozen=True)
class Planning:
    """One question: these people, these cells, these ways, these rules."""

    overseers: tuple[Overseer, ...]
    cells: tuple[Cell, ...]
    distances: Distances
    rules: AssigningRules = field(default_factory=AssigningRules)


@dataclass(frozen=True)
class Charge:
    """One overseer beside one cell. `nearer` counts the people allowed who live nearer."""

    cell: str
    overseer: str
    metres: int | None
    is_change: bool
    nearer: int
    reasons: tuple[ChargeReason, ...]


@dataclass(frozen=True)
class Unassigned:
    """Seats of a cell that nobody has, and how many overseers each rule keeps away from it."""

    cell: str
    seats: int
    allowed: int  #: overseers whom no rule about this very cell keeps away
    kept_away: tuple[tuple[AssigningRule, int], ...]


@dataclass(frozen=True)
class GoalReached:
    """A goal's value, and the bound below which no plan can come (goals before it frozen)."""

    goal: PlanGoal
    value: int
    bound: int

    @property
    def is_proven(self) -> bool:
        return self.value <= self.bound

    @property
    def gap(self) -> float:
        """The share of the value that a better plan might save at most: 0 to 1."""
        return 0.0 if self.is_proven else (self.value - self.bound) / self.value


@dataclass(frozen=True)
class Breach:
    """A rule that a plan breaks: whose, where, and by how much."""

    rule: AssigningRule
    overseer: str
    cell: str  #: empty for a rule about all of an overseer's cells
    amount: int


@dataclass(frozen=True)
class Relaxation:
    """One rule to relax so that every cell has its overseers; a language names no overseer."""

    rule: AssigningRule
    overseer: str
    cell: str
    amount: int


@dataclass(frozen=True)
class Relaxing:
    """The smallest set found. `least`: no smaller number of rules is enough (as proved)."""

    relaxations: tuple[Relaxation, ...]
    least: int
    still_unassigned: int  #: seats that even this leaves without anybody


@dataclass(frozen=True)
class OverseerPlan:
    """Who oversees what, at what price. Charges and loads in the order of codes."""

    charges: tuple[Charge, ...]
    unassigned: tuple[Unassigned, ...]
    loads: tuple[tuple[str, int], ...]
    goals: tuple[GoalReached, ...]
    breaches: tuple[Breach, ...] = ()
    relaxing: Relaxing | None = None
    unknown_ways: int = 0  #: charges whose distance is not known, priced as the farthest known

    def value(self, goal: PlanGoal) -> int:
        return next(reached.value for reached in self.goals if reached.goal == goal)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(cell, overseer), for `judge_plan`."""
        return tuple((charge.cell, charge.overseer) for charge in self.charges)


Pairs = Iterable[tuple[str, str]]
