"""How the best grades of a cycle are spread over kinds, areas and sizes.

The share of each is told with its exact interval beside the share of all: few units win or lose
much by luck, and a line that lies apart is a question, never a finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.wall import lowered
from vungmanh.analysis.fairness import Again, Share, excellent_again, excellent_shares, size_class
from vungmanh.core.vocabulary import DossierSubject, MembershipStatus, Vocabulary
from vungmanh.evaluation.models import Cycle, Dossier, YearGrade
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.org.models import MembershipCount, UnitVersion
from vungmanh.rulebook import Rulebook, load_rulebook
from vungmanh.rulebook.grading.groups import group_label
from vungmanh.strengthening.year_quota import candidates_of, quota_of

#: With fewer of a label its share is luck more than anything else.
FEW = 10
UNKNOWN = "không rõ"
#: Where classes of members begin.
SIZES = (10, 30)


class SpreadBy(Vocabulary):
    """What the rated are told apart by."""

    KIND = "kind", "Theo loại"
    AREA = "area", "Theo địa bàn"
    SIZE = "size", "Theo số đảng viên"


@dataclass(frozen=True)
class SpreadRow:
    """One label: `best` of `eligible`, its interval, and its part of all the best beside its part
    of all the eligible. `is_apart`: the share of all lies outside the interval."""

    share: Share
    part_of_best: float | None
    part_of_eligible: float
    is_apart: bool

    @property
    def is_few(self) -> bool:
        return self.share.n < FEW


@dataclass(frozen=True)
class Spread:
    """One way of telling apart, rows in the order of labels; sizes from small to large."""

    by: SpreadBy
    rows: tuple[SpreadRow, ...]


@dataclass(frozen=True)
class Fairness:
    """`eligible` are rated good or better and count in the cap, `best` of them have the best grade
    or come within the cap by what is proposed. `again`: who had it the year before; None over a
    break of regimes, or where nobody has a grade of that year."""

    eligible: int
    best: int
    spreads: tuple[Spread, ...]
    again: Again | None
    is_break: bool

    @property
    def overall(self) -> float:
        return self.best / self.eligible if self.eligible else 0.0


def fairness_of(cycle: Cycle, *, at: dt.datetime) -> Fairness:
    """The organisations of a cycle; seven queries however many there are.

    Reads past the wall, as the cap itself does: only sums are told, to who has been checked.
    """
    candidates = candidates_of(cycle, at=at)
    found = quota_of(candidates, cycle.rules)
    chosen = found.chosen if found else frozenset()
    counted = {one.id for one in candidates if one.good and not one.protected}
    book = load_rulebook()
    best = book.grade_scale(cycle.year).grades[0].code
    with lowered():
        rated = [
            one
            for one in Dossier.objects.filter(cycle=cycle, removed_at=None).order_by("pk")
            if one.subject == DossierSubject.ORGANISATION and str(one.pk) in counted
        ]
        areas, members = _areas(rated, cycle.on), _members(rated, cycle.on)
        before = dict(
            YearGrade.objects.filter(
                unit_id__in=[one.unit_id for one in rated], year=cycle.year - 1
            ).values_list("unit_id", "grade")
        )
    has = {one.unit_id: _has(one, best, chosen) for one in rated}
    labels = {
        SpreadBy.KIND: {one.unit_id: group_label(one.group) for one in rated},
        SpreadBy.AREA: areas,
        SpreadBy.SIZE: {unit: size_class(count, SIZES) for unit, count in members.items()},
    }
    is_break = book.is_break(cycle.year - 1, cycle.year)
    return Fairness(
        len(rated),
        sum(has.values()),
        tuple(_spread(by, has, told) for by, told in labels.items() if len(set(told.values())) > 1),
        None if is_break else _again(book, cycle.year - 1, has, before),
        is_break,
    )


def _has(one: Dossier, best: str, chosen: Iterable[str]) -> bool:
    """Whether the best grade is decided, or comes within the cap by what is proposed."""
    return str(one.pk) in chosen if one.state in UNDECIDED else one.grade == best


def _areas(rated: Sequence[Dossier], on: dt.date) -> dict[UUID, str]:
    units = [one.unit_id for one in rated]
    rows = UnitVersion.objects.filter(unit_id__in=units, valid__contains=on)
    known = dict(rows.order_by().values_list("unit_id", "area"))
    return {unit: known.get(unit) or UNKNOWN for unit in units}


def _members(rated: Sequence[Dossier], on: dt.date) -> dict[UUID, int | None]:
    """Official and probationary members on the day of the cycle; None where nobody counted."""
    found: dict[UUID, int | None] = {one.unit_id: None for one in rated}
    rows = MembershipCount.objects.filter(
        unit_id__in=list(found), valid__contains=on,
        status__in=(MembershipStatus.OFFICIAL, MembershipStatus.PROBATIONARY),
    )  # fmt: skip
    for unit, count in rows.order_by().values_list("unit_id", "count"):
        found[unit] = (found[unit] or 0) + count
    return found


def _spread(by: SpreadBy, has: Mapping[UUID, bool], labels: Mapping[UUID, str]) -> Spread:
    best, everybody = sum(has.values()), len(has)
    shares = excellent_shares((labels[unit], is_best) for unit, is_best in has.items())
    if by is SpreadBy.SIZE:
        order = [size_class(count, SIZES) for count in (0, *SIZES, None)]
        shares = tuple(sorted(shares, key=lambda one: order.index(one.label)))
    overall = best / everybody
    return Spread(
        by,
        tuple(
            SpreadRow(
                one,
                one.k / best if best else None,
                one.n / everybody,
                not one.low <= overall <= one.high,
            )
            for one in shares
        ),
    )


def _again(
    book: Rulebook, last: int, has: Mapping[UUID, bool], before: Mapping[UUID, str]
) -> Again | None:
    best = book.grade_scale(last).grades[0].code if before else ""
    pairs = [("", grade == best, has[unit]) for unit, grade in before.items()]
    found = excellent_again(pairs)
    return found[0] if found else None
