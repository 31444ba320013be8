"""Posts of a unit, how long a term is, and what holds before somebody is put into a post.

A number that is null is not said by the text that was read: nothing is judged by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import Post, UnitKind
from vungmanh.rulebook.values.base import Value, require, require_positive
from vungmanh.rulebook.values.doubts import Doubtful, distinct, in_order


@dataclass(frozen=True)
class KindPosts:
    """The posts of units of these kinds."""

    kinds: tuple[UnitKind, ...]
    posts: tuple[Post, ...]

    def __post_init__(self) -> None:
        require(bool(self.kinds and self.posts), "“kinds” và “posts” không được để trống.")


@dataclass(frozen=True)
class PostsOfKind(Doubtful):
    """Which posts a unit has. A cell elects a committee from `committee_from` official members.

    The committee has `committee_least` to `committee_most` members. `single` posts have one holder.
    """

    key: ClassVar[str] = "posts.of_kind"
    kinds: tuple[KindPosts, ...]
    single: tuple[Post, ...]
    committee_from: int | None
    committee_least: int | None
    committee_most: int | None

    def __post_init__(self) -> None:
        super().__post_init__()
        distinct("kinds", (kind for one in self.kinds for kind in one.kinds))
        require_positive(
            committee_from=self.committee_from,
            committee_least=self.committee_least,
            committee_most=self.committee_most,
        )
        in_order("committee_least", self.committee_least, "committee_most", self.committee_most)

    def posts(self, kind: UnitKind) -> tuple[Post, ...]:
        """The posts a unit of the kind may have; empty for a kind the rule does not name."""
        return next((one.posts for one in self.kinds if kind in one.kinds), ())

    def has_committee(self, official: int | None) -> bool | None:
        """Whether a cell of so many official members elects a committee; None: not known."""
        if official is None or self.committee_from is None:
            return None
        return official >= self.committee_from


@dataclass(frozen=True)
class TermLength:
    """How many months a term of these kinds lasts."""

    kinds: tuple[UnitKind, ...]
    months: int

    def __post_init__(self) -> None:
        require_positive(months=self.months)


@dataclass(frozen=True)
class PostTerm(Doubtful):
    """How long a term is. The named terms by which papers are numbered are `congress_terms`.

    Cells below a base committee stand apart, as texts speak of them apart, with labels of their
    own. `reform_may_differ`: the first term after a merger or a split may be of another length.
    """

    key: ClassVar[str] = "posts.term"
    lengths: tuple[TermLength, ...]
    cell_lengths: tuple[TermLength, ...]
    reform_may_differ: bool | None

    def __post_init__(self) -> None:
        super().__post_init__()
        every = (*self.lengths, *self.cell_lengths)
        distinct("lengths, cell_lengths", (kind for one in every for kind in one.kinds))

    def months(self, kind: UnitKind) -> int | None:
        every = (*self.lengths, *self.cell_lengths)
        return next((one.months for one in every if kind in one.kinds), None)

    def part(self, kind: UnitKind) -> str:
        """Which of the two lists tells of the kind, to cite it with its own label."""
        return "cell_lengths" if any(kind in one.kinds for one in self.cell_lengths) else "lengths"


@dataclass(frozen=True)
class PostStaffing(Doubtful):
    """What holds before an appointment, an election or a move of committee members.

    Extra seats are percents of the number the congress decided. Moving more than `moved_share` of
    the elected members at once needs consent one level higher, unless it follows a merger or split.
    """

    key: ClassVar[str] = "posts.staffing"
    upper_kinds: tuple[UnitKind, ...]
    base_kinds: tuple[UnitKind, ...]
    extra_upper_percent: int
    extra_base_percent: int
    moved_share: Fraction
    reform_frees_move: bool
    filled_on_proposal: bool
    leaves_on_retirement: bool
    report_days: int
    approval_days: int
    ballots: int

    def __post_init__(self) -> None:
        super().__post_init__()
        distinct("upper_kinds, base_kinds", (*self.upper_kinds, *self.base_kinds))
        for name in ("extra_upper_percent", "extra_base_percent"):
            require(0 <= getattr(self, name) <= 100, f"“{name}” phải từ 0 đến 100.")
        require(0 < self.moved_share < 1, "“moved_share” phải lớn hơn 0 và nhỏ hơn 1.")
        require_positive(
            report_days=self.report_days, approval_days=self.approval_days, ballots=self.ballots
        )

    def extra_percent(self, kind: UnitKind) -> int | None:
        """The extra seats a kind may have, in percent; None for a kind the text does not name."""
        if kind in self.upper_kinds:
            return self.extra_upper_percent
        return self.extra_base_percent if kind in self.base_kinds else None


@dataclass(frozen=True)
class RotationRule(Doubtful):
    """When somebody may be rotated. What is null is not said by the text that was read.

    `most_terms`: a head holds one post in one place for so many terms running at most.
    """

    key: ClassVar[str] = "posts.rotation"
    least_months: int | None
    years_left: int | None
    most_terms: int | None
    directions: tuple[AppointmentWay, ...]
    adds_no_post: bool | None
    planned_only: bool | None
    heads_not_local: bool | None
    heads: str

    def __post_init__(self) -> None:
        super().__post_init__()
        distinct("directions", self.directions)
        require_positive(
            least_months=self.least_months, years_left=self.years_left, most_terms=self.most_terms
        )


@dataclass(frozen=True)
class ConcurrentPosts(Value):
    """How many posts one person holds at once, and how many of them as secretary."""

    key: ClassVar[str] = "posts.concurrent"
    most_posts: int
    most_as_secretary: int

    def __post_init__(self) -> None:
        require_positive(most_posts=self.most_posts, most_as_secretary=self.most_as_secretary)
        in_order("most_as_secretary", self.most_as_secretary, "most_posts", self.most_posts)
