"""Which courses go with a post, how long they are valid, and how many days a year.

No province's list could be read: the files of these keys are templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.vocabulary import Post, UnitKind
from vungmanh.rulebook.values.base import Value, require, require_positive
from vungmanh.rulebook.values.doubts import distinct


@dataclass(frozen=True)
class ObligatoryCourse:
    """A course whoever holds one of `posts` in a unit of `kinds` has to have been to.

    Within `within_months` of taking up the post; again after `valid_months` (null: once for all).
    """

    code: str
    text: str
    posts: tuple[Post, ...]
    kinds: tuple[UnitKind, ...]
    within_months: int
    valid_months: int | None

    def __post_init__(self) -> None:
        require(bool(self.code and self.text.strip()), "Lớp bồi dưỡng thiếu mã hoặc tên.")
        require(bool(self.posts and self.kinds), f"“{self.code}” phải nêu chức danh và loại.")
        require_positive(within_months=self.within_months, valid_months=self.valid_months)


@dataclass(frozen=True)
class ObligatoryTraining(Value):
    key: ClassVar[str] = "training.obligatory"
    courses: tuple[ObligatoryCourse, ...]

    def __post_init__(self) -> None:
        require(bool(self.courses), "“courses” phải có ít nhất một lớp.")
        distinct("courses", (one.code for one in self.courses))

    def courses_for(self, post: Post, kind: UnitKind) -> tuple[ObligatoryCourse, ...]:
        return tuple(one for one in self.courses if post in one.posts and kind in one.kinds)


@dataclass(frozen=True)
class PostDays:
    """So many days of training a year for who holds one of these posts."""

    posts: tuple[Post, ...]
    days: int

    def __post_init__(self) -> None:
        require(bool(self.posts), "“posts” không được để trống.")
        require_positive(days=self.days)


@dataclass(frozen=True)
class TrainingDays(Value):
    key: ClassVar[str] = "training.days"
    quotas: tuple[PostDays, ...]

    def __post_init__(self) -> None:
        distinct("quotas", (post for one in self.quotas for post in one.posts))

    def days(self, post: Post) -> int | None:
        return next((one.days for one in self.quotas if post in one.posts), None)
