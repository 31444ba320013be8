"""What the checker of a scoring sheet gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from vungmanh.core.vocabulary import Severity


@dataclass(frozen=True)
class SheetFinding:
    """One thing found. A severe one keeps a sheet from being adopted; a warning wants a reason."""

    code: str
    severity: Severity
    place: str  # code of the criterion or group, empty for the whole sheet
    message: str
    remedy: str
    numbers: dict[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Range:
    """What a cell of so many members can reach at a meeting of one kind of month."""

    thematic: bool
    committee: bool
    members: int
    lowest: Fraction
    highest: Fraction
    grade: str  # the best grade it can reach, empty without grades
    totals: tuple[Fraction, ...] = field(repr=False, default=())  # every attainable total

    @property
    def month(self) -> str:
        return "tháng có chuyên đề" if self.thematic else "tháng thường"


@dataclass(frozen=True)
class Absence:
    """What one lawful absence costs a cell of so many members that was otherwise perfect."""

    members: int
    points: Fraction
    loses_top: bool  # the best level of attendance is out of reach


@dataclass(frozen=True)
class SheetReport:
    """Findings first, worst first; then the numbers they rest on."""

    findings: tuple[SheetFinding, ...]
    ranges: tuple[Range, ...]
    absences: tuple[Absence, ...]
    network_points: Fraction
    self_declared_points: Fraction

    @property
    def is_sound(self) -> bool:
        """Whether nothing severe was found."""
        return not self.of(Severity.SEVERE)

    def of(self, severity: Severity) -> tuple[SheetFinding, ...]:
        return tuple(one for one in self.findings if one.severity is severity)

    def by_code(self, code: str) -> tuple[SheetFinding, ...]:
        return tuple(one for one in self.findings if one.code == code)

    @property
    def first_fair_size(self) -> int | None:
        """The smallest size from which one lawful absence never loses the best level again."""
        unfair = [one.members for one in self.absences if one.loses_top]
        sizes = [one.members for one in self.absences]
        if not unfair:
            return min(sizes, default=None)
        return next((size for size in sizes if size > max(unfair)), None)
