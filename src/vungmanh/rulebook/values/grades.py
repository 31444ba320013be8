"""Grades of meetings and of years."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from vungmanh.rulebook.values.base import Value, require


@dataclass(frozen=True)
class Band:
    """Scores from `from_score` (included) up to the band above carry this grade."""

    code: str
    label: str
    from_score: int


@dataclass(frozen=True)
class MeetingGrades(Value):
    """Grades of one meeting by its score of 100, best first; the last band starts at 0."""

    key: ClassVar[str] = "meeting_grades"
    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        require(bool(self.bands), "“bands” phải có ít nhất một mức.")
        require(self.bands[-1].from_score == 0, "mức cuối của “bands” phải bắt đầu từ 0 điểm.")
        falling = all(a.from_score > b.from_score for a, b in pairwise(self.bands))
        require(falling, "“bands” phải xếp từ mức cao xuống mức thấp.")
        require(self.bands[0].from_score <= 100, "điểm của “bands” không vượt quá 100.")

    def band_of(self, score: float) -> Band:
        """The band of a score of 0 to 100. Raises ValueError outside."""
        if not 0 <= score <= 100:
            raise ValueError(f"score must lie in 0..100: {score}")
        return next(band for band in self.bands if score >= band.from_score)


@dataclass(frozen=True)
class Grade:
    """One grade of a scale; `order` 1 is the best. An ordinal is only a marked convenience."""

    code: str
    label: str
    order: int


@dataclass(frozen=True)
class GradeScale(Value):
    """The yearly grades of one regime. Scales of different groups are never put on one line."""

    key: ClassVar[str] = "grade_scale"
    regime: str
    first_year: int
    last_year: int | None
    grades: tuple[Grade, ...]
    comparable_group: str

    def __post_init__(self) -> None:
        if self.last_year is not None:
            require(self.first_year <= self.last_year, "“last_year” sớm hơn “first_year”.")
        orders = [grade.order for grade in self.grades]
        require(
            bool(orders) and orders == list(range(1, len(orders) + 1)),
            "“grades” phải xếp từ mức cao nhất, “order” là 1, 2, 3…",
        )
        codes = {grade.code for grade in self.grades}
        require(len(codes) == len(self.grades), "hai mức trong “grades” trùng “code”.")

    def covers(self, year: int) -> bool:
        """Whether this regime grades the given rating year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def grade(self, code: str) -> Grade | None:
        """The grade of a code, or None when this scale has no such grade."""
        return next((grade for grade in self.grades if grade.code == code), None)
